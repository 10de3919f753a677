//! Flights that hold messages of two chapters: what one side sends before it waits is one arrow,
//! and stands in one of them. The other chapter says where it ends, or where it begins.
//!
//! ```text
//!   TLS 1.3 handshake · ends in step 6     ClientHello
//!                                          ServerHello · … · Finished
//!   HTTP request                           Finished · GET               step 6
//! ```

use std::collections::HashMap;

use super::{BeatId, Story};

/// A chapter of which some messages are told in a flight of the chapter before it or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spill {
    /// The chapter that they are of.
    pub chapter: BeatId,
    /// The flight that they are told in.
    pub flight: BeatId,
    /// Whether the chapter ends there; else it begins there.
    pub ends: bool,
    /// The number of the step that this flight is; none where it is not told.
    pub step: Option<u32>,
}

impl Story {
    /// Where a chapter begins and ends, as far as that is told in other chapters: "begins in
    /// step 4, ends in step 6".
    #[must_use]
    pub fn spilled(&self, chapter: BeatId) -> Option<String> {
        let from = self.spills.partition_point(|one| one.chapter < chapter);
        let rest = self.spills.get(from..).unwrap_or_default();
        let own = rest.iter().take_while(|one| one.chapter == chapter);
        let said = own.filter_map(|one| {
            let how = if one.ends { "ends" } else { "begins" };
            one.step.map(|step| format!("{how} in step {step}"))
        });
        let said = said.collect::<Vec<_>>().join(", ");
        (!said.is_empty()).then_some(said)
    }

    /// Gives spills the numbers that steps have now, and their order: by chapter, beginnings first.
    pub(super) fn number_spills(&mut self) {
        if self.spills.is_empty() {
            return;
        }
        let numbers: HashMap<BeatId, u32> = self.steps().into_iter().zip(1..).collect();
        for spill in &mut self.spills {
            spill.step = numbers.get(&spill.flight).copied();
        }
        self.spills.sort_by_key(|one| (one.chapter, one.ends, one.flight));
    }
}
