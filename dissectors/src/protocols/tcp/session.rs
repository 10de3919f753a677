//! One TCP connection: announces each segment, relates it to others, and hands the bytes of both
//! directions on in order.
//!
//! ```text
//!   segment ─> state: what both ends know ──┐
//!          ─> half: order, holes, ends ──┐  ├─> message, with what it was to its stream
//!          ─> said: by whom, for whom ───│──┘   and what it repeats and acknowledges
//!                                        └────> bytes, holes, ends: to the layer inside
//! ```

use super::analysis::{self, Count, Seen};
use super::half::Half;
use super::needless::{self, Found, Shown, Tries, Try};
use super::said::{Again, Said, Source};
use super::segment::{Meant, Noted, Segment};
use super::state::{Machine, State};
use super::waits::{self, Pace, Place, Remark};
use etherparse::TcpHeader;

use crate::engine::options;
use crate::engine::ordered::Event;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::engine::tcp::{Analysis, SegmentKind, flags};
use crate::ids::{Direction, Time};
use crate::message::Relation;
use crate::protocol::Claim;
use crate::span::Span;

/// The layer that reads what the connection carries.
const CONTENT: u64 = 0;

/// What is known of one side.
#[derive(Clone, Default)]
struct End {
    half: Half,
    said: Said,
    tries: Tries,
    pace: Pace,
    count: Count,
    /// The window of its last segment, and the number that this acknowledged.
    told: Option<(u16, u32)>,
    /// The number behind the last that it said.
    next: Option<u32>,
    /// Whether its last segment asked for an answer.
    has_asked: bool,
    /// Whether it said last that it can take nothing more.
    is_full: bool,
    /// Whether the other side has asked since whether it is still there, or has room.
    is_asked: bool,
    /// Whether the layer inside heard that no more comes from it.
    has_ended: bool,
}

/// A connection.
#[derive(Clone, Default)]
pub(super) struct Connection {
    machine: Machine,
    ends: [End; 2],
    /// The ports in the order initiator, responder.
    ports: [u16; 2],
    /// Room for what one segment puts in order.
    events: Vec<Event>,
}

impl Session for Connection {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let place = out.span(input.at, input.bytes.len());
        if let Some(segment) = Segment::read(input.direction, input.bytes, place, input.cut) {
            let header = segment.data.start.saturating_sub(place.start) as usize;
            let options = input.bytes.get(TcpHeader::MIN_LEN..header).unwrap_or_default();
            self.segment(&segment, (place, input.time, options), out);
        }
        Progress::Took(input.bytes.len().max(1))
    }

    fn end(&mut self, way: Way, ending: Ending, out: &mut Out<'_>) {
        if let Some(end) = self.ends.get_mut(way.direction.index()) {
            end.half.flush(&mut self.events);
        }
        self.hand_on(way.direction, out);
        self.end_content(way.direction, ending, out);
    }

    fn holds(&self) -> Vec<Span> {
        self.ends.iter().flat_map(|end| end.half.places()).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(Self { events: Vec::new(), ..self.clone() })
    }
}

impl End {
    /// Whether a segment of it says nothing that it had not said before: no data, nothing skipped,
    /// no number acknowledged.
    fn repeats_itself(&self, segment: &Segment) -> bool {
        segment.len == 0
            && !segment.has(flags::SYN | flags::FIN | flags::RST)
            && self.next == Some(segment.seq)
            && self.told.is_some_and(|(_, ack)| ack == segment.ack)
    }
}

impl End {
    /// What a segment of the other side, which acknowledges every number before this one, shows of
    /// what this side has sent again.
    fn needless(
        &mut self,
        segment: &Segment,
        number: u64,
        options: &[u8],
    ) -> Option<(Shown, Found)> {
        if segment.has(flags::RST) || options.is_empty() {
            return None;
        }
        if let Some((left, right)) = needless::came_twice(options, segment.ack)
            && let Some((start, end)) = self.half.number(left).zip(self.half.number(right))
            && start < end
        {
            return Some((Shown::Twice, self.tries.twice(start, end)));
        }
        if !self.tries.is_open() {
            return None;
        }
        let [_, echo] = needless::stamps(options);
        self.tries.echoed(number, echo).map(|found| (Shown::Echo, found))
    }
}

/// Whether this is the SYN-ACK of a simultaneous open: it has the sequence number of its sender's
/// SYN and is yet no retransmission of it (RFC 9293, section 3.5, figure 7).
fn accepts(segment: &Segment, before: [State; 2], after: [State; 2]) -> bool {
    let of = |states: [State; 2], direction: Direction| states.get(direction.index()).copied();
    let peer = segment.direction.reverse();
    let was_open = of(before, peer) == Some(State::Established);
    segment.has(flags::SYN)
        && segment.has(flags::ACK)
        && !was_open
        && of(after, peer) == Some(State::Established)
}

impl Connection {
    fn segment(
        &mut self,
        segment: &Segment,
        (place, now, header): (Span, Time, &[u8]),
        out: &mut Out<'_>,
    ) {
        let (frame, later, direction) = (out.frame(), out.later(), segment.direction);
        let before = self.machine.states();
        self.machine.segment(segment);
        let after = self.machine.states();
        let [forward, backward] = &mut self.ends;
        let (own, peer) = match direction {
            Direction::Forward => (forward, backward),
            Direction::Backward => (backward, forward),
        };
        let mut kind = own.half.push(segment, frame, later, &mut self.events);
        let asks = kind == SegmentKind::KeepAlive;
        // What only asks for an answer says nothing, and so nothing again.
        let says = if asks { None } else { own.half.number(segment.seq) };
        let says = says.map(|number| (number, segment.numbers())).filter(|(_, count)| *count > 0);
        let again = says.and_then(|(number, count)| own.said.again(number, count));
        if asks && peer.is_full {
            kind = SegmentKind::WindowProbe;
        } else if segment.len > 0 && again.is_some_and(|again| again.whole) {
            kind = SegmentKind::Retransmission;
        } else if own.repeats_itself(segment) {
            let names = options::sack(header).next().is_some();
            let only = |(window, _)| segment.only_changes(window, peer.has_asked, names);
            kind = own.told.map_or(kind, only);
        }
        let is_known =
            |(number, count): (u64, u32)| number + u64::from(count) <= own.said.acknowledged();
        if kind == SegmentKind::Retransmission && segment.len > 0 && says.is_some_and(is_known) {
            kind = SegmentKind::SpuriousRetransmission;
        }
        let cut = u16::try_from(segment.cut).unwrap_or(u16::MAX);
        let was_asked = std::mem::take(&mut own.is_asked);
        peer.is_asked |= matches!(kind, SegmentKind::KeepAlive | SegmentKind::WindowProbe);
        (own.has_asked, own.told) = (asks, Some((segment.window, segment.ack)));
        let (end, next) = (segment.seq.wrapping_add(segment.numbers()), own.next);
        if own.next.is_none_or(|next| end.wrapping_sub(next) as i32 > 0) {
            own.next = Some(end);
        }
        let meant = Meant { before, after, was_full: own.is_full, was_asked, cut };
        let message = out.announce(Announce::new(kind, place).extra(meant));
        if let Some(again) = again.filter(|_| !accepts(segment, before, after)) {
            out.relate(message, Relation::Repeats, again.by.message);
        }
        if let Some((number, count)) = says {
            let [stamp, _] = needless::stamps(header);
            let is_try = |again: &Again| again.whole && !accepts(segment, before, after);
            if let Some(again) = again.filter(is_try) {
                let (start, end) = (number, number + u64::from(count));
                let is_next = own.said.acknowledged() == start;
                let stamps = [again.by.stamp, stamp];
                let carries = segment.len > 0;
                own.tries.again(Try { start, end, message, stamps, is_next, carries });
            }
            own.said.say((number, count), Source { message, frame, time: now, stamp });
        }
        let (mut needless, mut heard) = (None, None);
        if segment.has(flags::ACK)
            && let Some(number) = peer.half.number(segment.ack)
        {
            heard = peer.said.acknowledge(number);
            if let Some(heard) = heard {
                out.relate(message, Relation::Acknowledges, heard.message);
            }
            needless = peer.needless(segment, number, header);
            let shown = needless.iter().flat_map(|(_, found)| &found.messages);
            shown.for_each(|again| out.relate(message, Relation::Excuses, *again));
        }
        let place = Place {
            now,
            is_new: again.is_none() && !asks,
            confirms_all: segment.has(flags::ACK) && peer.said.is_heard(),
            sender: before.get(direction.index()).copied().unwrap_or_default(),
        };
        let asks_late = segment.has(flags::SYN)
            && !segment.has(flags::ACK)
            && again.is_none()
            && place.sender == State::Established;
        let remark = waits::note([&mut own.pace, &mut peer.pace], segment, place);
        // Of a SYN or a FIN nothing is told but what it excuses; and what answers a question
        // whether somebody is there may name the byte that this bore.
        let needless = needless.filter(|(_, found)| {
            found.carries || (found.tries == 0 && found.start > 0 && !was_asked)
        });
        let needless = needless.map(|(shown, found)| Remark::Needless(found.remark(shown)));
        let remark = needless.or(remark).or(asks_late.then_some(Remark::StoredLate));
        // No row says any of it, and no row needs what a telling does.
        let analysis = if out.is_brief() {
            Analysis::default()
        } else {
            let (again, halves) = (again.map(|again| again.by), [&own.half, &peer.half]);
            let options = header;
            let seen = Seen { frame, now, kind, options, next, heard, again, halves };
            analysis::count([&mut own.count, &mut peer.count], segment, &seen)
        };
        let noted = Noted { remark, analysis };
        if noted != Noted::default() {
            out.attachment(message).keep(noted);
        }
        // The window of a reset means nothing.
        own.is_full = segment.window == 0 && !segment.has(flags::RST);
        self.go_on(segment, out);
    }

    /// Hands on what a segment has put in order, in its own direction, and what its acknowledgement
    /// tells of the other one.
    fn go_on(&mut self, segment: &Segment, out: &mut Out<'_>) {
        let (frame, later, direction) = (out.frame(), out.later(), segment.direction);
        let [source, destination] = segment.ports;
        self.ports = match direction {
            Direction::Forward => [source, destination],
            Direction::Backward => [destination, source],
        };
        let own = self.ends.get(direction.index());
        let reaches = |end: u32| own.is_some_and(|own| own.half.reaches(end));
        // Behind the last byte there may be more segments with data: such as say it again.
        let is_all = later.is_last_data(frame, direction)
            || later.end(frame, direction).is_some_and(reaches);
        self.hand_on(direction, out);
        if segment.has(flags::ACK) {
            let peer = direction.reverse();
            if let Some(end) = self.ends.get_mut(peer.index()) {
                end.half.acknowledged(segment.ack, frame, peer, later, &mut self.events);
            }
            self.hand_on(peer, out);
        }
        if segment.len > 0 && is_all {
            self.end_content(direction, later.ending(frame, direction), out);
        }
    }

    /// What is in order now goes to the layer inside.
    fn hand_on(&mut self, direction: Direction, out: &mut Out<'_>) {
        let [initiator, responder] = self.ports;
        let to = To::child(CONTENT, Claim::TcpPort(responder)).or(Claim::TcpPort(initiator));
        let mut events = std::mem::take(&mut self.events);
        for event in events.drain(..) {
            match event {
                Event::Data(span) if span.len > 0 => out.hand_on(to, span, None),
                // Nothing of it was captured; a gap follows.
                Event::Data(_) => {}
                Event::Gap(missing) => out.lack(to, direction, Some(missing)),
                Event::End => self.end_content(direction, Ending::Closed, out),
            }
        }
        self.events = events;
    }

    fn end_content(&mut self, direction: Direction, ending: Ending, out: &mut Out<'_>) {
        let end = self.ends.get_mut(direction.index());
        if end.is_some_and(|end| !std::mem::replace(&mut end.has_ended, true)) {
            out.end_child(CONTENT, ending);
        }
    }
}
