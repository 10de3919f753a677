//! Frames as dissectors see them: bytes by number, wherever they are kept.
//!
//! A recording in a mapped file, a live capture and a test's array all implement
//! [`Frames`]; nothing below knows which one it reads.

use std::ops::Range;

use crate::ids::{FrameId, Time};

/// What the first byte of a frame is, in the numbers of
/// <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkType(pub u16);

impl LinkType {
    /// Ethernet II and 802.3, which is also what Linux' loopback shows.
    pub const ETHERNET: Self = Self(1);
    /// A bare IPv4 or IPv6 packet, told apart by its first nibble.
    pub const RAW: Self = Self(101);
    /// A bare IPv4 packet.
    pub const IPV4: Self = Self(228);
    /// A bare IPv6 packet.
    pub const IPV6: Self = Self(229);
    /// IEEE 802.11 whose header a radio filled up to a multiple of four bytes: in no recording, but
    /// behind radiotap.
    pub const WLAN_PADDED: Self = Self(0xfffc);
    /// A mark: not a packet but a systemd journal entry that says what a program did and when.
    pub const MARK: Self = Self(0xfffe);
    /// A block Wireshark numbers although it is neither a packet nor a journal entry.
    pub const CUSTOM: Self = Self(0xfffd);
}

/// One frame: what the recording says about it, and the bytes it kept.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// When it was seen; [`Time::UNKNOWN`] where the recording does not say.
    pub time: Time,
    /// The interface (vantage point) that saw it: its number within the whole recording.
    pub interface: u16,
    /// What the first byte is.
    pub link: LinkType,
    /// Its length on the wire in bytes, as the recording says: more than `bytes.len()` where the
    /// snap length cut it, and nothing keeps a broken writer from saying less.
    pub wire_len: u32,
    /// The bytes that were kept.
    pub bytes: &'a [u8],
}

impl Frame<'_> {
    /// A frame with nothing in it, for a number that no recording holds.
    pub const EMPTY: Frame<'static> = Frame {
        time: Time::UNKNOWN,
        interface: 0,
        link: LinkType::CUSTOM,
        wire_len: 0,
        bytes: &[],
    };
}

/// A source of frames by number.
///
/// Reading must be cheap and repeatable: the same number gives the same bytes as long as the
/// source lives. A source may grow at its end.
pub trait Frames: Sync {
    /// How many frames there are now.
    fn count(&self) -> u32;

    /// One frame; [`Frame::EMPTY`] where the number is past the end or the bytes can no longer
    /// be read (a file that was cut while open).
    fn frame(&self, id: FrameId) -> Frame<'_>;

    /// Says that these frames were read and will not be looked at soon, so that a source over a
    /// mapped file can give their pages back.
    fn release(&self, _frames: Range<u32>) {}
}

/// Frames in memory, for tests and vectors.
#[derive(Clone, Debug, Default)]
pub struct FrameList {
    frames: Vec<(Time, u16, LinkType, Vec<u8>)>,
}

impl FrameList {
    /// No frames yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { frames: Vec::new() }
    }

    /// Adds a whole frame (its length on the wire is the length of `bytes`).
    pub fn push(&mut self, time: Time, interface: u16, link: LinkType, bytes: Vec<u8>) {
        self.frames.push((time, interface, link, bytes));
    }
}

impl Frames for FrameList {
    fn count(&self) -> u32 {
        self.frames.len() as u32
    }

    fn frame(&self, id: FrameId) -> Frame<'_> {
        let Some((time, interface, link, bytes)) = self.frames.get(id.index()) else {
            return Frame::EMPTY;
        };
        Frame {
            time: *time,
            interface: *interface,
            link: *link,
            wire_len: bytes.len() as u32,
            bytes,
        }
    }
}
