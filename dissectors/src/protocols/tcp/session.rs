//! One TCP connection: announces each segment, relates it to others, and hands the bytes of both
//! directions on in order.
//!
//! ```text
//!   segment ─> state: what both ends know ──┐
//!          ─> half: order, holes, ends ──┐  ├─> message, with what it was to its stream
//!          ─> said: by whom, for whom ───│──┘   and what it repeats and acknowledges
//!                                        └────> bytes, holes, ends: to the layer inside
//! ```

use super::half::Half;
use super::said::Said;
use super::segment::{Meant, Segment};
use super::state::{Machine, State};
use super::waits::{self, Pace, Place, Remark};
use crate::engine::ordered::Event;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::engine::tcp::{SegmentKind, flags};
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
    pace: Pace,
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
            self.segment(&segment, (place, input.time), out);
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
    fn segment(&mut self, segment: &Segment, (place, now): (Span, Time), out: &mut Out<'_>) {
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
            kind = own.told.map_or(kind, |told| segment.only_changes(told, peer.has_asked));
        }
        let cut = u16::try_from(segment.len - segment.data.len).unwrap_or(u16::MAX);
        let was_asked = std::mem::take(&mut own.is_asked);
        peer.is_asked |= matches!(kind, SegmentKind::KeepAlive | SegmentKind::WindowProbe);
        (own.has_asked, own.told) = (asks, Some((segment.window, segment.ack)));
        let end = segment.seq.wrapping_add(segment.numbers());
        if own.next.is_none_or(|next| end.wrapping_sub(next) as i32 > 0) {
            own.next = Some(end);
        }
        let meant = Meant { before, after, was_full: own.is_full, was_asked, cut };
        let message = out.announce(Announce::new(kind, place).extra(meant));
        if let Some(again) = again.filter(|_| !accepts(segment, before, after)) {
            out.relate(message, Relation::Repeats, again.message);
        }
        if let Some((number, count)) = says {
            own.said.say(number, count, message);
        }
        if segment.has(flags::ACK)
            && let Some(number) = peer.half.number(segment.ack)
            && let Some(heard) = peer.said.acknowledge(number)
        {
            out.relate(message, Relation::Acknowledges, heard);
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
        if let Some(remark) = remark.or(asks_late.then_some(Remark::StoredLate)) {
            out.attachment(message).keep(remark);
        }
        // The window of a reset means nothing.
        own.is_full = segment.window == 0 && !segment.has(flags::RST);
        let [source, destination] = segment.ports;
        self.ports = match direction {
            Direction::Forward => [source, destination],
            Direction::Backward => [destination, source],
        };
        // Behind the last byte there may be more segments with data: such as say it again.
        let is_all = later.is_last_data(frame, direction)
            || later.end(frame, direction).is_some_and(|end| own.half.reaches(end));
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
