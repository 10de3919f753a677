//! Where messages of MongoDB end, and which answers which: an answer bears the number of its
//! question.

use super::Kind;
use super::wire::{HEAD, Head};
use crate::ids::{Direction, FrameId};
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};

/// The state of a connection: there is none.
#[derive(Clone)]
pub(super) struct Mongo;

impl Grammar for Mongo {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match Head::read(bytes) {
            Some(head) => Measure::Whole(head.len),
            None if bytes.len() < HEAD => Measure::Need(HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let Some(head) = Head::read(bytes) else {
            return Seen { kind: Kind::Request, extra: None, ties: Ties::ALONE };
        };
        if head.answers != 0 {
            // A server that was asked to goes on answering without being asked again.
            let goes_on = head.is_silent(bytes) && head.opcode != super::wire::opcode::REPLY;
            let ties = Ties { goes_on, ..Ties::answers(head.answers.into()) };
            return Seen { kind: Kind::Response, extra: None, ties };
        }
        let asks = !head.is_silent(bytes);
        let ties = if asks { Ties::asks(head.id.into()) } else { Ties::ALONE };
        Seen { kind: Kind::Request, extra: None, ties }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
