//! Reads one HTTP/1.x connection: heads are announced, bodies pass by, responses find the
//! requests they answer.
//!
//! ```text
//!            ┌──────────── Head ────────────┐
//!   lane:    │ no body        body          │ CONNECT + 2xx, 101
//!            │   └─> Head       ├─ Body ──> Head
//!            │                  └─ Chunks ─> Head     └─> Tunnel
//!            └─ no head, or a gap: Lost ──> Head, where a segment begins with one
//! ```
//!
//! Each direction is a lane with a state of its own. What ties the lanes together is the queue of
//! requests that wait for their response: a client may send several before the first one is
//! answered (RFC 9112, section 9.3.2), and responses come in the order of the requests.

use super::chunk::{ChunkLine, MAX_CHUNK_LINES, NoLine};
use super::facts::{Facts, Kept};
use super::framing::{BodyLength, Codings, Head, Method, list};
use super::head::{self, MAX_HEAD, MAX_START_LINE, StartLine, line_end};
use super::pairs::{Pairs, Waiting};
use super::{
    BODY, BODY_DECODED, CHUNK_LINE, CONTINUATION, REQUEST, REQUEST_HEAD, RESPONSE, TRAILER,
};
use crate::ids::{Direction, FrameId, MessageId, ProtocolId};
use crate::message::{Attachment, Part, Relation};
use crate::protocol::Claim;
use crate::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::span::Span;

/// The longest name of a protocol in `Upgrade` that is compared with the registry.
const MAX_UPGRADE_NAME: usize = 32;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct HttpSession {
    lanes: [Lane; 2],
    pairs: Pairs,
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
    /// No head can be found.
    Lost,
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
    request: bool,
    codings: Codings,
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
        match *self.lane(input.direction) {
            Lane::Head(scanned) => self.head(scanned, input, out),
            Lane::Body(body, framing) => {
                out.collect(body.id, BODY);
                match framing {
                    BodyLength::Length(len) => Progress::Pass(len),
                    _ => Progress::Pass(u64::MAX),
                }
            }
            Lane::Chunks(body, chunks) => self.chunks(body, chunks, input, out),
            Lane::Lost if starts_a_head(input.bytes) => {
                *self.lane(input.direction) = Lane::Head(0);
                self.head(0, input, out)
            }
            Lane::Lost => continuation(input.bytes.len(), input, out),
        }
    }

    /// A head that was cut keeps the lines that are whole.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let is_head = matches!(self.lane(input.direction), Lane::Head(_));
        let lines = memchr::memrchr(b'\n', input.bytes).map_or(0, |end| end + 1);
        let whole = input.bytes.get(..lines).unwrap_or(&[]);
        if self.tunnel.is_none() && is_head && StartLine::read(whole).is_some() && lines > 0 {
            self.announce(lines, Input { bytes: whole, ..input }, out);
            self.unfinished(input.direction, Kept::HeadCut, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        // What is missing behind a part of a message is, first of all, the rest of it.
        let was_idle = matches!(self.lane(way.direction), Lane::Head(_));
        self.unfinished(way.direction, Kept::Hole, out);
        self.pairs.gap(way.direction, was_idle);
        true
    }

    fn end(&mut self, way: Way, ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        match (*self.lane(direction), ending) {
            (Lane::Body(body, BodyLength::ToEnd), Ending::Closed) => {
                self.complete(body, direction, out);
            }
            (_, Ending::Closed) => self.unfinished(direction, Kept::Closed, out),
            (_, Ending::Reset) => self.unfinished(direction, Kept::Reset, out),
            (_, Ending::Cut) => self.unfinished(direction, Kept::Cut, out),
        }
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        match *self.lane(direction) {
            Lane::Body(body, _) => self.complete(body, direction, out),
            Lane::Chunks(body, _) => {
                *self.lane(direction) = Lane::Chunks(body, Chunks::Line(false));
            }
            Lane::Head(_) | Lane::Lost => {}
        }
    }

    fn holds(&self) -> Vec<Span> {
        self.pairs.heads().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl HttpSession {
    /// A connection at its beginning; `complete` where that was captured.
    pub(super) fn new(complete: bool) -> Self {
        Self { pairs: Pairs::new(complete), ..Self::default() }
    }

    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [forward, backward] = &mut self.lanes;
        match direction {
            Direction::Forward => forward,
            Direction::Backward => backward,
        }
    }

    fn head(&mut self, scanned: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let bytes = input.bytes;
        // Empty lines before a start line are not part of it (RFC 9112, section 2.2).
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blank > 0 {
            return Progress::Took(blank);
        }
        if scanned == 0 {
            if bytes.starts_with(b"PRI * HTTP/2.0\r") {
                return Progress::Switch(Claim::Named("http2"));
            }
            match line_end(bytes, 0) {
                Some(_) if StartLine::read(bytes).is_some() => {}
                None if bytes.len() < MAX_START_LINE && head::may_become(bytes) => {
                    return Progress::Need(bytes.len() + 1);
                }
                _ => {
                    *self.lane(input.direction) = Lane::Lost;
                    return continuation(bytes.len(), input, out);
                }
            }
        }
        match head::end(bytes, scanned) {
            Ok(len) => self.announce(len, input, out),
            Err(scanned) if bytes.len() < MAX_HEAD => {
                *self.lane(input.direction) = Lane::Head(scanned);
                Progress::Need(bytes.len() + 1)
            }
            Err(_) => {
                *self.lane(input.direction) = Lane::Lost;
                continuation(bytes.len(), input, out)
            }
        }
    }

    /// A head is complete: announces its message, and the whole of it where the body is there too.
    fn announce(&mut self, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let bytes = input.bytes.get(..len).unwrap_or(input.bytes);
        let Some(head) = Head::read(bytes) else {
            *self.lane(input.direction) = Lane::Lost;
            return continuation(len, input, out);
        };
        let span = out.span(input.at, len);
        let (kind, facts, answered) = match head.method {
            Some(_) => (REQUEST, self.next_request(), None),
            None => {
                let answered = self.pairs.answered(input.direction, head.is_interim());
                (RESPONSE, self.next_response(answered), answered)
            }
        };
        let asked = answered.map_or(Method::Other, |request| request.method);
        let frame = answered.map_or(FrameId::NONE, |request| request.frame);
        let announce = Announce::new(kind, span).extra(frame.0);
        let framing = head.framing(asked);
        let here = match framing {
            BodyLength::Nothing => Some(0),
            BodyLength::Length(wanted) => usize::try_from(wanted)
                .ok()
                .filter(|wanted| input.bytes.len() - bytes.len() >= *wanted),
            BodyLength::Chunked | BodyLength::ToEnd => None,
        };
        let id = if here.is_some() { out.announce(announce) } else { out.begin(announce) };
        let is_first = head.method.is_none() && !head.is_interim() && self.requests == 0;
        if is_first {
            self.pairs.came_first(id);
        }
        match answered {
            Some(request) => {
                out.relate(id, Relation::Answers, request.id);
                let part = Part { role: REQUEST_HEAD, span: request.head };
                out.attachment(id).parts.push(part);
            }
            None => {
                if let Some(method) = head.method {
                    let waiting = Waiting {
                        id,
                        from: input.direction,
                        frame: input.frame,
                        head: span,
                        method,
                        previous: facts.previous_request,
                        doubtful: false,
                    };
                    self.pairs.wait(waiting, out);
                }
            }
        }
        if facts != Facts::default() {
            facts.keep(out.attachment(id));
        }
        if head.opens_tunnel(asked) {
            let upgrade = bytes.get(head.upgrade.clone()).unwrap_or(&[]);
            self.tunnel = Some(Tunnel(named(upgrade, out)));
        }
        let codings = head.codings;
        let body = Body { id, request: head.method.is_some(), codings, chunks: 0 };
        match here {
            Some(here) => {
                if here > 0 {
                    let span = out.span(input.at + len as u64, here);
                    decode(codings, Part { role: BODY, span }, id, out);
                }
                *self.lane(input.direction) = Lane::Head(0);
                self.completed(id, body.request, out);
                Progress::Took(len + here)
            }
            None => {
                *self.lane(input.direction) = match framing {
                    BodyLength::Chunked => Lane::Chunks(body, Chunks::Line(true)),
                    framing => Lane::Body(body, framing),
                };
                Progress::Took(len)
            }
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
                out.collect(body.id, BODY);
                Progress::Pass(len)
            }
            Chunks::Line(first) => match ChunkLine::read(input.bytes, first) {
                Ok(line) => {
                    if body.chunks < MAX_CHUNK_LINES {
                        body.chunks += 1;
                        let span = out.span(input.at, line.len);
                        out.attachment(body.id).parts.push(Part { role: CHUNK_LINE, span });
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
                    self.unfinished(input.direction, Kept::Hole, out);
                    continuation(input.bytes.len(), input, out)
                }
            },
            Chunks::Trailer(scanned) => match head::end(input.bytes, scanned) {
                Ok(len) => {
                    let span = out.span(input.at, len);
                    out.attachment(body.id).parts.push(Part { role: TRAILER, span });
                    self.complete(body, input.direction, out);
                    Progress::Took(len)
                }
                Err(scanned) if input.bytes.len() < MAX_HEAD => {
                    *self.lane(input.direction) = Lane::Chunks(body, Chunks::Trailer(scanned));
                    Progress::Need(input.bytes.len() + 1)
                }
                Err(_) => {
                    self.unfinished(input.direction, Kept::Hole, out);
                    continuation(input.bytes.len(), input, out)
                }
            },
        }
    }

    /// A body is complete: its message is.
    fn complete(&mut self, body: Body, direction: Direction, out: &mut Out<'_>) {
        *self.lane(direction) = Lane::Head(0);
        if let Some(span) = out.collected(body.id) {
            undo(body.codings, span, body.id, out);
        }
        out.finish(body.id);
        self.completed(body.id, body.request, out);
    }

    /// Remembers in which frame a message was completed.
    fn completed(&mut self, id: MessageId, request: bool, out: &Out<'_>) {
        let frame = out.frame();
        if !request {
            self.last_response = Some(frame);
            return;
        }
        self.last_request = Some(frame);
        // It may be gone: some servers answer before they have read the whole body.
        self.pairs.completed(id, frame);
    }

    /// The rest of what was being read in a direction cannot be had.
    fn unfinished(&mut self, direction: Direction, kept: Kept, out: &mut Out<'_>) {
        let lane = std::mem::replace(self.lane(direction), Lane::Lost);
        if let Lane::Body(body, _) | Lane::Chunks(body, _) = lane {
            let came = u32::try_from(out.gathered(body.id)).unwrap_or(u32::MAX);
            let attachment: &mut Attachment = out.attachment(body.id);
            Facts { kept, came, ..Facts::of(Some(attachment)) }.keep(attachment);
            self.complete(body, direction, out);
            *self.lane(direction) = Lane::Lost;
        }
    }
}

/// Whether bytes after something unreadable look like the start of a message.
fn starts_a_head(bytes: &[u8]) -> bool {
    super::probe::probe(bytes) == crate::protocol::Likelihood::Surely
}

/// Bytes that no head explains.
fn continuation(len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, len);
    out.announce(Announce::new(CONTINUATION, span));
    Progress::Took(len)
}

/// The protocol that an `Upgrade` header names first (RFC 9110, section 7.8).
fn named(upgrade: &[u8], out: &Out<'_>) -> Option<ProtocolId> {
    let name = list(upgrade).next().filter(|name| name.len() <= MAX_UPGRADE_NAME)?;
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    out.claimed(Claim::Upgrade(&name))
}

/// Attaches a body that lies in one place already, and what decoding gives.
fn decode(codings: Codings, body: Part, id: MessageId, out: &mut Out<'_>) {
    out.attachment(id).parts.push(body);
    undo(codings, body.span, id, out);
}

/// Undoes the codings of a body, the last one first; only what comes out at the end is attached.
fn undo(codings: Codings, body: Span, id: MessageId, out: &mut Out<'_>) {
    let decoded = codings.undoing().fold(body, |span, coding| out.decode(coding, span));
    if decoded != body {
        out.attachment(id).parts.push(Part { role: BODY_DECODED, span: decoded });
    }
}
