//! Transport Layer Security, from SSL 3.0 to 1.3 (RFC 6101, RFC 2246, RFC 4346, RFC 5246, RFC
//! 9846): a secure channel on a stream.
//!
//! ```text
//!   handshake/    messages, what they settle and which keys they bring; knows no records
//!   record.rs     five bytes of header, then a fragment
//!   version.rs    protocol versions
//!   suite.rs      what a cipher suite is made of
//!   hkdf.rs       how secrets are made of secrets since TLS 1.3
//!   keys/         from logged secrets to something that opens records
//!   compressed.rs a Certificate message inside another
//!   staple.rs     an authority's word that a certificate still holds
//!   unsealed.rs  a ClientHello inside another
//!   carried.rs    the handshake where another protocol carries it (QUIC)
//!   reason.rs     why a record stays sealed
//!   schedule/     which secret is made of which, what it opens, and whether it is right
//!   session/      reads records in both directions, opens them, feeds the handshake, hands on
//!   describe/     messages field by field, as Wireshark names them
//!   tell/         messages as a story
//!   verdict/      why a handshake came to nothing
//!   names/        numbers and what they are called
//! ```

mod carried;
mod compatible;
mod compressed;
mod describe;
pub mod extra;
pub mod fields;
pub mod handshake;
mod hkdf;
pub mod keys;
mod kind;
pub mod names;
mod prf;
pub mod reason;
pub mod record;
pub mod schedule;
mod session;
mod staple;
pub mod suite;
mod tell;
#[cfg(test)]
pub(in crate::protocols) mod tests;
pub mod unsealed;
mod verdict;
pub mod version;

pub use kind::Kind;

use std::fmt::{self, Write};

use crate::bytes::looks_like_text;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::Opening;
use crate::field::{FieldDef, FieldId};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Judge, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use extra::Note;
use handshake::{Carried, HandshakeType};
use record::{ContentType, HEADER_LEN, Header};
use version::Version;

/// TLS.
pub struct Tls;

impl Protocol for Tls {
    fn heading(&self) -> FieldId {
        fields::HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9846", "RFC 5246", "RFC 6066", "RFC 6960", "RFC 7301", "RFC 8422", "RFC 8879"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::TcpPort(443),
            Claim::TcpPort(465),
            Claim::TcpPort(636),
            Claim::TcpPort(853),
            Claim::TcpPort(989),
            Claim::TcpPort(990),
            Claim::TcpPort(993),
            Claim::TcpPort(995),
            Claim::TcpPort(8443),
            Claim::TcpPort(8883),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        fields::FIELDS
    }

    /// A hello is unmistakable, and so is a bare alert; any other record is likely TLS, for nothing
    /// else begins with a type, version 3.x and a length within bounds. A capture may begin inside
    /// a record, but no record looks like text.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        let header = Header::read(bytes);
        let inside = || if looks_like_text(bytes) { Likelihood::No } else { Likelihood::Unsaid };
        let Some(header) = header.filter(|header| header.is_plausible()) else {
            if compatible::Layout::read(bytes).is_some() {
                return Likelihood::Surely;
            }
            return match bytes {
                [20..=24] | [20..=24, 3] | [20..=24, 3, ..=4, ..] if header.is_none() => {
                    Likelihood::Perhaps
                }
                _ => inside(),
            };
        };
        let content = bytes.get(HEADER_LEN..).unwrap_or(&[]);
        match (header.content_type, content) {
            (ContentType::HANDSHAKE, [1 | 2, ..]) => Likelihood::Surely,
            (ContentType::ALERT, [1 | 2, _]) => Likelihood::Surely,
            _ => Likelihood::Perhaps,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        if facts.get::<Carried>().is_some() {
            return Some(Box::new(carried::CarriedSession::default()));
        }
        (facts.framing == Framing::Stream)
            .then(|| Box::new(session::TlsSession::default()) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::message(message, view, sink);
    }

    fn column(&self, message: &Message, _view: &View<'_>) -> &'static str {
        match Note::of(message).extra().version {
            Version::SSL30 => "SSLv3",
            Version::TLS10 => "TLSv1",
            Version::TLS11 => "TLSv1.1",
            Version::TLS12 => "TLSv1.2",
            Version::TLS13 => "TLSv1.3",
            _ => "TLS",
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::message(message, view)
    }

    fn opening(&self, message: &Message, view: &View<'_>) -> Option<Opening> {
        let kind = view.bytes(message.span).first().filter(|_| message.is(Kind::Handshake))?;
        match HandshakeType(*kind) {
            HandshakeType::CLIENT_HELLO => Some(Opening::Greets),
            HandshakeType::FINISHED => Some(Opening::Confirms),
            _ => None,
        }
    }

    fn judge(&self) -> Option<Box<dyn Judge>> {
        Some(Box::<verdict::Case>::default())
    }
}
