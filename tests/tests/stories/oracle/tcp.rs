//! The steps of TCP: connections from the states that the story infers, streams from reassembly.

use wirestage_dissectors::engine::ordered::Event;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::protocols::tcp::half::Half;
use wirestage_dissectors::protocols::tcp::segment::Segment;
use wirestage_dissectors::span::Buffer;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    tcp_aborted, tcp_accepted, tcp_closed, tcp_connected, tcp_received, tcp_refused, tcp_sent,
};

use super::{Connection, probed, resent, say};

/// What happened on connections, each with the frame by which it had: connections may overlap, and
/// each role tells in its own order.
#[derive(Default)]
pub(super) struct Happened(Vec<(FrameId, Entry)>);

impl Happened {
    /// Takes what roles did by that frame.
    fn by(&mut self, frame: FrameId, entries: Vec<Entry>) {
        self.0.extend(entries.into_iter().map(|entry| (frame, entry)));
    }

    /// All of it, in its order.
    pub(super) fn in_order(mut self) -> impl Iterator<Item = Entry> {
        self.0.sort_by_key(|(frame, _)| *frame);
        self.0.into_iter().map(|(_, entry)| entry)
    }
}

pub(super) fn tell(connection: &Connection<'_>, happened: &mut Happened) {
    let first = connection.flow.first;
    let survey = &connection.document.survey;
    // With the second FIN a program is done; what its kernel still confirms it does not wait for.
    let ends = |id: &FrameId| {
        let row = survey.row(*id);
        row.is_some_and(|row| row.tcp_flags() & (flags::FIN | flags::RST) != 0)
    };
    let last = survey.frames_from(first).filter(ends).last().unwrap_or(first);
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    begin_and_end(connection, (&mut begun, &mut ended));
    happened.by(first, begun);
    happened.by(last, ended);
}

fn begin_and_end(
    connection: &Connection<'_>,
    (entries, ended): (&mut Vec<Entry>, &mut Vec<Entry>),
) {
    let (from, to) = (connection.end(Forward), connection.end(Backward));
    let (client, server) = (connection.role(Forward), connection.role(Backward));
    let reached = |direction, names: &[&str]| {
        let states = connection.story.states.iter();
        let mut own = states.filter(|state| state.connection == connection.id);
        own.position(|state| {
            names.contains(&state.name) && connection.actor_is(state.actor, direction)
        })
    };
    if reached(Forward, &["ESTABLISHED"]).is_none() {
        if reached(Forward, &["CLOSED"]) > reached(Forward, &["SYN-SENT"]) {
            say(entries, client, tcp_refused(from, to));
        }
        return;
    }
    say(entries, client, tcp_connected(from, to));
    if reached(Backward, &["ESTABLISHED"]).is_some() {
        say(entries, server, tcp_accepted(from, to));
    }
    let streams = Direction::BOTH.map(|direction| stream(connection, direction));
    let [requests, answers] = &streams;
    // Whoever ends its direction first passes FIN-WAIT-1, the other LAST-ACK.
    let by = Direction::BOTH.into_iter().find(|direction| {
        reached(*direction, &["FIN-WAIT-1"]).is_some()
            && reached(direction.reverse(), &["LAST-ACK"]).is_some()
    });
    let entries = ended;
    let reset = if by.is_some() { None } else { reset_by(connection) };
    for (direction, sent, received) in [(Forward, requests, answers), (Backward, answers, requests)]
    {
        let role = connection.role(direction);
        resent::tell(connection, direction, entries);
        probed::tell(connection, direction, entries);
        say(entries, role, tcp_sent(sent));
        if let Some(reset) = reset {
            say(entries, role, tcp_aborted(connection.role(reset)));
            continue;
        }
        say(entries, role, tcp_received(received));
        if let Some(by) = by {
            say(entries, role, tcp_closed(connection.role(by)));
        }
    }
}

/// Who sent the first reset.
fn reset_by(connection: &Connection<'_>) -> Option<Direction> {
    let document = connection.document;
    let mut frames = document.survey.frames_from(connection.flow.first);
    frames.find_map(|id| {
        let row = document.survey.row(id)?;
        (row.tcp_flags() & flags::RST != 0).then(|| row.direction())
    })
}

/// The reassembled bytes of one direction.
fn stream(connection: &Connection<'_>, direction: Direction) -> Vec<u8> {
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
