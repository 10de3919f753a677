//! Describes TLS messages field by field, in the order of their bytes.

mod authentication;
mod certificate;
mod describer;
mod ech;
mod extensions;
mod fingerprint;
mod hello;
mod key_exchange;
mod quic;
mod record;
mod shares;
mod x509;

use std::fmt::{self, Write};

use super::compressed::{self, Packed};
use super::extra::Note;
use super::handshake::Extra;
use super::handshake::wire::{HandshakeType, message_len, split};
use super::{Kind, fields, names};
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::{Severity, Sink};
use describer::{Described, Describer};
use extensions::Place;

pub(super) use certificate::subject;

/// Describes one message.
pub(super) fn message(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    match message.kind() {
        Some(Kind::Record) => record::describe(message, view, sink),
        Some(Kind::Handshake) => handshake(message, Note::of(message).extra(), view, sink),
        Some(Kind::Alert) => alert(message, view, sink),
        Some(Kind::ChangeCipherSpec) => {
            sink.field(fields::CHANGE_CIPHER_SPEC, Value::None, message.span);
        }
        Some(Kind::CompatibleHello) => complain(hello::compatible(message, view, sink), sink),
        _ => {}
    }
}

/// The row's text. Of a record it says only what nothing inside says by itself.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    // Of a record its kind says enough: its bytes may have to be put together.
    let bytes = || view.bytes(message.span);
    match message.kind() {
        Some(Kind::Record) => line.write_str(record::summary(message, view)),
        Some(Kind::Handshake) => {
            super::handshake::summary(message, Note::of(message).extra(), view, line)
        }
        Some(Kind::Alert) => {
            let byte = |at: usize| bytes().get(at).copied().unwrap_or(0);
            let level = names::named(names::ALERT_LEVELS, byte(0).into());
            let description = names::named(names::ALERTS, byte(1).into());
            write!(line, "Alert (Level: {level}, Description: {description})")
        }
        Some(Kind::ChangeCipherSpec) => line.write_str("Change Cipher Spec"),
        Some(Kind::CompatibleHello) => line.write_str("Client Hello"),
        None => Ok(()),
    }
}

fn alert(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut walk = Describer::new(sink, view.reader(message.span));
    let walked = walk.group(fields::ALERT, Value::None, message.span.len as usize, |walk| {
        walk.u8(fields::ALERT_LEVEL)?;
        walk.u8(fields::ALERT_DESCRIPTION)?;
        Ok(())
    });
    complain(walked, sink);
}

/// What a handshake message is called, HelloRetryRequest included, which looks like a ServerHello.
pub(super) fn called(bytes: &[u8]) -> &'static str {
    let kind = bytes.first().copied().unwrap_or(0);
    let retry = bytes.get(6..38) == Some(&super::handshake::wire::RETRY_RANDOM[..]);
    if HandshakeType(kind) == HandshakeType::SERVER_HELLO && retry {
        return "Hello Retry Request";
    }
    names::known(names::HANDSHAKE_TYPES, u16::from(kind)).unwrap_or("Unknown Handshake Message")
}

/// Describes a handshake message, whatever carried it.
pub(super) fn handshake(message: &Message, extra: Extra, view: &View<'_>, sink: &mut dyn Sink) {
    let reader = view.reader(message.span);
    let bytes = reader.rest();
    let title = called(bytes);
    if !crate::protocol::fields_of(&super::Tls).any(|field| sink.wants(field)) {
        return;
    }
    let len = message.span.len as usize;
    let missing = message_len(bytes).filter(|whole| *whole > bytes.len());
    let mut walk = Describer::new(sink, reader);
    let walked = walk.group(fields::HANDSHAKE, Value::Text(title), len, |walk| {
        walk.is_cut = missing.is_some();
        let kind = HandshakeType(walk.u8(fields::TYPE)? as u8);
        let len = walk.u24(fields::LENGTH)?;
        walk.within(len, fields::HANDSHAKE, |walk| body(kind, extra, walk))?;
        match kind {
            HandshakeType::CLIENT_HELLO => ech::sealed(message, (extra, view), walk),
            HandshakeType::SERVER_HELLO => ech::answered(message, extra, walk),
            _ => {}
        }
        match compressed::inside(message, view) {
            Some(inside) => {
                let packed = split(reader).ok().and_then(|(_, body)| Packed::read(body));
                let claimed = packed.map(|packed| packed.whole);
                certificate::unpacked(extra, inside, walk, claimed)
            }
            None => Ok(()),
        }
    });
    match missing {
        Some(whole) => {
            let text = format_args!("{len} of {whole} bytes are in the capture");
            sink.note(Severity::Missing, message.span, text);
        }
        None => complain(walked, sink),
    }
}

fn body(kind: HandshakeType, extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    match kind {
        HandshakeType::CLIENT_HELLO => hello::client(extra, walk),
        HandshakeType::SERVER_HELLO => hello::server(walk),
        HandshakeType::HELLO_VERIFY_REQUEST => hello::verify_request(walk),
        HandshakeType::ENCRYPTED_EXTENSIONS => extensions::list(Place::EncryptedExtensions, walk),
        HandshakeType::CERTIFICATE => certificate::message(extra, walk),
        HandshakeType::COMPRESSED_CERTIFICATE => certificate::compressed(walk),
        HandshakeType::CERTIFICATE_STATUS => certificate::status(walk),
        HandshakeType::CERTIFICATE_REQUEST => authentication::request(extra, walk),
        HandshakeType::CERTIFICATE_VERIFY => authentication::verify(extra, walk),
        HandshakeType::SERVER_KEY_EXCHANGE => key_exchange::server(extra, walk),
        HandshakeType::CLIENT_KEY_EXCHANGE => key_exchange::client(extra, walk),
        HandshakeType::NEW_SESSION_TICKET => authentication::ticket(extra, walk),
        HandshakeType::KEY_UPDATE => walk.u8(fields::REQUEST_UPDATE).map(|_| ()),
        HandshakeType::FINISHED => {
            let len = walk.reader.len();
            let (_, place) = walk.reader.take(len, "verify data")?;
            walk.sink.field(fields::VERIFY_DATA, Value::None, place);
            Ok(())
        }
        HandshakeType::HELLO_REQUEST
        | HandshakeType::SERVER_HELLO_DONE
        | HandshakeType::END_OF_EARLY_DATA => Ok(()),
        // A message we do not know has a length, and that is all that can be said of it.
        _ => walk.reader.take(walk.reader.len(), "handshake message").map(|_| ()),
    }
}

/// Tells of a claim that did not hold.
fn complain(walked: Described, sink: &mut dyn Sink) {
    if let Err(short) = walked {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}
