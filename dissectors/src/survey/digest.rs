//! What a flow's frames were, in numbers: what lists and overviews show of a connection that
//! nobody has read.
//!
//! A packet that was captured twice counts once. Taken frame by frame in the order of the file, so
//! that it is the same however a recording is cut into chunks.

use super::row::Row;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::{Both, Direction, FrameId};

/// The frames of one flow in numbers. What stands in pairs stands by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Bytes of transport payload on the wire, repeated ones included.
    pub payload: Both<u64>,
    /// The last frame that carries payload; [`FrameId::NONE`] where there is none so far.
    pub last_data: Both<FrameId>,
    /// How many frames carry payload.
    pub data: Both<u32>,
    /// TCP: the first FIN.
    pub first_fin: Both<FrameId>,
    /// TCP: the first RST.
    pub first_rst: Both<FrameId>,
    /// TCP: the first SYN, SYN-ACK, bare acknowledgement and segment with data of either side.
    first: [FrameId; 4],
    /// TCP: how many SYNs and FINs said again what their sender had said before.
    pub repeats: Both<u16>,
    /// TCP: [`ASKED`] and [`ANSWERED`], where the sender did.
    opened: Both<u8>,
}

/// A SYN was seen.
const ASKED: u8 = 1;

/// A SYN-ACK was seen.
const ANSWERED: u8 = 2;

/// Segments that come before others in a connection, in the order of the low bits of
/// `tcp.completeness`.
const KINDS: [fn(flags: u16, payload_len: u32) -> bool; 4] = [
    |flags, _| flags & (SYN | ACK) == SYN,
    |flags, _| flags & (SYN | ACK) == SYN | ACK,
    |flags, len| flags & (SYN | ACK | FIN | RST) == ACK && len == 0,
    |_, len| len > 0,
];

impl Digest {
    /// No frame taken.
    pub const EMPTY: Self = Self {
        payload: Both::each(0),
        last_data: Both::each(FrameId::NONE),
        data: Both::each(0),
        first_fin: Both::each(FrameId::NONE),
        first_rst: Both::each(FrameId::NONE),
        first: [FrameId::NONE; 4],
        repeats: Both::each(0),
        opened: Both::each(0),
    };

    /// Takes note of the flow's next frame.
    pub(super) fn pass(&mut self, frame: FrameId, row: &Row) {
        let (flags, way) = (row.tcp_flags(), row.direction());
        if row.is_duplicate() {
            if flags == 0 && row.payload_len > 0 {
                // It counts once, but a datagram is read each time: nothing ends before it.
                *self.last_data.of_mut(way) = frame;
            }
            return;
        }
        if row.data_len() > 0 {
            *self.payload.of_mut(way) += u64::from(row.data_len());
            *self.data.of_mut(way) += 1;
            *self.last_data.of_mut(way) = frame;
        }
        if flags == 0 {
            return;
        }
        for (first, is_one) in self.first.iter_mut().zip(KINDS) {
            if *first == FrameId::NONE && is_one(flags, row.data_len()) {
                *first = frame;
            }
        }
        let opens = match flags & (SYN | ACK) {
            SYN => ASKED,
            both if both == SYN | ACK => ANSWERED,
            _ => 0,
        };
        let opened = self.opened.of_mut(way);
        let mut is_repeated = *opened & opens != 0;
        *opened |= opens;
        for (flag, firsts) in [(FIN, &mut self.first_fin), (RST, &mut self.first_rst)] {
            let first = firsts.of_mut(way);
            if flags & flag != 0 && *first == FrameId::NONE {
                *first = frame;
            } else if flags & flag & FIN != 0 {
                is_repeated = true;
            }
        }
        let repeats = self.repeats.of_mut(way);
        *repeats = repeats.saturating_add(is_repeated.into());
    }

    /// Takes in the frames of the other half of a flow, its directions turned where the two do
    /// not agree on who began. Each half holds one direction.
    pub(super) fn join(&mut self, half: &Self, turned: bool) {
        for way in Direction::BOTH {
            let from = if turned { way.reverse() } else { way };
            *self.payload.of_mut(way) += *half.payload.of(from);
            *self.data.of_mut(way) += *half.data.of(from);
            *self.repeats.of_mut(way) += *half.repeats.of(from);
            *self.opened.of_mut(way) |= *half.opened.of(from);
            // No frame has the highest number of all.
            for (own, theirs) in [
                (&mut self.last_data, &half.last_data),
                (&mut self.first_fin, &half.first_fin),
                (&mut self.first_rst, &half.first_rst),
            ] {
                let own = own.of_mut(way);
                *own = (*own).min(*theirs.of(from));
            }
        }
        for (own, theirs) in self.first.iter_mut().zip(half.first) {
            *own = (*own).min(theirs);
        }
    }

    /// The first SYN of either side.
    #[must_use]
    pub const fn syn(&self) -> Option<FrameId> {
        let [syn, ..] = self.first;
        syn.some()
    }

    /// The first SYN-ACK of either side.
    #[must_use]
    pub const fn syn_ack(&self) -> Option<FrameId> {
        let [_, syn_ack, ..] = self.first;
        syn_ack.some()
    }

    /// Which parts of a TCP connection lie before a frame, as the bits of `tcp.completeness`.
    #[must_use]
    pub fn completeness(&self, before: FrameId) -> u8 {
        let either =
            |firsts: &Both<FrameId>| firsts.iter().copied().fold(FrameId::NONE, FrameId::min);
        let ends = [either(&self.first_fin), either(&self.first_rst)];
        let seen = self.first.iter().chain(&ends).map(|first| u8::from(*first < before));
        seen.rev().fold(0, |bits, seen| bits << 1 | seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_counts_each_direction_and_tells_repeats_from_answers() {
        let steps = [
            ('>', SYN, 0),
            ('>', SYN, 0),
            ('<', SYN | ACK, 0),
            ('>', ACK, 0),
            ('>', ACK, 10),
            ('<', ACK, 7),
            ('>', ACK, 5),
            ('>', FIN | ACK, 0),
            ('<', FIN | ACK, 3),
            ('<', FIN | ACK, 3),
            ('>', RST, 0),
        ];
        let mut digest = Digest::EMPTY;
        let mut bits = Vec::new();
        for (at, (side, flags, payload_len)) in steps.into_iter().enumerate() {
            let mut row = Row { payload_len, ..Row::EMPTY };
            row.set_tcp(flags, 5);
            let way = if side == '>' { Direction::Forward } else { Direction::Backward };
            row.set_direction(way);
            digest.pass(FrameId(at as u32), &row);
            bits.push(digest.completeness(FrameId(at as u32 + 1)));
        }
        assert_eq!(bits, [1, 1, 3, 7, 15, 15, 15, 31, 31, 31, 63]);
        assert_eq!((digest.payload, digest.data), (Both::new(15, 13), Both::new(2, 3)));
        assert_eq!(digest.last_data, Both::new(FrameId(6), FrameId(9)));
        assert_eq!(digest.first_fin, Both::new(FrameId(7), FrameId(8)));
        assert_eq!(digest.first_rst, Both::new(FrameId(10), FrameId::NONE));
        assert_eq!(digest.repeats, Both::new(1, 1));
        assert_eq!((digest.syn(), digest.syn_ack()), (Some(FrameId(0)), Some(FrameId(2))));
    }

    #[test]
    fn a_side_that_asks_and_then_answers_does_not_repeat_itself() {
        let mut digest = Digest::EMPTY;
        for (at, flags) in [SYN, SYN | ACK].into_iter().enumerate() {
            let mut row = Row::EMPTY;
            row.set_tcp(flags, 5);
            digest.pass(FrameId(at as u32), &row);
        }
        assert_eq!(digest.repeats, Both::new(0, 0));
    }
}
