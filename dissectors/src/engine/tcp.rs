//! Puts the segments of one TCP direction in order: RFC 9293 from the reader's side.
//!
//! Sequence numbers are unwrapped into stream offsets of 64 bits that start at the first byte of
//! data. A hole is a gap where no later frame of the capture fills it, and not before: an
//! acknowledgement says what arrived, not what was captured.

use super::later::Later;
use super::ordered::{Event, Ordered, Piece};
use crate::ids::{Direction, FrameId, Time};
use crate::limits::{LATE_START_STEPS, MAX_PENDING_SEGMENTS};
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
    /// The sequence number of the stream's first byte.
    first: Option<u32>,
    bytes: Ordered,
    /// The frame that will fill the hole at this offset.
    filler: Option<(u64, FrameId)>,
    syn: Option<u32>,
    fin: Option<u64>,
    ended: bool,
}

impl Half {
    /// Takes a segment of this direction; what is now in order goes to `events`.
    pub fn push(
        &mut self,
        arrival: &Arrival,
        later: &dyn Later,
        events: &mut Vec<Event>,
    ) -> Segment {
        let is_syn = arrival.flags & flags::SYN != 0;
        let seq = arrival.seq.wrapping_add(u32::from(is_syn));
        let len = u64::from(arrival.payload_len);
        if self.first.is_none() && !is_syn && len == 0 && arrival.flags & flags::FIN == 0 {
            // A bare acknowledgement begins no stream: its number is that of a byte to come, or
            // of the byte before it, where it keeps a connection alive.
            return Segment::Plain;
        }
        let first = *self.first.get_or_insert_with(|| beginning(arrival, seq, later));
        let next = self.bytes.next();
        let ahead = i64::from(seq.wrapping_sub(first.wrapping_add(next as u32)) as i32);
        let Some(start) = next.checked_add_signed(ahead) else {
            // Before the first byte we know: an old copy, or a keep-alive before any data.
            return if len <= 1 { Segment::KeepAlive } else { Segment::Retransmission };
        };
        let segment = self.classify(arrival, start, len);
        if is_syn {
            self.syn.get_or_insert(arrival.seq);
        }
        if arrival.flags & flags::FIN != 0 {
            self.fin.get_or_insert(start + len);
        }
        if len > 0 {
            self.bytes.push(start, Piece { span: arrival.payload, len }, events);
        }
        self.settle_holes(arrival, later, events);
        self.end(events);
        segment
    }

    /// A hole that no later frame fills is a gap: the one before what waits, and the one right
    /// behind what has just come.
    fn settle_holes(&mut self, arrival: &Arrival, later: &dyn Later, events: &mut Vec<Event>) {
        let Some(first) = self.first else { return };
        let (frame, direction) = (arrival.frame, arrival.direction);
        while self.bytes.waiting() > 0 {
            let hole = self.bytes.next();
            let known = self.filler.filter(|(at, by)| *at == hole && *by > frame);
            let by = known.map(|(_, by)| by).or_else(|| {
                let seq = first.wrapping_add(hole as u32);
                later.carries(frame, direction, seq).map(|(by, _)| by)
            });
            match by {
                Some(by) if self.bytes.waiting() <= MAX_PENDING_SEGMENTS => {
                    self.filler = Some((hole, by));
                    return;
                }
                _ => {
                    // The rest of the hole may still be filled.
                    let seq = first.wrapping_add(hole as u32);
                    let filled = later.nearest(frame, direction, seq);
                    let filled = filled.map(|start| hole + u64::from(start.wrapping_sub(seq)));
                    match filled.filter(|start| *start < self.bytes.first_waiting()) {
                        Some(start) => self.bytes.skip_to(start, events),
                        None => self.bytes.give_up_hole(events),
                    }
                }
            }
        }
        let next = first.wrapping_add(self.bytes.next() as u32);
        let Some(coming) = later.next_data(frame, direction) else { return };
        let is_hole = coming.wrapping_sub(next) as i32 > 0;
        if is_hole && later.carries(frame, direction, next).is_none() {
            let start = later.nearest(frame, direction, next).unwrap_or(coming);
            let missing = u64::from(start.wrapping_sub(next));
            self.bytes.skip_to(self.bytes.next() + missing, events);
        }
    }

    fn classify(&self, arrival: &Arrival, start: u64, len: u64) -> Segment {
        let control = flags::SYN | flags::FIN | flags::RST;
        let next = self.bytes.next();
        let is_old_syn = arrival.flags & flags::SYN != 0 && self.syn == Some(arrival.seq);
        let is_old_fin = arrival.flags & flags::FIN != 0 && self.fin == Some(start + len);
        if start + 1 == next && len <= 1 && arrival.flags & control == 0 {
            Segment::KeepAlive
        } else if len > 0 && start + len <= next || len == 0 && (is_old_syn || is_old_fin) {
            Segment::Retransmission
        } else if len > 0 && self.bytes.last_waiting().is_some_and(|last| last > start) {
            Segment::OutOfOrder
        } else {
            Segment::Plain
        }
    }

    /// No more will come: whatever waits is let through, its holes as gaps.
    pub fn flush(&mut self, events: &mut Vec<Event>) {
        while self.bytes.waiting() > 0 {
            self.bytes.give_up_hole(events);
        }
        self.end(events);
    }

    /// Where the waiting data lies.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        self.bytes.places()
    }

    fn end(&mut self, events: &mut Vec<Event>) {
        if self.fin == Some(self.bytes.next()) && !self.ended {
            self.ended = true;
            events.push(Event::End);
        }
    }
}

/// Where a stream begins: at its first segment, or before it, where the capture stored segments
/// late that lead up to it without a hole.
fn beginning(arrival: &Arrival, seq: u32, later: &dyn Later) -> u32 {
    let mut first = seq;
    if arrival.flags & flags::SYN == 0 {
        for _ in 0..LATE_START_STEPS {
            let before = first.wrapping_sub(1);
            match later.carries_soon(arrival.frame, arrival.direction, before) {
                Some(earlier) => first = earlier,
                None => break,
            }
        }
    }
    first
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

    /// All segments of a direction, as `(seq, len, flags)`, one a frame: what comes is known.
    struct Coming<'s>(&'s [(u32, u32, u16)]);

    impl Coming<'_> {
        fn after(&self, frame: FrameId) -> impl Iterator<Item = (FrameId, u32, u32)> {
            let data = (0..).map(FrameId).zip(self.0).filter(|(_, (_, len, _))| *len > 0);
            data.map(|(id, (seq, len, bits))| {
                (id, seq.wrapping_add(u32::from(bits & flags::SYN != 0)), *len)
            })
            .skip_while(move |(id, ..)| *id <= frame)
        }
    }

    impl Later for Coming<'_> {
        fn next_data(&self, frame: FrameId, _: Direction) -> Option<u32> {
            self.after(frame).next().map(|(_, seq, _)| seq)
        }

        fn carries(&self, frame: FrameId, _: Direction, seq: u32) -> Option<(FrameId, u32)> {
            let found = self.after(frame).find(|(_, at, len)| seq.wrapping_sub(*at) < *len);
            found.map(|(id, at, _)| (id, at))
        }

        fn nearest(&self, frame: FrameId, _: Direction, seq: u32) -> Option<u32> {
            let starts = self.after(frame).map(|(_, at, _)| at);
            starts.filter(|at| at.wrapping_sub(seq) as i32 > 0).min()
        }

        fn carries_soon(&self, frame: FrameId, way: Direction, seq: u32) -> Option<u32> {
            self.carries(frame, way, seq).map(|(_, at)| at)
        }

        fn is_last_data(&self, frame: FrameId, _: Direction) -> bool {
            self.after(frame).next().is_none()
        }

        fn ending(&self, _: FrameId, _: Direction) -> crate::session::Ending {
            crate::session::Ending::Cut
        }
    }

    /// Feeds `(seq, len, flags)` segments, frame numbers counting up, and names what comes out.
    fn check(segments: &[(u32, u32, u16)], expected: &str) {
        let mut half = Half::default();
        let mut events = Vec::new();
        let coming = Coming(segments);
        for (at, (seq, len, flags)) in segments.iter().enumerate() {
            half.push(&segment(*seq, at as u32, *len, *flags), &coming, &mut events);
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
        check(&[(99, 0, syn), (100, 10, 0), (110, 5, fin)], "frame 2[0+10] frame 3[0+5] end");
        check(&[(99, 0, syn), (110, 5, 0), (100, 10, 0)], "frame 3[0+10] frame 2[0+5]");
        // Across the wrap of the sequence number.
        check(&[(u32::MAX - 1, 0, syn), (u32::MAX, 4, 0), (3, 2, 0)], "frame 2[0+4] frame 3[0+2]");
    }

    #[test]
    fn the_first_copy_of_a_byte_wins() {
        check(&[(0, 10, 0), (5, 10, 0)], "frame 1[0+10] frame 2[5+5]");
        check(
            &[(0, 1, 0), (10, 5, 0), (5, 15, 0), (1, 4, 0)],
            "frame 1[0+1] frame 4[0+4] frame 3[0+5] frame 2[0+5] frame 3[10+5]",
        );
    }

    #[test]
    fn a_hole_is_a_gap_where_no_later_frame_fills_it() {
        // The gap is told where the hole begins, not where the other side acknowledges past it.
        check(&[(0, 10, 0), (20, 5, 0)], "frame 1[0+10] gap 10 frame 2[0+5]");
        check(
            &[(0, 10, 0), (20, 5, 0), (25, 5, 0), (10, 10, 0)],
            "frame 1[0+10] frame 4[0+10] frame 2[0+5] frame 3[0+5]",
        );
        check(
            &[(0, 10, 0), (20, 5, 0), (15, 5, 0)],
            "frame 1[0+10] gap 5 frame 3[0+5] frame 2[0+5]",
        );
    }

    #[test]
    fn a_stream_whose_first_segment_came_late_begins_at_its_first_byte() {
        let segments = [(700, 300, 0), (0, 700, 0), (1000, 10, 0)];
        check(&segments, "frame 2[0+700] frame 1[0+300] frame 3[0+10]");
        let mut half = Half::default();
        let coming = Coming(&segments);
        let kinds = segments.iter().enumerate().map(|(at, (seq, len, flags))| {
            half.push(&segment(*seq, at as u32, *len, *flags), &coming, &mut Vec::new())
        });
        let kinds: Vec<Segment> = kinds.collect();
        assert_eq!(kinds, [Segment::Plain, Segment::OutOfOrder, Segment::Plain]);
    }

    #[test]
    fn keep_alives_and_retransmissions_are_told_apart() {
        use Segment::{KeepAlive, OutOfOrder, Plain, Retransmission};
        let segments = [
            ((7, 10, flags::SYN), Plain),
            ((7, 0, flags::SYN), Retransmission),
            ((17, 1, flags::ACK), KeepAlive),
            ((8, 10, flags::ACK), Retransmission),
            ((30, 10, flags::ACK), Plain),
            ((18, 12, flags::ACK), OutOfOrder),
            ((40, 0, flags::FIN), Plain),
            ((40, 0, flags::FIN), Retransmission),
        ];
        let all: Vec<_> = segments.iter().map(|(segment, _)| *segment).collect();
        let mut half = Half::default();
        for (at, ((seq, len, flags), expected)) in segments.iter().enumerate() {
            let one = segment(*seq, at as u32, *len, *flags);
            assert_eq!(half.push(&one, &Coming(&all), &mut Vec::new()), *expected, "{at}");
        }
    }
}
