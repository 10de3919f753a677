//! Second tries, where both ends were recorded: a frame of data that was sent before.
//!
//! Whoever stands at one end only cannot tell a second try whose first was lost before it came
//! past from a frame that others overtook. With both ends, what left is known.

use std::collections::HashMap;

use super::Writer;
use crate::message::Relation;
use crate::story::{Link, Outcome};

impl Writer<'_> {
    /// Ties each second try to the try before it.
    pub(super) fn again(&mut self) {
        if !self.story.both_ends {
            return;
        }
        let mut data = std::mem::take(&mut self.data);
        let sent = |id| self.story.beat(id).map(|beat| beat.sent.time);
        data.sort_by_key(|(.., id)| sent(*id));
        let mut latest = HashMap::new();
        for (connection, direction, first, id) in data {
            let Some(before) = latest.insert((connection, direction, first), id) else { continue };
            self.story.links.push(Link { from: id, relation: Relation::Repeats, to: before });
            if let Some(beat) = self.at(id).filter(|beat| beat.outcome == Outcome::Arrived) {
                beat.outcome = Outcome::Repeated;
            }
        }
    }
}
