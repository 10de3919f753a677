//! The steps of TCP: connections from the states that the story infers, streams from reassembly.

use wirestage_dissectors::engine::ordered::Event;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::protocols::tcp::half::Half;
use wirestage_dissectors::protocols::tcp::segment::Segment;
use wirestage_dissectors::span::Buffer;
use wirestage_generators::steps::{
    Step, tcp_aborted, tcp_accepted, tcp_closed, tcp_connected, tcp_received, tcp_refused,
    tcp_sent, tcp_timed_out,
};

use super::happened::Happened;
use super::resent::header;
use super::{Connection, probed, resent};

pub(super) fn tell(connection: &Connection<'_>, happened: &mut Happened) {
    let first = connection.flow.first;
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    begin_and_end(connection, (&mut begun, &mut ended));
    for (direction, step) in begun {
        happened.by(first, connection, direction, step);
    }
    for (direction, step) in ended {
        happened.by(connection.last, connection, direction, step);
    }
}

/// A step, and the direction in which who took it sends.
pub(super) type Taken = (Direction, Step);

fn begin_and_end(connection: &Connection<'_>, (begun, ended): (&mut Vec<Taken>, &mut Vec<Taken>)) {
    let (from, to) = (connection.end(Forward), connection.end(Backward));
    let reached = |direction, names: &[&str]| {
        let states = connection.story.states.iter();
        let mut own = states.filter(|state| state.connection == connection.id);
        own.position(|state| {
            names.contains(&state.name) && connection.actor_is(state.actor, direction)
        })
    };
    if reached(Forward, &["ESTABLISHED"]).is_none() {
        if reached(Forward, &["CLOSED"]) > reached(Forward, &["SYN-SENT"]) {
            begun.push((Forward, tcp_refused(from, to)));
        }
        return;
    }
    begun.push((Forward, tcp_connected(from, to)));
    if reached(Backward, &["SYN-SENT"]).is_some() {
        // It asked as well, and listened to nobody.
        begun.push((Backward, tcp_connected(to, from)));
    } else if reached(Backward, &["ESTABLISHED"]).is_some() {
        begun.push((Backward, tcp_accepted(from, to)));
    }
    let streams = Direction::BOTH.map(|direction| stream(connection, direction));
    let [requests, answers] = &streams;
    // Whoever ends its direction first passes FIN-WAIT-1, the other LAST-ACK.
    let by = Direction::BOTH.into_iter().find(|direction| {
        reached(*direction, &["FIN-WAIT-1"]).is_some()
            && reached(direction.reverse(), &["LAST-ACK"]).is_some()
    });
    let has_fin = Direction::BOTH.into_iter().any(|end| reached(end, &["FIN-WAIT-1"]).is_some());
    for (direction, sent, received) in [(Forward, requests, answers), (Backward, answers, requests)]
    {
        let reset = if by.is_some() { None } else { reset_by(connection, direction) };
        let is_open = !has_fin && reset.is_none();
        if is_open && !waits(connection, direction) {
            // It waits still, and has nothing to say yet.
            continue;
        }
        resent::tell(connection, direction, ended);
        probed::tell(connection, direction, ended);
        ended.push((direction, tcp_sent(sent)));
        if is_open {
            ended.push((direction, tcp_timed_out()));
            continue;
        }
        if let Some(reset) = reset {
            ended.push((direction, tcp_aborted(connection.role(reset))));
            continue;
        }
        ended.push((direction, tcp_received(received)));
        if let Some(by) = by {
            ended.push((direction, tcp_closed(connection.role(by))));
        }
    }
}

/// Whether who answers had ended its direction before it sent a reset: what came in between met a
/// closed socket, and nobody has read it.
pub(super) fn has_left(connection: &Connection<'_>) -> bool {
    let document = connection.document;
    let flow = connection.own_end(Backward).unwrap_or(connection.flow);
    let sent = document.survey.frames_from(flow.first).filter_map(|id| {
        let row = document.survey.row(id)?;
        (row.direction() == Backward).then(|| row.tcp_flags())
    });
    let mut ends = sent.filter(|sent| sent & (flags::FIN | flags::RST) != 0);
    ends.next().is_some_and(|first| first & flags::FIN != 0)
        && ends.any(|later| later & flags::RST != 0)
}

/// Who sent the first reset, as the end saw it that sends in this direction.
fn reset_by(connection: &Connection<'_>, own: Direction) -> Option<Direction> {
    let document = connection.document;
    let flow = connection.own_end(own).unwrap_or(connection.flow);
    let mut frames = document.survey.frames_from(flow.first);
    frames.find_map(|id| {
        let row = document.survey.row(id)?;
        (row.tcp_flags() & flags::RST != 0).then(|| row.direction())
    })
}

/// Whether the last data of a side was never acknowledged, as far as came to its own end.
fn waits(connection: &Connection<'_>, own: Direction) -> bool {
    let document = connection.document;
    let flow = connection.own_end(own).unwrap_or(connection.flow);
    let (mut sent, mut confirmed) = (None, None);
    for id in document.survey.frames_from(flow.first) {
        let frame = document.recording.frame(id);
        let arrival = document.survey.arrival(id, &frame).expect("a frame of a flow arrives");
        let place = arrival.carried;
        let header = header(&frame.bytes[place.start as usize..place.end() as usize]);
        if arrival.direction != own {
            confirmed = Some(header.ack);
        } else if header.data > 0 {
            sent = Some(header.seq.wrapping_add(header.data));
        }
    }
    sent.is_some_and(|end| confirmed.is_none_or(|ack| (end.wrapping_sub(ack) as i32) > 0))
}

/// The reassembled bytes of one direction.
pub(super) fn stream(connection: &Connection<'_>, direction: Direction) -> Vec<u8> {
    let document = connection.document;
    let mut half = Half::default();
    let mut events = Vec::new();
    for id in document.survey.frames_from(connection.flow.first) {
        let frame = document.recording.frame(id);
        let arrival = document.survey.arrival(id, &frame).expect("a frame of a flow arrives");
        if arrival.direction == direction {
            let place = arrival.carried;
            let bytes = &frame.bytes[place.start as usize..place.end() as usize];
            let segment = Segment::read(direction, bytes, place, arrival.cut as usize);
            let segment = segment.expect("a frame of a TCP flow holds a segment");
            half.push(&segment, id, &*document.survey, &mut events);
        }
    }
    half.flush(&mut events);
    let mut stream = Vec::new();
    for event in events {
        match event {
            Event::Data(span) => {
                let Buffer::Frame(frame) = span.buffer.kind() else { panic!("data in a frame") };
                let frame = document.recording.frame(frame);
                stream.extend_from_slice(&frame.bytes[span.start as usize..span.end() as usize]);
            }
            Event::Gap(len) => panic!("{len} bytes were not recorded"),
            Event::End => {}
        }
    }
    stream
}
