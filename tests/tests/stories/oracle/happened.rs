//! What happened on connections that overlap, in the order in which each role came to it.

use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_generators::Entry;
use wirestage_generators::steps::Step;

use super::Connection;

/// What happened, each with the frame by which it had.
#[derive(Default)]
pub(super) struct Happened(Vec<(FrameId, Entry)>);

impl Happened {
    /// Takes what the role that sends in this direction did by that frame.
    pub(super) fn by(
        &mut self,
        frame: FrameId,
        connection: &Connection<'_>,
        direction: Direction,
        step: Step,
    ) {
        // Who keeps connections apart tells of one after the other, in the order in which they
        // began, however their frames are mixed.
        let is_apart = connection.told_apart[direction.index()];
        let frame = if is_apart { FrameId::NONE } else { frame };
        self.0.push((frame, step.by(connection.role(direction))));
    }

    /// All of it, in its order.
    pub(super) fn in_order(mut self) -> impl Iterator<Item = Entry> {
        self.0.sort_by_key(|(frame, _)| *frame);
        self.0.into_iter().map(|(_, entry)| entry)
    }
}
