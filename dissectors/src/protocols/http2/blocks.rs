//! Header blocks (RFC 9113, section 4.3): put together out of frames, unpacked, and told what part
//! of an exchange they are.
//!
//! ```text
//!   HEADERS │ fields … fie│  CONTINUATION │ld  fields … │ END_HEADERS
//!           └ told here ┘ └─── waits ───────┘ told here
//! ```
//!
//! Each field is told with the frame that it ends in.

use std::sync::Arc;

use super::Kind;
use super::body;
use super::facts::{Facts, List, Remark, Whole};
use super::frame::{CONTINUATION, END_HEADERS, FrameHeader, HEADER_LEN, PUSH_PROMISE};
use super::hpack::{self, FieldLine, Table};
use super::session::Http2Session;
use crate::engine::session::{Announce, Input, Out};
use crate::ids::{Both, Direction, MessageId};
use crate::limits::{MAX_HEADER_BLOCK, MAX_HEADER_FRAMES};
use crate::message::Relation;
use crate::protocols::multiplexed::{Carried, Fault, Form as _, Head, Moment, Part, Question};
use crate::span::{Piece, Span};

/// The header blocks of both directions.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    tables: Both<Table>,
    open: Both<Option<Block>>,
}

/// A header block that goes on.
#[derive(Clone, Debug, Default)]
struct Block {
    /// The stream of its frames.
    carrier: u32,
    /// The stream that it is about: of a promise another one.
    stream: u32,
    is_promise: bool,
    ends_stream: bool,
    /// The beginning of a field of which the rest is missing.
    pieces: Vec<Piece>,
    waiting: usize,
    needed: usize,
    /// All its bytes, and all its frames.
    size: usize,
    frames: usize,
    /// The fields so far, and the bytes of their names and values.
    fields: (u64, u64),
    progress: hpack::Progress,
    head: Head,
    /// Nothing more can be read of it.
    is_broken: bool,
    /// Whether it is known what part of an exchange it is.
    is_known: bool,
}

/// The fields of a block that end in one of its frames.
struct Fields {
    lines: Vec<FieldLine>,
    fault: Option<(Fault, Span)>,
    /// The bytes that the frame has of the block.
    packed: u32,
    remark: Option<Remark>,
    is_last: bool,
    /// The table before and after it.
    tables: [Moment; 2],
}

impl Blocks {
    /// The table by which blocks of a direction are read.
    pub(super) fn table(&mut self, from: Direction) -> &mut Table {
        self.tables.of_mut(from)
    }

    fn place(&mut self, from: Direction) -> &mut Option<Block> {
        self.open.of_mut(from)
    }

    /// Whether a block of that direction goes on.
    pub(super) fn is_open(&self, from: Direction) -> bool {
        self.open.of(from).is_some()
    }

    /// Blocks of that direction are missing, or could not be read.
    pub(super) fn lose(&mut self, from: Direction) {
        self.table(from).forget();
        *self.place(from) = None;
    }

    /// The places of what waits for its rest.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        self.open.iter().flatten().flat_map(|block| &block.pieces).copied()
    }
}

impl Http2Session {
    /// Reads a frame that carries a piece of a header block, and announces it.
    pub(super) fn block(
        &mut self,
        header: FrameHeader,
        (payload, span): (&[u8], Span),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) {
        let from = input.direction;
        let (mut block, remark) = self.go_on_with(header, payload, from);
        let range = header.fragment(payload);
        if range.is_none() || remark == Some(Remark::NoBlock) {
            block.is_broken = true;
            self.blocks.table(from).forget();
        }
        let range = range.unwrap_or_default();
        let place = span.part(HEADER_LEN + range.start, range.len());
        let bytes = payload.get(range).unwrap_or_default();
        let is_last = header.has(END_HEADERS);
        let before = self.blocks.table(from).moment();
        let (lines, fault) = self.unpack(&mut block, (bytes, place), is_last, from, out);
        let remark = if block.is_flood() { Some(Remark::Flood) } else { remark };
        for line in &lines {
            block.head.add(line, out);
        }
        block.count(&lines);
        let packed = bytes.len() as u32;
        let tables = [before, self.blocks.table(from).moment()];
        let piece = Fields { lines, fault, packed, remark, is_last, tables };
        let (id, part) = self.announce_fields(&mut block, piece, span, input, out);
        if !is_last {
            *self.blocks.place(from) = Some(block);
            return;
        }
        self.begin_list(&mut block, part, from, out);
        if block.ends_stream {
            body::end(&mut self.streams, (block.stream, id), input, out);
        }
    }

    /// The block that a frame goes on with, or the one that it begins, and what is out of order
    /// with that.
    fn go_on_with(
        &mut self,
        header: FrameHeader,
        payload: &[u8],
        from: Direction,
    ) -> (Block, Option<Remark>) {
        let begun = Block::new(header, payload);
        match self.blocks.place(from).take() {
            Some(open) if header.kind == CONTINUATION && open.carrier == header.stream => {
                (open, None)
            }
            _ if header.kind == CONTINUATION => (begun, Some(Remark::NoBlock)),
            Some(_) => {
                self.blocks.table(from).forget();
                (begun, Some(Remark::Within))
            }
            None => (begun, None),
        }
    }

    /// Announces a frame with the fields that end in it, and says what part of an exchange they
    /// are.
    fn announce_fields(
        &mut self,
        block: &mut Block,
        fields: Fields,
        span: Span,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> (MessageId, Part) {
        let from = input.direction;
        let part = self.part(block, fields.is_last, from);
        let is_first =
            part != Part::Begun && !std::mem::replace(&mut block.is_known, part != Part::Begun);
        let is_request = matches!(part, Part::Request | Part::Promise);
        let stream = self.streams.get(block.stream);
        let known = stream.as_ref().and_then(|stream| stream.asked.clone());
        let upgraded = stream.as_ref().and_then(|stream| stream.upgraded);
        let question = stream.and_then(|stream| stream.question);
        let asked = if is_request { Some(Arc::clone(&block.head.asked)) } else { known };
        let is_answer = is_first && matches!(part, Part::Interim | Part::Response);
        let answered = question.filter(|_| is_answer);
        // On the streams that a server begins nobody asked (RFC 9113, section 5.1.1).
        let asked_here = answered.filter(|_| block.stream % 2 == 1);
        let since = asked_here.and_then(|question| question.since(input.time));
        let frame = answered.map(|question| question.frame);
        let id = out.announce(Announce::new(Kind::Frame, span).extra(frame));
        let mut list = List {
            part,
            first: is_first,
            lines: fields.lines.into(),
            packed: fields.packed,
            dropped: block.progress.dropped as u32,
            fault: fields.fault,
            number: 0,
            waiting: 0,
            status: block.head.status,
            since,
            unblocked: None,
            tables: Some(fields.tables),
        };
        if let Some(asked) = asked.clone().filter(|_| is_request) {
            if is_first {
                list.waiting = self.streams.waiting() as u32;
                self.requests = self.requests.saturating_add(u32::from(!block.is_promise));
                list.number = if block.is_promise { 0 } else { self.requests };
            }
            let asker = if block.is_promise { from.reverse() } else { from };
            let own = Question {
                id,
                frame: input.frame,
                began: input.time,
                ended: input.time,
                from: asker,
            };
            self.streams.open(block.stream);
            self.streams.ask(block.stream, asked, question.filter(|_| !is_first).unwrap_or(own));
        }
        self.streams.go_on(block.stream, from, input.time);
        if let Some(question) = answered {
            out.relate(id, Relation::Answers, question.id);
        }
        let (remark, list) = (fields.remark, Some(Box::new(list)));
        let whole = block.whole().filter(|_| fields.is_last);
        out.attachment(id).keep(Facts {
            remark,
            asked,
            upgraded,
            list,
            block: whole,
            ..Facts::default()
        });
        (id, part)
    }

    /// Unpacks what is whole, with what waited for it.
    fn unpack(
        &mut self,
        block: &mut Block,
        (bytes, place): (&[u8], Span),
        is_last: bool,
        from: Direction,
        out: &mut Out<'_>,
    ) -> (Vec<FieldLine>, Option<(Fault, Span)>) {
        block.size = block.size.saturating_add(bytes.len());
        block.frames += 1;
        if block.is_broken {
            return (Vec::new(), None);
        }
        if block.is_flood() {
            block.is_broken = true;
            self.blocks.table(from).forget();
            return (Vec::new(), None);
        }
        let table = self.blocks.table(from);
        if block.pieces.is_empty() {
            let read = hpack::read(table, &mut block.progress, (bytes, place), out);
            return self.settle(block, read, place, is_last, from);
        }
        block.pieces.push(place);
        block.waiting += bytes.len();
        if block.waiting < block.needed && !is_last {
            return (Vec::new(), None);
        }
        let place = out.join(&block.pieces);
        let bytes = out.bytes(place).to_vec();
        let read = hpack::read(table, &mut block.progress, (&bytes, place), out);
        self.settle(block, read, place, is_last, from)
    }

    /// Keeps what is not whole for the next frame, where there is one.
    fn settle(
        &mut self,
        block: &mut Block,
        read: hpack::Read,
        place: Span,
        is_last: bool,
        from: Direction,
    ) -> (Vec<FieldLine>, Option<(Fault, Span)>) {
        let rest = place.from(read.taken);
        let is_cut = rest.len > 0 && is_last;
        let fault = read.fault.or(is_cut.then_some(Fault::Cut));
        block.pieces.clear();
        block.waiting = rest.len as usize;
        block.needed = read.needed;
        if fault.is_some() {
            block.is_broken = true;
            self.blocks.table(from).forget();
        } else if rest.len > 0 {
            block.pieces.push(rest);
        }
        (read.lines, fault.map(|fault| (fault, rest)))
    }

    /// Which part of an exchange a header list is (RFC 9113, section 8.1), by its control data.
    fn part(&mut self, block: &Block, is_last: bool, from: Direction) -> Part {
        let head = &block.head;
        let asked = &head.asked;
        if asked.is_whole() || (is_last && (block.is_promise || asked.is_known())) {
            return if block.is_promise { Part::Promise } else { Part::Request };
        }
        match head.status {
            0 => {}
            100..=199 => return Part::Interim,
            _ => return Part::Response,
        }
        let stream = self.streams.get(block.stream);
        let begun = stream.is_some_and(|stream| stream.side(from).begun);
        match (begun && block.ends_stream, is_last) {
            (true, _) => Part::Trailers,
            (false, true) => Part::Unknown,
            (false, false) => Part::Begun,
        }
    }

    /// A header list is complete: what it says of what follows.
    fn begin_list(&mut self, block: &mut Block, part: Part, from: Direction, out: &Out<'_>) {
        if matches!(part, Part::Interim | Part::Trailers) || block.is_promise {
            return;
        }
        if part == Part::Response {
            self.resets = 0;
        }
        if let Some(stream) = self.streams.open(block.stream) {
            let asked = stream.asked.as_deref();
            let is_open = part == Part::Request || block.head.status / 100 == 2;
            let tunnel = asked.filter(|asked| asked.is_connect() && is_open);
            let mut content = std::mem::take(&mut block.head.content);
            content.to = Carried::behind(tunnel, block.head.media_type.as_deref(), out);
            content.holed = block.is_broken && block.head.media_type.is_none();
            self.streams.expect(block.stream, from, content);
        }
        self.streams.begin(block.stream, from);
    }
}

impl Block {
    /// A block that begins with this frame.
    fn new(header: FrameHeader, payload: &[u8]) -> Self {
        let is_promise = header.kind == PUSH_PROMISE;
        let at = usize::from(header.is_padded());
        let promised = payload.get(at..).and_then(<[u8]>::first_chunk);
        let promised = promised.map_or(0, |all| u32::from_be_bytes(*all) & 0x7fff_ffff);
        Self {
            carrier: header.stream,
            stream: if is_promise { promised } else { header.stream },
            is_promise,
            ends_stream: header.ends_stream(),
            ..Self::default()
        }
    }

    /// Takes fields into account that were read.
    fn count(&mut self, lines: &[FieldLine]) {
        let (mut fields, mut bytes) = self.fields;
        for line in lines.iter().filter(|line| line.form.is_field()) {
            fields += 1;
            bytes += line.name.size() + line.value.size();
        }
        self.fields = (fields, bytes);
    }

    /// What all its frames hold, where there are several, and all of it could be read.
    fn whole(&self) -> Option<Whole> {
        let Self { frames, size, fields, .. } = *self;
        let whole = Whole { frames: frames as u32, packed: size as u64, fields };
        (frames > 1 && !self.is_broken).then_some(whole)
    }

    /// Whether it is longer than anything that is read.
    fn is_flood(&self) -> bool {
        self.size > MAX_HEADER_BLOCK || self.frames > MAX_HEADER_FRAMES
    }
}
