//! Reads calls and replies, finds the call that a reply answers, and hands arguments and results on
//! to the program.

use super::wire::{self, Head, MARK, Mark, Missing, Said};
use super::{Answered, Called, Kind, Procedure, Role, programs};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::message::Relation;
use crate::protocol::{Claim, Framing, Likelihood};
use crate::protocols::waiting::Waiting;
use crate::span::Span;
use crate::typed::AnyFact;

/// The longest message that is waited for as a whole. Longer ones, which read or write much of a
/// file, pass by; of those the head is read.
const MAX_WHOLE: usize = 1 << 17;

/// Bytes of a long message that are read: both authentications at their longest (RFC 5531,
/// section 8.2), and the beginning of what the program is told.
const KEPT: usize = 1024;

/// Fragments and bytes of one message that are put together; a message in more is passed over.
const MAX_FRAGMENTS: usize = 64;

/// Calls that may wait for their reply; past it the oldest is taken to have been lost. Linux has up
/// to 128 under way on one connection of NFS.
const MAX_ASKED: usize = 1024;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct RpcSession {
    lanes: Both<Lane>,
    asked: Waiting<Asked, MAX_ASKED>,
}

/// One direction of a stream.
#[derive(Clone, Default)]
enum Lane {
    /// A mark comes next.
    #[default]
    Mark,
    /// So does it, and behind it the rest of a message whose first fragments lie there.
    Fragments(Vec<Span>),
    /// A long message passes by: which one it is, where its first bytes lie, without the mark, and
    /// which procedure it is about.
    Long(MessageId, Span, Option<Procedure>),
    /// Bytes are missing: nobody knows where the next message begins.
    Lost,
}

/// A call that waits.
#[derive(Clone, Copy)]
struct Asked {
    xid: u32,
    from: Direction,
    procedure: Procedure,
    id: MessageId,
    frame: FrameId,
}

impl Asked {
    /// Whether a reply of that number from this side answers it.
    fn is_of(&self, xid: u32, replier: Direction) -> bool {
        self.xid == xid && self.from != replier
    }
}

impl Session for RpcSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.framing == Framing::Datagram {
            let span = out.span(input.at, input.bytes.len());
            match wire::head(input.bytes) {
                Ok(head) => {
                    let id = out.announce(Announce::new(Kind::Plain, span));
                    self.message(&head, id, span, input, out);
                }
                Err(_) => {
                    let is_cut = input.cut > 0 && self.begins(input.bytes);
                    let kind = if is_cut { Kind::Plain } else { Kind::Other };
                    out.announce(Announce::new(kind, span));
                }
            }
            return Progress::Took(input.bytes.len().max(1));
        }
        if matches!(*self.lane(input.direction), Lane::Lost) {
            if !self.is_message(input) {
                return other(input, out);
            }
            *self.lane(input.direction) = Lane::Mark;
        }
        let Some(mark) = Mark::read(input.bytes) else { return Progress::Need(MARK) };
        if let Lane::Fragments(_) = self.lane(input.direction) {
            return self.fragment(mark, input, out);
        }
        let message = input.bytes.get(MARK..).unwrap_or(&[]);
        match wire::head(message) {
            Err(Missing::More) if mark.len > message.len() => {
                return if mark.len > MAX_WHOLE && message.len() >= KEPT {
                    self.lose(input, out)
                } else {
                    Progress::Need(input.bytes.len() + 1)
                };
            }
            Err(_) => return self.lose(input, out),
            Ok(head) if mark.last && head.body > mark.len => return self.lose(input, out),
            Ok(_) => {}
        }
        if !mark.last {
            return self.fragment(mark, input, out);
        }
        if MARK + mark.len > MAX_WHOLE {
            return self.long(mark, input, out);
        }
        if message.len() < mark.len {
            return Progress::Need(MARK + mark.len);
        }
        let span = out.span(input.at, MARK + mark.len);
        if let Ok(head) = wire::head(message) {
            let id = out.announce(Announce::new(Kind::Marked, span));
            self.message(&head, id, span.from(MARK), input, out);
        }
        Progress::Took(MARK + mark.len)
    }

    /// A message that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at, input.bytes.len());
        let skip = if input.framing == Framing::Stream { MARK } else { 0 };
        let kind = if skip > 0 { Kind::Marked } else { Kind::Plain };
        match wire::head(input.bytes.get(skip..).unwrap_or(&[])) {
            Ok(head) => {
                let id = out.announce(Announce::new(kind, span));
                self.message(&head, id, span.from(skip), input, out);
            }
            Err(_) => {
                out.announce(Announce::new(Kind::Other, span));
            }
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.passed(way, out);
        *self.lane(way.direction) = Lane::Lost;
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        self.passed(way, out);
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        if let Lane::Long(id, span, procedure) = *self.lane(way.direction) {
            *self.lane(way.direction) = Lane::Mark;
            out.finish(id);
            if let (Ok(head), Some(procedure)) = (wire::head(out.bytes(span)), procedure) {
                inside(&head, procedure, way.direction, span, out);
            }
        }
    }

    fn holds(&self) -> Vec<Span> {
        let held = self.lanes.iter().map(|lane| match lane {
            Lane::Fragments(pieces) => pieces.as_slice(),
            _ => &[],
        });
        held.flatten().copied().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl RpcSession {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        self.lanes.of_mut(direction)
    }

    /// Whether a datagram that the capture cut begins like a message.
    fn begins(&self, bytes: &[u8]) -> bool {
        wire::head(bytes) == Err(Missing::More) && bytes.len() >= 8
    }

    /// Whether a segment behind a hole begins with a message: a call of a program that is known, or
    /// a reply that is waited for.
    fn is_message(&self, input: Input<'_>) -> bool {
        let message = input.bytes.get(MARK..).unwrap_or(&[]);
        let waits = |head: Head| self.asked.iter().any(|one| one.is_of(head.xid, input.direction));
        wire::likelihood_marked(input.bytes) == Likelihood::Surely
            || wire::head(message)
                .is_ok_and(|head| !matches!(head.said, Said::Call(_)) && waits(head))
    }

    /// Bytes that are no message: what follows is lost as well.
    fn lose(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        *self.lane(input.direction) = Lane::Lost;
        other(input, out)
    }

    /// A fragment: with the last one the message is put together.
    fn fragment(&mut self, mark: Mark, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let mut pieces = match std::mem::take(self.lane(input.direction)) {
            Lane::Fragments(pieces) => pieces,
            _ => Vec::new(),
        };
        let so_far: usize = pieces.iter().map(|piece| piece.len as usize).sum();
        if pieces.len() >= MAX_FRAGMENTS || so_far + mark.len > MAX_WHOLE || mark.len == 0 {
            return self.lose(input, out);
        }
        let len = MARK + mark.len;
        if input.bytes.len() < len {
            *self.lane(input.direction) = Lane::Fragments(pieces);
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        pieces.push(span.from(MARK));
        if !mark.last {
            out.announce(Announce::new(Kind::Fragment, span));
            *self.lane(input.direction) = Lane::Fragments(pieces);
            return Progress::Took(len);
        }
        let whole = out.join(&pieces);
        if let Ok(head) = wire::head(out.bytes(whole)) {
            let id = out.announce(Announce::new(Kind::Plain, whole));
            self.message(&head, id, whole, input, out);
        } else {
            out.announce(Announce::new(Kind::Fragment, span));
        }
        Progress::Took(len)
    }

    /// Announces a message by its head and lets the rest pass.
    fn long(&mut self, mark: Mark, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.bytes.len() < KEPT {
            return Progress::Need(KEPT);
        }
        let span = out.span(input.at, KEPT);
        let id = out.begin(Announce::new(Kind::Marked, span));
        out.collect(id, Role::Rest);
        let head = wire::head(input.bytes.get(MARK..).unwrap_or(&[])).ok();
        let procedure =
            head.and_then(|head| self.pair(&head, id, (input.direction, input.frame), out));
        *self.lane(input.direction) = Lane::Long(id, span.from(MARK), procedure);
        Progress::Pass((MARK + mark.len) as u64)
    }

    fn message(
        &mut self,
        head: &Head,
        id: MessageId,
        span: Span,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) {
        let way = (input.direction, input.frame);
        if let Some(procedure) = self.pair(head, id, way, out) {
            inside(head, procedure, input.direction, span, out);
        }
    }

    /// Remembers a call, or says which one a reply answers: the procedure that is meant, where that
    /// is known.
    fn pair(
        &mut self,
        head: &Head,
        id: MessageId,
        (from, frame): (Direction, FrameId),
        out: &mut Out<'_>,
    ) -> Option<Procedure> {
        let Head { xid, said, .. } = *head;
        if let Said::Call(procedure) = said {
            let same = |one: &Asked| (one.xid, one.from, one.procedure) == (xid, from, procedure);
            if let Some(earlier) = self.asked.last(same) {
                out.relate(id, Relation::Repeats, earlier.id);
                return Some(procedure);
            }
            self.asked.push(Asked { xid, from, procedure, id, frame });
            return Some(procedure);
        }
        let asked = self.asked.take_last(|one| one.is_of(xid, from))?;
        let Asked { frame, procedure, .. } = asked;
        out.attachment(id).keep(Answered { frame, procedure });
        out.relate(id, Relation::Answers, asked.id);
        Some(procedure)
    }
}

/// Hands arguments or results on to the program, where somebody reads it.
fn inside(head: &Head, procedure: Procedure, from: Direction, span: Span, out: &mut Out<'_>) {
    let caller = match head.said {
        Said::Call(_) => from,
        Said::Accepted(0) => from.reverse(),
        _ => return,
    };
    let Procedure { program, version, number } = procedure;
    let claim = Claim::RpcProgram(program);
    let body = span.from(head.body);
    // A program that is known, and a procedure that it has, are few: so are the layers.
    let is_known = programs::procedure(procedure).is_some() && out.claimed(claim).is_some();
    if !is_known || body.len == 0 {
        return;
    }
    let child = u64::from(program) << 32
        | u64::from(version & 0xffff) << 16
        | u64::from(number & 0x7fff) << 1
        | caller.index() as u64;
    let settled = [AnyFact::new(Called { procedure, caller })];
    out.hand_on(To::child(child, claim).datagrams().settled(&settled), body, None);
}

/// Bytes that are no message.
fn other(input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, input.bytes.len());
    out.announce(Announce::new(Kind::Other, span));
    Progress::Took(input.bytes.len())
}
