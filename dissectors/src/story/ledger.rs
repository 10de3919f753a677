//! Ledgers: what a connection cost until it was answered what it is there for.
//!
//! ```text
//!   began            request leaves                first byte of the answer comes
//!     |── until_request ──|                                    |
//!     |──────────────────── until_answer ──────────────────────|
//! ```
//!
//! Round trips are counted by what waits for what: a question and its answer are one, and those
//! that wait at the same time share it. Packets, bytes and times are those of the end that asks.

use super::{BeatId, Moment, TrackId};

/// What a connection cost until the first byte of the answer to its first question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Which connection; nothing for datagrams that no connection binds.
    pub track: Option<TrackId>,
    /// The message that asks.
    pub request: BeatId,
    /// The first message that answers it.
    pub answer: BeatId,
    /// The first packet.
    pub began: Moment,
    /// When the first byte of the request left.
    pub asked: Moment,
    /// When the first byte of the answer came, at the end that asked.
    pub answered: Moment,
    /// What had passed before the request left, less the packet that carries its first byte.
    pub until_request: Spent,
    /// What had passed when the first byte of the answer came, with the packet that carries it.
    pub until_answer: Spent,
    /// Whether somebody on the way may have the server read it a second time.
    pub replay: Replay,
}

/// What passed up to a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How often one side had waited for the other.
    pub round_trips: u32,
    /// Packets of both directions, as seen at the end that asks.
    pub packets: u32,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Since the first packet, in nanoseconds.
    pub nanos: i64,
}

/// What a server may be made to read a second time by who recorded it and sends it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Nothing: the request is bound to a handshake in which both sides took part.
    Impossible,
    /// The request, which nothing seals: a recorder of it can send it again on a connection of its
    /// own.
    InTheClear,
    /// What came with the SYN (RFC 7413, section 6.1), which was not the request.
    Opening,
    /// The request, which left before the server had said anything (RFC 9846, section 8).
    Request,
}

impl Replay {
    /// It in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Impossible => "not possible",
            Self::InTheClear => "in the clear: anyone can",
            Self::Opening => "what came with the SYN",
            Self::Request => "request can be replayed",
        }
    }
}

impl Ledger {
    /// How many round trips the answer took once the request had left.
    #[must_use]
    pub const fn for_the_answer(&self) -> u32 {
        self.until_answer.round_trips.saturating_sub(self.until_request.round_trips)
    }

    /// Round trips before the request and for the answer: "3 + 1".
    #[must_use]
    pub fn round_trips(&self) -> String {
        format!("{} + {}", self.until_request.round_trips, self.for_the_answer())
    }
}
