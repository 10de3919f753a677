//! memcached: values under keys, kept in memory and forgotten when it gets full. There is a
//! protocol in lines of text, and one in bytes.
//!
//! ```text
//!   set key 0 60 5 CRLF hello CRLF ──> server        flags, seconds to live, bytes
//!   client <── STORED CRLF
//!   get key CRLF ──> server
//!   client <── VALUE key 0 5 CRLF hello CRLF END CRLF
//!
//!   80 opcode | key length 2 | extras length 1 | 0 | status 2 | length 4 | opaque 4 | cas 8 | …
//! ```

mod binary;
mod describe;
mod fields;
mod grammar;
mod line;
mod tell;
#[cfg(test)]
mod tests;

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
    /// What a message of memcached is.
    pub enum Kind {
        /// A command in text.
        Command,
        /// A reply in text, or one of several lines of it.
        Reply,
        /// A request in bytes.
        Request,
        /// A response in bytes.
        Response,
    }
}

impl MessageKind for Kind {
    /// The frame of what a reply answers.
    type Extra = Option<FrameId>;
}

/// memcached.
pub struct Memcache;

impl Protocol for Memcache {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["memcached, protocol.txt"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(11211)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A command that stores has four numbers in a line; other commands are two words, which the
    /// port has to explain.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        if let Some(head) = binary::Head::read(bytes) {
            let fits = head.len <= bytes.len() as u64 && head.is_known();
            return if fits { Likelihood::Perhaps } else { Likelihood::Unsaid };
        }
        if matches!(bytes, [0x80 | 0x81, _, _, _, _, 0, ..]) && bytes.len() < binary::HEAD {
            return Likelihood::Unsaid;
        }
        match line::command(bytes) {
            Some(command) if command.carries.is_some() && command.is_classic => Likelihood::Perhaps,
            Some(_) => Likelihood::Unsaid,
            None if line::reply(bytes).is_some() || line::may_go_on(bytes) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open =
            || Box::new(Framed::new(grammar::Memcache::new(facts.began))) as Box<dyn Session>;
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
