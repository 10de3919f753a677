//! Lanes: what shares one connection, each with what it is for and what passed on it. Of HTTP/2
//! they are streams (RFC 9113, section 5).

use super::{ActorId, BeatId, Moment, TrackId};
use crate::telling::Piece;

/// One lane of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The connection.
    pub track: Option<TrackId>,
    /// Its number there.
    pub number: u64,
    /// What it is for: "GET /style.css". Nothing where that was not seen.
    pub name: String,
    /// Who asked for something on it, where that was seen.
    pub asker: Option<ActorId>,
    /// Bytes of content on it, in both directions.
    pub bytes: u64,
    /// What passed on it, in the order of the wire.
    pub marks: Vec<LaneMark>,
}

/// What passed on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneMark {
    /// The message.
    pub beat: BeatId,
    /// Who sent it.
    pub from: ActorId,
    /// When its first byte was sent, and its last.
    pub sent: Moment,
    /// See `sent`.
    pub ended: Moment,
    /// What it is there.
    pub piece: Piece,
    /// Whether its sender says nothing more on the lane.
    pub ends: bool,
}
