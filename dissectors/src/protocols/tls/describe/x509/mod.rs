//! Describes a certificate (RFC 5280, section 4.1): as Wireshark names what is in it.

mod extensions;
pub(super) mod ocsp;

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid::Oid;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use super::super::fields;
use crate::field::{FieldId, Value};
use crate::protocols::ber;
use crate::sink::Sink;
use crate::span::Span;

/// The attribute countryName, 2.5.4.6, as it is encoded.
const COUNTRY: &[u8] = &[0x55, 4, 6];

/// A certificate on its way to a sink.
pub(super) struct Told<'s, 'a> {
    pub(super) bytes: &'a [u8],
    pub(super) place: Span,
    pub(super) sink: &'s mut dyn Sink,
}

impl<'a> Told<'_, 'a> {
    /// All bytes of an element of it, with its tag and its length.
    fn part(&self, element: &ber::Element<'_>) -> Option<&'a [u8]> {
        let start = element.span.start.checked_sub(self.place.start)? as usize;
        self.bytes.get(start..)?.get(..element.span.len as usize)
    }
}

impl Told<'_, '_> {
    pub(super) fn certificate(&mut self, certificate: &X509Certificate<'_>) {
        let version = Value::Unsigned(u64::from(certificate.version().0));
        // The version is wrapped twice over: its number is no run of bytes at a fixed place.
        self.sink.field(fields::X509_VERSION, version, Span::NONE);
        self.bytes(fields::X509_SERIAL, certificate.raw_serial());
        self.oid(fields::X509_SIGNED_WITH, &certificate.signature.algorithm);
        self.name(fields::X509_ISSUER, certificate.issuer());
        let validity = certificate.validity();
        self.time(fields::X509_NOT_BEFORE, &validity.not_before);
        self.time(fields::X509_NOT_AFTER, &validity.not_after);
        self.name(fields::X509_SUBJECT, certificate.subject());
        let key = certificate.public_key();
        self.oid(fields::X509_SIGNED_WITH, &key.algorithm.algorithm);
        let algorithm = key.algorithm.algorithm.to_id_string();
        self.sink.field(fields::X509_KEY_ALGORITHM, Value::Text(key_name(&algorithm)), Span::NONE);
        self.bytes(fields::X509_KEY, &key.subject_public_key.data);
        certificate.extensions().iter().for_each(|extension| self.extension(extension));
        let signed = &certificate.signature_algorithm.algorithm;
        self.oid(fields::X509_SIGNED_WITH, signed);
        self.bytes(fields::X509_SIGNATURE, &certificate.signature_value.data);
    }

    /// An object identifier, with dots.
    fn oid(&mut self, field: FieldId, oid: &Oid<'_>) {
        let place = self.find(oid.as_bytes());
        self.sink.field(field, Value::Text(&oid.to_id_string()), place);
    }

    pub(super) fn name(&mut self, field: FieldId, name: &X509Name<'_>) {
        let text = name.to_string();
        let place = self.find(name.as_raw());
        self.sink.open(field, Value::Text(&text), place);
        for attribute in name.iter_attributes() {
            let bytes = attribute.attr_value().data;
            let place = self.find(bytes);
            self.oid(fields::X509_ATTRIBUTE, attribute.attr_type());
            // The tags of strings in ASN.1 (ITU-T X.680, section 8.4).
            let (field, is_wide) = match attribute.attr_value().header.tag().0 {
                // A country has no choice of kinds (RFC 5280, appendix A.1).
                19 if attribute.attr_type().as_bytes() == COUNTRY => (fields::X509_COUNTRY, false),
                12 => (fields::X509_UTF8, false),
                19 => (fields::X509_PRINTABLE, false),
                20 => (fields::X509_TELETEX, false),
                22 => (fields::X509_IA5, false),
                28 => (fields::X509_UNIVERSAL, true),
                30 => (fields::X509_BMP, true),
                _ => continue,
            };
            if is_wide {
                let text = wide(bytes, if field == fields::X509_BMP { 2 } else { 4 });
                self.sink.field(field, Value::Text(&text), place);
            } else {
                self.sink.field(field, Value::text(bytes), place);
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

/// Text whose characters have two bytes each, or four.
fn wide(bytes: &[u8], width: usize) -> String {
    let number = |chunk: &[u8]| chunk.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    let of = |chunk| char::from_u32(number(chunk)).unwrap_or(char::REPLACEMENT_CHARACTER);
    bytes.chunks_exact(width).map(of).collect()
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
