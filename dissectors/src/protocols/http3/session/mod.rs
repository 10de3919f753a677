//! Reads one HTTP/3 connection: each lane is a stream of QUIC, told apart by its number.
//!
//! ```text
//!   number % 4   0  requests and their answers          2, 3  one side speaks: a type comes first
//!
//!   control ─ SETTINGS, GOAWAY …         encoder ─ instructions ─> table ─┐
//!   request ─ HEADERS ─ DATA … HEADERS   └────────── names its entries <──┘ waits for those to come
//! ```

mod content;
mod datagrams;
mod headers;
mod streams;

use super::frame::{
    ANYWHERE, CONTROL, DATA, DECODER, ENCODER, FrameHeader, HEADERS, PUSH, PUSH_PROMISE, SETTINGS,
};
use super::kind::{Facts, Kind, Role};
use super::qpack::{Table, acknowledgements, instructions};
use crate::bytes::Reader;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::maps::FastMap;
use crate::protocols::multiplexed::NoShape;
use crate::protocols::varint::varint;
use crate::span::Span;
pub(super) use datagrams::DatagramSession;
use headers::Blocked;
use streams::Streams;

/// The longest frame that is waited for as a whole, `DATA` excepted; longer ones pass by.
const MAX_WHOLE: u64 = 256 << 10;

/// Bits of a stream's number (RFC 9000, section 2.1).
const ONE_WAY: u64 = 2;

/// The setting by which a side says how large its table may be (RFC 9204, section 5).
const TABLE_CAPACITY: u64 = 1;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Http3Session {
    /// The ways that have not ended, by stream and direction.
    ways: FastMap<Way, Reading>,
    /// The tables that each side's encoder fills.
    tables: Both<Table>,
    streams: Streams,
    blocked: Vec<Blocked>,
    /// Requests so far.
    requests: u32,
    /// The stream whose data each side sent last, and which goes on.
    turns: Both<Option<u64>>,
}

/// What one way of a stream is, and where reading it stands.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    /// Its type, where one side speaks only, once it was read.
    of_type: Option<u64>,
    at: At,
    /// The last header section on it.
    last: Option<Last>,
}

/// A header section that was read, and the frame that brought it.
#[derive(Clone, Copy, Debug)]
struct Last {
    id: MessageId,
    frame: FrameId,
}

/// Where reading a way stands.
#[derive(Clone, Copy, Debug, Default)]
enum At {
    /// A frame header, or an instruction, comes next.
    #[default]
    Frame,
    /// The payload of a `DATA` frame.
    Data(MessageId, u64),
    /// The payload of a frame that is too long to wait for passes by.
    Long(MessageId),
    /// Behind a hole, nobody knows where a frame begins.
    Lost,
}

impl Session for Http3Session {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let key = input.way();
        let reading = *self.ways.entry(key).or_default();
        if input.lane & ONE_WAY != 0 && reading.of_type.is_none() {
            if matches!(reading.at, At::Lost) {
                return Progress::Took(input.bytes.len());
            }
            return self.stream_type(key, input, out);
        }
        match (reading.at, reading.of_type) {
            (At::Lost, _) => Progress::Took(input.bytes.len()),
            (At::Data(id, left), _) => self.data(key, (id, left), input, out),
            (At::Long(_), _) => Progress::GiveUp("a frame that passes by was not passed"),
            (At::Frame, Some(ENCODER)) => self.encoder(input, out),
            (At::Frame, Some(DECODER)) => decoder(input, out),
            (At::Frame, None | Some(CONTROL | PUSH)) => self.frame(key, input, out),
            // What is meant there, only the two ends know.
            (At::Frame, Some(_)) => Progress::Took(input.bytes.len()),
        }
    }

    /// Of a frame that the capture cut, its header.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let reading = self.ways.get(&input.way());
        let is_frame = reading.is_some_and(|it| matches!(it.at, At::Frame));
        if is_frame && FrameHeader::read(input.bytes).is_ok() {
            let span = out.span(input.at, input.bytes.len());
            let id = out.announce(Announce::new(Kind::Frame, span));
            out.attachment(id).keep(Facts { stream: input.lane, ..Facts::default() });
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.finish_open(way, out);
        let reading = self.ways.entry(way).or_default();
        if reading.of_type == Some(ENCODER) {
            self.table(way.direction).lose();
        }
        self.ways.entry(way).or_default().at = At::Lost;
        self.streams.lose(way.lane, way.direction);
        true
    }

    fn end(&mut self, way: Way, ending: Ending, out: &mut Out<'_>) {
        self.finish_open(way, out);
        let reading = self.ways.remove(&way);
        if way.lane & ONE_WAY != 0 && reading.is_none() {
            // Where one side speaks only, the other has nothing to end.
            self.streams.end(way.lane, way.direction);
            return;
        }
        let last = reading.and_then(|reading| reading.last);
        content::end(self, way, (last, ending), out);
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        if let Some(reading) = self.ways.get_mut(&way)
            && let At::Long(id) = reading.at
        {
            reading.at = At::Frame;
            out.finish(id);
        }
    }

    fn holds(&self) -> Vec<Span> {
        let blocked = self.blocked.iter().map(|one| one.payload);
        self.streams.places().chain(blocked).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl Http3Session {
    /// The table by which sections of a direction are read.
    pub(super) fn table(&mut self, from: Direction) -> &mut Table {
        self.tables.of_mut(from)
    }

    /// What is open on a way is complete: no more comes.
    fn finish_open(&mut self, way: Way, out: &mut Out<'_>) {
        if let Some(reading) = self.ways.get_mut(&way)
            && let At::Data(id, _) | At::Long(id) = reading.at
        {
            reading.at = At::Frame;
            out.finish(id);
        }
    }

    /// What a stream is for on which one side speaks only (RFC 9114, section 6.2). A push says
    /// which promise it is of.
    fn stream_type(&mut self, key: Way, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let mut reader = Reader::new(input.bytes, ANYWHERE);
        let Ok((of_type, _)) = varint(&mut reader, "the stream's type") else {
            return Progress::Need(input.bytes.len() + 1);
        };
        if of_type == PUSH && varint(&mut reader, "the push's number").is_err() {
            return Progress::Need(input.bytes.len() + 1);
        }
        let len = input.bytes.len() - reader.len();
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(Kind::StreamType, span));
        let of_type = Some(of_type);
        out.attachment(id).keep(Facts { stream: input.lane, of_type, ..Facts::default() });
        self.ways.entry(key).or_default().of_type = of_type;
        Progress::Took(len)
    }

    fn frame(&mut self, key: Way, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let header = match FrameHeader::read(input.bytes) {
            Ok(header) => header,
            Err(needed) => return Progress::Need(needed),
        };
        if header.kind == DATA {
            return self.begin_data(key, header, input, out);
        }
        let whole = header.own as u64 + header.length;
        if whole > MAX_WHOLE {
            let span = out.span(input.at, header.own);
            let id = self.begin(span, input, out);
            out.collect(id, Role::Payload);
            self.ways.entry(key).or_default().at = At::Long(id);
            return Progress::Pass(whole);
        }
        let whole = whole as usize;
        let Some(payload) = input.bytes.get(header.own..whole) else {
            return Progress::Need(whole);
        };
        let span = out.span(input.at, whole);
        if matches!(header.kind, HEADERS | PUSH_PROMISE) {
            let id = self.headers(header, (payload, span), input, out);
            self.ways.entry(key).or_default().last = Some(Last { id, frame: input.frame });
            return Progress::Took(whole);
        }
        if header.kind == SETTINGS {
            self.settings(payload, input.direction);
        }
        let id = out.announce(Announce::new(Kind::Frame, span));
        let of_type = self.ways.get(&key).and_then(|reading| reading.of_type);
        out.attachment(id).keep(Facts { stream: input.lane, of_type, ..Facts::default() });
        Progress::Took(whole)
    }

    /// Announces a frame by its header, whose payload passes by.
    fn begin(&self, span: Span, input: Input<'_>, out: &mut Out<'_>) -> MessageId {
        let id = out.begin(Announce::new(Kind::Frame, span));
        if !out.is_brief() {
            let stream = self.streams.get(input.lane);
            let asked = stream.and_then(|stream| stream.asked.clone());
            out.attachment(id).keep(Facts { stream: input.lane, asked, ..Facts::default() });
        }
        id
    }

    /// What the other side's encoder has to keep to.
    fn settings(&mut self, payload: &[u8], from: Direction) {
        let mut reader = Reader::new(payload, ANYWHERE);
        let mut offered = 0;
        while let Ok((id, _)) = varint(&mut reader, "a setting")
            && let Ok((value, _)) = varint(&mut reader, "its value")
        {
            if id == TABLE_CAPACITY {
                offered = u32::try_from(value).unwrap_or(u32::MAX);
            }
        }
        self.table(from.reverse()).offered = Some(offered);
    }

    /// Instructions of one side's encoder: what waited for them is read now.
    fn encoder(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let (all, why) = instructions(input.bytes);
        let Some(len) = all.last().map(|(_, end)| *end) else {
            if matches!(why, NoShape::Need(_)) {
                return Progress::Need(input.bytes.len() + 1);
            }
            self.table(input.direction).lose();
            return Progress::GiveUp("this is no instruction of an encoder");
        };
        let span = out.span(input.at, len);
        let bytes = input.bytes.get(..len).unwrap_or_default();
        let id = out.announce(Announce::new(Kind::Encoder, span));
        let of_type = Some(ENCODER);
        let table = self.table(input.direction);
        let before = table.moment();
        table.follow(all, (bytes, span), out);
        let tables = Some(Box::new([before, table.moment()]));
        out.attachment(id).keep(Facts { stream: input.lane, of_type, tables, ..Facts::default() });
        self.unblock(input.direction, out);
        Progress::Took(len)
    }
}

/// What one side's decoder says.
fn decoder(input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let (all, why) = acknowledgements(input.bytes);
    let Some(len) = all.last().map(|(_, end)| *end) else {
        return match why {
            NoShape::Need(_) => Progress::Need(input.bytes.len() + 1),
            NoShape::TooLarge => Progress::GiveUp("this is nothing that a decoder says"),
        };
    };
    let span = out.span(input.at, len);
    let id = out.announce(Announce::new(Kind::Decoder, span));
    let of_type = Some(DECODER);
    out.attachment(id).keep(Facts { stream: input.lane, of_type, ..Facts::default() });
    Progress::Took(len)
}
