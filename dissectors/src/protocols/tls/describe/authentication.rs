//! Describes CertificateRequest, CertificateVerify and NewSessionTicket.

use super::super::fields;
use super::super::handshake::Extra;
use super::certificate;
use super::describer::{Described, Describer};
use super::extensions::{self, Place};
use crate::field::Value;

/// CertificateRequest (RFC 9846, section 4.4.2; RFC 5246, section 7.4.4).
pub(super) fn request(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    if extra.is_tls13() {
        walk.vector(fields::CONTEXT_LENGTH, 1, fields::CONTEXT)?;
        return extensions::list(Place::CertificateRequest, walk);
    }
    let len = walk.u8(fields::CERTIFICATE_TYPES_COUNT)?;
    walk.numbers(fields::CERTIFICATE_TYPES, len, fields::CERTIFICATE_TYPE, 1)?;
    if extra.version.names_signatures() {
        schemes(walk)?;
    }
    authorities(walk)
}

/// CertificateVerify (RFC 9846, section 4.5.2; RFC 5246, section 7.4.8).
pub(super) fn verify(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    if extra.version.names_signatures() {
        scheme(walk)?;
    }
    walk.vector(fields::PROOF_LENGTH, 2, fields::PROOF)
}

/// A list of signature schemes (RFC 9846, section 4.3.3).
pub(super) fn schemes(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u16(fields::SCHEMES_LENGTH)?;
    walk.group(fields::SCHEMES, Value::None, len, |walk| {
        while !walk.is_done() {
            scheme(walk)?;
        }
        Ok(())
    })
}

/// One signature scheme; TLS 1.2 knew it as a pair of hash and signature.
pub(super) fn scheme(walk: &mut Describer<'_, '_>) -> Described {
    let mut pair = walk.reader.sub(2, "signature algorithm")?;
    let (number, place) = pair.u16("signature algorithm")?;
    walk.sink.open(fields::SCHEME, Value::Unsigned(u64::from(number)), place);
    let [hash, signature] = number.to_be_bytes().map(|byte| Value::Unsigned(u64::from(byte)));
    walk.sink.field(fields::SCHEME_HASH, hash, place.part(0, 1));
    walk.sink.field(fields::SCHEME_SIGNATURE, signature, place.part(1, 1));
    walk.sink.close();
    Ok(())
}

/// A list of distinguished names (RFC 9846, section 4.3.4; RFC 5246, section 7.4.4).
pub(super) fn authorities(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u16(fields::NAMES_LENGTH)?;
    if len == 0 {
        return Ok(());
    }
    walk.group(fields::NAMES, Value::None, len, |walk| {
        while !walk.is_done() {
            let len = walk.u16(fields::NAME_LENGTH)?;
            certificate::name(fields::NAME, walk, len)?;
        }
        Ok(())
    })
}

/// NewSessionTicket (RFC 9846, section 4.7.1; RFC 5077, section 3.3).
pub(super) fn ticket(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    walk.number(fields::TICKET_LIFETIME, 4)?;
    if extra.is_tls13() {
        walk.number(fields::TICKET_AGE_ADD, 4)?;
        walk.vector(fields::TICKET_NONCE_LENGTH, 1, fields::TICKET_NONCE)?;
    }
    walk.vector(fields::TICKET_LENGTH, 2, fields::TICKET)?;
    if extra.is_tls13() { extensions::list(Place::NewSessionTicket, walk) } else { Ok(()) }
}
