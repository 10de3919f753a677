//! Describes extensions (RFC 9846, section 4.3, RFC 6066, and those named beside them).

use super::super::handshake::wire::extension as kind;
use super::super::{fields, names};
use super::describer::{Described, Describer};
use super::{authentication, ech, quic, shares};
use crate::field::Value;

/// In which message a list of extensions stands: some mean different things in different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    ClientHello,
    ServerHello,
    HelloRetryRequest,
    EncryptedExtensions,
    Certificate,
    CertificateRequest,
    NewSessionTicket,
}

/// A list of extensions with its length.
pub(super) fn list(place: Place, walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u16(fields::EXTENSIONS_LENGTH)?;
    walk.within(len, fields::EXTENSIONS_LENGTH, |walk| {
        while !walk.is_done() {
            one(place, walk)?;
        }
        Ok(())
    })
}

fn one(place: Place, walk: &mut Describer<'_, '_>) -> Described {
    let mut ahead = walk.reader;
    let (number, _) = ahead.u16("extension type")?;
    let (len, _) = ahead.u16("extension length")?;
    let name = names::name(names::EXTENSIONS, number);
    let text = format!("{name} (len={len})");
    walk.group(fields::EXTENSION, Value::Text(&text), 4 + usize::from(len), |walk| {
        walk.u16(fields::EXTENSION_TYPE)?;
        walk.u16(fields::EXTENSION_LENGTH)?;
        // Its length stands before it: one that breaks its own grammar costs itself only.
        if let Err(short) = data(place, number, walk) {
            if walk.is_cut {
                return Err(short);
            }
            walk.note(short.place, format_args!("{short}"));
            walk.skip();
        }
        Ok(())
    })
}

fn data(place: Place, number: u16, walk: &mut Describer<'_, '_>) -> Described {
    let client_hello = place == Place::ClientHello;
    match number {
        kind::SERVER_NAME if !walk.is_done() => server_names(walk),
        kind::MAX_FRAGMENT_LENGTH => walk.u8(fields::FRAGMENT_LENGTH).map(|_| ()),
        kind::STATUS_REQUEST if client_hello => status_request(walk),
        kind::STATUS_REQUEST if place == Place::Certificate => super::certificate::status(walk),
        kind::SUPPORTED_GROUPS => {
            let len = walk.u16(fields::GROUPS_LENGTH)?;
            walk.numbers(fields::GROUPS, len, fields::GROUP, 2)
        }
        kind::EC_POINT_FORMATS => {
            let len = walk.u8(fields::POINT_FORMATS_LENGTH)?;
            walk.numbers(fields::POINT_FORMATS, len, fields::POINT_FORMAT, 1)
        }
        kind::SIGNATURE_ALGORITHMS
        | kind::SIGNATURE_ALGORITHMS_CERT
        | kind::DELEGATED_CREDENTIALS
            if place != Place::Certificate =>
        {
            authentication::schemes(walk)
        }
        kind::ALPN => alpn(walk),
        kind::CLIENT_CERTIFICATE_TYPE | kind::SERVER_CERTIFICATE_TYPE => {
            if client_hello {
                walk.u8(fields::CERTIFICATE_FORMATS_LENGTH)?;
            }
            walk.all_numbers(fields::CERTIFICATE_FORMAT, 1)
        }
        kind::PADDING => {
            let len = walk.reader.len();
            walk.bytes(fields::PADDING, len).map(|_| ())
        }
        kind::COMPRESS_CERTIFICATE => {
            let len = walk.u8(fields::COMPRESSION_ALGORITHMS_LENGTH)?;
            walk.within(len, fields::COMPRESSION_ALGORITHMS_LENGTH, |walk| {
                walk.all_numbers(fields::COMPRESSION_ALGORITHM, 2)
            })
        }
        kind::RECORD_SIZE_LIMIT => walk.u16(fields::RECORD_SIZE_LIMIT).map(|_| ()),
        kind::EARLY_DATA if place == Place::NewSessionTicket => {
            walk.number(fields::MAX_EARLY_DATA, 4).map(|_| ())
        }
        kind::SUPPORTED_VERSIONS if client_hello => {
            let len = walk.u8(fields::SUPPORTED_VERSIONS_LENGTH)?;
            walk.within(len, fields::SUPPORTED_VERSIONS_LENGTH, |walk| {
                walk.all_numbers(fields::SUPPORTED_VERSION, 2)
            })
        }
        kind::SUPPORTED_VERSIONS => walk.u16(fields::SUPPORTED_VERSION).map(|_| ()),
        kind::COOKIE => walk.vector(fields::COOKIE_LENGTH, 2, fields::COOKIE),
        kind::PSK_KEY_EXCHANGE_MODES => {
            let len = walk.u8(fields::PSK_MODES_LENGTH)?;
            walk.within(len, fields::PSK_MODES_LENGTH, |walk| walk.all_numbers(fields::PSK_MODE, 1))
        }
        kind::PRE_SHARED_KEY => shares::pre_shared_key(client_hello, walk),
        kind::CERTIFICATE_AUTHORITIES => authentication::authorities(walk),
        kind::QUIC_PARAMETERS | kind::QUIC_PARAMETERS_OF_DRAFTS => quic::parameters(walk),
        kind::KEY_SHARE => shares::key_share(place, walk),
        kind::RENEGOTIATION_INFO => {
            walk.vector(fields::RENEGOTIATION_LENGTH, 1, fields::RENEGOTIATION)
        }
        kind::ENCRYPTED_CLIENT_HELLO => ech::extension(place, walk),
        kind::ECH_OUTER_EXTENSIONS if client_hello => ech::outer_extensions(walk),
        // These say all by being there; Wireshark shows no data for them.
        kind::ENCRYPT_THEN_MAC
        | kind::EXTENDED_MASTER_SECRET
        | kind::EARLY_DATA
        | kind::POST_HANDSHAKE_AUTH
        | kind::SERVER_NAME
        | kind::STATUS_REQUEST
            if walk.is_done() =>
        {
            Ok(())
        }
        _ => {
            let len = walk.reader.len();
            walk.bytes(fields::EXTENSION_DATA, len).map(|_| ())
        }
    }
}

/// RFC 6066, section 3.
fn server_names(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u16(fields::SERVER_NAMES_LENGTH)?;
    walk.within(len, fields::SERVER_NAMES_LENGTH, |walk| {
        while !walk.is_done() {
            walk.u8(fields::SERVER_NAME_TYPE)?;
            let len = walk.u16(fields::SERVER_NAME_LENGTH)?;
            walk.text(fields::SERVER_NAME, len)?;
        }
        Ok(())
    })
}

/// RFC 6066, section 8.
fn status_request(walk: &mut Describer<'_, '_>) -> Described {
    walk.u8(fields::STATUS_TYPE)?;
    let len = walk.u16(fields::RESPONDERS_LENGTH)?;
    walk.reader.take(len, "responder ids")?;
    let len = walk.u16(fields::STATUS_EXTENSIONS_LENGTH)?;
    walk.reader.take(len, "request extensions").map(|_| ())
}

/// RFC 7301, section 3.1.
fn alpn(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u16(fields::ALPN_LENGTH)?;
    walk.group(fields::ALPN_LIST, Value::None, len, |walk| {
        while !walk.is_done() {
            let len = walk.u8(fields::ALPN_NAME_LENGTH)?;
            walk.text(fields::ALPN_NAME, len)?;
        }
        Ok(())
    })
}
