//! Describes certificates: the messages that carry them, and what a person asks of one first.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use super::super::fields;
use super::super::handshake::Extra;
use super::super::handshake::wire::{ANYWHERE, vector};
use super::describer::{Described, Describer};
use super::extensions::{self, Place};
use super::x509::{Told, ocsp};
use crate::bytes::Reader;
use crate::field::{FieldId, Value};

/// Certificate (RFC 9846, section 4.5.1; RFC 5246, section 7.4.2).
pub(super) fn message(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    if extra.is_tls13() {
        walk.vector(fields::CONTEXT_LENGTH, 1, fields::CONTEXT)?;
    }
    let len = walk.u24(fields::CERTIFICATES_LENGTH)?;
    if len == 0 {
        return Ok(());
    }
    walk.group(fields::CERTIFICATES, Value::None, len, |walk| {
        while !walk.is_done() {
            let len = walk.u24(fields::CERTIFICATE_LENGTH)?;
            let (bytes, place) = walk.reader.take(len, "certificate")?;
            walk.sink.open(fields::CERTIFICATE, Value::Bytes(bytes), place);
            if let Ok((_, certificate)) = X509Certificate::from_der(bytes) {
                Told { bytes, place, sink: walk.sink }.certificate(&certificate);
            }
            walk.sink.close();
            if extra.is_tls13() {
                extensions::list(Place::Certificate, walk)?;
            }
        }
        Ok(())
    })
}

/// A distinguished name that stands by itself.
pub(super) fn name(heading: FieldId, walk: &mut Describer<'_, '_>, len: usize) -> Described {
    let (bytes, place) = walk.reader.take(len, "distinguished name")?;
    match X509Name::from_der(bytes) {
        Ok((_, name)) => Told { bytes, place, sink: walk.sink }.name(heading, &name),
        Err(_) => walk.note(place, format_args!("this is no distinguished name")),
    }
    Ok(())
}

/// CompressedCertificate (RFC 8879, section 4).
pub(super) fn compressed(walk: &mut Describer<'_, '_>) -> Described {
    walk.u16(fields::COMPRESSION_ALGORITHM)?;
    walk.u24(fields::UNCOMPRESSED_LENGTH)?;
    walk.vector(fields::COMPRESSED_LENGTH, 3, fields::COMPRESSED)
}

/// The body of the Certificate message that it holds; `walk` stands behind it.
pub(super) fn unpacked(
    extra: Extra,
    inside: Reader<'_>,
    walk: &mut Describer<'_, '_>,
    claimed: Option<usize>,
) -> Described {
    if let Some(claimed) = claimed.filter(|claimed| *claimed != inside.len()) {
        let held = inside.len();
        let text = format_args!("{claimed} bytes are claimed to be inside, and it holds {held}");
        walk.note(inside.span(), text);
    }
    message(extra, &mut Describer::new(walk.sink, inside))
}

/// CertificateStatus (RFC 6066, section 8; for several certificates RFC 6961, section 2.2).
pub(super) fn status(walk: &mut Describer<'_, '_>) -> Described {
    const SEVERAL: usize = 2;
    if walk.u8(fields::STATUS_TYPE)? != SEVERAL {
        return answer(walk);
    }
    let len = walk.u24(fields::OCSP_LIST_LENGTH)?;
    walk.within(len, fields::OCSP_LIST_LENGTH, |walk| {
        while !walk.is_done() {
            answer(walk)?;
        }
        Ok(())
    })
}

/// One answer; of a certificate that nobody was asked about it is empty.
fn answer(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u24(fields::OCSP_LENGTH)?;
    if len == 0 {
        return Ok(());
    }
    let (bytes, place) = walk.reader.take(len, fields::OCSP.def().title)?;
    walk.sink.open(fields::OCSP, Value::Bytes(bytes), place);
    let told = ocsp::response(&mut Told { bytes, place, sink: walk.sink });
    if let Err(stop) = told {
        walk.note(stop.place(), format_args!("{stop}"));
    }
    walk.sink.close();
    Ok(())
}

/// The subject of the first certificate of a Certificate message's body, and for how many names
/// and addresses it speaks: what a story tells of it.
pub(in super::super) fn subject(tls13: bool, mut body: Reader<'_>) -> Option<String> {
    if tls13 {
        vector(&mut body, 1)?;
    }
    let mut list = Reader::new(vector(&mut body, 3)?, ANYWHERE);
    let certificate = vector(&mut list, 3)?;
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(certificate.subject().to_string())
}
