//! MongoDB's wire protocol: documents in BSON, and a number by which an answer finds its question.
//!
//! ```text
//!   length 4 | number 4 | answers 4 | opcode 4 | …          all little-endian
//!   2013: flags 4, then sections: 0 and a document, or 1, a size, a name and documents
//! ```

mod describe;
mod fields;
mod grammar;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::Framed;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of MongoDB is.
    pub enum Kind {
        /// What asks, or tells without asking.
        Request,
        /// What answers.
        Response,
    }
}

impl MessageKind for Kind {
    /// The frame of what a response answers.
    type Extra = Option<FrameId>;
}

/// MongoDB.
pub struct Mongo;

impl Protocol for Mongo {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MongoDB wire protocol", "BSON 1.1"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(27017)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A length within bounds and one of a dozen opcodes out of four thousand million.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match wire::Head::read(bytes) {
            Some(head) if head.opcode > 1000 => Likelihood::Surely,
            Some(_) => Likelihood::Perhaps,
            None if bytes.len() < wire::HEAD => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Mongo)) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}
