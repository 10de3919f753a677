//! Puts the segments of one TCP direction in order: RFC 9293 from the reader's side.
//!
//! Sequence numbers are unwrapped into stream offsets of 64 bits that start at the first byte of
//! data. The first copy of a byte wins, as it does in Linux; a hole is declared a gap when the
//! other side acknowledges past it, or when too much waits behind it.
//!
//! ```text
//!            delivered            hole        pending
//!   offset 0 ─────────── next │░░░░░░░░│███│░░│██████│
//!                                            ^ acknowledged: the hole was received, not captured
//! ```

use std::collections::BTreeMap;

use crate::ids::{Direction, FrameId, Time};
use crate::limits::MAX_PENDING_SEGMENTS;
use crate::span::Span;

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
}

/// A frame of a connection on its way to the reader: where its payload lies and, of TCP, what
/// its header says.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The frame.
    pub frame: FrameId,
    /// When it was seen.
    pub time: Time,
    /// Who sent it.
    pub direction: Direction,
    /// The transport payload that was captured.
    pub payload: Span,
    /// How long the payload was on the wire: more than `payload.len` where the frame was cut.
    pub payload_len: u32,
    /// The sequence number.
    pub seq: u32,
    /// The acknowledgement number.
    pub ack: u32,
    /// The flags of [`flags`].
    pub flags: u16,
}

/// What comes out of reassembly, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The next bytes of the stream.
    Data(Span),
    /// So many bytes are missing.
    Gap(u64),
    /// The direction has ended with FIN.
    End,
}

/// What a segment was to its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// In order, or without data.
    Plain,
    /// All of its data had been seen before.
    Retransmission,
    /// It came before data that precedes it.
    OutOfOrder,
    /// It repeats the last byte, or nothing, to ask for an acknowledgement (RFC 9293, 3.8.4).
    KeepAlive,
}

/// One direction of a connection.
#[derive(Clone, Debug, Default)]
pub struct Half {
    /// The sequence number of stream offset `next`.
    seq: Option<u32>,
    next: u64,
    /// Data beyond `next`, by stream offset.
    pending: BTreeMap<u64, Pending>,
    fin: Option<u64>,
    ended: bool,
    /// The highest offset the other side acknowledged.
    acked: u64,
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    span: Span,
    /// Bytes on the wire, at least `span.len`.
    len: u64,
}

impl Half {
    /// Takes a segment of this direction; what is now in order goes to `events`.
    pub fn push(&mut self, arrival: &Arrival, events: &mut Vec<Event>) -> Segment {
        let syn = arrival.flags & flags::SYN != 0;
        let first = arrival.seq.wrapping_add(u32::from(syn));
        let base = *self.seq.get_or_insert(first);
        let ahead = i64::from(first.wrapping_sub(base) as i32);
        let len = u64::from(arrival.payload_len);
        let Some(start) = self.next.checked_add_signed(ahead) else {
            // Before the first byte we know: an old copy, or a keep-alive before any data.
            return if len <= 1 { Segment::KeepAlive } else { Segment::Retransmission };
        };
        if arrival.flags & flags::FIN != 0 {
            self.fin.get_or_insert(start + len);
        }
        let segment = self.classify(arrival, start, len);
        if len > 0 {
            self.insert(start, Pending { span: arrival.payload, len });
        }
        self.drain(events);
        segment
    }

    fn classify(&self, arrival: &Arrival, start: u64, len: u64) -> Segment {
        let control = flags::SYN | flags::FIN | flags::RST;
        if start + 1 == self.next && len <= 1 && arrival.flags & control == 0 {
            Segment::KeepAlive
        } else if len > 0 && start + len <= self.next {
            Segment::Retransmission
        } else if len > 0 && self.pending.keys().next_back().is_some_and(|last| *last > start) {
            Segment::OutOfOrder
        } else {
            Segment::Plain
        }
    }

    /// Takes the other side's word for what it has received.
    pub fn acknowledged(&mut self, ack: u32, events: &mut Vec<Event>) {
        let Some(base) = self.seq else { return };
        let ahead = i64::from(ack.wrapping_sub(base) as i32);
        if let Some(offset) = self.next.checked_add_signed(ahead) {
            self.acked = self.acked.max(offset);
            self.drain(events);
        }
    }

    /// No more will come: whatever waits is let through, its holes as gaps.
    pub fn flush(&mut self, events: &mut Vec<Event>) {
        while let Some((start, _)) = self.pending.first_key_value() {
            self.acked = self.acked.max(*start);
            self.drain(events);
        }
    }

    /// Whether a FIN ended it, all data before it being there.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Where the waiting data lies.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        self.pending.values().map(|pending| pending.span)
    }

    /// Keeps the first copy of every byte: only what no earlier segment holds is inserted.
    fn insert(&mut self, start: u64, segment: Pending) {
        let end = start + segment.len;
        let mut at = start.max(self.next);
        let overlapping = self.pending.range(..end).rev();
        let mut held: Vec<(u64, u64)> = overlapping
            .map(|(from, pending)| (*from, from + pending.len))
            .take_while(|(_, to)| *to > at)
            .collect();
        held.reverse();
        held.push((end, end));
        for (from, to) in held {
            if from > at {
                let skip = at - start;
                let len = from - at;
                let span = segment.span.part(skip as usize, len as usize);
                self.pending.insert(at, Pending { span, len });
            }
            at = at.max(to);
        }
    }

    fn drain(&mut self, events: &mut Vec<Event>) {
        while let Some((start, pending)) = self.pending.first_key_value() {
            let (start, pending) = (*start, *pending);
            if start > self.next {
                let received = self.acked >= start;
                if !received && self.pending.len() <= MAX_PENDING_SEGMENTS {
                    return;
                }
                events.push(Event::Gap(start - self.next));
                self.advance(start);
            }
            self.pending.pop_first();
            events.push(Event::Data(pending.span));
            let captured = u64::from(pending.span.len);
            if captured < pending.len {
                events.push(Event::Gap(pending.len - captured));
            }
            self.advance(start + pending.len);
        }
        if self.fin == Some(self.next) && !self.ended {
            self.ended = true;
            events.push(Event::End);
        }
    }

    fn advance(&mut self, to: u64) {
        let by = to - self.next;
        self.seq = self.seq.map(|seq| seq.wrapping_add(by as u32));
        self.next = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(seq: u32, at: u32, len: u32, flags: u16) -> Arrival {
        Arrival {
            frame: FrameId(at),
            time: Time(0),
            direction: Direction::Forward,
            payload: Span::frame(FrameId(at), 0, len),
            payload_len: len,
            seq,
            ack: 0,
            flags,
        }
    }

    /// Feeds `(seq, len, flags)` segments, frame numbers counting up, and names what comes out.
    fn check(segments: &[(u32, u32, u16)], acked: Option<u32>, expected: &str) {
        let mut half = Half::default();
        let mut events = Vec::new();
        for (at, (seq, len, flags)) in segments.iter().enumerate() {
            half.push(&segment(*seq, at as u32, *len, *flags), &mut events);
        }
        if let Some(ack) = acked {
            half.acknowledged(ack, &mut events);
        }
        let words: Vec<String> = events
            .iter()
            .map(|event| match event {
                Event::Data(span) => format!("{:?}[{}+{}]", span.buffer, span.start, span.len),
                Event::Gap(len) => format!("gap {len}"),
                Event::End => "end".into(),
            })
            .collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn segments_come_out_in_order_whatever_order_they_came_in() {
        let (syn, fin) = (flags::SYN, flags::FIN);
        check(&[(99, 0, syn), (100, 10, 0), (110, 5, fin)], None, "frame 2[0+10] frame 3[0+5] end");
        check(&[(99, 0, syn), (110, 5, 0), (100, 10, 0)], None, "frame 3[0+10] frame 2[0+5]");
        // Across the wrap of the sequence number.
        check(
            &[(u32::MAX - 1, 0, syn), (u32::MAX, 4, 0), (3, 2, 0)],
            None,
            "frame 2[0+4] frame 3[0+2]",
        );
    }

    #[test]
    fn the_first_copy_of_a_byte_wins() {
        check(&[(0, 10, 0), (5, 10, 0)], None, "frame 1[0+10] frame 2[5+5]");
        check(
            &[(0, 1, 0), (10, 5, 0), (5, 15, 0), (1, 4, 0)],
            None,
            "frame 1[0+1] frame 4[0+4] frame 3[0+5] frame 2[0+5] frame 3[10+5]",
        );
    }

    #[test]
    fn a_hole_is_a_gap_once_it_was_acknowledged() {
        check(&[(0, 10, 0), (20, 5, 0)], None, "frame 1[0+10]");
        check(&[(0, 10, 0), (20, 5, 0)], Some(25), "frame 1[0+10] gap 10 frame 2[0+5]");
    }

    #[test]
    fn keep_alives_and_retransmissions_are_told_apart() {
        let mut half = Half::default();
        let mut events = Vec::new();
        assert_eq!(half.push(&segment(7, 0, 10, flags::SYN), &mut events), Segment::Plain);
        assert_eq!(half.push(&segment(17, 1, 1, flags::ACK), &mut events), Segment::KeepAlive);
        assert_eq!(half.push(&segment(8, 2, 10, flags::ACK), &mut events), Segment::Retransmission);
        assert_eq!(half.push(&segment(30, 3, 10, flags::ACK), &mut events), Segment::Plain);
        assert_eq!(half.push(&segment(18, 4, 4, flags::ACK), &mut events), Segment::OutOfOrder);
    }
}
