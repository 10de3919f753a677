//! Takes each datagram as one message: whoever carries it knows where it ends.

use super::Kind;
use crate::engine::session::{Announce, Input, Out, Progress, Session};

/// There is nothing to remember.
#[derive(Clone)]
pub(super) struct Whole;

impl Session for Whole {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Message, span));
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
