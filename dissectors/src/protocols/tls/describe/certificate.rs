//! Describes certificates: the messages that carry them, and what a person asks of one first.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use super::super::fields;
use super::super::handshake::Extra;
use super::super::handshake::wire::{ANYWHERE, vector};
use super::describer::{Described, Describer};
use super::extensions::{self, Place};
use crate::bytes::Reader;
use crate::field::{FieldId, Value};
use crate::sink::Sink;
use crate::span::Span;

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

/// CertificateStatus (RFC 6066, section 8).
pub(super) fn status(walk: &mut Describer<'_, '_>) -> Described {
    walk.u8(fields::STATUS_TYPE)?;
    walk.vector(fields::OCSP_LENGTH, 3, fields::OCSP)
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

/// A certificate on its way to a sink.
struct Told<'s, 'a> {
    bytes: &'a [u8],
    place: Span,
    sink: &'s mut dyn Sink,
}

impl Told<'_, '_> {
    fn certificate(&mut self, certificate: &X509Certificate<'_>) {
        let version = Value::Unsigned(u64::from(certificate.version().0));
        // The version is wrapped twice over: its number is no run of bytes at a fixed place.
        self.sink.field(fields::X509_VERSION, version, Span::NONE);
        self.bytes(fields::X509_SERIAL, certificate.raw_serial());
        self.name(fields::X509_ISSUER, certificate.issuer());
        let validity = certificate.validity();
        self.time(fields::X509_NOT_BEFORE, &validity.not_before);
        self.time(fields::X509_NOT_AFTER, &validity.not_after);
        self.name(fields::X509_SUBJECT, certificate.subject());
        let key = certificate.public_key();
        let algorithm = key.algorithm.algorithm.to_id_string();
        self.sink.field(fields::X509_KEY_ALGORITHM, Value::Text(key_name(&algorithm)), Span::NONE);
        self.bytes(fields::X509_KEY, &key.subject_public_key.data);
        for extension in certificate.extensions() {
            if let ParsedExtension::SubjectAlternativeName(names) = extension.parsed_extension() {
                names.general_names.iter().for_each(|name| self.general_name(name));
            }
        }
    }

    fn name(&mut self, field: FieldId, name: &X509Name<'_>) {
        let text = name.to_string();
        let place = self.find(name.as_raw());
        self.sink.open(field, Value::Text(&text), place);
        for attribute in name.iter_attributes() {
            let bytes = attribute.attr_value().data;
            let place = self.find(bytes);
            // The tags of ASN.1: 12 is UTF8String, 19 is PrintableString.
            match attribute.attr_value().header.tag().0 {
                12 => self.sink.field(fields::X509_UTF8, Value::text(bytes), place),
                19 => self.sink.field(fields::X509_PRINTABLE, Value::text(bytes), place),
                _ => {}
            }
        }
        self.sink.close();
    }

    fn time(&mut self, heading: FieldId, time: &ASN1Time) {
        let text = time.to_datetime();
        let (date, clock) = (text.date(), text.time());
        self.sink.open(heading, Value::None, Span::NONE);
        if time.is_utctime() {
            // As Wireshark writes it; the place is not kept by the parser.
            let text = format!(
                "{date} {:02}:{:02}:{:02} (UTC)",
                clock.hour(),
                clock.minute(),
                clock.second()
            );
            self.sink.field(fields::X509_TIME, Value::Text(&text), Span::NONE);
        }
        self.sink.close();
    }

    fn general_name(&mut self, name: &GeneralName<'_>) {
        match name {
            GeneralName::DNSName(name) => {
                let place = self.find(name.as_bytes());
                self.sink.field(fields::X509_DNS, Value::Text(name), place);
            }
            GeneralName::IPAddress(address) if address.len() == 4 => {
                self.bytes(fields::X509_IPV4, address);
            }
            GeneralName::IPAddress(address) if address.len() == 16 => {
                self.bytes(fields::X509_IPV6, address);
            }
            _ => {}
        }
    }

    fn bytes(&mut self, field: FieldId, bytes: &[u8]) {
        let place = self.find(bytes);
        self.sink.field(field, Value::Bytes(bytes), place);
    }

    /// Where a part of the certificate lies: it borrows from the same bytes.
    fn find(&self, part: &[u8]) -> Span {
        let start = (part.as_ptr() as usize).wrapping_sub(self.bytes.as_ptr() as usize);
        if start.checked_add(part.len()).is_some_and(|end| end <= self.bytes.len()) {
            self.place.part(start, part.len())
        } else {
            Span::NONE
        }
    }
}

/// What algorithms of public keys are called; others keep their object identifier.
fn key_name(identifier: &str) -> &str {
    match identifier {
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.10045.2.1" => "elliptic curve",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        other => other,
    }
}
