//! HTTP/1.0 and HTTP/1.1 (RFC 9112): requests and responses as lines of text on one stream.
//!
//! ```text
//!   GET / HTTP/1.1 CRLF          start line ┐
//!   Host: example.org CRLF       header     │ head: what is announced and described
//!   CRLF                         empty line ┘
//!   …                            body: passes by, kept as parts of the message
//! ```
//!
//! One message is one request or one response. It begins with its head and is complete with the
//! last byte of its body; how long the body is follows from the head (`framing`).

mod body;
mod chunk;
mod content;
mod describe;
mod doubt;
mod exchange;
mod facts;
mod fields;
mod framing;
mod handed;
mod head;
mod pairing;
mod probe;
mod session;
mod settings;
mod tell;
#[cfg(test)]
mod tests;
mod upgrade;

pub use fields::*;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::Share;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of HTTP is.
    pub enum Kind {
        /// A request.
        Request,
        /// A response, final or interim.
        Response,
        /// Bytes between messages that no head explains: after a gap, or after a broken head.
        Continuation,
    }
}

impl MessageKind for Kind {
    /// Of a response, the frame of the request that it answers.
    type Extra = Option<FrameId>;
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// The content as it travelled, without chunk framing.
        /// What [`FILE_DATA`] shows where no coding was applied.
        Body,
        /// The content with its codings undone (`Content-Encoding`, and `gzip` or `deflate` as
        /// transfer codings).
        BodyDecoded,
        /// One chunk-size line, together with the line end of the chunk before it. In their order
        /// they say how [`Role::Body`] was cut.
        ChunkLine,
        /// The trailer section that follows the last chunk, with its empty line.
        Trailer,
        /// The head of the request that a response answers.
        RequestHead,
    }
}

/// HTTP/1.x.
pub struct Http;

impl Protocol for Http {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9112", "RFC 9110"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::TcpPort(80),
            Claim::TcpPort(8080),
            Claim::TcpPort(8000),
            Claim::Alpn(b"http/1.1"),
            Claim::Alpn(b"http/1.0"),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe::probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::HttpSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn stays(&self) -> bool {
        true
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
