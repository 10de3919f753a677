//! A connection in memory: what each side sends, and what is read out of it.

use std::fmt::Arguments;

use etherparse::TcpHeader;

use super::tcp;
use crate::engine::arrival::Arrival;
use crate::engine::later::{Coming, Filling, Later, Unknown};
use crate::engine::ports::Ports;
use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::session::Ending;
use crate::engine::stretch::Stretch;
use crate::engine::tcp::flags;
use crate::engine::view::View;
use crate::field::{FieldId, Kind, Value, reread};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::{Direction, FlowId, FrameId, MessageId, Time};
use crate::message::{Message, Related};
use crate::protocol::Framing;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::sink::{Severity, Sink};
use crate::span::{Buffer, Span};
use crate::telling::Telling;

/// Something that happens on the wire.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The client sends.
    Ask(Vec<u8>),
    /// The server sends.
    Say(Vec<u8>),
    /// Bytes of the server are acknowledged, and not in the capture.
    Miss(u32),
    /// Bytes of the client are acknowledged, and not in the capture.
    MissAsked(u32),
    /// The server takes the connection: its first byte has a known number from here on.
    Open,
    /// The server ends its direction.
    Fin,
}

pub(crate) fn ask(bytes: impl AsRef<[u8]>) -> Step {
    Step::Ask(bytes.as_ref().to_vec())
}

pub(crate) fn say(bytes: impl AsRef<[u8]>) -> Step {
    Step::Say(bytes.as_ref().to_vec())
}

/// A ClientHello that offers one cipher suite and nothing else, in a record.
pub(crate) fn hello() -> Vec<u8> {
    let mut bytes = vec![22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3];
    bytes.extend([7; 32]);
    bytes.extend([0, 0, 2, 0x13, 1, 1, 0]);
    bytes
}

/// A connection that was read.
pub(crate) struct Played {
    frames: FrameList,
    reader: ConnectionReader,
    pub(crate) stretch: Stretch,
    /// What was said above TCP.
    messages: Vec<Message>,
}

/// Plays the steps over TCP, one frame each, and reads them.
pub(crate) fn play(steps: &[Step]) -> Played {
    on_port(5555, steps)
}

/// The same, with a server on that port.
pub(crate) fn on_port(port: u16, steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Stream, ports: [40000, port], began: None }, steps)
}

/// Plays the steps, one frame each, and reads them.
pub(crate) fn play_over(ports: Ports, steps: &[Step]) -> Played {
    play_keyed(ports, steps, &Secrets::default())
}

/// The same, with a key log.
pub(crate) fn play_keyed(ports: Ports, steps: &[Step], secrets: &Secrets) -> Played {
    read(ports, &sent(steps), &Unknown, secrets)
}

/// Plays the steps over TCP, and reads them knowing what comes, as from a recording.
pub(crate) fn play_known(steps: &[Step]) -> Played {
    let sent = sent(steps);
    let ports = Ports { framing: Framing::Stream, ports: [40000, 5555], began: None };
    read(ports, &sent, &Known(&sent), &Secrets::default())
}

fn read(ports: Ports, sent: &[Sent<'_>], later: &dyn Later, secrets: &Secrets) -> Played {
    let frames = record(&ports, sent);
    let mut reader = ConnectionReader::new(ports);
    let mut stretch = Stretch::default();
    for one in sent {
        let (direction, frame) = (one.direction, frames.frame(one.frame));
        let carried = Span::frame(one.frame, 0, frame.bytes.len() as u32);
        let (bytes, time, data) = (frame.bytes, frame.time, one.bytes.len() as u32);
        let (frame, path, by_name, cut) = (one.frame, FlowId(0), false, 0);
        let arrival = Arrival { frame, bytes, time, direction, path, by_name, carried, cut, data };
        reader.feed(&arrival, context(&frames, secrets), later, &mut stretch);
    }
    reader.finish(context(&frames, secrets), &mut stretch);
    let is_segment = |one: &Message| {
        stretch.layer(one.layer).is_some_and(|layer| layer.protocol == tcp::PROTOCOL_ID)
    };
    let messages = stretch.messages.iter().filter(|one| !is_segment(one)).copied().collect();
    Played { frames, reader, stretch, messages }
}

/// What one step sends.
struct Sent<'s> {
    frame: FrameId,
    direction: Direction,
    seq: u32,
    ack: u32,
    flags: u16,
    bytes: &'s [u8],
}

/// All segments of a connection, one a frame.
struct Known<'s>(&'s [Sent<'s>]);

impl Known<'_> {
    fn after(&self, frame: FrameId, from: Direction) -> impl Iterator<Item = (FrameId, u32, u32)> {
        let data = self.0.iter().filter(move |one| one.direction == from && one.frame > frame);
        let data = data.filter(|one| !one.bytes.is_empty());
        data.map(|one| (one.frame, one.seq, one.bytes.len() as u32))
    }
}

impl Later for Known<'_> {
    fn next_data(&self, frame: FrameId, direction: Direction) -> Coming {
        let next = self.after(frame, direction).next();
        next.map_or(Coming::NEVER, |(until, seq, _)| Coming { first: Some(seq), until })
    }

    fn filling(&self, frame: FrameId, direction: Direction, seq: u32) -> Filling {
        Filling::of(self.after(frame, direction), seq)
    }

    fn carries_soon(&self, frame: FrameId, direction: Direction, seq: u32) -> Option<u32> {
        let found = self.after(frame, direction).find(|(_, at, len)| seq.wrapping_sub(*at) < *len);
        found.map(|(_, at, _)| at)
    }

    fn is_last_data(&self, frame: FrameId, direction: Direction) -> bool {
        let mut sent =
            self.0.iter().filter(|one| one.direction == direction && !one.bytes.is_empty());
        sent.next_back().is_some_and(|last| last.frame == frame)
    }

    fn ending(&self, _frame: FrameId, direction: Direction) -> Ending {
        let mut sent = self.0.iter().filter(|one| one.direction == direction);
        match sent.any(|one| one.flags & flags::FIN != 0) {
            true => Ending::Closed,
            false => Ending::Cut,
        }
    }
}

/// The steps as they go over the wire.
fn sent(steps: &[Step]) -> Vec<Sent<'_>> {
    let mut all = Vec::new();
    let mut next = [0u32; 2];
    for (number, step) in (0u32..).zip(steps) {
        let (direction, bytes, flags) = match step {
            Step::Ask(bytes) => (Direction::Forward, bytes.as_slice(), 0),
            Step::Say(bytes) => (Direction::Backward, bytes.as_slice(), 0),
            Step::Fin => (Direction::Backward, &[][..], flags::FIN),
            Step::Open => (Direction::Backward, &[][..], flags::SYN),
            Step::MissAsked(len) => {
                next[0] = next[0].wrapping_add(*len);
                (Direction::Backward, &[][..], flags::ACK)
            }
            Step::Miss(len) => {
                next[1] = next[1].wrapping_add(*len);
                (Direction::Forward, &[][..], flags::ACK)
            }
        };
        // A SYN has a number of its own.
        let seq = next[direction.index()].wrapping_sub(u32::from(flags == flags::SYN));
        let ack = next[direction.reverse().index()];
        all.push(Sent { frame: FrameId(number), direction, seq, ack, flags, bytes });
        let place = &mut next[direction.index()];
        *place = place.wrapping_add(bytes.len() as u32);
    }
    all
}

/// Writes them down: TCP segments with their headers, or what UDP carries.
fn record(ports: &Ports, sent: &[Sent<'_>]) -> FrameList {
    let mut frames = FrameList::new();
    for one in sent {
        let time = Time(i64::from(one.frame.0) * 1_000_000);
        let mut bytes = Vec::new();
        if ports.framing == Framing::Stream {
            let ports =
                [one.direction, one.direction.reverse()].map(|way| ports.ports[way.index()]);
            let mut header = TcpHeader::new(ports[0], ports[1], one.seq, 512);
            header.acknowledgment_number = one.ack;
            header.syn = one.flags & flags::SYN != 0;
            header.fin = one.flags & flags::FIN != 0;
            header.ack = one.flags & flags::ACK != 0;
            header.write(&mut bytes).unwrap();
        }
        bytes.extend(one.bytes);
        frames.push(time, 0, LinkType::RAW, bytes);
    }
    frames
}

fn context<'a>(frames: &'a FrameList, secrets: &'a Secrets) -> Context<'a> {
    Context { frames, secrets, registry: standard() }
}

impl Played {
    pub(crate) fn view(&self) -> View<'_> {
        self.reader.view(&self.frames, &self.stretch)
    }

    /// How many layers are open at the end.
    pub(crate) fn open_layers(&self) -> usize {
        self.reader.open_layers()
    }

    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// How these messages bear on each other, numbered without the segments between them.
    pub(crate) fn related(&self) -> Vec<Related> {
        let mut ids: Vec<MessageId> = self.messages.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        let number = |id| ids.binary_search(&id).ok().map(|place| MessageId(place as u32));
        let known =
            |one: &Related| Some(Related { from: number(one.from)?, to: number(one.to)?, ..*one });
        self.stretch.related.iter().filter_map(known).collect()
    }

    /// Every message: its protocol's filter name, `@` and the number of the frame that completes
    /// it, then its summary.
    pub(crate) fn rows(&self) -> String {
        let rows = self.messages().iter().map(|message| {
            let heard = self.describe(message);
            let layer = self.stretch.layer(message.layer).unwrap();
            let name = standard().get(layer.protocol).name();
            format!("{name}@{} {}\n", message.done.number(), heard.summary)
        });
        rows.collect()
    }

    /// What describing a message said, all promises about spans checked on the way.
    pub(crate) fn describe(&self, message: &Message) -> Heard {
        let mut ear = Ear { stage: self, heard: Heard::default(), depth: 0 };
        let layer = self.stretch.layer(message.layer).unwrap();
        let protocol = standard().get(layer.protocol);
        protocol.summary(message, &self.view(), &mut ear.heard.summary).unwrap();
        protocol.describe(message, &self.view(), &mut ear);
        protocol.tell(message, &self.view());
        protocol.exchange(message, &self.view());
        assert_eq!(ear.depth, 0, "groups are closed");
        ear.heard
    }

    /// All values of one field over all messages, as text, joined by blanks.
    pub(crate) fn values(&self, name: &str) -> String {
        let all = self.messages().iter().flat_map(|message| self.describe(message).fields);
        let found: Vec<String> =
            all.filter(|(known, _)| *known == name).map(|(_, value)| value).collect();
        found.join(" ")
    }
}

/// What a description said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) summary: String,
    pub(crate) notes: Vec<String>,
}

struct Ear<'s> {
    stage: &'s Played,
    heard: Heard,
    depth: usize,
}

impl Ear<'_> {
    fn hear(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        let bytes = self.stage.view().bytes(span);
        if span.buffer.kind() != Buffer::None {
            assert_eq!(bytes.len(), span.len as usize, "{} lies in its buffer", def.name);
            if let Some(again) = reread(def, bytes) {
                assert_eq!(again, value, "{} is what its span says", def.name);
            }
        } else {
            assert!(reread(def, bytes).is_none(), "{} is computed", def.name);
        }
        let text = match value {
            Value::None => String::new(),
            Value::Bool(flag) => u8::from(flag).to_string(),
            Value::Unsigned(number) => number.to_string(),
            Value::Signed(number) | Value::Nanos(number) => number.to_string(),
            Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Value::Text(text) => text.to_owned(),
        };
        assert!(def.kind != Kind::Text || !matches!(value, Value::Unsigned(_)));
        self.heard.fields.push((def.name, text));
    }
}

impl Sink for Ear<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.hear(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.hear(field, value, span);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
    }

    fn note(&mut self, _severity: Severity, _span: Span, text: Arguments<'_>) {
        self.heard.notes.push(text.to_string());
    }
}

/// Holds what is told of the messages of a connection, above TCP, against a table: a line for each
/// that is told, with its bead, its sentence, and what is added.
#[track_caller]
pub(crate) fn check_told(stage: &Played, expected: &[&str]) {
    let lines = told(stage);
    assert_eq!(lines, expected, "{lines:#?}");
}

/// What is told of each message, in one line.
pub(crate) fn told(stage: &Played) -> Vec<String> {
    let view = stage.view();
    let told = stage.messages().iter().filter_map(|message| {
        let layer = view.layer(message.layer)?;
        standard().get(layer.protocol).tell(message, &view)
    });
    told.map(|told| line(&told)).collect()
}

/// What is told, in one line.
pub(crate) fn line(told: &Telling) -> String {
    let line = format!("{} | {} | {}", told.label, told.headline, told.detail);
    line.trim_end_matches([' ', '|']).to_owned()
}

/// The same bytes in more frames: every step is cut at that many bytes from its start.
pub(crate) fn cut(steps: &[Step], at: usize) -> Vec<Step> {
    steps.iter().flat_map(|step| cut_one(step, at)).collect()
}

fn cut_one(step: &Step, at: usize) -> Vec<Step> {
    let (bytes, make): (_, fn(Vec<u8>) -> Step) = match step {
        Step::Ask(bytes) => (bytes, Step::Ask),
        Step::Say(bytes) => (bytes, Step::Say),
        other => return vec![other.clone()],
    };
    match bytes.split_at_checked(at).filter(|(a, b)| !a.is_empty() && !b.is_empty()) {
        Some((head, tail)) => vec![make(head.to_vec()), make(tail.to_vec())],
        None => vec![step.clone()],
    }
}

/// The same bytes, every one in a frame of its own.
pub(crate) fn crumble(steps: &[Step]) -> Vec<Step> {
    let mut found = Vec::new();
    for step in steps {
        match step {
            Step::Ask(bytes) => found.extend(bytes.iter().map(|byte| ask([*byte]))),
            Step::Say(bytes) => found.extend(bytes.iter().map(|byte| say([*byte]))),
            other => found.push(other.clone()),
        }
    }
    found
}

/// How many frames there are: for tests that look one up.
pub(crate) fn frames(stage: &Played) -> u32 {
    stage.frames.count()
}
