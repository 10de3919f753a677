//! What records and messages of DTLS mean.

use super::record::{HEADER_LEN, Header};
use super::{Kind, note};
use crate::engine::view::View;
use crate::message::{Message, Protection};
use crate::protocols::tls::reason::Reason;
use crate::protocols::tls::record::ContentType;
use crate::protocols::tls::version::Version;
use crate::protocols::tls::{handshake, names};
use crate::telling::{Outcome, Telling};

/// The chapter of records that no key opens, and of what goes wrong.
const SEALED: &str = "Sealed data";
const STANDARD: &str = "RFC 6347";

/// What a message means; nothing for a record whose content is told by itself.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    match message.kind()? {
        Kind::Handshake => handshake::tell(message, note(message).extra(), view),
        Kind::Again => Some(
            Telling::new(
                "again",
                "Sends this part of the handshake again, as no answer came in time",
                chapter(message),
            )
            .detail("Datagrams may be lost, and nobody below says so: each side has a timer.")
            .weight(6, 5)
            .outcome(Outcome::Repeated)
            .lesson("dtls/flight", STANDARD, "4.2.4"),
        ),
        Kind::Record if message.protection == Protection::Opaque => Some(sealed(message, view)),
        Kind::Unified => Some(
            Telling::new("sealed record", "Sealed, and even its number is masked", SEALED)
                .detail(why(message))
                .weight(1, 1)
                .lesson("dtls/record", "RFC 9147", "4.2.3"),
        ),
        Kind::Alert => alert(view.bytes(message.span), message),
        Kind::ChangeCipherSpec => Some(
            Telling::new(
                "ChangeCipherSpec",
                "From here on its records name another epoch, and are sealed",
                chapter(message),
            )
            .weight(4, 2)
            .lesson("dtls/record", STANDARD, "4.1"),
        ),
        Kind::Record => None,
    }
}

/// Why a record stays sealed.
fn why(message: &Message) -> &'static str {
    note(message).reason().map_or("", Reason::sentence)
}

fn sealed(message: &Message, view: &View<'_>) -> Telling {
    let header = Header::read(view.bytes(message.span.part(0, HEADER_LEN)));
    let (label, headline) = match header.map(|header| header.content_type) {
        Some(ContentType::ALERT) => ("sealed alert", "An alert, which only the two ends can read"),
        Some(ContentType::HANDSHAKE) => {
            ("sealed handshake", "A message of the handshake, sealed with the new keys")
        }
        _ => ("sealed record", "Sealed: nobody but the two ends can read it"),
    };
    let number = header.map_or(String::new(), |header| {
        format!("Record {} of epoch {}. ", header.sequence, header.epoch)
    });
    Telling::new(label, headline, SEALED)
        .detail(format!("{number}{}", why(message)))
        .weight(1, 1)
        .lesson("dtls/record", STANDARD, "4.1")
}

/// The chapter of the handshake, by the version that was agreed on.
fn chapter(message: &Message) -> &'static str {
    let extra = note(message).extra();
    match extra.version {
        Version::DTLS13 if extra.agreed => "DTLS 1.3 handshake",
        Version::DTLS12 if extra.agreed => "DTLS 1.2 handshake",
        Version::DTLS10 if extra.agreed => "DTLS 1.0 handshake",
        _ => "DTLS handshake",
    }
}

fn alert(bytes: &[u8], message: &Message) -> Option<Telling> {
    let [level, description] = bytes else { return None };
    let name = names::name(names::ALERTS, (*description).into());
    let name = name.to_lowercase().replace(' ', "_");
    let told = match (level, description) {
        (_, 0) => {
            Telling::new("close_notify", "Says that nothing more will come from it", "Closing")
                .closing()
        }
        (2, _) => Telling::new(name, "Refuses to go on, and names the reason", chapter(message))
            .outcome(Outcome::Refused)
            .answering(),
        _ => Telling::new(name, "Warns, and goes on all the same", chapter(message)),
    };
    Some(if note(message).extra().is_tls13() {
        told.lesson("tls/alert", "RFC 9147", "5.10")
    } else {
        told.lesson("tls/alert", STANDARD, "4.2.7")
    })
}
