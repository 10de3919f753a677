//! Reads one IMAP connection: lines, and literals that pass by between them.
//!
//! ```text
//!   each direction:  Line ── ends with {n} ──> Literal ── n bytes ──> Tail ── {n} ──> Literal
//!                     ^                                                └── no {n} ──> Line
//! ```

use super::super::lines::{self, Cursor, Line, Next};
use super::{Kind, Role, syntax};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::message::{MessagePart, Relation};
use crate::protocol::Claim;
use crate::protocols::waiting::Waiting;

/// Commands that may wait for their answer; past it the oldest is taken to have been lost.
const MAX_ASKED: usize = 256;
/// The longest tag that is remembered.
const MAX_TAG: usize = 64;
/// Literals in one message; what follows more of them begins another.
const MAX_LITERALS: u32 = 1 << 12;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct ImapSession {
    /// Who answers, once somebody has spoken.
    server: Option<Direction>,
    lanes: Both<Lane>,
    asked: Waiting<Asked, MAX_ASKED>,
    /// The client's next lines are data and no commands: a server asked for them.
    feeding: bool,
    replied: bool,
    /// The server agreed to go on in TLS.
    switched: bool,
}

/// One direction.
#[derive(Clone, Copy, Default)]
struct Lane {
    cursor: Cursor,
    open: Option<Open>,
}

/// A message that goes on behind a literal.
#[derive(Clone, Copy)]
struct Open {
    id: MessageId,
    /// How long the literal is that comes next; nothing while a line is read.
    literal: Option<u64>,
    count: u32,
}

/// A command that waits for its answer.
#[derive(Clone)]
struct Asked {
    tag: Vec<u8>,
    id: MessageId,
    frame: FrameId,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Tls,
    /// AUTHENTICATE or IDLE: after a continuation the client sends data.
    Feeds,
    Other,
}

impl Session for ImapSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let early =
            self.asked.iter().any(|one| one.what == What::Tls) && lines::is_tls(input.bytes);
        let sure = self.server == Some(input.direction) || !self.replied;
        if self.switched || early && sure {
            return Progress::Switch(Claim::Named("tls"));
        }
        let lane = *self.lane(input.direction);
        if let Some(open) = lane.open {
            out.go_on(open.id);
        }
        if let Some(open) = lane.open
            && let Some(len) = open.literal
        {
            out.collect(open.id, Role::Literal);
            return Progress::Pass(len);
        }
        if early && self.server == Some(input.direction.reverse()) {
            // The answer that lets TLS begin was captured late.
            return Progress::Need(input.bytes.len() + 1);
        }
        match self.lane(input.direction).cursor.next(input.bytes) {
            Next::Wait => Progress::Need(input.bytes.len() + 1),
            Next::Line(line) => match lane.open {
                Some(open) => self.tail(open, line, input, out),
                None => self.line(line, input, out),
            },
            Next::Rest(len) => {
                let span = out.span(input.at, len);
                out.announce(Announce::new(Kind::Other, span));
                Progress::Took(len)
            }
        }
    }

    /// A line that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let line = lines::unended(input.bytes);
        if lines::is_tls(input.bytes) {
            let span = out.span(input.at, line.len);
            out.announce(Announce::new(Kind::Other, span));
        } else if let Some(open) = self.lane(input.direction).open {
            self.tail(open, line, input, out);
        } else {
            self.line(line, input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        let lane = self.lane(direction);
        lane.cursor.lost();
        if let Some(open) = lane.open.take() {
            out.finish(open.id);
        }
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Some(open) = self.lane(direction).open.take() {
            out.finish(open.id);
        }
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Some(open) = &mut self.lane(direction).open {
            out.collected(open.id);
            open.literal = None;
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl ImapSession {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        self.lanes.of_mut(direction)
    }

    /// A line that begins a message.
    fn line(&mut self, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let second = syntax::tagged(text).map(|(_, word)| text.get(word).unwrap_or(&[]));
        let says = matches!(text, [b'*' | b'+', b' ', ..] | [b'+'])
            || second.is_some_and(syntax::is_status);
        let server = *self
            .server
            .get_or_insert_with(|| if says { input.direction } else { input.direction.reverse() });
        let answers = input.direction == server;
        let asked = if answers { self.answered(text, out) } else { None };
        let kind = match (answers, self.feeding) {
            // The greeting is a status without a tag (RFC 9051, section 7.1).
            (true, _) if !self.replied && input.at == 0 && text.starts_with(b"* ") => {
                Kind::Greeting
            }
            (true, _) => Kind::Response,
            (false, true) => Kind::Data,
            (false, false) => Kind::Command,
        };
        let frame = asked.as_ref().map(|asked| asked.frame);
        let span = out.span(input.at, line.len);
        let announce = Announce::new(kind, span).extra(frame);
        let literal = syntax::literal(text).filter(|_| kind != Kind::Data);
        let id = if literal.is_some() { out.begin(announce) } else { out.announce(announce) };
        self.lane(input.direction).open =
            literal.map(|len| Open { id, literal: (len > 0).then_some(len), count: 1 });
        match kind {
            Kind::Response | Kind::Greeting => {
                self.replied = true;
                if let Some(asked) = asked {
                    out.relate(id, Relation::Answers, asked.id);
                }
            }
            Kind::Command => {
                if literal.is_some() {
                    // The server may refuse it, and then the command is complete here.
                    out.park(id);
                }
                self.ask(text, id, input.frame);
            }
            _ => {}
        }
        Progress::Took(line.len)
    }

    /// A line behind a literal.
    fn tail(&mut self, open: Open, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let span = out.span(input.at, line.len);
        out.attachment(open.id).parts.push(MessagePart::new(Role::Line, span));
        let literal = syntax::literal(text).filter(|_| open.count < MAX_LITERALS);
        let count = open.count + 1;
        self.lane(input.direction).open = match literal {
            Some(len) => Some(Open { literal: (len > 0).then_some(len), count, ..open }),
            None => {
                out.finish(open.id);
                if let Some(asked) = self.asked.first(|asked| asked.id == open.id) {
                    asked.frame = input.frame;
                }
                None
            }
        };
        Progress::Took(line.len)
    }

    fn ask(&mut self, text: &[u8], id: MessageId, frame: FrameId) {
        let Some((tag, word)) = syntax::tagged(text).filter(|(tag, _)| tag.len() <= MAX_TAG) else {
            return;
        };
        let what = match text.get(word).unwrap_or(&[]).to_ascii_uppercase().as_slice() {
            b"STARTTLS" => What::Tls,
            b"AUTHENTICATE" | b"IDLE" => What::Feeds,
            _ => What::Other,
        };
        let tag = text.get(tag).unwrap_or(&[]).to_vec();
        self.asked.push(Asked { tag, id, frame, what });
    }

    /// The command that a server's line answers, and what follows from it.
    fn answered(&mut self, text: &[u8], out: &mut Out<'_>) -> Option<Asked> {
        if text.starts_with(b"+") {
            self.feeding = self.asked.latest().is_some_and(|asked| asked.what == What::Feeds);
            return None;
        }
        let (tag, word) = syntax::tagged(text)?;
        let tag = text.get(tag)?;
        let asked = self.asked.take_first(|asked| asked.tag == tag)?;
        if asked.what == What::Feeds {
            self.feeding = false;
        }
        self.switched = asked.what == What::Tls && text.get(word)?.eq_ignore_ascii_case(b"OK");
        // A literal that was refused is never sent.
        let client = self.server?.reverse();
        if self.lane(client).open.is_some_and(|open| open.id == asked.id) {
            self.lane(client).open = None;
            out.finish(asked.id);
        }
        Some(asked)
    }
}
