//! Tells what TLS messages mean: one sentence each, true for the case at hand.
//!
//! ```text
//!   TLS 1.3   client ── ClientHello ──────────────────────────────> server    asks
//!             client <── ServerHello … Finished ─────────────────── server    answers
//!             client ── Finished, and data at once ───────────────> server
//!
//!   TLS 1.2   client ── ClientHello ──────────────────────────────> server    asks
//!             client <── ServerHello … ServerHelloDone ──────────── server    answers
//!             client ── ClientKeyExchange … Finished ─────────────> server    asks
//!             client <── ChangeCipherSpec, Finished ─────────────── server    answers
//! ```

mod authentication;
mod drafts;
mod heartbeat;
mod hello;
mod later;
mod sealed;
mod standards;
#[cfg(test)]
mod tests;

use super::compressed;
use super::extra::Note;
use super::handshake::Extra;
use super::handshake::wire::{HandshakeType, split};
use super::version::Version;
use super::{Kind, names, unsealed};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::ids::Direction;
use crate::message::{Message, Protection};
use crate::telling::Telling;

/// The current standard of TLS 1.3.
const TLS13: &str = "RFC 9846";
/// The standard of TLS 1.2.
const TLS12: &str = "RFC 5246";

/// A message as its teller sees it.
struct Told<'a> {
    /// The body of a handshake message, or the whole of any other.
    body: Reader<'a>,
    extra: Extra,
    from_client: bool,
    protection: Protection,
    /// The body of the Certificate message that it holds.
    inside: Option<Reader<'a>>,
    /// The ClientHello message in which it was sealed.
    around: Option<Reader<'a>>,
}

/// Says what a message means; nothing for records whose content is told by itself.
pub(super) fn message(message: &Message, view: &View<'_>) -> Option<Telling> {
    let extra = Note::of(message).extra();
    let told = match message.kind()? {
        Kind::Record if message.protection == Protection::Opaque => {
            Told::of(message, extra, view).sealed(Note::of(message).reason())
        }
        Kind::Record => heartbeat::tell(message, view)?,
        Kind::Handshake => return handshake(message, extra, view),
        Kind::Alert => Told::of(message, extra, view).alert()?,
        Kind::ChangeCipherSpec => Told::of(message, extra, view).change_cipher_spec(),
        Kind::CompatibleHello => Told::of(message, extra, view).compatible_hello(),
    };
    Some(standards::of_version(told, extra))
}

/// Says what a handshake message means, whatever carried it.
pub(super) fn handshake(message: &Message, extra: Extra, view: &View<'_>) -> Option<Telling> {
    let mut told = Told::of(message, extra, view);
    let kind = HandshakeType(*told.body.rest().first()?);
    let Ok((_, body)) = split(told.body) else { return Some(told.cut(kind)) };
    told.body = body;
    Some(told.handshake(kind))
}

impl<'a> Told<'a> {
    fn of(message: &Message, extra: Extra, view: &'a View<'_>) -> Self {
        Self {
            body: view.reader(message.span),
            extra,
            from_client: message.direction == Direction::Forward,
            protection: message.protection,
            inside: compressed::inside(message, view),
            around: unsealed::around(message, view),
        }
    }
}

impl Told<'_> {
    fn handshake(&self, kind: HandshakeType) -> Telling {
        standards::cited(self.by_kind(kind), kind, self.extra)
    }

    fn by_kind(&self, kind: HandshakeType) -> Telling {
        match kind {
            HandshakeType::CLIENT_HELLO => self.client_hello(),
            HandshakeType::SERVER_HELLO => self.server_hello(),
            HandshakeType::HELLO_VERIFY_REQUEST => self.hello_verify_request(),
            HandshakeType::ENCRYPTED_EXTENSIONS => self.encrypted_extensions(),
            HandshakeType::CERTIFICATE => self.certificate(),
            HandshakeType::COMPRESSED_CERTIFICATE => self.compressed_certificate(),
            HandshakeType::CERTIFICATE_STATUS => self.certificate_status(),
            HandshakeType::CERTIFICATE_REQUEST => self.certificate_request(),
            HandshakeType::CERTIFICATE_VERIFY => self.certificate_verify(),
            HandshakeType::SERVER_KEY_EXCHANGE => self.server_key_exchange(),
            HandshakeType::SERVER_HELLO_DONE => self.server_hello_done(),
            HandshakeType::CLIENT_KEY_EXCHANGE => self.client_key_exchange(),
            HandshakeType::FINISHED => self.finished(),
            HandshakeType::END_OF_EARLY_DATA => self.end_of_early_data(),
            HandshakeType::NEW_SESSION_TICKET => self.ticket(),
            HandshakeType::KEY_UPDATE => self.key_update(),
            HandshakeType::HELLO_REQUEST => self.hello_request(),
            HandshakeType(number) => {
                let label = format!("message {number}");
                self.bead(label, "Sends a handshake message that is not known here").weight(1, 1)
            }
        }
    }

    /// A message of which the capture holds only the beginning: what it says is not known.
    fn cut(&self, kind: HandshakeType) -> Telling {
        let label = names::name(names::HANDSHAKE_TYPES, kind.0.into()).replace(' ', "");
        let telling = self.bead(label, "Only its beginning is in the capture").weight(5, 5);
        match (kind, self.from_client) {
            (HandshakeType::CLIENT_HELLO, _) => telling.asking(),
            (_, true) => telling,
            (_, false) => telling.answering(),
        }
    }

    /// A bead of the handshake's chapter.
    fn bead(&self, label: impl Into<String>, headline: impl Into<String>) -> Telling {
        Telling::new(label, headline, self.chapter())
    }

    /// The handshake's chapter. Before the server has answered, the version is not known.
    fn chapter(&self) -> &'static str {
        match self.extra.version {
            _ if !self.extra.agreed => "TLS handshake",
            Version::TLS13 => "TLS 1.3 handshake",
            Version::TLS12 => "TLS 1.2 handshake",
            Version::TLS11 => "TLS 1.1 handshake",
            Version::TLS10 => "TLS 1.0 handshake",
            Version::DTLS13 => "DTLS 1.3 handshake",
            Version::DTLS12 => "DTLS 1.2 handshake",
            Version::DTLS10 => "DTLS 1.0 handshake",
            _ => "TLS handshake",
        }
    }

    fn is_tls13(&self) -> bool {
        self.extra.is_tls13()
    }

    /// Who sends it, in the middle of a sentence.
    fn sender(&self) -> &'static str {
        if self.from_client { "the client" } else { "the server" }
    }

    /// A standard and its section by version: TLS 1.3's or TLS 1.2's.
    fn cite(
        &self,
        telling: Telling,
        lesson: &'static str,
        tls13: &'static str,
        tls12: &'static str,
    ) -> Telling {
        if self.is_tls13() {
            telling.lesson(lesson, TLS13, tls13)
        } else {
            telling.lesson(lesson, TLS12, tls12)
        }
    }
}
