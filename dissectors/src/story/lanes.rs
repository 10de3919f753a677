//! Lanes: what shares one connection, each with what it is for and what passed on it; and windows:
//! how much may be sent on each and on all together. Of HTTP/2 lanes are streams (RFC 9113,
//! sections 5 and 5.2).

use super::{ActorId, BeatId, Moment, TrackId};
use crate::ids::Time;
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

impl Lane {
    /// The messages that break it off.
    pub fn resets(&self) -> impl Iterator<Item = BeatId> {
        let resets = self.marks.iter().filter(|mark| mark.piece == Piece::Reset);
        resets.map(|mark| mark.beat)
    }
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
    /// When its first and its last byte came, where the other end was recorded, too.
    pub came: Option<(Time, Time)>,
    /// What it is there.
    pub piece: Piece,
    /// When it came, and for how many nanoseconds it lay there before it could be handed on,
    /// because something before it was missing: TCP keeps all bytes of a connection in order, QUIC
    /// those of a stream. `None` if it was handed on at once.
    pub held: Option<(Time, i64)>,
    /// Of a list of header fields: its bytes, and how many of them were sent.
    pub packed: Option<(u64, u64)>,
    /// Whether its sender says nothing more on the lane.
    pub ends: bool,
}

/// What flow control lets one side send, over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The connection.
    pub track: Option<TrackId>,
    /// The lane that it is for; nothing for all of them together.
    pub lane: Option<u64>,
    /// Who may send.
    pub sender: ActorId,
    /// What it held before the first change.
    pub initial: i64,
    /// What it held from each time on, in bytes, as its sender knew: what was sent counts from when
    /// it left, and what was allowed from when it came.
    pub points: Vec<(Time, i64)>,
    /// Whether there was a time when its sender had more to say and might not.
    pub held_up: bool,
}

impl Window {
    /// The most that it held.
    #[must_use]
    pub fn most(&self) -> i64 {
        self.points.iter().map(|(_, bytes)| *bytes).fold(self.initial, i64::max)
    }
}
