//! Which generation of its keys seals a message: two messages of one colour may be sealed with
//! different ones.

use std::collections::HashMap;

use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{ActorId, BeatId, KEY_UPDATE, Story, TrackId};

use super::messages::Bead;

/// Whose keys: of which connection, and of the direction of which sender.
type Whose = (Option<TrackId>, ActorId);

/// From which messages on each sender uses new keys, in the order of the story.
#[derive(Default)]
pub(super) struct Renewals(HashMap<Whose, Vec<BeatId>>);

impl Renewals {
    /// Those of a story. A message of its own that asks for them is still sealed with the old keys
    /// (RFC 9846, 4.7.3); in QUIC the first packet under new keys says so itself (RFC 9001, 6).
    pub(super) fn of(story: &Story) -> Self {
        let mut found: HashMap<Whose, Vec<BeatId>> = HashMap::new();
        let mut note = |whose: BeatId, first: BeatId| {
            if let Some(beat) = story.beat(whose) {
                found.entry((beat.track, beat.from)).or_default().push(first);
            }
        };
        for key in story.keys.iter().filter(|key| key.on_send && key.renews) {
            let is_first = story.beat(key.message).is_some_and(|beat| beat.label == KEY_UPDATE);
            note(key.message, BeatId(key.message.0 + u32::from(!is_first)));
        }
        for renewals in found.values_mut() {
            renewals.sort_unstable();
            renewals.dedup();
        }
        Self(found)
    }

    /// The generation that seals a message, counted from 1.
    pub(super) fn generation(&self, story: &Story, bead: &Bead) -> usize {
        let Some(beat) = story.beat(bead.beat) else { return 1 };
        if beat.protection != Protection::Application {
            return 1;
        }
        let own = self.0.get(&(beat.track, beat.from));
        let last = bead.remark.map_or(bead.beat, |remark| remark.max(bead.beat));
        1 + own.map_or(0, |own| own.partition_point(|first| *first <= last))
    }
}
