//! The course of a connection: what one end sent and heard, packet by packet, in numbers that a
//! graph is made of.
//!
//! ```text
//!   stretches ── TCP: headers, segments and what they acknowledge ──┐
//!             ── QUIC: packets that are open, and their news ───────┴──> Course
//!                                                                         sent     places over time
//!                                                                         heard    acknowledged, window
//!                                                                         flight   bytes under way
//!                                                                         trips    round trips
//! ```
//!
//! Nothing is worked out here a second time: numbers are the fields of the frames (`tcp.seq`,
//! `tcp.ack`, `tcp.window_size`, `quic.analysis.ack_rtt` …), which acknowledges what is a relation
//! between messages, and what is under way is counted as stories count it.
//!
//! All is seen from where the recording was made. At the sender's end it is what the sender knew;
//! at the receiver's, what was under way to the recording, and not to the other end.

mod listen;
mod quic;
mod read;
mod rounds;
mod tcp;

use std::ops::Range;

use crate::ids::{ConnectionId, Direction, FrameId, Time};

pub use read::{Wanted, read};

/// What carries the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carrier {
    /// Places are sequence numbers, relative as frames tell them.
    #[default]
    Tcp,
    /// Places count the bytes of packets in the order in which they left: a packet has a number of
    /// its own each time, and what is lost is sent again in another one.
    Quic,
}

/// How one direction of a connection went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Which connection.
    pub connection: ConnectionId,
    /// Who sends.
    pub sender: Direction,
    /// What carries it.
    pub carrier: Carrier,
    /// Whether it was recorded at both its ends: then it is seen from the sender's, and what was
    /// lost is known.
    pub both_ends: bool,
    /// When the first packet of either side was seen, at either end.
    pub start: Time,
    /// When the last one did.
    pub end: Time,
    /// What the sender sent, in the order of the recording: segments with data or controls; all
    /// packets of QUIC.
    pub sent: Vec<Sent>,
    /// What the other side said of it, in the same order.
    pub heard: Vec<Heard>,
    /// What it named beyond holes, by [`Heard::blocks`].
    pub blocks: Vec<(u64, u64)>,
    /// Bytes under way, at each change.
    pub flight: Vec<Sample>,
    /// Round trips in nanoseconds, each at the frame that acknowledges. What was sent twice gives
    /// none (RFC 6298, section 3).
    pub trips: Vec<Sample>,
    /// Packets that no key opens here: what they acknowledge is not known.
    pub sealed: usize,
    /// Whether there were more packets than
    /// [`MAX_COURSE_PACKETS`](crate::limits::MAX_COURSE_PACKETS).
    pub is_cut: bool,
}

/// A packet that its sender sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The frame that holds it.
    pub frame: FrameId,
    /// When it was seen.
    pub time: Time,
    /// The place of its first byte.
    pub from: u64,
    /// Behind its last one.
    pub to: u64,
    /// Of these, bytes of data: SYN and FIN take a place and are none.
    pub data: u32,
    /// What it was.
    pub what: What,
    /// Whether it never came: known where both ends were recorded, else by the rules of QUIC.
    pub is_lost: bool,
}

/// What a packet was to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It brought something new.
    New,
    /// All that it brought had left before.
    Again,
    /// It came after what follows it: sent again, or overtaken.
    Late,
    /// It asks whether there is room, or somebody.
    Probe,
}

/// What the other side said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The frame that holds it.
    pub frame: FrameId,
    /// When it was seen.
    pub time: Time,
    /// Everything before this place is acknowledged; of QUIC, so many bytes of packets are.
    pub upto: u64,
    /// How many bytes more it can take; QUIC says that of streams, and not here.
    pub window: Option<u64>,
    /// What it was.
    pub says: Says,
    /// Which of [`Course::blocks`] it names.
    pub blocks: Range<u32>,
}

/// What an acknowledgement was to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It acknowledges, or says something else.
    Plain,
    /// It repeats what was acknowledged.
    Duplicate,
    /// It changes the window and nothing else.
    Update,
    /// It can take nothing more.
    Full,
}

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The frame that it follows from.
    pub frame: FrameId,
    /// When that was seen.
    pub time: Time,
    /// How much.
    pub value: u64,
}

impl Heard {
    /// How far the window reaches with it.
    #[must_use]
    pub fn edge(&self) -> Option<u64> {
        self.upto.checked_add(self.window?)
    }
}

impl Course {
    /// Whether there is nothing that could be drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.heard.is_empty()
    }

    /// How many packets were that.
    #[must_use]
    pub fn count(&self, what: What) -> usize {
        self.sent.iter().filter(|one| one.what == what).count()
    }

    /// How many never came.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.sent.iter().filter(|one| one.is_lost).count()
    }

    /// How many bytes of data left for the first time.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let new = self.sent.iter().filter(|one| one.what != What::Again);
        new.map(|one| u64::from(one.data)).sum()
    }

    /// Nanoseconds since the first packet.
    #[must_use]
    pub const fn since_start(&self, time: Time) -> i64 {
        time.since(self.start)
    }
}
