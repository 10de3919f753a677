//! Takes each datagram as one message: whoever carries it knows where it ends.

use super::Kind;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::schema::Typed;

/// All messages are of one type.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) typed: Option<Typed>,
}

impl Session for Whole {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        let id = out.announce(Announce::new(Kind::Message, span));
        if let Some(typed) = &self.typed {
            out.attachment(id).keep(typed.clone());
        }
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
