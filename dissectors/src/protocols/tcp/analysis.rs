//! What a segment is to those before it, in numbers: how long ago that left which it acknowledges,
//! how much is under way with it, which acknowledgement it repeats and for the how manieth time.
//!
//! The names are Wireshark's (`tcp.analysis.…`), and each counts what it counts there, as far as
//! that follows from the segments. What needs a guess is not among them.

use super::fields::*;
use super::half::Half;
use super::said::Source;
use super::segment::Segment;
use crate::engine::options;
use crate::engine::tcp::{Analysis, SegmentKind, flags};
use crate::engine::under_way::UnderWay;
use crate::field::Value;
use crate::headers::Walk;
use crate::ids::{FrameId, Time};
use crate::span::Span;

/// An acknowledgement that answers at once what came before it, in nanoseconds: Wireshark's bound
/// for what is sent again because of duplicates.
const SOON: i64 = 20_000_000;

/// So many duplicate acknowledgements before something is sent again make it a fast
/// retransmission: Wireshark counts two, for the third may have got lost.
const DUPLICATES: u32 = 2;

/// Tells what a segment is to those before it.
pub(super) fn describe(found: &Analysis, walk: &mut Walk<'_>) {
    let mut tell = |field, value| walk.work_out(field, value, Span::NONE);
    let number = |number: u32| Value::Unsigned(number.into());
    if let Some((frame, nanos)) = found.acknowledges {
        tell(ACKS_FRAME, number(frame.number()));
        tell(ACK_RTT, Value::Nanos(nanos));
    }
    if let Some(bytes) = found.in_flight {
        tell(BYTES_IN_FLIGHT, number(bytes));
    }
    if let Some(bytes) = found.pushed {
        tell(PUSH_BYTES_SENT, number(bytes));
    }
    if let Some((frame, nanos)) = found.repeats {
        tell(RTO, Value::Nanos(nanos));
        tell(RTO_FRAME, number(frame.number()));
    }
    if let Some((frame, times)) = found.duplicate {
        tell(DUPLICATE_ACK_NUM, number(times));
        tell(DUPLICATE_ACK_FRAME, number(frame.number()));
    }
    let marks = [
        (found.is_fast, FAST_RETRANSMISSION),
        (found.fills, WINDOW_FULL),
        (found.probes, WINDOW_PROBE),
        (found.lacks_before, LOST_SEGMENT),
        (found.acknowledges_unseen, ACK_LOST_SEGMENT),
    ];
    for (_, mark) in marks.into_iter().filter(|(holds, _)| *holds) {
        walk.holds(mark);
    }
}

/// What is counted of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    /// What it has under way, and whether something of it was not captured, until the other side
    /// acknowledges anything.
    way: Option<UnderWay>,
    has_gaps: bool,
    /// Bytes since it last pushed, and whether the segment before this one did.
    pushed: u32,
    has_pushed: bool,
    /// Its last new acknowledgement: the number, the frame, and how often it was repeated since.
    acknowledged: Option<(u32, FrameId, u32)>,
    /// When it acknowledged anything last.
    heard: Option<Time>,
    /// The shift of its window, where its SYN has one, and the window that it told last, scaled.
    shift: Option<u8>,
    window: Option<u32>,
    /// The number behind the last that it said, or that the other side acknowledged.
    known: Option<u32>,
    /// Whether its SYN was seen.
    has_synced: bool,
}

/// What is known of a segment.
pub(super) struct Seen<'s> {
    pub(super) frame: FrameId,
    pub(super) now: Time,
    pub(super) kind: SegmentKind,
    pub(super) options: &'s [u8],
    /// The number behind the last that its sender had said before it.
    pub(super) next: Option<u32>,
    /// What it acknowledges, and what it says again.
    pub(super) heard: Option<Source>,
    pub(super) again: Option<Source>,
    /// The bytes of its sender, and of the other side.
    pub(super) halves: [&'s Half; 2],
}

/// Counts a segment of the first of two ends.
pub(super) fn count([own, peer]: [&mut Count; 2], segment: &Segment, seen: &Seen<'_>) -> Analysis {
    let mut found = Analysis::default();
    let control = segment.has(flags::SYN | flags::FIN | flags::RST);
    let ahead = |far: u32, near: u32| far.wrapping_sub(near) as i32;
    found.lacks_before = seen.next.is_some_and(|next| ahead(segment.seq, next) > 0)
        && !segment.has(flags::RST)
        && seen.kind != SegmentKind::OutOfOrder;
    own.has_gaps |= found.lacks_before;
    let since = |by: Source| (by.frame, seen.now.since(by.time));
    found.acknowledges = seen.heard.map(since);
    found.repeats = seen.again.filter(|_| seen.kind.is_retransmission()).map(since);
    if segment.has(flags::ACK) {
        found.acknowledges_unseen = peer.known.is_some_and(|known| ahead(segment.ack, known) > 0);
        // Of a side that was not captured everything is unseen.
        if peer.known.is_some() {
            peer.knows(segment.ack);
        }
    }
    own.knows(segment.seq.wrapping_add(segment.numbers()));
    if segment.len > 0 {
        let is_next = peer.acknowledged.is_some_and(|(ack, ..)| ack == segment.seq);
        let repeated = peer.acknowledged.map_or(0, |(.., times)| times);
        let is_soon = peer.heard.is_some_and(|heard| seen.now.since(heard) < SOON);
        found.is_fast = seen.kind == SegmentKind::Retransmission
            && is_next
            && repeated >= DUPLICATES
            && is_soon;
        let end = segment.seq.wrapping_add(segment.len);
        let room = peer.acknowledged.zip(peer.window);
        let limit = room.map(|((ack, ..), window)| ack.wrapping_add(window));
        found.fills = !control && limit == Some(end);
        let is_new = seen.next == Some(segment.seq);
        found.probes = segment.len == 1 && is_new && !control && peer.window == Some(0);
        own.sends(segment, seen, &mut found);
    }
    if segment.has(flags::ACK) {
        let repeats = seen.kind == SegmentKind::DuplicateAck;
        match &mut own.acknowledged {
            Some((ack, frame, times)) if *ack == segment.ack => {
                if repeats {
                    *times += 1;
                    found.duplicate = Some((*frame, *times));
                }
            }
            known => *known = Some((segment.ack, seen.frame, 0)),
        }
        own.heard = Some(seen.now);
        peer.hears(segment, seen);
    }
    own.opens(peer, segment, seen);
    found
}

impl Count {
    /// Everything before a number was said, or acknowledged.
    fn knows(&mut self, number: u32) {
        if self.known.is_none_or(|known| number.wrapping_sub(known) as i32 > 0) {
            self.known = Some(number);
        }
    }

    /// It sends data.
    fn sends(&mut self, segment: &Segment, seen: &Seen<'_>, found: &mut Analysis) {
        if !self.has_gaps {
            let begins = std::mem::replace(&mut self.has_pushed, segment.has(flags::PSH));
            let before = if begins { 0 } else { self.pushed };
            self.pushed = before.saturating_add(segment.len);
            found.pushed = Some(self.pushed);
        }
        let [own, _] = seen.halves;
        let first = segment.seq.wrapping_add(segment.has(flags::SYN).into());
        let Some(place) = own.number(first) else { return };
        let way = self.way.get_or_insert_with(|| UnderWay::from(place as i64));
        way.send((place + u64::from(segment.len)) as i64);
        let bytes = u32::try_from(way.bytes()).ok();
        found.in_flight = bytes.filter(|bytes| *bytes > 0 && !self.has_gaps);
    }

    /// The other side acknowledges what it sent.
    fn hears(&mut self, segment: &Segment, seen: &Seen<'_>) {
        let [_, own] = seen.halves;
        self.has_gaps = false;
        let Some(way) = &mut self.way else { return };
        let place = |number: u32| own.number(number).map(|place| place as i64);
        let sent_to = way.sent_to();
        if let Some(upto) = place(segment.ack) {
            way.confirm(upto.min(sent_to));
        }
        let acknowledged = way.acknowledged();
        for (left, right) in options::sack(seen.options) {
            let Some((left, right)) = place(left).zip(place(right)) else { continue };
            if left < right && right <= sent_to && right > acknowledged {
                way.hold(left.max(acknowledged), right);
            }
        }
    }

    /// It tells its window, and may open the connection or see it open.
    fn opens(&mut self, peer: &mut Self, segment: &Segment, seen: &Seen<'_>) {
        if segment.has(flags::SYN) {
            let scale = options::of(seen.options).find(|(kind, _)| *kind == WINDOW_SCALE);
            self.shift = scale.and_then(|(_, value)| value.first()).map(|it| (*it).min(MAX_SHIFT));
            self.has_synced = true;
            self.window = Some(segment.window.into());
        } else {
            // Both must have offered it (RFC 7323, section 2.2); without a SYN nobody knows.
            let shift = match (self.shift, peer.shift) {
                (Some(shift), Some(_)) => Some(shift),
                _ => (self.has_synced && peer.has_synced).then_some(0),
            };
            self.window = shift.map(|shift| u32::from(segment.window) << shift);
        }
    }
}

/// The option that scales windows, and the most that it may shift them (RFC 7323, sections 2.2 and
/// 2.3).
const WINDOW_SCALE: u8 = 3;
const MAX_SHIFT: u8 = 14;
