//! HTTP/3 (RFC 9114): requests and responses on streams of QUIC, each on its own, and a few streams
//! on which one side tells the other how.
//!
//! ```text
//!   frame.rs    a type and a length before everything
//!   qpack/      header compression (RFC 9204): a table on one stream, sections on all others
//!   session/    reads all streams of a connection, and pairs answers with questions
//!   describe/   messages field by field, as Wireshark names them
//!   tell/       messages as a story
//! ```

mod describe;
mod exchange;
mod fields;
mod frame;
mod kind;
mod qpack;
mod session;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;
pub use kind::{Kind, Role};

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::Share;
use crate::field::{FieldDef, FieldId};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

/// HTTP/3.
pub struct Http3;

impl Protocol for Http3 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9114", "RFC 9204", "RFC 9218", "RFC 9220", "RFC 9297"]
    }

    /// The last drafts differ in nothing that is read here.
    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::Alpn(b"h3"),
            Claim::Alpn(b"h3-34"),
            Claim::Alpn(b"h3-33"),
            Claim::Alpn(b"h3-32"),
            Claim::Alpn(b"h3-31"),
            Claim::Alpn(b"h3-30"),
            Claim::Alpn(b"h3-29"),
            Claim::Alpn(b"h3-28"),
            Claim::Alpn(b"h3-27"),
            Claim::Alpn(b"h3-25"),
            Claim::Alpn(b"h3-24"),
            Claim::Alpn(b"h3-23"),
            Claim::Alpn(b"h3-22"),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// Nothing but what both sides agreed on tells: its first bytes are small numbers.
    fn probe(&self, _bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            Framing::Stream => Likelihood::Unsaid,
            Framing::Datagram => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(match facts.framing {
            Framing::Stream => Box::new(session::Http3Session::default()),
            Framing::Datagram => Box::new(session::DatagramSession),
        })
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

    fn exchange<'v>(&self, message: &Message, view: &View<'v>) -> Option<Share<'v>> {
        exchange::share(message, view)
    }
}
