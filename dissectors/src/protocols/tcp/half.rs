//! Puts the segments of one TCP direction in order: RFC 9293 from the reader's side.
//!
//! Sequence numbers are unwrapped into stream offsets of 64 bits that start at the first byte of
//! data. A hole is a gap where no later frame of the capture fills it, and not before: an
//! acknowledgement says what arrived, not what was captured.

use super::segment::Segment;
use crate::engine::later::{Coming, Filling, Later};
use crate::engine::ordered::{Event, Ordered, Piece};
use crate::engine::tcp::{SegmentKind, flags};
use crate::ids::{Direction, FrameId};
use crate::limits::{LATE_START_STEPS, MAX_PENDING_SEGMENTS, MAX_WINDOW};
use crate::span::Span;

/// The bytes of one direction.
#[derive(Clone, Debug)]
pub struct Half {
    /// The sequence number of the stream's first byte.
    first: Option<u32>,
    bytes: Ordered,
    /// The frame that will fill the hole at this offset.
    filler: Option<(u64, FrameId)>,
    syn: Option<u32>,
    fin: Option<u64>,
    ended: bool,
    /// Whether the other side has said what it heard before anything of this one was captured.
    is_acknowledged: bool,
    /// The next data, as it was last looked for: whoever only acknowledges, while the other side
    /// sends, would look far ahead at each segment.
    coming: Coming,
}

impl Default for Half {
    fn default() -> Self {
        Self {
            first: None,
            bytes: Ordered::default(),
            filler: None,
            syn: None,
            fin: None,
            ended: false,
            is_acknowledged: false,
            coming: Coming::UNKNOWN,
        }
    }
}

impl Half {
    /// Takes a segment of this direction, which stands on that frame; what is now in order goes
    /// to `events`.
    pub fn push(
        &mut self,
        segment: &Segment,
        frame: FrameId,
        later: &dyn Later,
        events: &mut Vec<Event>,
    ) -> SegmentKind {
        let is_syn = segment.has(flags::SYN);
        let seq = segment.seq.wrapping_add(u32::from(is_syn));
        if self.first.is_none() && !is_syn && segment.len == 0 && !segment.has(flags::FIN) {
            // A bare acknowledgement begins no stream: its number is that of a byte to come, or
            // of the byte before it, where it keeps a connection alive.
            return SegmentKind::Plain;
        }
        let first = *self.first.get_or_insert_with(|| beginning(segment, frame, seq, later));
        let next = self.bytes.next();
        let ahead = i64::from(seq.wrapping_sub(first.wrapping_add(next as u32)) as i32);
        let start = next.checked_add_signed(ahead);
        // So much of it lies before the first byte we know, and is none of the stream.
        let before = if start.is_none() { ahead.unsigned_abs().saturating_sub(next) } else { 0 };
        let (start, all) = (start.unwrap_or(0), u64::from(segment.len));
        if before > 0 && before >= all {
            let controls = segment.has(flags::SYN | flags::FIN | flags::RST);
            return match all {
                // Before any data of its own a side asks with the number of its SYN.
                0 | 1 if before == 1 && next == 0 && !controls => SegmentKind::KeepAlive,
                0 => SegmentKind::Plain,
                // An old copy.
                _ => SegmentKind::Retransmission,
            };
        }
        let len = all - before;
        let kind = self.classify(segment, start, len);
        if is_syn {
            self.syn.get_or_insert(segment.seq);
        }
        if segment.has(flags::FIN) {
            self.fin.get_or_insert(start + len);
        }
        if len > 0 {
            let span = segment.data.part(before as usize, len as usize);
            self.bytes.push(start, Piece { span, len }, events);
        }
        self.settle_holes(frame, segment.direction, later, events);
        self.end(events);
        kind
    }

    /// Takes what the other side acknowledges, in a capture that began later than the connection:
    /// its first word says where this direction stood, and so what is missing before the first
    /// segment of it that was captured.
    pub fn acknowledged(
        &mut self,
        ack: u32,
        frame: FrameId,
        direction: Direction,
        later: &dyn Later,
        events: &mut Vec<Event>,
    ) {
        if self.first.is_some() || std::mem::replace(&mut self.is_acknowledged, true) {
            return;
        }
        let Some(coming) = self.coming(frame, direction, later) else { return };
        if !(1..=MAX_WINDOW).contains(&coming.wrapping_sub(ack)) {
            return;
        }
        let start = match later.filling(frame, direction, ack) {
            Filling::By(_) => return,
            Filling::Behind(start) => start,
            Filling::Never => coming,
        };
        self.first = Some(ack);
        self.bytes.skip_to(start.wrapping_sub(ack).into(), events);
    }

    /// Whether all bytes before this sequence number have come, and none behind it.
    #[must_use]
    pub fn reaches(&self, seq: u32) -> bool {
        let next = self.first.map(|first| first.wrapping_add(self.bytes.next() as u32));
        next == Some(seq) && self.bytes.waiting() == 0
    }

    /// Where a sequence number lies in this direction: the SYN at 0, the first byte of data at 1,
    /// the FIN behind the last one. Nothing before the first segment, or for what lies before it.
    #[must_use]
    pub fn number(&self, seq: u32) -> Option<u64> {
        let next = self.bytes.next();
        let ahead = seq.wrapping_sub(self.first?.wrapping_add(next as u32)) as i32;
        (next + 1).checked_add_signed(i64::from(ahead))
    }

    /// A hole that no later frame fills is a gap: the one before what waits, and the one right
    /// behind what has just come.
    fn settle_holes(
        &mut self,
        frame: FrameId,
        direction: Direction,
        later: &dyn Later,
        events: &mut Vec<Event>,
    ) {
        let Some(first) = self.first else { return };
        while self.bytes.waiting() > 0 {
            let hole = self.bytes.next();
            let seq = first.wrapping_add(hole as u32);
            let known = self.filler.filter(|(at, by)| *at == hole && *by > frame);
            let filling = known.map(|(_, by)| Filling::By(by));
            match filling.unwrap_or_else(|| later.filling(frame, direction, seq)) {
                Filling::By(by) if self.bytes.waiting() <= MAX_PENDING_SEGMENTS => {
                    self.filler = Some((hole, by));
                    return;
                }
                // The rest of the hole is still filled.
                Filling::Behind(start)
                    if hole + u64::from(start.wrapping_sub(seq)) < self.bytes.first_waiting() =>
                {
                    self.bytes.skip_to(hole + u64::from(start.wrapping_sub(seq)), events);
                }
                _ => self.bytes.give_up_hole(events),
            }
        }
        let next = first.wrapping_add(self.bytes.next() as u32);
        let Some(coming) = self.coming(frame, direction, later) else { return };
        if coming == next {
            return;
        }
        let start = match later.filling(frame, direction, next) {
            Filling::By(_) => return,
            Filling::Behind(start) => start,
            // What comes next may only say again what has come: what is new lies behind it.
            Filling::Never if coming.wrapping_sub(next) as i32 > 0 => coming,
            Filling::Never => return,
        };
        let missing = u64::from(start.wrapping_sub(next));
        self.bytes.skip_to(self.bytes.next() + missing, events);
    }

    /// The sequence number of the next data after this frame.
    fn coming(&mut self, frame: FrameId, direction: Direction, later: &dyn Later) -> Option<u32> {
        if self.coming.until <= frame {
            self.coming = later.next_data(frame, direction);
        }
        self.coming.first
    }

    fn classify(&self, segment: &Segment, start: u64, len: u64) -> SegmentKind {
        let control = flags::SYN | flags::FIN | flags::RST;
        let next = self.bytes.next();
        let is_old_syn = segment.has(flags::SYN) && self.syn == Some(segment.seq);
        let is_old_fin = segment.has(flags::FIN) && self.fin == Some(start + len);
        if start + 1 == next && segment.len <= 1 && !segment.has(control) {
            SegmentKind::KeepAlive
        } else if len > 0 && start + len <= next || len == 0 && (is_old_syn || is_old_fin) {
            SegmentKind::Retransmission
        } else if len > 0 && self.bytes.last_waiting().is_some_and(|last| last > start) {
            SegmentKind::OutOfOrder
        } else {
            SegmentKind::Plain
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
    pub fn places(&self) -> impl Iterator<Item = Span> {
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
fn beginning(segment: &Segment, frame: FrameId, seq: u32, later: &dyn Later) -> u32 {
    let mut first = seq;
    if !segment.has(flags::SYN) {
        for _ in 0..LATE_START_STEPS {
            let before = first.wrapping_sub(1);
            match later.carries_soon(frame, segment.direction, before) {
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

    fn segment(seq: u32, at: u32, len: u32, flags: u16) -> Segment {
        Segment {
            direction: Direction::Forward,
            ports: [0; 2],
            seq,
            ack: 0,
            flags,
            window: 0,
            data: Span::frame(FrameId(at), 0, len),
            len,
            cause: Span::NONE,
            cut: 0,
            urgent: None,
        }
    }

    /// All segments of a direction, as `(seq, len, flags)`, one a frame: what comes is known.
    struct Rest<'s>(&'s [(u32, u32, u16)]);

    impl Rest<'_> {
        fn after(&self, frame: FrameId) -> impl Iterator<Item = (FrameId, u32, u32)> {
            let data = (0..).map(FrameId).zip(self.0).filter(|(_, (_, len, _))| *len > 0);
            data.map(|(id, (seq, len, bits))| {
                (id, seq.wrapping_add(u32::from(bits & flags::SYN != 0)), *len)
            })
            .skip_while(move |(id, ..)| *id <= frame)
        }
    }

    impl Later for Rest<'_> {
        fn next_data(&self, frame: FrameId, _: Direction) -> Coming {
            let next = self.after(frame).next();
            next.map_or(Coming::NEVER, |(until, seq, _)| Coming { first: Some(seq), until })
        }

        fn filling(&self, frame: FrameId, _: Direction, seq: u32) -> Filling {
            Filling::of(self.after(frame), seq)
        }

        fn carries_soon(&self, frame: FrameId, _: Direction, seq: u32) -> Option<u32> {
            let found = self.after(frame).find(|(_, at, len)| seq.wrapping_sub(*at) < *len);
            found.map(|(_, at, _)| at)
        }

        fn is_last_data(&self, frame: FrameId, _: Direction) -> bool {
            self.after(frame).next().is_none()
        }

        fn ending(&self, _: FrameId, _: Direction) -> crate::engine::session::Ending {
            crate::engine::session::Ending::Cut
        }
    }

    /// Feeds `(seq, len, flags)` segments, frame numbers counting up, and names what comes out.
    fn check(segments: &[(u32, u32, u16)], expected: &str) {
        let mut half = Half::default();
        let mut events = Vec::new();
        let coming = Rest(segments);
        for (at, (seq, len, flags)) in segments.iter().enumerate() {
            let frame = FrameId(at as u32);
            half.push(&segment(*seq, frame.0, *len, *flags), frame, &coming, &mut events);
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
    fn a_hole_begins_where_it_does_also_before_bytes_that_come_again() {
        for repeated in [(0, 10, 0), (5, 5, 0), (9, 1, 0)] {
            let segments = [(0, 10, 0), repeated, (20, 5, 0)];
            let (mut half, mut events) = (Half::default(), Vec::new());
            let (first, frame) = (segment(0, 0, 10, 0), FrameId(0));
            half.push(&first, frame, &Rest(&segments), &mut events);
            assert_eq!(events.last(), Some(&Event::Gap(10)), "{repeated:?}");
        }
        check(&[(0, 10, 0), (0, 10, 0)], "frame 1[0+10]");
    }

    #[test]
    fn a_stream_whose_first_segment_came_late_begins_at_its_first_byte() {
        let segments = [(700, 300, 0), (0, 700, 0), (1000, 10, 0)];
        check(&segments, "frame 2[0+700] frame 1[0+300] frame 3[0+10]");
        let mut half = Half::default();
        let coming = Rest(&segments);
        let kinds = segments.iter().enumerate().map(|(at, (seq, len, flags))| {
            let frame = FrameId(at as u32);
            half.push(&segment(*seq, frame.0, *len, *flags), frame, &coming, &mut Vec::new())
        });
        let kinds: Vec<SegmentKind> = kinds.collect();
        use SegmentKind::{OutOfOrder, Plain};
        assert_eq!(kinds, [Plain, OutOfOrder, Plain]);
    }

    #[test]
    fn of_what_begins_before_the_first_byte_the_rest_counts() {
        let syn = flags::SYN;
        check(&[(99, 0, syn), (110, 5, 0), (95, 15, 0)], "frame 3[5+10] frame 2[0+5]");
        check(&[(99, 0, syn), (95, 15, 0), (110, 5, 0)], "frame 2[5+10] frame 3[0+5]");
        check(&[(99, 0, syn), (100, 10, 0), (95, 5, 0), (95, 6, 0)], "frame 2[0+10]");
    }

    #[test]
    fn what_lies_before_the_stream_asks_only_right_before_it() {
        use SegmentKind::{KeepAlive, Plain, Retransmission};
        for ((seq, len, flags), expected) in [
            ((99, 0, flags::ACK), KeepAlive),
            ((99, 1, flags::ACK), KeepAlive),
            ((98, 0, flags::ACK), Plain),
            ((98, 1, flags::ACK), Retransmission),
            ((90, 5, flags::ACK), Retransmission),
            ((99, 0, flags::FIN), Plain),
            ((99, 0, flags::RST), Plain),
        ] {
            let all = [(99, 0, flags::SYN), (seq, len, flags)];
            let mut half = Half::default();
            let kinds = all.iter().zip(0..).map(|((seq, len, flags), at)| {
                let one = segment(*seq, at, *len, *flags);
                half.push(&one, FrameId(at), &Rest(&all), &mut Vec::new())
            });
            assert_eq!(kinds.last(), Some(expected), "{seq}, {len}, {flags}");
        }
    }

    #[test]
    fn keep_alives_and_retransmissions_are_told_apart() {
        use SegmentKind::{KeepAlive, OutOfOrder, Plain, Retransmission};
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
            let kind = half.push(&one, FrameId(at as u32), &Rest(&all), &mut Vec::new());
            assert_eq!(kind, *expected, "{at}");
        }
    }
}
