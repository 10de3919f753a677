//! SIP (RFC 3261): who calls whom, in messages built like those of HTTP, over UDP and TCP.
//!
//! ```text
//!   INVITE sip:bob@example.org SIP/2.0      SIP/2.0 180 Ringing        start line (section 7)
//!   Via: …;branch=z9hG4bK…                  the same Via               the way back
//!   Call-ID, CSeq: 1 INVITE                 the same                   which call, which request
//!   Content-Type: application/sdp           …                          who reads the body
//!   (empty line)
//!   body
//! ```
//!
//! A body goes to whoever lays claim to its media type.

mod describe;
mod fields;
mod head;
mod session;
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
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A request or a response.
        Message,
        /// One that was sent before.
        Again,
        /// Empty lines that keep a way through a NAT open (RFC 5626, section 3.5.1).
        KeepAlive,
        /// Bytes that are none of these.
        Other,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that a response answers; of one that was sent before, that of the
    /// first.
    type Extra = Option<FrameId>;
}

/// SIP.
pub struct Sip;

impl Protocol for Sip {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3261"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(5060), Claim::TcpPort(5060), Claim::UdpPort(5061), Claim::Upgrade("sip")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        head::probe(bytes, framing)
    }

    fn open(&self, _facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(session::SipSession::default()))
    }

    /// A body that describes a session is worth saying.
    fn column(&self, message: &Message, view: &View<'_>) -> &'static str {
        let bytes = view.bytes(message.span);
        let kind = head::Head::read(bytes).and_then(|head| head.content_type(bytes));
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"application/sdp")) {
            "SIP/SDP"
        } else {
            "SIP"
        }
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
