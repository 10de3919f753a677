//! Finds the entries of a transcript in recorded bytes: each step is defined by what the wire
//! shows of it, in `wirestage_generators::steps`.
//!
//! What happened is taken from the story (states, keys, round trips), what was said from the
//! fields of messages.

mod amqp;
mod dns;
mod events;
mod fast_open;
mod fields;
mod grpc;
mod happened;
mod http;
mod http2;
mod http3;
mod icmp;
mod mqtt;
mod probed;
mod quic;
mod resent;
mod spliced;
mod tcp;
mod tls;
mod udp;
mod websocket;

use std::net::{IpAddr, SocketAddr};

use wirestage::document::Document;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::ids::{ConnectionId, Direction, FlowId, FrameId};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{BeatId, Story, sighting};
use wirestage_dissectors::survey::{Flow, Survey, Transport};
use wirestage_generators::steps::Step;
use wirestage_generators::{Entry, Transcript, find};

use fields::Fields;

/// Scenarios whose server tells of each connection apart: it serves them at the same time, or one
/// after the other, whatever its kernel has opened and taken meanwhile.
const TOLD_APART: &[&str] = &[
    "exec-single-thread",
    "exec-thread-per-connection",
    "exec-event-loop",
    "http-graceful-shutdown",
    "pattern-multiplexing-pooling",
    "pattern-publish-subscribe",
    "pattern-work-queue",
];

/// Scenarios in which who stands in between tells of each connection apart, too: those that it has
/// opened itself are in use at the same time.
const TOLD_APART_BETWEEN: &[&str] = &["pattern-multiplexing-pooling"];

/// Scenarios whose server is a program of other people that holds the connection itself: of what it
/// did nobody tells.
const SERVED_BY_PROGRAMS: &[&str] = &["tls13-ech-accepted"];

/// What all roles did, as the bytes tell it.
pub(crate) fn transcript(document: &Document) -> Transcript {
    let story = document.story(None);
    let names = roles(document);
    let mut entries = Vec::new();
    let mut promising = http2::Promising::new();
    let mut opened = fast_open::Opened::default();
    let mut happened = happened::Happened::default();
    let mut connections = Vec::new();
    for id in document.connections.iter().copied() {
        // What was recorded at both ends is told once, as the client's end saw it.
        let path = document.attribution.first_path(id);
        let far = sighting::twins(path, &*document.recording, &document.survey);
        let far = far.map(|twins| (twins.near, twins.far));
        if far.is_some_and(|(near, _)| near != path) {
            continue;
        }
        let far = far.map(|(_, far)| far);
        connections.push(Connection::new(document, &story, (id, path, far), &names));
    }
    spliced::mark(&mut connections);
    for connection in connections {
        match connection.flow.key.transport {
            Transport::Udp => udp::tell(&connection, &mut entries),
            Transport::Tcp => tcp::tell(&connection, &mut happened),
        }
        let before = entries.len();
        tls::tell(&connection, &mut entries);
        quic::tell(&connection, &mut entries);
        http3::tell(&connection, &mut entries);
        dns::tell(&connection, &mut entries);
        http::tell(&connection, &mut happened);
        if grpc::is_spoken(&connection) {
            grpc::tell(&connection, &mut entries);
        } else {
            http2::tell(&connection, &mut promising, &mut entries);
        }
        websocket::tell(&connection, &mut entries);
        mqtt::tell(&connection, &mut entries);
        amqp::tell(&connection, &mut entries);
        events::tell(&connection, &mut entries);
        if let Some(blind) = connection.blind {
            let above = entries.split_off(before);
            let role = connection.role(blind);
            entries.extend(above.into_iter().filter(|entry| entry.role != role));
        }
        opened.see(&connection);
    }
    entries.extend(happened.in_order());
    opened.tell(&mut entries);
    icmp::tell(document, &names, &mut entries);
    let scenario = document.about().scenario;
    if scenario.is_some_and(|name| SERVED_BY_PROGRAMS.contains(&name.as_str())) {
        entries.retain(|entry| entry.role != "server");
    }
    Transcript::new(entries)
}

/// The roles of the scenario, by the addresses that the recording names.
fn roles(document: &Document) -> Vec<(IpAddr, String)> {
    let name = document.about().scenario.expect("a scenario was recorded");
    let scenario = find(&name).expect("it is in the catalogue");
    let role = |title: &str| {
        let role = scenario.roles.iter().find(|role| role.title == title);
        role.map_or_else(|| title.to_owned(), |role| role.name.to_owned())
    };
    let names = document.recording.names().into_iter();
    names.map(|(address, title)| (address, role(&title))).collect()
}

/// One connection with everything that can be known of it.
struct Connection<'a> {
    document: &'a Document,
    story: &'a Story,
    id: ConnectionId,
    flow: &'a Flow,
    /// The same flow as the server's end saw it, where that was recorded, too.
    far: Option<&'a Flow>,
    /// Who sends forward, and who answers.
    roles: [String; 2],
    /// The last frame that ends it.
    last: FrameId,
    /// Whether who sends in a direction tells of its connections one after the other.
    told_apart: [bool; 2],
    /// The end that only hands bytes on, and does not know what they say.
    blind: Option<Direction>,
    /// The messages in their order.
    messages: Vec<Said>,
}

/// One message.
struct Said {
    protocol: ProtocolId,
    direction: Direction,
    /// Under which keys it came.
    protection: Protection,
    /// The frame that completes it, and where that came from.
    done: FrameId,
    from: Option<SocketAddr>,
    fields: Fields,
    /// Its own bytes; those of a datagram's message are the datagram's payload.
    bytes: Vec<u8>,
}

impl<'a> Connection<'a> {
    fn new(
        document: &'a Document,
        story: &'a Story,
        (id, path, far): (ConnectionId, FlowId, Option<FlowId>),
        names: &[(IpAddr, String)],
    ) -> Self {
        let far = far.and_then(|far| document.survey.flow(far));
        let flow = document.survey.flow(path).expect("a connection has a flow");
        let roles = Direction::BOTH.map(|direction| {
            let address = flow.address(direction);
            let named = names.iter().find(|(known, _)| *known == address);
            named.map_or_else(|| address.to_string(), |(_, name)| name.clone())
        });
        let messages = messages(document, id);
        // With the second FIN a program is done; what its kernel still confirms it does not wait
        // for.
        let ends = |id: &FrameId| {
            let row = document.survey.row(*id);
            row.is_some_and(|row| row.tcp_flags() & (flags::FIN | flags::RST) != 0)
        };
        let last = document.survey.frames_from(flow.first).filter(ends).last();
        let last = last.unwrap_or(flow.first);
        let scenario = document.about().scenario;
        let is_in = |list: &[&str]| scenario.as_deref().is_some_and(|name| list.contains(&name));
        let told_apart = [is_in(TOLD_APART_BETWEEN) && roles[0] != "client", is_in(TOLD_APART)];
        Self { document, story, id, flow, far, roles, last, told_apart, blind: None, messages }
    }

    /// Who sends in this direction.
    fn role(&self, direction: Direction) -> &str {
        &self.roles[direction.index()]
    }

    /// The end that sends in this direction.
    fn end(&self, direction: Direction) -> SocketAddr {
        let port = self.flow.ports().ports[direction.index()];
        SocketAddr::new(self.flow.address(direction), port)
    }

    /// The flow as the end saw it that sends in this direction, where both were recorded.
    fn own_end(&self, direction: Direction) -> Option<&Flow> {
        let far = self.far?;
        Some(if direction == Direction::Forward { self.flow } else { far })
    }

    fn of(&self, protocol: ProtocolId) -> impl Iterator<Item = &Said> {
        // What came early and was thrown away nobody has read, and who sent it says it once.
        let is_void = tls::throws_early_data_away(self);
        let all = self.messages.iter();
        all.filter(move |said| said.protocol == protocol)
            .filter(move |said| !is_void || said.protection != Protection::Early)
    }

    /// Whether an actor of the story is the one that sends in this direction.
    fn actor_is(&self, actor: wirestage_dissectors::story::ActorId, direction: Direction) -> bool {
        let actor = self.story.cast.get(usize::from(actor.0));
        // An address in a story is followed by its port where that never changes.
        let address = self.flow.address(direction).to_string();
        actor.is_some_and(|actor| actor.address.split(" : ").next() == Some(&address))
    }

    /// Whether a side holds keys, as the story tells it.
    fn holds(&self, direction: Direction, protection: Protection) -> bool {
        self.story.keys.iter().any(|key| {
            key.protection == protection
                && self.actor_is(key.actor, direction)
                && self.is_own(key.flight)
        })
    }

    /// Whether a flight of the story belongs to this connection.
    fn is_own(&self, flight: BeatId) -> bool {
        let anchor = self.story.beat(flight).and_then(|beat| beat.anchor);
        anchor.is_some_and(|anchor| anchor.connection == self.id)
    }
}

/// Reads all messages of a connection.
fn messages(document: &Document, id: ConnectionId) -> Vec<Said> {
    let (context, survey) = (document.context(), &document.survey);
    let mut conversations = document.conversations();
    let conversation = conversations.open(id, context, survey);
    let mut found = Vec::new();
    for index in 0..conversation.stretches() {
        let held = conversations.stretch(id, index, context, survey).expect("it was read before");
        let view = held.view(context.frames);
        for message in &held.stretch().messages {
            let layer = view.layer(message.layer).expect("a message has a layer");
            let fields = Fields::of(layer.protocol, message, &view);
            let (protocol, direction) = (layer.protocol, message.direction);
            let bytes = view.bytes(message.span).to_vec();
            let done = message.done;
            let from = sender(survey, done);
            let protection = message.protection;
            let said = Said { protocol, direction, protection, done, from, fields, bytes };
            found.push((message.id, said));
        }
    }
    // In the order in which they began.
    found.sort_by_key(|(id, _)| *id);
    found.into_iter().map(|(_, said)| said).collect()
}

/// The end that sent a frame.
fn sender(survey: &Survey, frame: FrameId) -> Option<SocketAddr> {
    let row = survey.row(frame)?;
    let (flow, direction) = (survey.flow(row.flow)?, row.direction());
    Some(SocketAddr::new(flow.address(direction), flow.ports().ports[direction.index()]))
}

/// Adds what a role did.
fn say(entries: &mut Vec<Entry>, role: &str, step: Step) {
    entries.push(step.by(role));
}
