//! The steps of HTTP/2, from the fields of its frames: header lists, content, windows.

use std::collections::{BTreeMap, BTreeSet};

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::steps::{self, FieldLines, StreamRequest, StreamResponse};
use wirestage_generators::{Entry, names};

use super::fields::Fields;
use super::{Connection, say};

/// Frame types (RFC 9113, section 6).
const DATA: u64 = 0;
const HEADERS: u64 = 1;
pub(super) const RST_STREAM: u64 = 3;
const SETTINGS: u64 = 4;
const PUSH_PROMISE: u64 = 5;
const PING: u64 = 6;
const GOAWAY: u64 = 7;
const WINDOW_UPDATE: u64 = 8;
const CONTINUATION: u64 = 9;

/// The stream that a GOAWAY names before the true one is known (RFC 9113, section 6.8).
const NO_STREAM_YET: u64 = 0x7fff_ffff;

/// The paths for which something was promised, on any connection so far.
pub(super) type Promising = BTreeSet<String>;

/// Name and value of a header field.
type Line = (Vec<u8>, Vec<u8>);

pub(super) fn tell(
    connection: &Connection<'_>,
    promising: &mut Promising,
    entries: &mut Vec<Entry>,
) {
    let mut read = Read { connection, promising, entries, told: Told::default() };
    for said in connection.of(ProtocolId::of("http2")) {
        if let Some(kind) = said.fields.number("http2.type") {
            let stream = said.fields.number("http2.streamid").expect("a frame has a stream");
            let stream = u32::try_from(stream).expect("31 bits");
            read.frame(kind, stream, said.direction, &said.fields);
        }
    }
    // Which answers take turns is told where the server hands over all pieces itself; elsewhere
    // its library mixes them.
    let scenario = connection.document.about().scenario;
    const HANDS_OVER: [&str; 2] = ["http2-multiplexing", "hol-blocking-http2"];
    if scenario.is_some_and(|name| HANDS_OVER.iter().any(|one| *name == **one)) {
        read.server(steps::http2_turns(&read.told.turns.clone()));
    }
}

struct Read<'a, 'c> {
    connection: &'a Connection<'c>,
    promising: &'a mut Promising,
    entries: &'a mut Vec<Entry>,
    told: Told,
}

/// What one connection said so far.
#[derive(Default)]
struct Told {
    streams: BTreeMap<u32, Stream>,
    /// A header block that goes on: its fields so far, and whether its first frame ends the stream.
    list: Vec<Line>,
    ends: bool,
    promise: Option<u32>,
    pings: Vec<Vec<u8>>,
    /// What the server lets be open, until the first answer is there.
    allowed: Option<usize>,
    /// That its server takes leave, until then.
    left: Option<steps::Step>,
    no_push: bool,
    turns: Vec<u32>,
}

#[derive(Default)]
struct Stream {
    /// What each side sends.
    sides: [Side; 2],
    /// After how many bytes there was no more room.
    spent: Vec<usize>,
    is_answered: bool,
}

#[derive(Default)]
struct Side {
    list: Vec<Line>,
    body: Vec<u8>,
}

impl Side {
    /// The value of a field as text.
    fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.list.iter().find(|(known, _)| known == name.as_bytes())?;
        Some(std::str::from_utf8(value).expect("this field is text"))
    }

    fn fields(&self) -> FieldLines {
        let plain = self.list.iter().filter(|(name, _)| !name.starts_with(b":"));
        FieldLines::of(plain.map(|(name, value)| (name.as_slice(), value.as_slice())))
    }
}

impl Read<'_, '_> {
    fn client(&mut self, step: steps::Step) {
        say(self.entries, self.connection.role(Forward), step);
    }

    fn server(&mut self, step: steps::Step) {
        say(self.entries, self.connection.role(Backward), step);
    }

    fn side(&mut self, stream: u32, from: Direction) -> &mut Side {
        &mut self.told.streams.entry(stream).or_default().sides[from.index()]
    }

    fn frame(&mut self, kind: u64, stream: u32, from: Direction, fields: &Fields) {
        let is_set = |flag| fields.number(flag) == Some(1);
        match (kind, from) {
            (SETTINGS, _) if !is_set("http2.flags.ack.settings") => self.settings(from, fields),
            (HEADERS | PUSH_PROMISE | CONTINUATION, _) => {
                if kind != CONTINUATION {
                    self.told.ends = is_set("http2.flags.end_stream");
                    let promised = fields.number("http2.push_promise.promised_stream_id");
                    self.told.promise = promised.map(|id| u32::try_from(id).expect("31 bits"));
                }
                self.told.list.extend(lines(fields));
                if is_set("http2.flags.eh") {
                    self.list(stream, from);
                }
            }
            (DATA, _) => {
                let piece = fields.bytes("http2.data.data").unwrap_or_default();
                let side = self.side(stream, from);
                side.body.extend_from_slice(piece);
                let sent = side.body.len();
                let ends = is_set("http2.flags.end_stream");
                if from == Backward {
                    self.told.turns.push(stream);
                    if !ends && is_used_up(fields, "after") {
                        self.told.streams.entry(stream).or_default().spent.push(sent);
                    }
                }
                if ends {
                    self.ended(stream, from);
                }
            }
            (PING, Forward) if !is_set("http2.flags.ack.ping") => {
                self.told.pings.extend(fields.bytes("http2.ping").map(<[u8]>::to_vec));
            }
            (PING, Backward) if is_set("http2.flags.ack.ping") => {
                let pong = fields.bytes("http2.pong").expect("a ping has eight bytes");
                assert!(self.told.pings.iter().any(|ping| ping == pong), "an answer to nothing");
                self.client(steps::http2_ping_answered());
            }
            (RST_STREAM, Forward) => {
                self.answered(stream);
                let code = code(fields.number("http2.rst_stream.error"));
                self.client(steps::http2_reset_sent(stream, &code));
                self.server(steps::http2_reset_received(stream, &code));
            }
            (GOAWAY, Backward)
                if fields.number("http2.goaway.last_stream_id") == Some(NO_STREAM_YET) =>
            {
                let code = code(fields.number("http2.goaway.error"));
                self.server(steps::http2_goaway_sent(&code));
                let received = steps::http2_goaway_received(&code);
                // Its library says so to who asks again, and that is not before the first answer.
                match self.told.allowed {
                    Some(_) => self.told.left = Some(received),
                    None => self.client(received),
                }
            }
            (WINDOW_UPDATE, Forward) if is_used_up(fields, "before") => {
                let bytes = fields.number("http2.window_update.window_size_increment");
                let bytes = usize::try_from(bytes.expect("it says how many")).expect("31 bits");
                self.client(steps::http2_window_opened(stream, bytes));
            }
            _ => {}
        }
    }

    fn settings(&mut self, from: Direction, fields: &Fields) {
        let small = |id| u16::try_from(id).expect("two bytes");
        let ids: Vec<u16> = fields.numbers("http2.settings.id").map(small).collect();
        let settings = ids.into_iter().map(|id| {
            let name = format!("http2.settings.{}", names::http2_setting(id));
            let value = fields.number(&name).expect("a setting has a value");
            (id, u32::try_from(value).expect("four bytes"))
        });
        let settings: Vec<(u16, u32)> = settings.collect();
        for (id, value) in &settings {
            match (*id, from) {
                (names::ENABLE_PUSH, Forward) => self.told.no_push = *value == 0,
                (names::MAX_CONCURRENT_STREAMS, Backward) => {
                    self.told.allowed = Some(*value as usize);
                }
                _ => {}
            }
        }
        let step = steps::http2_settings_sent(settings);
        say(self.entries, self.connection.role(from), step);
    }

    /// A header list is complete: a request's, a response's, or a promise's.
    fn list(&mut self, stream: u32, from: Direction) {
        let list = std::mem::take(&mut self.told.list);
        if let Some(promised) = self.told.promise.take() {
            let side = Side { list, body: Vec::new() };
            let path = side.text(":path").expect("a promise has a path").to_owned();
            self.server(steps::http2_push_promised(stream, promised, &path));
            self.client(steps::http2_push_received(stream, promised, &path));
            let page = self.side(stream, Forward).text(":path").map(str::to_owned);
            self.promising.extend(page);
            return;
        }
        self.side(stream, from).list = list;
        if self.told.ends {
            self.ended(stream, from);
        }
    }

    /// One side of a stream has ended in order.
    fn ended(&mut self, stream: u32, from: Direction) {
        match from {
            Forward => {
                let step = self.request(stream, steps::http2_request_sent);
                self.client(step);
                let step = self.request(stream, steps::http2_request_received);
                self.server(step);
                let path = self.side(stream, Forward).text(":path").map(str::to_owned);
                let brought = path.is_some_and(|path| self.promising.contains(&path));
                if self.told.no_push && brought {
                    let refused = steps::http2_push_refused(stream, steps::PUSH_DISABLED);
                    self.server(refused);
                }
            }
            Backward => self.answered(stream),
        }
    }

    /// The answer on a stream is whole, or all that there will be.
    fn answered(&mut self, stream: u32) {
        let told = self.told.streams.entry(stream).or_default();
        if std::mem::replace(&mut told.is_answered, true) {
            return;
        }
        let spent = std::mem::take(&mut told.spent);
        let side = &told.sides[Backward.index()];
        let status = side.text(":status").expect("a response has a status");
        let response = StreamResponse {
            stream: stream.into(),
            status: status.parse().expect("a status is a number"),
            fields: side.fields(),
            body: &side.body,
        };
        let sent = steps::http2_response_sent(&response);
        let received = steps::http2_response_received(&response);
        self.server(sent);
        for bytes in spent {
            self.server(steps::http2_window_spent(stream, bytes));
        }
        self.client(received);
        if let Some(most) = self.told.allowed.take() {
            self.client(steps::http2_streams_allowed(most));
            if let Some(received) = self.told.left.take() {
                self.client(received);
            }
        }
    }

    fn request(&mut self, stream: u32, step: fn(&StreamRequest<'_>) -> steps::Step) -> steps::Step {
        let side = self.side(stream, Forward);
        step(&StreamRequest {
            stream: stream.into(),
            method: side.text(":method").expect("a request has a method"),
            scheme: side.text(":scheme"),
            authority: side.text(":authority"),
            path: side.text(":path"),
            fields: side.fields(),
            body: &side.body,
        })
    }
}

/// Names and values of the header fields in a frame.
pub(super) fn lines(fields: &Fields) -> Vec<Line> {
    let part = |line: &Fields, name| line.bytes(name).expect("a field is unpacked").to_vec();
    let line = |line| (part(&line, "http2.header.name"), part(&line, "http2.header.value"));
    fields.each("http2.header").into_iter().map(line).collect()
}

/// Whether nothing is left of a window before or after a frame.
fn is_used_up(fields: &Fields, when: &str) -> bool {
    ["connection", "stream"].into_iter().any(|whose| {
        let name = format!("http2.calculated.{whose}.window_size.{when}");
        fields.signed(&name).is_some_and(|left| left <= 0)
    })
}

fn code(number: Option<u64>) -> String {
    let number = number.and_then(|number| u32::try_from(number).ok());
    names::http2_error(number.expect("an error code"))
}
