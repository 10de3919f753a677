//! Plays connections into frames, and reads them in every way there is: what comes out must be
//! equal.

use std::collections::HashMap;

use etherparse::PacketBuilder;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::{ConnectionReader, Context};
use wirestage_dissectors::engine::stretch::Stretch;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{Direction, FrameId, MessageId, Time};
use wirestage_dissectors::message::{Message, Protection, Related, Relation};
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::span::Span;
use wirestage_dissectors::survey::{Survey, survey_chunk};

use crate::made::{Number, Said, registry};
use crate::naive;

/// The ports that a connection runs between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Line {
    pub(crate) client: u16,
    pub(crate) server: u16,
}

impl Line {
    /// A line to that port of the server.
    pub(crate) const fn to(server: u16) -> Self {
        Self { client: 60_000, server }
    }
}

/// Who sends first on a line.
pub(crate) const CLIENT: Direction = Direction::Forward;
/// Who answers.
pub(crate) const SERVER: Direction = Direction::Backward;

/// Sequence numbers begin here, so that they wrap within a few bytes.
const FIRST: u32 = u32::MAX - 40;

/// Frames that are made one after the other.
#[derive(Default)]
pub(crate) struct Wire {
    pub(crate) frames: FrameList,
    sent: HashMap<Line, [u32; 2]>,
}

impl Wire {
    fn push(&mut self, bytes: Vec<u8>) {
        let time = Time(1_000 * i64::from(self.frames.count() + 1));
        self.frames.push(time, 0, LinkType::ETHERNET, bytes);
    }

    /// Sends a datagram.
    pub(crate) fn datagram(&mut self, line: Line, way: Direction, payload: &[u8]) {
        let (from, to) = ends(line, way);
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([0; 6], [0; 6])
            .ipv4(from.0, to.0, 64)
            .udp(from.1, to.1)
            .write(&mut bytes, payload)
            .unwrap();
        self.push(bytes);
    }

    /// Sends a datagram in two IP fragments.
    pub(crate) fn in_fragments(&mut self, line: Line, way: Direction, payload: &[u8], cut: usize) {
        for fragment in fragments(line, way, payload, cut) {
            self.push(fragment);
        }
    }

    /// Sends a segment that begins at that offset of its stream; a SYN stands before offset 0.
    pub(crate) fn segment(
        &mut self,
        line: Line,
        way: Direction,
        at: u32,
        bits: u16,
        payload: &[u8],
    ) {
        // More than most streams hold: the number is 0.
        self.acknowledging(line, way, at, 0u32.wrapping_sub(FIRST), bits, payload);
    }

    /// The same, with the offset of the other stream before which all has arrived.
    pub(crate) fn acknowledging(
        &mut self,
        line: Line,
        way: Direction,
        at: u32,
        heard: u32,
        bits: u16,
        payload: &[u8],
    ) {
        let (from, to) = ends(line, way);
        let is_syn = bits & flags::SYN != 0;
        let seq = FIRST.wrapping_add(at).wrapping_sub(u32::from(is_syn));
        let mut builder = PacketBuilder::ethernet2([0; 6], [0; 6])
            .ipv4(from.0, to.0, 64)
            .tcp(from.1, to.1, seq, 512);
        if is_syn {
            builder = builder.syn();
        }
        if bits & flags::FIN != 0 {
            builder = builder.fin();
        }
        if bits & flags::RST != 0 {
            builder = builder.rst();
        }
        if bits & flags::ACK != 0 {
            builder = builder.ack(FIRST.wrapping_add(heard));
        }
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.push(bytes);
    }

    /// A frame of another recording, as seen on a link whose sender has this address.
    pub(crate) fn copy(&mut self, other: &Self, frame: FrameId, sender: u8) {
        let mut bytes = other.frames.frame(frame).bytes.to_vec();
        bytes[11] = sender;
        self.push(bytes);
    }

    /// The handshake of a TCP connection: three frames.
    pub(crate) fn connect(&mut self, line: Line) {
        self.segment(line, CLIENT, 0, flags::SYN, b"");
        self.segment(line, SERVER, 0, flags::SYN | flags::ACK, b"");
        self.segment(line, CLIENT, 0, flags::ACK, b"");
    }

    /// Sends the next bytes of a stream in one segment.
    pub(crate) fn send(&mut self, line: Line, way: Direction, payload: &[u8]) {
        self.advance(line, way, flags::ACK, payload);
    }

    /// Closes a direction of a stream.
    pub(crate) fn close(&mut self, line: Line, way: Direction) {
        self.advance(line, way, flags::ACK | flags::FIN, b"");
    }

    /// Bytes of a stream that no frame holds.
    pub(crate) fn lose(&mut self, line: Line, way: Direction, len: u32) {
        self.sent.entry(line).or_default()[way.index()] += len;
    }

    fn advance(&mut self, line: Line, way: Direction, bits: u16, payload: &[u8]) {
        let next = &mut self.sent.entry(line).or_default()[way.index()];
        let at = *next;
        *next += payload.len() as u32;
        self.segment(line, way, at, bits, payload);
    }
}

/// A datagram of UDP in two IP fragments, the second of which begins at this byte of it.
fn fragments(line: Line, way: Direction, payload: &[u8], cut: usize) -> [Vec<u8>; 2] {
    let (from, to) = ends(line, way);
    let mut whole = Vec::new();
    PacketBuilder::ipv4(from.0, to.0, 64).udp(from.1, to.1).write(&mut whole, payload).unwrap();
    let datagram = whole.split_off(20);
    let (first, second) = datagram.split_at(cut);
    let fragment = |bytes: &[u8], offset: usize, more: u16| {
        let mut header = whole.clone();
        header[2..4].copy_from_slice(&(20 + bytes.len() as u16).to_be_bytes());
        header[6..8].copy_from_slice(&((offset / 8) as u16 | more << 13).to_be_bytes());
        [&[0; 12][..], &[8, 0], &header, bytes].concat()
    };
    [fragment(first, 0, 1), fragment(second, cut, 0)]
}

type End = ([u8; 4], u16);

fn ends(line: Line, way: Direction) -> (End, End) {
    let (client, server) = (([10, 0, 0, 1], line.client), ([10, 0, 0, 2], line.server));
    if way == CLIENT { (client, server) } else { (server, client) }
}

/// A message as it came out, with nothing in it that depends on how it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The number of the frame that completes it, counted from 1.
    pub(crate) frame: u32,
    pub(crate) connection: u32,
    pub(crate) id: MessageId,
    pub(crate) parent: Option<MessageId>,
    pub(crate) way: Direction,
    /// Its protocol and those below it, each with its number in the one below: `wrap:0 say:7`.
    pub(crate) stack: String,
    pub(crate) kind: u8,
    pub(crate) extra: u32,
    pub(crate) protection: Protection,
    pub(crate) bytes: Vec<u8>,
    pub(crate) facts: Vec<u8>,
    pub(crate) trace: Vec<Span>,
    /// How a segment bears on others: a name that means the same in every reading.
    pub(crate) related: Vec<(Relation, MessageId)>,
}

impl Told {
    fn new(message: &Message, view: &View<'_>, connection: u32, related: &[Related]) -> Self {
        let mut names = Vec::new();
        let mut next = view.layer(message.layer);
        while let Some(layer) = next {
            let name = registry().get(layer.protocol).name();
            names.push(format!("{name}:{}", layer.child));
            next = layer.below.some().and_then(|below| view.layer(below));
        }
        names.reverse();
        // What carries all is told apart.
        let (carrier, above) = match names.split_first() {
            Some((first, above)) if first == "tcp:0" => (true, above),
            _ => (false, &names[..]),
        };
        let stack = if above.is_empty() { "tcp:0".to_owned() } else { above.join(" ") };
        let own =
            related.iter().filter(|one| carrier && above.is_empty() && one.from == message.id);
        Self {
            related: own.map(|one| (one.relation, one.to)).collect(),
            frame: message.done.number(),
            connection,
            id: message.id,
            parent: message.parent.some(),
            way: message.direction,
            stack,
            kind: message.kind_number(),
            extra: message.extra::<Number>().unwrap_or(0),
            protection: message.protection,
            bytes: view.bytes(message.span).to_vec(),
            facts: view.facts::<Said>(message).map(|said| said.0.clone()).unwrap_or_default(),
            trace: view.trace(message.span),
        }
    }

    /// Whether it is a segment, which carries what others say.
    pub(crate) fn is_segment(&self) -> bool {
        self.protocol() == "tcp"
    }

    /// The protocol that read it.
    pub(crate) fn protocol(&self) -> &str {
        let last = self.stack.rsplit(' ').next().unwrap_or_default();
        last.split(':').next().unwrap_or_default()
    }

    /// In short: `3> say "hello"`.
    pub(crate) fn short(&self) -> String {
        let arrow = if self.way == CLIENT { '>' } else { '<' };
        let text = self.bytes.escape_ascii();
        let kind = if self.kind == 0 { String::new() } else { format!(".{}", self.kind) };
        format!("{}{arrow} {}{kind} \"{text}\"", self.frame, self.protocol())
    }
}

/// Everything in short, but for what carries other messages.
pub(crate) fn short(told: &[Told]) -> Vec<String> {
    told.iter().map(Told::short).collect()
}

/// Reads a recording in every way, and gives back what all of them say above TCP.
pub(crate) fn read(frames: &FrameList) -> Vec<Told> {
    above(read_all(frames))
}

/// Without the segments, and as if they had no numbers.
fn above(mut told: Vec<Told>) -> Vec<Told> {
    told.retain(|one| !one.is_segment());
    let mut ids: Vec<(u32, MessageId)> = told.iter().map(|one| (one.connection, one.id)).collect();
    ids.sort_unstable();
    for one in &mut told {
        let first = ids.partition_point(|(connection, _)| *connection < one.connection);
        let number = |id: MessageId| {
            let place = ids.binary_search(&(one.connection, id)).unwrap();
            MessageId((place - first) as u32)
        };
        (one.id, one.parent) = (number(one.id), one.parent.map(number));
    }
    told
}

/// The same, segments and all.
pub(crate) fn read_all(frames: &FrameList) -> Vec<Told> {
    let secrets = Secrets::default();
    let context = Context { frames, secrets: &secrets, registry: registry() };
    let whole = survey_in(frames, u32::MAX);
    let expected = swept(context, &whole, u32::MAX);
    equal(&naively(context, &whole), &expected, "a naive reader");
    for chunk in [1, 7] {
        let survey = survey_in(frames, chunk);
        equal(&swept(context, &survey, u32::MAX), &expected, &format!("chunks of {chunk}"));
    }
    for window in [1, 2, 5] {
        equal(&swept(context, &whole, window), &expected, &format!("windows of {window}"));
    }
    for budget in [0, 1 << 20, usize::MAX] {
        conversed(context, &whole, budget, &expected);
    }
    expected
}

/// Reads a long recording in windows of these lengths only, and in conversations.
pub(crate) fn read_in_windows(frames: &FrameList, windows: &[u32]) -> Vec<Told> {
    let secrets = Secrets::default();
    let context = Context { frames, secrets: &secrets, registry: registry() };
    let survey = survey_in(frames, u32::MAX);
    let expected = swept(context, &survey, u32::MAX);
    equal(&naively(context, &survey), &expected, "a naive reader");
    for window in windows {
        equal(&swept(context, &survey, *window), &expected, &format!("windows of {window}"));
    }
    conversed(context, &survey, 1 << 20, &expected);
    above(expected)
}

/// Reads without windows, checkpoints and eviction.
fn naively(context: Context<'_>, survey: &Survey) -> Vec<Told> {
    let read = naive::read(context, survey);
    let all = naive::messages(&read, context);
    let related = |id| read.iter().find(|one| one.id == id).map_or(&[][..], naive::Naive::related);
    all.iter().map(|(id, message, view)| Told::new(message, view, id.0, related(*id))).collect()
}

fn equal(found: &[Told], expected: &[Told], how: &str) {
    let differs = found.iter().zip(expected).find(|(found, expected)| found != expected);
    if let Some((found, expected)) = differs {
        panic!("{how}: {found:#?}\nis not {expected:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{how}");
}

/// The columns of a recording, surveyed chunk by chunk.
pub(crate) fn survey_in(frames: &FrameList, chunk: u32) -> Survey {
    let mut survey = Survey::new();
    let mut first = 0;
    while first < frames.count() {
        let end = first.saturating_add(chunk).min(frames.count());
        survey.absorb(survey_chunk(frames, first..end, registry()), registry());
        first = end;
    }
    survey
}

/// All messages in frame order, read in windows that are longer where something waits for a key.
pub(crate) fn swept(context: Context<'_>, survey: &Survey, window: u32) -> Vec<Told> {
    let attribution = Attribution::new(context, survey);
    let mut sweep = Sweep::new(context, survey, &attribution);
    let mut told = Vec::new();
    let mut first = 0;
    let count = survey.frame_count();
    while first < count {
        let (done, frames) = sweep.read(first..first.saturating_add(window).min(count));
        first = frames.end;
        let before = told.len();
        let mut related: HashMap<u32, Vec<Related>> = HashMap::new();
        for (connection, one) in done.related() {
            related.entry(connection.0).or_default().push(one);
        }
        for frame in frames.map(FrameId) {
            let connection = attribution.of(frame, survey).map_or(u32::MAX, |one| one.connection.0);
            let messages = done.messages(frame, context);
            let related = related.get(&connection).map_or(&[][..], Vec::as_slice);
            told.extend(
                messages.map(|(message, view)| Told::new(message, &view, connection, related)),
            );
        }
        for (_, message) in done.done_frames() {
            naive::stands_on_its_own(message, &attribution, survey).unwrap();
        }
        let all = done.done_frames().count();
        assert_eq!(told.len() - before, all, "messages stand on frames of the window");
    }
    told
}

/// Looks at every frame of every conversation, from the first to the last and back again.
fn conversed(context: Context<'_>, survey: &Survey, budget: usize, expected: &[Told]) {
    let attribution = Attribution::new(context, survey);
    let mut open = Conversations::new(attribution.into(), budget);
    let mut look = |frame: FrameId| {
        let held = open.at_frame(frame, context, survey)?;
        let connection = open.of_frame(frame, survey)?.0;
        let view = held.view(context.frames);
        let messages = held.completed_by(frame);
        let related = &held.stretch().related;
        let told = messages.map(|message| Told::new(message, &view, connection, related));
        Some(told.collect::<Vec<_>>())
    };
    let frames = || (0..survey.frame_count()).map(FrameId);
    let forward: Vec<Told> = frames().filter_map(&mut look).flatten().collect();
    equal(&forward, expected, &format!("a budget of {budget}"));
    let mut back: Vec<Vec<Told>> = frames().rev().filter_map(&mut look).collect();
    back.reverse();
    equal(&back.concat(), expected, &format!("backwards on a budget of {budget}"));
}

/// Reads the first connection frame by frame, and says something of the reader after each, and of
/// what a checkpoint would hold there.
pub(crate) fn watched<T>(
    frames: &FrameList,
    mut say: impl FnMut(&ConnectionReader, &Stretch) -> T,
) -> Vec<T> {
    let (secrets, survey) = (Secrets::default(), survey_in(frames, u32::MAX));
    let context = Context { frames, secrets: &secrets, registry: registry() };
    let attribution = Attribution::new(context, &survey);
    let connection = attribution.connections(&survey)[0];
    let mut reader = attribution.reader(connection, &survey);
    let mut stretch = Stretch::default();
    let mut said = Vec::new();
    for frame in attribution.frames(connection, &survey) {
        let arrival = survey.arrival(frame, &frames.frame(frame)).unwrap();
        reader.feed(&arrival, context, &survey, &mut stretch);
        stretch = reader.next_stretch(&stretch);
        said.push(say(&reader, &stretch));
    }
    said
}
