//! Which connections are told, of a recording that may have many.

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::survey::Survey;

pub(super) use crate::document::MAX_TOLD;

/// A recording of at most so many frames is told as a whole at first: telling reads every
/// connection it tells.
const TOLD_FRAMES: u32 = 100_000;

/// Whether all connections can be told as one story.
pub(super) fn whole(connections: &[ConnectionId], survey: &Survey) -> bool {
    connections.len() <= MAX_TOLD && survey.frame_count() <= TOLD_FRAMES
}

/// What is told at first: everything, or the first connection of a large recording.
pub(super) fn at_first(connections: &[ConnectionId], survey: &Survey) -> Option<ConnectionId> {
    if whole(connections, survey) { None } else { connections.first().copied() }
}
