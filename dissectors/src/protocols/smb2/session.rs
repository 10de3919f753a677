//! Reads the messages of one connection: chained ones apart, answers by their message ids.

use super::Kind;
use super::wire::{CANCEL, Head, PENDING};
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::ids::{Direction, FrameId, MessageId};
use crate::message::{Protection, Relation};
use crate::protocols::waiting::Waiting;

/// Requests that may wait for their answer; past it the oldest is taken to have been lost. A server
/// grants some hundred credits, and each message takes one (MS-SMB2, section 3.2.4.1.2).
const MAX_ASKED: usize = 1024;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Smb2Session {
    asked: Waiting<Asked, MAX_ASKED>,
}

/// A request that waits.
#[derive(Clone, Copy)]
struct Asked {
    message: u64,
    from: Direction,
    id: MessageId,
    frame: FrameId,
}

impl Session for Smb2Session {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let whole = input.bytes.len().max(1);
        let kind = match input.bytes.first() {
            Some(0xfd) => Kind::Sealed,
            Some(0xfc) => Kind::Compressed,
            _ => Kind::Plain,
        };
        let head = Head::read(input.bytes).filter(|_| kind == Kind::Plain);
        let next = head.map_or(0, |head| head.next);
        let len = if (1..whole).contains(&next) { next } else { whole };
        let span = out.span(input.at, len.min(input.bytes.len()));
        let announce = Announce::new(kind, span);
        let Some(head) = head else {
            let is_sealed = kind == Kind::Sealed;
            let sealed = if is_sealed { Protection::Opaque } else { out.protection() };
            out.announce(announce.protection(sealed));
            return Progress::Took(len);
        };
        if !head.is_response() {
            let id = out.announce(announce);
            // Nothing answers a cancellation but the answer to what it cancels.
            if head.command != CANCEL {
                let Input { direction: from, frame, .. } = input;
                self.asked.push(Asked { message: head.message, from, id, frame });
            }
            return Progress::Took(len);
        }
        let fits = |one: &Asked| one.message == head.message && one.from != input.direction;
        let asked = match head.status {
            PENDING => self.asked.first(fits).copied(),
            _ => self.asked.take_first(fits),
        };
        let id = out.announce(announce.extra(asked.map(|asked| asked.frame)));
        if let Some(asked) = asked {
            out.relate(id, Relation::Answers, asked.id);
        }
        Progress::Took(len)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
