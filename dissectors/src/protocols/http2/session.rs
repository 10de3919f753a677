//! Reads one HTTP/2 connection: frames are announced, header blocks unpacked, the content of each
//! stream kept in order until it ends.
//!
//! ```text
//!   Start ── preface ──> Frame <──────────────┐
//!     └── none ───────────┘ │ DATA            │ whole frame, or the last byte
//!                           v                 │
//!                         Data(left, padding) ┘      a hole: Lost ──> Frame, where a segment
//!                                                    begins with one
//! ```

use super::blocks::Blocks;
use super::facts::{Facts, Remark, Windows};
use super::frame::{
    DATA, END_STREAM, FrameHeader, GOAWAY, HEADER_LEN, NO_LAST_STREAM, PING, PREFACE_BYTES,
    RST_STREAM, SETTINGS, WINDOW_UPDATE, are_frames, last_stream,
};
use super::streams::{Stream, Streams};
use super::windows::Connection;
use super::{Kind, Role, body};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, FrameId, MessageId, Time};
use crate::limits::RAPID_RESETS;
use crate::protocols::multiplexed::timeout_nanos;
use crate::protocols::semantics::{HttpVersion, Upgraded};
use crate::span::Span;

/// The longest frame that is waited for as a whole, `DATA` excepted. Peers refuse more than 16 KiB
/// unless they said otherwise (RFC 9113, section 4.2); longer ones pass by.
const MAX_WHOLE: usize = 256 << 10;

/// The state of a connection.
#[derive(Clone)]
pub(super) struct Http2Session {
    pub(super) lanes: Both<Lane>,
    pub(super) blocks: Blocks,
    pub(super) streams: Streams,
    /// For what each side sends.
    windows: Both<Connection>,
    /// Whether the request was looked for that turned the connection to this protocol.
    is_begun: bool,
    /// Whether all that changes the windows was read.
    is_whole: bool,
    /// The stream whose data each side sent last, and which goes on.
    turns: Both<u32>,
    /// Whether a side has said that it will leave, without a last stream so far.
    leaving: Both<bool>,
    /// Requests so far.
    pub(super) requests: u32,
    /// Streams in a row that were broken off before an answer.
    pub(super) resets: u32,
}

/// One direction.
#[derive(Clone, Copy, Default)]
pub(super) enum Lane {
    /// Nothing was read yet.
    #[default]
    Start,
    /// A frame header comes next.
    Frame,
    /// The payload of a `DATA` frame.
    Data(Flow),
    /// The payload of a frame that is too long to wait for passes by.
    Long(MessageId),
    /// Behind a hole, nobody knows where a frame begins.
    Lost,
}

/// A `DATA` frame on its way.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    id: MessageId,
    stream: u32,
    /// Bytes of content still to come.
    left: u32,
    /// Bytes of padding after them.
    padding: u32,
    ends: bool,
}

impl Session for Http2Session {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if !std::mem::replace(&mut self.is_begun, true)
            && let Some(upgraded) = Upgraded::take(out)
        {
            self.settings(&upgraded.settings, upgraded.from, None);
            self.streams.upgrade(upgraded);
        }
        match *self.lane(input.direction) {
            Lane::Start => self.start(input, out),
            Lane::Frame => self.frame(input, out),
            Lane::Data(flow) => self.data(flow, input, out),
            Lane::Long(_) => Progress::GiveUp("a frame that passes by was not passed"),
            Lane::Lost if are_frames(input.bytes) => {
                *self.lane(input.direction) = Lane::Frame;
                self.frame(input, out)
            }
            Lane::Lost => Progress::Took(input.bytes.len()),
        }
    }

    /// Of a frame that the capture cut, what there is.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let is_frame = matches!(*self.lane(input.direction), Lane::Frame);
        if is_frame && FrameHeader::read(input.bytes).is_some_and(|it| it.is_plausible(input.bytes))
        {
            let span = out.span(input.at, input.bytes.len());
            out.announce(Announce::new(Kind::Frame, span));
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.end(way, Ending::Cut, out);
        self.lose(way.direction);
        *self.lane(way.direction) = Lane::Lost;
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        match *self.lane(direction) {
            Lane::Data(Flow { id, .. }) | Lane::Long(id) => out.finish(id),
            Lane::Start | Lane::Frame | Lane::Lost => {}
        }
        *self.lane(direction) = Lane::Frame;
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Lane::Long(id) = *self.lane(direction) {
            out.finish(id);
            *self.lane(direction) = Lane::Frame;
        }
    }

    fn holds(&self) -> Vec<Span> {
        self.streams.places().chain(self.blocks.places()).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl Http2Session {
    pub(super) fn new() -> Self {
        Self {
            lanes: Both::each(Lane::Start),
            blocks: Blocks::default(),
            streams: Streams::default(),
            windows: Both::each(Connection::default()),
            is_begun: false,
            is_whole: true,
            turns: Both::each(0),
            leaving: Both::each(false),
            requests: 0,
            resets: 0,
        }
    }

    fn lane(&mut self, direction: Direction) -> &mut Lane {
        self.lanes.of_mut(direction)
    }

    /// The windows for what one side sends.
    fn window(&mut self, from: Direction) -> &mut Connection {
        self.windows.of_mut(from)
    }

    /// What was sent in a direction until now is not known, or not all of it.
    fn lose(&mut self, direction: Direction) {
        self.blocks.lose(direction);
        self.streams.lose(direction);
        self.is_whole = false;
    }

    /// A connection begins with the preface, and with `SETTINGS` of the server (RFC 9113, section
    /// 3.4). What begins otherwise was under way before.
    fn start(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let seen = input.bytes.len().min(PREFACE_BYTES.len());
        if input.bytes.get(..seen) != PREFACE_BYTES.get(..seen) {
            let Some(first) = FrameHeader::read(input.bytes) else {
                return Progress::Need(HEADER_LEN);
            };
            *self.lane(input.direction) = Lane::Frame;
            if first.kind != SETTINGS || first.has(END_STREAM) || input.at > 0 {
                self.lose(input.direction);
            }
            return self.frame(input, out);
        }
        if seen < PREFACE_BYTES.len() {
            return Progress::Need(PREFACE_BYTES.len());
        }
        let span = out.span(input.at, seen);
        out.announce(Announce::new(Kind::Preface, span));
        *self.lane(input.direction) = Lane::Frame;
        Progress::Took(seen)
    }

    fn frame(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some(header) = FrameHeader::read(input.bytes) else {
            return Progress::Need(HEADER_LEN);
        };
        if header.kind == DATA {
            return self.begin_data(header, input, out);
        }
        let len = HEADER_LEN + header.length as usize;
        if len > MAX_WHOLE {
            return self.begin_long(header, input, out);
        }
        let Some(payload) = input.bytes.get(HEADER_LEN..len) else {
            return Progress::Need(len);
        };
        let span = out.span(input.at, len);
        if header.carries_block() {
            self.block(header, (payload, span), input, out);
            return Progress::Took(len);
        }
        let facts = self.single(header, payload, input, out);
        let id = out.announce(Announce::new(Kind::Frame, span));
        if !out.is_brief() && !facts.is_empty() {
            out.attachment(id).keep(facts);
        }
        Progress::Took(len)
    }

    /// Takes into account a frame that stands for itself.
    fn single(
        &mut self,
        header: FrameHeader,
        payload: &[u8],
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Facts {
        let (from, stream) = (input.direction, header.stream);
        let mut facts = Facts::default();
        if self.blocks.is_open(from) {
            facts.remark = Some(Remark::Within);
        }
        if let Some(stream) = self.streams.get(stream) {
            (facts.asked, facts.upgraded) = (stream.asked.clone(), stream.upgraded);
        }
        match header.kind {
            SETTINGS if !header.has(END_STREAM) => {
                self.settings(payload, from, Some(input.frame));
            }
            PING => facts.leaves = *self.leaving.of(from),
            GOAWAY => {
                facts.leaves = *self.leaving.of(from);
                *self.leaving.of_mut(from) = last_stream(payload) == NO_LAST_STREAM;
            }
            WINDOW_UPDATE if self.is_whole => {
                let bytes = payload.first_chunk().map_or(0, |all| u32::from_be_bytes(*all));
                facts.windows = self.grant(bytes & 0x7fff_ffff, stream, from.reverse(), input.time);
            }
            RST_STREAM => {
                facts.others = self.streams.others(stream);
                facts.overdue = self.streams.get(stream).and_then(|one| overdue(one, input.time));
                let is_unanswered = self.streams.get(stream).is_some_and(|stream| {
                    let question = stream.question.filter(|question| question.from == from);
                    question.is_some() && !stream.side(from.reverse()).begun
                });
                self.resets = if is_unanswered { self.resets.saturating_add(1) } else { 0 };
                if self.resets >= RAPID_RESETS {
                    facts.remark = Some(Remark::RapidReset);
                }
                self.streams.break_off(stream, from);
                out.reset_child(u64::from(stream));
            }
            _ => {}
        }
        facts
    }

    /// The settings that others have to keep to, and the frame that says so; none where a request
    /// of HTTP/1.1 did.
    fn settings(&mut self, payload: &[u8], from: Direction, frame: Option<FrameId>) {
        for setting in payload.chunks_exact(6) {
            let Some((id, value)) = setting.split_first_chunk() else { continue };
            let value = value.first_chunk().map_or(0, |all| u32::from_be_bytes(*all));
            match u16::from_be_bytes(*id) {
                1 => self.blocks.table(from.reverse()).offer(value),
                4 => {
                    let window = self.window(from.reverse());
                    (window.initial, window.set_in) = (value.into(), frame);
                }
                _ => {}
            }
        }
    }

    /// One side may send more: on a stream, or on all together.
    fn grant(&mut self, bytes: u32, stream: u32, sender: Direction, time: Time) -> Option<Windows> {
        let mut windows = Windows::default();
        if stream == 0 {
            let (change, waited) = self.window(sender).account.grant(bytes, 0, time);
            // Nobody waits for a window who has nothing to send.
            let goes_on = *self.turns.of(sender) > 0;
            (windows.connection, windows.waited) = (Some(change), waited.filter(|_| goes_on));
        } else {
            let base = self.window(sender).initial;
            let side = self.streams.get(stream)?.side(sender);
            let (change, waited) = side.account.grant(bytes, base, time);
            let goes_on = side.begun && !side.ended;
            (windows.stream, windows.waited) = (Some(change), waited.filter(|_| goes_on));
        }
        Some(windows)
    }

    fn begin_data(&mut self, header: FrameHeader, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        // The pad length is the first byte of the payload (RFC 9113, section 6.1).
        let is_padded = header.is_padded() && header.length > 0;
        let head = HEADER_LEN + usize::from(is_padded);
        let padding = match (is_padded, input.bytes.get(HEADER_LEN)) {
            (false, _) => 0,
            (true, Some(padding)) => u32::from(*padding),
            (true, None) => return Progress::Need(head),
        };
        let payload = header.length - u32::from(is_padded);
        let span = out.span(input.at, head);
        let id = out.begin(Announce::new(Kind::Frame, span));
        if out.is_brief() {
            self.streams.came(header.stream, input.direction);
        } else {
            let facts = self.account(header, input);
            if !facts.is_empty() {
                out.attachment(id).keep(facts);
            }
        }
        // More padding than payload is an error: none of it is content.
        let left = payload.saturating_sub(padding);
        let padding = payload - left;
        let (stream, ends) = (header.stream, header.ends_stream());
        self.go_on(Flow { id, stream, left, padding, ends }, input, out);
        Progress::Took(head)
    }

    /// What a `DATA` frame does to windows and streams.
    fn account(&mut self, header: FrameHeader, input: Input<'_>) -> Facts {
        let (from, time, number) = (input.direction, input.time, header.stream);
        let mut facts = Facts::default();
        if self.blocks.is_open(from) {
            facts.remark = Some(Remark::Within);
        } else if self.is_whole && self.streams.has_ended(number, from) {
            facts.remark = Some(Remark::Ended);
        }
        let base = self.window(from).initial;
        let connection = self.window(from).account.send(header.length, 0, time);
        let is_whole = self.is_whole;
        let Some(stream) = self.streams.open(number).filter(|_| number > 0) else {
            return facts;
        };
        (facts.asked, facts.upgraded) = (stream.asked.clone(), stream.upgraded);
        let side = stream.side(from);
        side.content.frames = side.content.frames.saturating_add(1);
        facts.is_handed_on = side.content.is_passed_on() && header.length > 0;
        let own = side.account.send(header.length, base, time);
        // One that only ends its stream leaves windows as they are, which is told, too.
        if is_whole && (header.length > 0 || header.ends_stream()) {
            let began = match (own.after <= 0, connection.after <= 0) {
                _ if header.length == 0 => None,
                (false, false) => None,
                (of_stream, _) => Some(self.window(from).began(of_stream)),
            };
            let (connection, stream) = (Some(connection), Some(own));
            facts.windows = Some(Windows { connection, stream, waited: None, began });
        }
        self.streams.begin(number, from);
        let last = *self.turns.of(from);
        let goes_on = self.streams.get(last).is_some_and(|stream| !stream.side(from).ended);
        if last != number && goes_on {
            facts.turn = last;
        }
        *self.turns.of_mut(from) = if header.ends_stream() { 0 } else { number };
        facts
    }

    fn data(&mut self, mut flow: Flow, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let wanted = if flow.left > 0 { flow.left } else { flow.padding };
        let len = input.bytes.len().min(wanted as usize);
        let span = out.span(input.at, len);
        out.gather_shown(flow.id, Role::Payload, span);
        if flow.left > 0 {
            flow.left -= len as u32;
            // Content on no stream is an error, and nobody's (RFC 9113, section 6.1).
            if !self.pass_on(flow.stream, input.direction, span, out) {
                self.streams.add(flow.stream, input.direction, span, out.is_brief());
            }
        } else {
            flow.padding -= len as u32;
        }
        self.go_on(flow, input, out);
        Progress::Took(len)
    }

    /// The message is complete with the last byte of its padding.
    fn go_on(&mut self, flow: Flow, input: Input<'_>, out: &mut Out<'_>) {
        *self.lane(input.direction) = if flow.left > 0 || flow.padding > 0 {
            Lane::Data(flow)
        } else {
            self.streams.go_on(flow.stream, input.direction, input.time);
            if flow.ends {
                body::end(&mut self.streams, (flow.stream, flow.id), input, out);
            }
            out.finish(flow.id);
            Lane::Frame
        };
    }

    /// Announces a frame by its header and lets its payload pass.
    fn begin_long(&mut self, header: FrameHeader, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, HEADER_LEN);
        let id = out.begin(Announce::new(Kind::Frame, span));
        out.collect(id, Role::Payload);
        if header.carries_block() {
            self.blocks.lose(input.direction);
            out.attachment(id).keep(Facts { remark: Some(Remark::Flood), ..Facts::default() });
        }
        *self.lane(input.direction) = Lane::Long(id);
        Progress::Pass(HEADER_LEN as u64 + u64::from(header.length))
    }

    /// Hands content on as it comes, where somebody reads it like that.
    fn pass_on(&mut self, number: u32, from: Direction, span: Span, out: &mut Out<'_>) -> bool {
        let Some(stream) = self.streams.get(number) else { return false };
        if !stream.side(from).content.is_passed_on() {
            return false;
        }
        let asked = stream.asked.clone();
        let asker = stream.question.map_or(from, |question| question.from);
        let call = asked.as_deref().map(|asked| (asked, asker));
        stream.side(from).content.pass_on((number.into(), HttpVersion::Http2), call, span, out)
    }
}

/// For how long a call has waited by now whose deadline is over.
fn overdue(stream: &Stream, now: Time) -> Option<i64> {
    let longest = timeout_nanos(&stream.asked.as_ref()?.timeout)?;
    let waited = now.known()?.since(stream.question?.began.known()?);
    (waited >= longest).then_some(waited)
}
