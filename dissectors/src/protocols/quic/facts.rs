//! What is kept beside a packet because its bytes do not hold it: what its ACK says that was not
//! known before, and what it says again.
//!
//! ```text
//!   A0 A1 A2 A3 ──>          <── ACK A0–A1, A3      news: A3, a round trip, a gap at A2
//!   A4 (STREAM of A2) ──>    again: A2              cause: what left later has come
//! ```
//!
//! What a sender knew follows from the packets; why it acted does not. Causes are inferred from the
//! rules of RFC 9002, and named as inferred where they are told.

use super::version::Version;
use crate::engine::view::View;
use crate::ids::FrameId;
use crate::message::Message;
use crate::typed::Fact;

/// A packet that is spoken of: its number within its space, and the frame that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) number: u64,
    pub(super) frame: FrameId,
}

/// By what a packet counts as lost once a later one is acknowledged (RFC 9002, section 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threshold {
    /// Three packets that were sent later have come (section 6.1.1).
    Packets,
    /// It was sent longer ago than nine eighths of a round trip (section 6.1.2).
    Time,
}

/// A packet that counts as lost from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) packet: Named,
    pub(super) by: Threshold,
}

/// A round trip, measured from a packet to its acknowledgement (RFC 9002, section 5.1). Both were
/// seen where the recording was made: it is that of the packet's sender only if that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Nanoseconds between the two.
    pub(super) latest: i64,
    /// How many of them the acknowledgement was held back, as far as they are taken off.
    pub(super) delay: i64,
    /// The mean of all of them, the latest weighing an eighth (section 5.3).
    pub(super) smoothed: i64,
}

/// What an acknowledgement says that was not known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct News {
    /// So many packets are acknowledged for the first time.
    pub(super) count: u32,
    /// The one of them that was sent last.
    pub(super) largest: Named,
    pub(super) sample: Option<Sample>,
    /// The first numbers that it leaves out, of those above all that was acknowledged before, and
    /// how many it leaves out in all.
    pub(super) gap: Option<Gap>,
    /// Packets that count as lost by it, as far as they are named, and all of them.
    pub(super) lost: Box<[Lost]>,
    pub(super) lost_in_all: u32,
    /// Packets that had counted as lost, and had come.
    pub(super) late: Box<[Named]>,
}

/// Numbers that an acknowledgement leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The lowest run of them.
    pub(super) first: u64,
    pub(super) last: u64,
    /// All of them.
    pub(super) count: u64,
    /// Whether a packet of one of that run came by here. Where none did, its sender may have passed
    /// numbers over, as some do to find out who acknowledges what never came (RFC 9000, section
    /// 21.4).
    pub(super) was_seen: bool,
}

/// Why something is said again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The packet before counts as lost: later ones have come.
    Lost(Threshold),
    /// Nothing was acknowledged for longer than a round trip, so that a probe timeout is inferred
    /// (RFC 9002, section 6.2).
    Probe,
    /// The other side said its own again, and so had not heard this (section 6.2.3).
    Prompted,
    /// It had come, and its sender had not heard so or did not wait.
    Needless,
    /// It went out as early data, which the server did not take.
    Refused,
    /// The packets do not tell.
    Unknown,
}

impl Cause {
    /// Its number among [`super::names::CAUSES`].
    pub(super) const fn number(self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::Lost(Threshold::Packets) => 1,
            Self::Lost(Threshold::Time) => 2,
            Self::Probe => 3,
            Self::Prompted => 4,
            Self::Needless => 5,
            Self::Refused => 6,
        }
    }
}

/// What is said again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Again {
    /// The packets that said it before, the latest first, as far as they are remembered.
    pub(super) before: Box<[Named]>,
    /// Whether all that its sender has to repeat where it is lost was said before.
    pub(super) whole: bool,
    pub(super) cause: Cause,
    /// Nanoseconds since the latest of those packets.
    pub(super) after: i64,
    /// Nanoseconds in which its sender had heard of nothing new.
    pub(super) silence: i64,
}

/// What flow control lets a side send, in bytes, before and after a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) before: i64,
    pub(super) after: i64,
}

/// What a packet does to who waits for flow control, on a stream or on all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Its sender may send nothing more.
    UsedUp { stream: Option<u64>, room: Room },
    /// Its sender says so; where limits are known, how much it might.
    Blocked { stream: Option<u64>, room: Option<Room> },
    /// The other side may go on, which could not for so many nanoseconds.
    GoesOn { stream: Option<u64>, room: Room, waited: i64 },
}

/// What had held a server up that did not know whether an address is its client's (RFC 9000,
/// section 8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Bytes that it had sent, and that had come, when it stopped.
    pub(super) sent: u64,
    pub(super) came: u64,
    /// For how many nanoseconds.
    pub(super) waited: i64,
}

/// Which path a PATH_CHALLENGE goes along (RFC 9000, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// The one that both sides take.
    Own,
    /// One that its sender has not moved to (section 9.1).
    Further,
    /// One that the other side has moved to, and that its sender takes up (section 9.3).
    Followed,
    /// One that the other side has left (section 9.3.3).
    Left,
}

/// All that is kept beside a packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) news: Option<Box<News>>,
    pub(super) again: Option<Box<Again>>,
    /// It only asks for an acknowledgement after so many nanoseconds of silence: a probe timeout is
    /// inferred.
    pub(super) probes: Option<i64>,
    /// Whether a packet of the same number came by before: the network or the capture has doubled
    /// it, for no sender uses a number twice (RFC 9000, section 12.3).
    pub(super) is_copy: bool,
    /// Whether it is the newest of its sender and brings bytes from before others, which never came
    /// by: what brought them first was lost before it came to where this was recorded.
    pub(super) fills_hole: bool,
    pub(super) flow: Option<Flow>,
    pub(super) held: Option<Held>,
    /// Which path it asks, where it asks one.
    pub(super) asks: Option<Asks>,
    /// Whether it takes its sender to the address that the server prefers (section 9.6).
    pub(super) is_to_preferred: bool,
    /// Whether the codes of the application in it are those of HTTP/3.
    pub(super) is_http3: bool,
    /// After how many milliseconds of silence the connection is over, with the packet that confirms
    /// its handshake (section 10.1).
    pub(super) idle: Option<u64>,
    /// Nanoseconds since the spin bit of its sender turned the last time, where it turns here.
    pub(super) spun: Option<i64>,
    /// Of a list of versions: the one that the other side had asked with.
    pub(super) offered: Option<Version>,
}

impl Fact for Facts {
    fn size(&self) -> usize {
        let news = self.news.as_deref().map_or(0, |news| {
            size_of_val(news) + size_of_val(&*news.lost) + size_of_val(&*news.late)
        });
        let again = self.again.as_deref();
        let again = again.map_or(0, |again| size_of_val(again) + size_of_val(&*again.before));
        size_of_val(self) + news + again
    }
}

impl Facts {
    /// Those that are kept beside a message.
    pub(super) fn of<'v>(message: &Message, view: &View<'v>) -> Option<&'v Self> {
        view.facts(message)
    }

    /// Whether there is nothing to keep.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
