//! AMQP 0-9-1: programs publish messages to exchanges of a broker, which puts them into queues, and
//! delivers them to whoever consumes.
//!
//! ```text
//!   client ── AMQP 0 0 9 1 ──> broker
//!   type 1 | channel 2 | size 4 | content | ce
//!     1 method: class 2, method 2, arguments
//!     2 header: class 2, weight 2, size of the body 8, flags 2, properties
//!     3 body, in as many frames as it takes
//! ```

mod describe;
mod fields;
mod grammar;
mod methods;
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
    /// What a message of AMQP is.
    pub enum Kind {
        /// What a client says first: the version; or a broker that wants another.
        Opening,
        /// A frame.
        Frame,
    }
}

impl MessageKind for Kind {
    /// The frame of the method that one answers.
    type Extra = Option<FrameId>;
}

/// AMQP 0-9-1.
pub struct Amqp;

impl Protocol for Amqp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["AMQP 0-9-1"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(5672), Claim::Alpn(b"amqp")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// The name and the version; AMQP 1.0 has another form behind it, and is not read.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match bytes {
            [b'A', b'M', b'Q', b'P', 0 | 1, 0 | 1, 8 | 9 | 0, ..] => Likelihood::Surely,
            [b'A', b'M', b'Q', b'P', ..] => Likelihood::No,
            _ => match wire::Head::read(bytes) {
                Some(_) if wire::known(bytes).is_some() => Likelihood::Perhaps,
                Some(_) => Likelihood::Unsaid,
                None if bytes.len() < wire::HEAD => Likelihood::Unsaid,
                None => Likelihood::No,
            },
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Amqp)) as Box<dyn Session>;
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
