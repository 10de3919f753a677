//! Frames as dissectors see them: bytes by number, wherever they are kept.
//!
//! A recording in a mapped file, a live capture and a test's array all implement
//! [`Frames`]; nothing below knows which one it reads.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::ids::{FrameId, Time};
use crate::limits::{FAR_BEHIND, TOUCHED};

/// The most frames of one recording: spans name frames by numbers below this one, and what is
/// derived from them by those above.
pub const MAX_FRAMES: u32 = 1 << 31;

/// What the first byte of a frame is, in the numbers of
/// <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkType(pub u16);

impl LinkType {
    /// Ethernet II and 802.3, which is also what Linux' loopback shows.
    pub const ETHERNET: Self = Self(1);
    /// BSD's loopback: four bytes before the packet, in the order of whoever recorded.
    pub const NULL: Self = Self(0);
    /// The same in network order.
    pub const LOOP: Self = Self(108);
    /// Linux' cooked capture: a header of 16 bytes instead of the link's own.
    pub const LINUX_SLL: Self = Self(113);
    /// Its second version, of 20 bytes.
    pub const LINUX_SLL2: Self = Self(276);
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

/// How many frames ahead of the one at hand a walk expects: reading one takes a good part of what
/// memory takes to answer.
pub(crate) const AHEAD: u32 = 4;

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

    /// What somebody remarked on a frame, as the recording keeps it: nothing for nearly all.
    fn comments(&self, _frame: FrameId) -> Vec<String> {
        Vec::new()
    }

    /// Says that this frame will be read soon, so that a source over a mapped file can fetch its
    /// first bytes while others are read: most of the time that a frame takes is waiting for it.
    fn expect(&self, _frame: FrameId) {}

    /// Says that these frames were read and will not be looked at soon, so that a source over a
    /// mapped file can give their pages back.
    fn release(&self, _frames: Range<u32>) {}
}

/// Frames without a time that may stand before the one that times count from: a Simple Packet Block
/// has none.
const TIMELESS: u32 = 64;

/// What times count from: when the first frame was seen that has a time.
pub(crate) fn first_time(frames: &dyn Frames) -> Option<Time> {
    let begin = 0..frames.count().min(TIMELESS);
    begin.map(FrameId).find_map(|frame| frames.frame(frame).time.known())
}

/// Frames that are read in passing: after every [`FAR_BEHIND`] bytes what was read is given back,
/// so that however many are read, few stay in memory. A frame may be read again at any time.
pub struct Passing<'a> {
    frames: &'a dyn Frames,
    /// Bytes read since something was given back last.
    read: AtomicU64,
    /// The first and the last frame among those.
    first: AtomicU32,
    last: AtomicU32,
}

impl<'a> Passing<'a> {
    /// These frames, none of them read yet.
    #[must_use]
    pub const fn new(frames: &'a dyn Frames) -> Self {
        let (first, last) = (AtomicU32::new(u32::MAX), AtomicU32::new(0));
        Self { frames, read: AtomicU64::new(0), first, last }
    }

    fn note(&self, id: FrameId, bytes: usize) {
        // Of several that read at once, each gives back what it finds: nothing is lost by that.
        self.first.fetch_min(id.0, Ordering::Relaxed);
        self.last.fetch_max(id.0, Ordering::Relaxed);
        let bytes = TOUCHED.max(bytes as u64);
        if self.read.fetch_add(bytes, Ordering::Relaxed) + bytes >= FAR_BEHIND {
            self.read.store(0, Ordering::Relaxed);
            let first = self.first.swap(u32::MAX, Ordering::Relaxed);
            let last = self.last.swap(0, Ordering::Relaxed);
            self.frames.release(first..last.saturating_add(1));
        }
    }
}

impl Frames for Passing<'_> {
    fn count(&self) -> u32 {
        self.frames.count()
    }

    fn frame(&self, id: FrameId) -> Frame<'_> {
        let frame = self.frames.frame(id);
        self.note(id, frame.bytes.len());
        frame
    }

    fn comments(&self, frame: FrameId) -> Vec<String> {
        self.frames.comments(frame)
    }

    fn expect(&self, frame: FrameId) {
        self.frames.expect(frame);
    }

    fn release(&self, frames: Range<u32>) {
        self.frames.release(frames);
    }
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

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// Empty frames that remember what was given back.
    struct Mapped(Mutex<Vec<Range<u32>>>);

    impl Frames for Mapped {
        fn count(&self) -> u32 {
            10_000
        }

        fn frame(&self, _: FrameId) -> Frame<'_> {
            Frame::EMPTY
        }

        fn release(&self, frames: Range<u32>) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(frames);
        }
    }

    #[test]
    fn what_is_read_in_passing_is_given_back() {
        let run = (FAR_BEHIND / TOUCHED) as u32;
        let mapped = Mapped(Mutex::default());
        let passing = Passing::new(&mapped);
        for id in (0..3 * run - 1).map(FrameId) {
            passing.frame(id);
        }
        let given = || mapped.0.lock().unwrap().clone();
        assert_eq!(given(), [0..run, run..2 * run]);
        // What was read last is given back with what is read next, wherever that is.
        passing.frame(FrameId(7));
        assert_eq!((given().len(), given().pop()), (3, Some(7..3 * run - 1)));
    }
}
