//! DTLS (RFC 6347, RFC 9147): TLS on datagrams, which may be lost and may come in any order.
//!
//! ```text
//!   datagram   |record|record|…        each says its epoch and its number
//!   record     |fragment|fragment|…    each says which message it is of, and where in it
//!   fragments ──> messages             read by the handshake of TLS
//! ```

mod describe;
mod fields;
mod opener;
mod record;
mod session;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;

use std::fmt::{self, Write};

use self::record::{HEADER_LEN, Header, Unified};
use super::tls::extra::Note;
use super::tls::record::ContentType;
use super::tls::version::Version;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of DTLS is.
    pub enum Kind {
        /// A record.
        Record,
        /// A record whose handshake messages were read before.
        Again,
        /// A sealed record of DTLS 1.3.
        Unified,
        /// A handshake message, put together.
        Handshake,
        /// An alert.
        Alert,
        /// A ChangeCipherSpec message.
        ChangeCipherSpec,
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

/// What was kept with a message.
fn note(message: &Message) -> Note {
    message.extra::<Kind>().unwrap_or_default()
}

/// DTLS.
pub struct Dtls;

impl Protocol for Dtls {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9147", "RFC 6347"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(853), Claim::UdpPort(5349), Claim::UdpPort(5684)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        fields::all()
    }

    /// A type, a version with its bits turned round, and a length within the datagram.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Datagram {
            return Likelihood::No;
        }
        if let Some(header) = Header::read(bytes) {
            let hello = header.content_type == ContentType::HANDSHAKE && header.epoch == 0;
            let fits = HEADER_LEN + header.len <= bytes.len();
            return if hello || fits { Likelihood::Surely } else { Likelihood::Perhaps };
        }
        match Unified::read(bytes) {
            Some(one) if one.says_len && one.header + one.len == bytes.len() => Likelihood::Perhaps,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::DtlsSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn column(&self, message: &Message, view: &View<'_>) -> &'static str {
        let version = match message.kind() {
            Some(Kind::Record | Kind::Again) => {
                let header = Header::read(view.bytes(message.span.part(0, HEADER_LEN)));
                header.map(|header| header.version)
            }
            _ => Some(note(message).extra().version),
        };
        match version {
            Some(Version::DTLS10) => "DTLSv1.0",
            Some(Version::DTLS12) => "DTLSv1.2",
            Some(Version::DTLS13) => "DTLSv1.3",
            _ => "DTLS",
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}
