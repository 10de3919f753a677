//! One segment: what its header says, where its data lies, and what else a telling needs.

use etherparse::TcpHeaderSlice;

use super::state::State;
use super::waits::Remark;
use crate::engine::tcp::{Analysis, SegmentKind, flags};
use crate::ids::Direction;
use crate::message::MessageKind;
use crate::span::Span;
use crate::typed::{Extra, Fact};

/// A segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// Who sent it.
    pub direction: Direction,
    /// The port that it came from, and the one that it went to.
    pub ports: [u16; 2],
    /// The sequence number.
    pub seq: u32,
    /// The acknowledgement number.
    pub ack: u32,
    /// The flags of [`flags`].
    pub flags: u16,
    /// The window as it stands in the header.
    pub window: u16,
    /// Where its data lies, as far as it was captured.
    pub data: Span,
    /// How many bytes of data it carried on the wire.
    pub len: u32,
    /// Where what a reset says of its cause lies: it is no part of the stream, and takes no
    /// sequence number (RFC 9293, section 3.5.3). Empty in all other segments.
    pub cause: Span,
    /// How many bytes behind all that was captured were on the wire only.
    pub cut: u32,
    /// How many bytes from its first one on its urgent pointer makes urgent, where it counts: it
    /// points behind the last of them (RFC 9293, section 3.8.5).
    pub urgent: Option<u16>,
}

impl Segment {
    /// Reads the segment that lies at `place`, with `cut` more bytes on the wire behind it;
    /// nothing where its header is not whole.
    #[must_use]
    pub fn read(direction: Direction, bytes: &[u8], place: Span, cut: usize) -> Option<Self> {
        let header = TcpHeaderSlice::from_slice(bytes).ok()?;
        let behind = place.from(header.slice().len());
        let &[high, low] = header.slice().get(12..14)? else { return None };
        let is_reset = header.rst();
        let (data, cause) = if is_reset {
            (behind.part(0, 0), behind)
        } else {
            (behind, behind.part(behind.len as usize, 0))
        };
        let cut = u32::try_from(cut).unwrap_or(u32::MAX);
        Some(Self {
            direction,
            ports: [header.source_port(), header.destination_port()],
            seq: header.sequence_number(),
            ack: header.acknowledgment_number(),
            flags: u16::from_be_bytes([high, low]) & flags::ALL,
            window: header.window_size(),
            data,
            len: if is_reset { 0 } else { data.len.saturating_add(cut) },
            cause,
            cut,
            urgent: header.urg().then(|| header.urgent_pointer()),
        })
    }

    /// Whether one of these flags is set.
    #[must_use]
    pub const fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// What it is where it differs from what its sender said last in its window at most: that
    /// window, whether the other side has just asked whether it is there, and whether it names
    /// what came beyond a hole, or twice. One that does counts as a duplicate whatever its window
    /// is (RFC 6675, section 2).
    pub(super) fn only_changes(&self, window: u16, is_asked: bool, names: bool) -> SegmentKind {
        match () {
            () if self.window == 0 => SegmentKind::Plain,
            () if is_asked && self.window == window => SegmentKind::KeepAliveAnswer,
            () if self.window != window && !names => SegmentKind::WindowUpdate,
            () => SegmentKind::DuplicateAck,
        }
    }

    /// How many sequence numbers it takes: those of its data, and one each for SYN and FIN
    /// (RFC 9293, section 3.4).
    #[must_use]
    pub const fn numbers(&self) -> u32 {
        let controls = self.has(flags::SYN) as u32 + self.has(flags::FIN) as u32;
        self.len.saturating_add(controls)
    }
}

/// What a segment meant when it came, and its bytes do not hold: kept with its message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    /// The states before it, by the direction in which each end sends.
    pub before: [State; 2],
    /// The states after it.
    pub after: [State; 2],
    /// Whether its sender had said that it can take nothing more.
    pub was_full: bool,
    /// Whether the other side had just asked whether its sender is still there, or has room.
    pub was_asked: bool,
    /// How many bytes of it were on the wire only; at most 65535, which IPv4 cannot exceed.
    pub cut: u16,
}

/// What is kept with a segment where there is something to say of it beside what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Noted {
    /// What a telling says.
    pub(super) remark: Option<Remark>,
    /// What its fields say.
    pub(super) analysis: Analysis,
}

impl Fact for Noted {}

impl MessageKind for SegmentKind {
    type Extra = Meant;
}

/// Bits of a pair of states, of which there are a hundred.
const STATES: u32 = 7;

/// From the highest bit down: the states before, those after, whether it was full, whether it was
/// asked, what was cut.
impl Extra for Meant {
    fn pack(self) -> u32 {
        let pair = |[client, server]: [State; 2]| client.number() * State::COUNT + server.number();
        let states = pair(self.before) << STATES | pair(self.after);
        let flags = u32::from(self.was_full) << 1 | u32::from(self.was_asked);
        (states << 2 | flags) << 16 | u32::from(self.cut)
    }

    fn unpack(packed: u32) -> Self {
        let pair = |bits: u32| {
            let bits = bits & ((1 << STATES) - 1);
            [State::of(bits / State::COUNT), State::of(bits % State::COUNT)]
        };
        let states = packed >> 18;
        Self {
            before: pair(states >> STATES),
            after: pair(states),
            was_full: packed >> 17 & 1 != 0,
            was_asked: packed >> 16 & 1 != 0,
            cut: packed as u16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_comes_out_as_it_went_in() {
        let states = || (0..State::COUNT).map(State::of);
        for (before, after) in states().flat_map(|one| states().map(move |two| (one, two))) {
            let rest = [(true, false, 0), (false, true, 1460), (true, true, u16::MAX)];
            for (was_full, was_asked, cut) in rest {
                let (before, after) = ([before, after], [after, before]);
                let meant = Meant { before, after, was_full, was_asked, cut };
                assert_eq!(Meant::unpack(meant.pack()), meant);
            }
        }
        assert_eq!(State::of(State::COUNT - 1), State::TimeWait);
        // A number that no pair has.
        assert_eq!(Meant::unpack(u32::MAX).before, [State::Closed, State::Closing]);
    }

    #[test]
    fn a_segment_takes_numbers_for_its_data_and_its_controls() {
        let mut bytes = vec![0; 20];
        (bytes[1], bytes[3], bytes[7]) = (80, 90, 9);
        (bytes[12], bytes[13]) = (5 << 4, 0x03);
        bytes.extend(b"data");
        let place = Span::frame(crate::ids::FrameId(4), 34, 24);
        let read = |bytes: &[u8]| Segment::read(Direction::Forward, bytes, place, 100);
        let segment = read(&bytes).unwrap();
        assert_eq!((segment.ports, segment.seq, segment.flags), ([80, 90], 9, 3));
        assert_eq!((segment.data, segment.len), (place.from(20), 104));
        assert_eq!(segment.numbers(), 106);
        assert_eq!((segment.cause.len, segment.urgent), (0, None));
        assert!(read(&bytes[..19]).is_none());
        bytes[12] = 15 << 4;
        assert!(read(&bytes).is_none());
    }

    #[test]
    fn what_a_reset_carries_is_its_cause_and_no_data() {
        let mut bytes = vec![0; 20];
        (bytes[12], bytes[13], bytes[19]) = (5 << 4, 0x24, 3);
        bytes.extend(b"gone");
        let place = Span::frame(crate::ids::FrameId(4), 34, 24);
        let segment = Segment::read(Direction::Forward, &bytes, place, 100).unwrap();
        assert_eq!((segment.data.len, segment.len, segment.numbers()), (0, 0, 0));
        assert_eq!((segment.cause, segment.cut, segment.urgent), (place.from(20), 100, Some(3)));
    }
}
