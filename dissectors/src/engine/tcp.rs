//! The words for TCP segments that survey, headers and the protocol share.

use crate::codes;
use crate::ids::FrameId;

/// Flags of a TCP segment as they stand in the header (RFC 9293, section 3.1).
pub mod flags {
    /// No more data from the sender.
    pub const FIN: u16 = 0x001;
    /// Synchronize sequence numbers.
    pub const SYN: u16 = 0x002;
    /// Reset the connection.
    pub const RST: u16 = 0x004;
    /// Push.
    pub const PSH: u16 = 0x008;
    /// The acknowledgement number counts.
    pub const ACK: u16 = 0x010;
    /// The urgent pointer counts.
    pub const URG: u16 = 0x020;
    /// All that count: reserved bits do not.
    pub const ALL: u16 = 0x1ff;
}

codes! {
    /// What a segment was to its stream.
    pub enum SegmentKind {
        /// In order, or without data.
        Plain,
        /// All of its data had been seen before.
        Retransmission,
        /// The same, and the other side had confirmed all of it.
        SpuriousRetransmission,
        /// It came before data that precedes it.
        OutOfOrder,
        /// It repeats the last byte, or nothing, to ask for an acknowledgement (RFC 9293,
        /// section 3.8.4).
        KeepAlive,
        /// The same where the other side had no room left: it asks whether there is some again
        /// (RFC 9293, section 3.8.6.1).
        WindowProbe,
        /// It changes the window of its sender and nothing else.
        WindowUpdate,
        /// It says again what its sender had acknowledged, as it was just asked to.
        KeepAliveAnswer,
        /// The same, unasked: something came that it could not put in order, or had already.
        DuplicateAck,
    }
}

impl SegmentKind {
    /// Whether all of its data had been seen before.
    #[must_use]
    pub const fn is_retransmission(self) -> bool {
        matches!(self, Self::Retransmission | Self::SpuriousRetransmission)
    }

    /// Whether none of its data is new: it was seen before, or stands for none.
    #[must_use]
    pub const fn says_nothing_new(self) -> bool {
        self.is_retransmission() || matches!(self, Self::KeepAlive | Self::WindowProbe)
    }
}

/// What a segment is to those before it, in numbers. Times are in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// The frame of the segment that it acknowledges, and how long ago that was.
    pub acknowledges: Option<(FrameId, i64)>,
    /// How many bytes of its sender are under way with it.
    pub in_flight: Option<u32>,
    /// How many bytes its sender has sent since it last pushed.
    pub pushed: Option<u32>,
    /// The frame of the segment that said first what it says again, and how long ago that was.
    pub repeats: Option<(FrameId, i64)>,
    /// The frame of the acknowledgement that it repeats, and for the how manieth time.
    pub duplicate: Option<(FrameId, u32)>,
    /// Whether it answers duplicate acknowledgements.
    pub is_fast: bool,
    /// Whether it fills the window of the other side.
    pub fills: bool,
    /// Whether it asks a side without room with a byte that is new.
    pub probes: bool,
    /// Whether something before it was not captured, or comes later.
    pub lacks_before: bool,
    /// Whether it acknowledges something that was not captured.
    pub acknowledges_unseen: bool,
}

/// The scale of the windows that one side announces (RFC 7323, section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowScale {
    /// Its SYN was not captured, or has not come yet.
    #[default]
    Unknown,
    /// The two SYNs did not both carry the option: windows mean what they say.
    Unused,
    /// Shift windows left by this many bits, in all segments but those with SYN.
    Shift(u8),
}

/// What the survey knows of a TCP connection's numbers, by direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// What sequence numbers count from, where that is known.
    pub bases: [Option<u32>; 2],
    /// By how much windows are scaled.
    pub scales: [WindowScale; 2],
}
