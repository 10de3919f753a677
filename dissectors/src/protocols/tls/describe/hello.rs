//! Describes ClientHello and ServerHello (RFC 9846, sections 4.2.2 and 4.2.3).

use super::super::compatible::{Layout, SUITE};
use super::super::fields;
use super::super::handshake::Extra;
use super::super::handshake::wire::{ANYWHERE, Hello};
use super::super::version::Version;
use super::describer::{Described, Describer};
use super::extensions::{self, Place};
use super::fingerprint;
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::sink::Sink;

pub(super) fn client(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    let hello = Hello::client(Reader::new(walk.reader.rest(), ANYWHERE));
    if start(!extra.is_tls13(), walk)?.is_dtls() {
        walk.vector(fields::HELLO_COOKIE_LENGTH, 1, fields::HELLO_COOKIE)?;
    }
    let len = walk.u16(fields::CIPHER_SUITES_LENGTH)?;
    walk.numbers(fields::CIPHER_SUITES, len, fields::CIPHER_SUITE, 2)?;
    let len = walk.u8(fields::COMPRESSIONS_LENGTH)?;
    walk.numbers(fields::COMPRESSIONS, len, fields::COMPRESSION, 1)?;
    extensions(Place::ClientHello, walk)?;
    hello.iter().for_each(|hello| fingerprint::client(hello, walk.sink));
    Ok(())
}

pub(super) fn server(walk: &mut Describer<'_, '_>) -> Described {
    let hello = Hello::server(Reader::new(walk.reader.rest(), ANYWHERE));
    let tls13 = hello.is_some_and(|hello| hello.chosen_version().is_13());
    let retry = hello.is_some_and(|hello| hello.is_retry());
    let version = version_and_random(!tls13, walk)?;
    if version.has_short_answer() {
        walk.u16(fields::CIPHER_SUITE)?;
    } else {
        walk.vector(fields::SESSION_ID_LENGTH, 1, fields::SESSION_ID)?;
        walk.u16(fields::CIPHER_SUITE)?;
        walk.u8(fields::COMPRESSION)?;
    }
    extensions(if retry { Place::HelloRetryRequest } else { Place::ServerHello }, walk)?;
    hello.iter().for_each(|hello| fingerprint::server(hello, walk.sink));
    Ok(())
}

/// A ClientHello in the form of SSL 2.0 (RFC 5246, appendix E.2).
pub(super) fn compatible(message: &Message, view: &View<'_>, sink: &mut dyn Sink) -> Described {
    let reader = view.reader(message.span);
    let Some(layout) = Layout::read(reader.rest()) else { return Ok(()) };
    let mut walk = Describer::new(sink, reader);
    let text = Value::Text("Client Hello, in the form of SSL 2.0");
    walk.group(fields::RECORD, text, layout.len(), |walk| {
        walk.sink.field(fields::FORM_VERSION, Value::Unsigned(SSL20), walk.reader.span());
        walk.u16(fields::FORM_LENGTH)?;
        walk.u8(fields::TYPE)?;
        walk.u16(fields::VERSION)?;
        walk.u16(fields::FORM_SPECS_LENGTH)?;
        walk.u16(fields::FORM_SESSION_LENGTH)?;
        walk.u16(fields::FORM_CHALLENGE_LENGTH)?;
        walk.numbers(fields::CIPHER_SUITES, layout.suites, fields::FORM_SPEC, SUITE)?;
        walk.some_bytes(fields::SESSION_ID, layout.session)?;
        walk.some_bytes(fields::FORM_CHALLENGE, layout.challenge)
    })
}

/// The version whose form it has.
const SSL20: u64 = 0x0002;

/// HelloVerifyRequest of DTLS (RFC 6347, section 4.2.1).
pub(super) fn verify_request(walk: &mut Describer<'_, '_>) -> Described {
    walk.u16(fields::VERSION)?;
    walk.vector(fields::HELLO_COOKIE_LENGTH, 1, fields::HELLO_COOKIE)
}

/// Version, random and session id; gives back the version.
fn start(has_clock: bool, walk: &mut Describer<'_, '_>) -> Described<Version> {
    let version = version_and_random(has_clock, walk)?;
    walk.vector(fields::SESSION_ID_LENGTH, 1, fields::SESSION_ID)?;
    Ok(version)
}

/// Version and random; gives back the version. Before TLS 1.3 the random began with a clock (RFC
/// 5246, section 7.4.1.2); TLS 1.3 is random throughout.
fn version_and_random(has_clock: bool, walk: &mut Describer<'_, '_>) -> Described<Version> {
    let version = Version(walk.u16(fields::VERSION)? as u16);
    let (random, place) = walk.reader.take(32, "random")?;
    if has_clock {
        walk.sink.open(fields::RANDOM, Value::Bytes(random), place);
        if let Some((seconds, rest)) = random.split_first_chunk::<4>() {
            let nanos = u64::from(u32::from_be_bytes(*seconds)) * 1_000_000_000;
            walk.sink.field(fields::RANDOM_TIME, Value::Unsigned(nanos), place.part(0, 4));
            walk.sink.field(fields::RANDOM_BYTES, Value::Bytes(rest), place.from(4));
        }
        walk.sink.close();
    } else {
        walk.sink.field(fields::RANDOM, Value::Bytes(random), place);
    }
    Ok(version)
}

/// Extensions may be missing altogether before TLS 1.3.
fn extensions(place: Place, walk: &mut Describer<'_, '_>) -> Described {
    if walk.is_done() { Ok(()) } else { extensions::list(place, walk) }
}
