//! Reads one HTTP/1.x connection: heads are announced, bodies pass by, responses find the
//! requests they answer.
//!
//! ```text
//!            ┌──────────── Head ────────────┐
//!   lane:    │ no body        body          │ CONNECT + 2xx, 101
//!            │   └─> Head       ├─ Body ──> Head
//!            │                  └─ Chunks ─> Head     └─> Tunnel
//!            └─ no head, or a hole: Lost ──> Head, where a segment begins with one
//! ```
//!
//! Each direction is a lane with a state of its own. What ties the lanes together is the queue of
//! requests that wait for their response: a client may send several before the first one is
//! answered (RFC 9112, section 9.3.2), and responses come in the order of the requests.

use super::chunk::{ChunkLine, MAX_CHUNK_LINES, NoLine};
use super::content::{self, Content, Exchanges};
use super::facts::{Ended, Facts};
use super::framing::{BodyLength, Head};
use super::head::{self, MAX_HEAD, MAX_START_LINE, StartLine, line_end};
use super::pairing::{Hole, Pairing, Waiting};
use super::upgrade::{leave, named};
use super::{Kind, Role};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, FrameId, MessageId, ProtocolId};
use crate::message::{MessagePart, Relation};
use crate::protocol::Claim;
use crate::span::Span;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct HttpSession {
    lanes: Both<Lane>,
    pairing: Pairing,
    /// A message whose direction ended inside it.
    unfinished: Option<MessageId>,
    exchanges: Exchanges,
    /// Whether bytes of a direction were read.
    begun: Both<bool>,
    requests: u32,
    responses: u32,
    last_request: Option<FrameId>,
    last_response: Option<FrameId>,
    /// What speaks in the tunnel, once there is one.
    tunnel: Option<Tunnel>,
}

/// Which protocol a tunnel carries, where its opening said so.
#[derive(Clone, Copy)]
struct Tunnel(Option<ProtocolId>);

/// One direction.
#[derive(Clone, Copy)]
enum Lane {
    /// A head comes next; its lines before this offset are known to hold no end.
    Head(usize),
    /// A body comes next or passes by.
    Body(Body, BodyLength),
    /// Something of a chunked body comes next.
    Chunks(Body, Chunks),
    /// No head can be found: bytes of a message (Inside) or of nobody knows what are lost.
    Lost(Hole),
}

impl Default for Lane {
    fn default() -> Self {
        Self::Head(0)
    }
}

/// A message whose body is being read.
#[derive(Clone, Copy)]
struct Body {
    id: MessageId,
    content: Content,
    chunks: usize,
}

/// What of a chunked body comes next.
#[derive(Clone, Copy)]
enum Chunks {
    /// A size line, and whether it is the first.
    Line(bool),
    /// So many bytes of data.
    Data(u64),
    /// The trailer section; its lines before this offset hold no end.
    Trailer(usize),
}

impl Session for HttpSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if let Some(Tunnel(protocol)) = self.tunnel {
            return Progress::Switch(protocol.map_or(Claim::Content, Claim::Protocol));
        }
        let first = !std::mem::replace(self.begun.of_mut(input.direction), true);
        if first && input.at > 0 {
            // Nobody read this direction when its first bytes were lost.
            self.pairing.lose(input.direction, Hole::Between);
        }
        match *self.lane(input.direction) {
            Lane::Head(scanned) => self.head(scanned, input, out),
            Lane::Body(body, framing) => {
                let len = if let BodyLength::Length(len) = framing { len } else { u64::MAX };
                let left = len.saturating_sub(out.gathered(body.id));
                if let Some(taken) = body.content.pass_on((body.id, left), input, out) {
                    if taken as u64 == left {
                        self.complete(body, input.direction, Ended::Whole, out);
                    }
                    return Progress::Took(taken);
                }
                out.collect(body.id, Role::Body);
                Progress::Pass(len)
            }
            Lane::Chunks(body, chunks) => self.chunks(body, chunks, input, out),
            Lane::Lost(_) if starts_a_head(input.bytes) => {
                *self.lane(input.direction) = Lane::Head(0);
                self.head(0, input, out)
            }
            Lane::Lost(_) => self.unexplained(input.bytes.len(), input, out),
        }
    }

    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        if matches!(self.lane(input.direction), Lane::Head(_)) && self.tunnel.is_none() {
            self.cut_head(input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        let hole = match *self.lane(direction) {
            // A hole that lies inside the body is none to the engine: this one goes beyond it.
            Lane::Head(_) | Lane::Body(..) => Hole::Between,
            Lane::Chunks(..) => Hole::Inside,
            Lane::Lost(hole) => hole,
        };
        self.abandon(direction, Ended::Hole, out);
        self.lost(direction, hole);
        true
    }

    fn end(&mut self, way: Way, ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        match *self.lane(direction) {
            Lane::Body(body, BodyLength::ToEnd) if ending == Ending::Closed => {
                self.complete(body, direction, Ended::Whole, out);
            }
            lane => {
                if let Lane::Body(body, _) | Lane::Chunks(body, _) = lane {
                    self.unfinished = Some(body.id);
                }
                self.abandon(direction, ending.into(), out);
            }
        }
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        match *self.lane(direction) {
            Lane::Body(body, _) => self.complete(body, direction, Ended::Whole, out),
            Lane::Chunks(body, _) => {
                *self.lane(direction) = Lane::Chunks(body, Chunks::Line(false));
            }
            Lane::Head(_) | Lane::Lost(_) => {}
        }
    }

    fn holds(&self) -> Vec<Span> {
        self.pairing.heads().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl HttpSession {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        self.lanes.of_mut(direction)
    }

    fn head(&mut self, scanned: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let bytes = input.bytes;
        // Empty lines before a start line are not part of it (RFC 9112, section 2.2).
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blank > 0 {
            return Progress::Took(blank);
        }
        let mut start = None;
        if scanned == 0 {
            if bytes.starts_with(b"PRI * HTTP/2.0\r") {
                return Progress::Switch(Claim::Named("http2"));
            }
            let whole = line_end(bytes, 0);
            start = whole.and_then(|_| StartLine::read(bytes));
            match whole {
                Some(_) if start.is_some() => {}
                None if bytes.len() < MAX_START_LINE && head::may_become(bytes) => {
                    return Progress::Need(bytes.len() + 1);
                }
                _ => {
                    self.lost(input.direction, Hole::Between);
                    return self.unexplained(bytes.len(), input, out);
                }
            }
        }
        match head::end(bytes, scanned) {
            Ok(len) => {
                let start = start.or_else(|| StartLine::read(bytes));
                self.announce(len, start, Ended::Whole, input, out)
            }
            Err(scanned) if bytes.len() < MAX_HEAD => {
                *self.lane(input.direction) = Lane::Head(scanned);
                Progress::Need(bytes.len() + 1)
            }
            Err(_) => {
                self.lost(input.direction, Hole::Between);
                self.unexplained(bytes.len(), input, out)
            }
        }
    }

    /// The capture kept the beginning of a head: what there is of it is told, where it is enough
    /// to tell what it begins. What follows is looked for a head.
    fn cut_head(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let len = input.bytes.len();
        self.announce(len, StartLine::read(input.bytes), Ended::InHead, input, out);
    }

    /// A head is there, whole or cut, that begins with this: announces its message, and the whole
    /// of it where the body is there too.
    fn announce(
        &mut self,
        len: usize,
        start: Option<StartLine>,
        ended: Ended,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let bytes = input.bytes.get(..len).unwrap_or(input.bytes);
        let Some(head) = start.and_then(|start| Head::behind(start, bytes)) else {
            self.lost(input.direction, Hole::Between);
            return self.unexplained(len, input, out);
        };
        let span = out.span(input.at, len);
        let common = self.pairing.method();
        let (kind, facts, answered) = self.place(&head, input.direction);
        let content = Content::of(&head, bytes, out);
        let is_streamed = content.is_streamed();
        let facts = Facts { ended, is_streamed, ..facts };
        let asked = answered.map_or(common, |request| request.method);
        let framing = match ended {
            Ended::InHead => BodyLength::Nothing,
            _ => head.framing(asked),
        };
        let here = match framing {
            BodyLength::Nothing => Some(0),
            BodyLength::Length(wanted) => usize::try_from(wanted)
                .ok()
                .filter(|_| !is_streamed)
                .filter(|wanted| input.bytes.len() - bytes.len() >= *wanted),
            BodyLength::Chunked | BodyLength::ToEnd => None,
        };
        let frame = answered.map(|request| request.frame);
        let announce = Announce::new(kind, span).extra(frame);
        let id = if here.is_some() { out.announce(announce) } else { out.begin(announce) };
        if let Some(request) = answered {
            out.relate(id, Relation::Answers, request.id);
            let part = MessagePart::lent(Role::RequestHead, request.head);
            out.attachment(id).parts.push(part);
        } else if let Some(method) = head.method {
            let (from, frame) = (input.direction, input.frame);
            let previous = facts.previous_request;
            self.pairing.ask(Waiting { id, from, frame, head: span, method, previous });
        }
        if facts != Facts::default() {
            out.attachment(id).keep(facts);
        }
        if head.opens_tunnel(asked) {
            let upgrade = bytes.get(head.upgrade.clone()).unwrap_or(&[]);
            self.tunnel = Some(Tunnel(named(upgrade, out)));
            if let Some(request) = answered.filter(|_| head.code == 101) {
                leave(request, bytes, out);
            }
        }
        let content = content.in_exchange(answered.map_or(id, |request| request.id));
        let body = Body { id, content, chunks: 0 };
        Progress::Took(len + self.begin_body((body, framing), (len, here), ended, input, out))
    }

    /// Whether a head asks or answers, whom it answers, and what is known of it by its place among
    /// those of its direction.
    fn place(&mut self, head: &Head, from: Direction) -> (Kind, Facts, Option<Waiting>) {
        if head.method.is_some() {
            return (Kind::Request, self.next_request(), None);
        }
        let answered = self.pairing.answer(from, head.is_interim());
        let facts = self.next_response(answered);
        let is_last_word = !head.is_interim();
        let is_early = is_last_word && self.is_open(answered);
        let waiting = if is_last_word { self.pairing.waiting() } else { 0 };
        (Kind::Response, Facts { is_early, waiting, ..facts }, answered)
    }

    /// Takes the body behind a head of that length where all of it is here, and says how much that
    /// was; else it comes next.
    fn begin_body(
        &mut self,
        (body, framing): (Body, BodyLength),
        (head, here): (usize, Option<usize>),
        ended: Ended,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> usize {
        let Some(here) = here else {
            *self.lane(input.direction) = match framing {
                BodyLength::Chunked => Lane::Chunks(body, Chunks::Line(true)),
                framing => Lane::Body(body, framing),
            };
            return 0;
        };
        let Body { id, content, .. } = body;
        let whole = (here > 0).then(|| {
            let span = out.span(input.at + head as u64, here);
            content::attach(content.codings, span, id, out)
        });
        *self.lane(input.direction) = match ended {
            Ended::InHead => Lane::Lost(Hole::Inside),
            _ => Lane::Head(0),
        };
        self.exchanges.complete(content, whole, out);
        self.completed(id, content.is_request(), out);
        here
    }

    /// Whether the body of that request is still coming, or never came to its end. Where its sender
    /// is known to say nothing more, that is told before the answer is read.
    fn is_open(&mut self, request: Option<Waiting>) -> bool {
        let Some(request) = request else { return false };
        match self.lane(request.from) {
            Lane::Body(body, _) | Lane::Chunks(body, _) => body.id == request.id,
            Lane::Head(_) | Lane::Lost(_) => self.unfinished == Some(request.id),
        }
    }

    fn next_request(&mut self) -> Facts {
        self.requests = self.requests.saturating_add(1);
        let previous_request = self.last_request.unwrap_or(FrameId::NONE);
        Facts { number: self.requests, previous_request, ..Facts::default() }
    }

    fn next_response(&mut self, answered: Option<Waiting>) -> Facts {
        self.responses = self.responses.saturating_add(1);
        Facts {
            number: self.responses,
            previous_request: answered.map_or(FrameId::NONE, |request| request.previous),
            previous_response: self.last_response.unwrap_or(FrameId::NONE),
            question: answered.map_or(MessageId::NONE, |request| request.id),
            ..Facts::default()
        }
    }

    fn chunks(
        &mut self,
        mut body: Body,
        chunks: Chunks,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        match chunks {
            Chunks::Data(len) => {
                if let Some(taken) = body.content.pass_on((body.id, len), input, out) {
                    let left = len - taken as u64;
                    let next = if left == 0 { Chunks::Line(false) } else { Chunks::Data(left) };
                    *self.lane(input.direction) = Lane::Chunks(body, next);
                    return Progress::Took(taken);
                }
                out.collect(body.id, Role::Body);
                Progress::Pass(len)
            }
            Chunks::Line(first) => match ChunkLine::read(input.bytes, first) {
                Ok(line) => {
                    if body.chunks < MAX_CHUNK_LINES {
                        body.chunks += 1;
                        let span = out.span(input.at, line.len);
                        out.attachment(body.id).parts.push(MessagePart::new(Role::ChunkLine, span));
                    }
                    let next = match line.size {
                        0 => Chunks::Trailer(0),
                        size => Chunks::Data(size),
                    };
                    *self.lane(input.direction) = Lane::Chunks(body, next);
                    Progress::Took(line.len)
                }
                Err(NoLine::Incomplete) => Progress::Need(input.bytes.len() + 1),
                Err(NoLine::Broken) => {
                    self.abandon(input.direction, Ended::Broken, out);
                    continuation(input.bytes.len(), input, out)
                }
            },
            // Lines that were looked at when less was there are fields.
            Chunks::Trailer(known) => match head::end(input.bytes, known) {
                Ok(len) => {
                    let span = out.span(input.at, len);
                    out.attachment(body.id).parts.push(MessagePart::new(Role::Trailer, span));
                    self.complete(body, input.direction, Ended::Whole, out);
                    Progress::Took(len)
                }
                Err(scanned)
                    if input.bytes.len() < MAX_HEAD
                        && head::are_fields(
                            input.bytes.get(known..scanned).unwrap_or(&[]),
                            known == 0,
                        ) =>
                {
                    *self.lane(input.direction) = Lane::Chunks(body, Chunks::Trailer(scanned));
                    Progress::Need(input.bytes.len() + 1)
                }
                Err(_) => {
                    self.abandon(input.direction, Ended::Broken, out);
                    continuation(input.bytes.len(), input, out)
                }
            },
        }
    }

    /// A body has ended, and with it its message.
    fn complete(&mut self, body: Body, direction: Direction, ended: Ended, out: &mut Out<'_>) {
        let framing = match *self.lane(direction) {
            Lane::Body(_, framing) => framing,
            _ => BodyLength::Chunked,
        };
        *self.lane(direction) = Lane::Head(0);
        let came = out.gathered(body.id);
        let kept = out.collected(body.id);
        let short = matches!(framing, BodyLength::Length(announced) if came < announced);
        let short = short || came != kept.map_or(0, |span| u64::from(span.len));
        let is_whole = ended == Ended::Whole && !short;
        if !is_whole {
            let mut attachment = out.attachment(body.id);
            let facts = attachment.facts::<Facts>().copied().unwrap_or_default();
            attachment.keep(Facts { ended, came: Some(came), ..facts });
        }
        let shown = kept.map(|span| content::undo(body.content.codings, span, body.id, out));
        out.finish(body.id);
        self.exchanges.complete(body.content, shown.filter(|_| is_whole), out);
        self.completed(body.id, body.content.is_request(), out);
    }

    /// Remembers in which frame a message was completed.
    fn completed(&mut self, id: MessageId, request: bool, out: &Out<'_>) {
        let frame = out.frame();
        if !request {
            self.last_response = Some(frame);
            return;
        }
        self.last_request = Some(frame);
        self.pairing.completed(id, frame);
    }

    /// The rest of what was being read in a direction cannot be had.
    fn abandon(&mut self, direction: Direction, ended: Ended, out: &mut Out<'_>) {
        if let Lane::Body(body, _) | Lane::Chunks(body, _) = *self.lane(direction) {
            self.complete(body, direction, ended, out);
        }
        self.lost(direction, Hole::Inside);
    }

    /// Bytes that no head explains. A few of them, where nothing else here was HTTP either, are
    /// nobody's.
    fn unexplained(&self, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.requests + self.responses == 0 && len < MIN_UNEXPLAINED {
            return Progress::Took(len);
        }
        continuation(len, input, out)
    }

    /// No head is known to come next in a direction, and this may be missing of it.
    fn lost(&mut self, direction: Direction, hole: Hole) {
        *self.lane(direction) = Lane::Lost(hole);
        self.pairing.lose(direction, hole);
    }
}

/// Bytes of which a port alone says that they are HTTP's have to be so many to be believed: more
/// than a method has, for fewer may be the beginning of anything.
const MIN_UNEXPLAINED: usize = head::MAX_METHOD + 1;

/// Whether bytes after something unreadable look like the start of a message.
fn starts_a_head(bytes: &[u8]) -> bool {
    super::probe::probe(bytes) == crate::protocol::Likelihood::Surely
}

/// Bytes that no head explains.
fn continuation(len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, len);
    out.announce(Announce::new(Kind::Continuation, span));
    Progress::Took(len)
}
