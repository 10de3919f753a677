//! Describes the word of an authority on whether certificates still hold, which servers staple to
//! theirs (RFC 6960, section 4.2): as Wireshark names what is in it.
//!
//! ```text
//!   status   [0] type, and as bytes: ┌─ who says it, when, each certificate's status, extensions
//!                                    ├─ algorithm, signature
//!                                    └─ [0] certificates
//! ```

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use super::Told;
use crate::bytes::Reader;
use crate::field::{FieldId, Value};
use crate::limits::MAX_OCSP_ANSWERS;
use crate::protocols::ber::{Element, Oid, Stop};
use crate::protocols::tls::fields;

/// Tags of ASN.1: universal ones, then those that mean something in their place only.
const INTEGER: u8 = 2;
const BITS: u8 = 3;
const BYTES: u8 = 4;
const OID: u8 = 6;
const ENUMERATED: u8 = 10;
const SEQUENCE: u8 = 0x30;
const FIRST: u8 = 0xa0;
const SECOND: u8 = 0xa1;
const THIRD: u8 = 0xa2;

/// The nonce that a question bore, and its answer repeats (RFC 9654, section 2.1).
const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";

/// A whole response, as far as it is there.
pub(in super::super) fn response(told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let mut reader = Reader::new(told.bytes, told.place);
    let whole = Element::expect(&mut reader, SEQUENCE, "response")?;
    parts(whole.content, told)?;
    whole.whole().map(drop)
}

fn parts(mut all: Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let status = Element::expect(&mut all, ENUMERATED, "status")?;
    number(fields::OCSP_STATUS, &status, told);
    if all.is_empty() {
        // Who could not answer says no more.
        return Ok(());
    }
    let mut bytes = inside(&mut all, FIRST, "response bytes")?;
    let mut bytes = inside(&mut bytes, SEQUENCE, "response bytes")?;
    identifier(fields::OCSP_TYPE, &mut bytes, told)?;
    let mut basic = inside(&mut bytes, BYTES, "response")?;
    let mut basic = inside(&mut basic, SEQUENCE, "basic response")?;
    data(&mut inside(&mut basic, SEQUENCE, "response data")?, told)?;
    algorithm(&mut basic, told)?;
    let signature = Element::expect(&mut basic, BITS, "signature")?;
    let mut bits = signature.content;
    // How many bits at the end count for nothing.
    bits.u8("unused bits")?;
    told.sink.field(fields::OCSP_SIGNATURE, Value::Bytes(bits.rest()), bits.span());
    if !basic.is_empty() {
        let mut list = inside(&mut basic, FIRST, "certificates")?;
        let list = inside(&mut list, SEQUENCE, "certificates")?;
        several(fields::OCSP_CERTIFICATES, list, told, |reader, told| {
            let of = Element::expect(reader, SEQUENCE, "certificate")?;
            let bytes = of.whole().ok().and_then(|_| told.part(&of));
            if let Some(Ok((_, certificate))) = bytes.map(X509Certificate::from_der) {
                told.certificate(&certificate);
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// What is signed.
fn data(data: &mut Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let mut who = Element::next(data, "responder")?;
    if who.tag == FIRST {
        // A version, of which there is one: it need not be said.
        who = Element::next(data, "responder")?;
    }
    match who.tag {
        SECOND => {
            let name = who.content.rest();
            if let Ok((_, name)) = X509Name::from_der(name) {
                told.name(fields::OCSP_BY_NAME, &name);
            }
        }
        THIRD => {
            let key = Element::expect(&mut who.content, BYTES, "key hash")?;
            bytes(fields::OCSP_BY_KEY, &key, told);
        }
        tag => return Err(Stop::Tag("responder", tag, who.span)),
    }
    moment(fields::OCSP_PRODUCED, data, told)?;
    let list = inside(data, SEQUENCE, "responses")?;
    several(fields::OCSP_RESPONSES, list, told, |reader, told| {
        let one = Element::expect(reader, SEQUENCE, "single response")?;
        told.sink.open(fields::OCSP_RESPONSE, Value::None, one.span);
        let read = single(one.content, told);
        told.sink.close();
        read
    })?;
    if data.is_empty() {
        Ok(())
    } else {
        extensions(&mut inside(data, SECOND, "extensions")?, told)
    }
}

/// What is said of one certificate.
fn single(mut one: Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let mut whose = inside(&mut one, SEQUENCE, "certificate id")?;
    algorithm(&mut whose, told)?;
    let parts = [
        (fields::OCSP_ISSUER_NAME, BYTES),
        (fields::OCSP_ISSUER_KEY, BYTES),
        (fields::OCSP_SERIAL, INTEGER),
    ];
    for (field, tag) in parts {
        let part = Element::expect(&mut whose, tag, field.def().title)?;
        bytes(field, &part, told);
    }
    let mut status = Element::next(&mut one, "status")?;
    // The kinds are numbered by their tags.
    let kind = Value::Unsigned(u64::from(status.tag & 0x1f));
    told.sink.open(fields::OCSP_CERTIFICATE_STATUS, kind, status.span);
    let revoked = if status.tag == SECOND { revoked(&mut status.content, told) } else { Ok(()) };
    told.sink.close();
    revoked?;
    moment(fields::OCSP_THIS_UPDATE, &mut one, told)?;
    if one.rest().first() == Some(&FIRST) {
        moment(fields::OCSP_NEXT_UPDATE, &mut inside(&mut one, FIRST, "next update")?, told)?;
    }
    if one.is_empty() {
        Ok(())
    } else {
        extensions(&mut inside(&mut one, SECOND, "extensions")?, told)
    }
}

fn revoked(reader: &mut Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    moment(fields::OCSP_REVOKED, reader, told)?;
    if reader.is_empty() {
        return Ok(());
    }
    let reason = Element::expect(&mut inside(reader, FIRST, "reason")?, ENUMERATED, "reason")?;
    number(fields::OCSP_REASON, &reason, told);
    Ok(())
}

fn extensions(list: &mut Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let mut list = inside(list, SEQUENCE, "extensions")?;
    for _ in 0..MAX_OCSP_ANSWERS {
        if list.is_empty() {
            break;
        }
        let mut one = inside(&mut list, SEQUENCE, "extension")?;
        let name = identifier(fields::OCSP_EXTENSION, &mut one, told)?;
        let mut value = Element::next(&mut one, "value")?;
        if value.tag != BYTES {
            // Whether it must be understood.
            value = Element::expect(&mut one, BYTES, "value")?;
        }
        if name == NONCE {
            let nonce = Element::expect(&mut value.content, BYTES, "nonce")?;
            bytes(fields::OCSP_NONCE, &nonce, told);
        }
    }
    Ok(())
}

/// A list whose elements are counted.
fn several(
    heading: FieldId,
    list: Reader<'_>,
    told: &mut Told<'_, '_>,
    mut one: impl FnMut(&mut Reader<'_>, &mut Told<'_, '_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (mut ahead, mut count) = (list, 0);
    while count < MAX_OCSP_ANSWERS && Element::next(&mut ahead, "element").is_ok() {
        count += 1;
    }
    told.sink.open(heading, Value::Unsigned(count as u64), list.span());
    let mut reader = list;
    let read = (0..count).try_for_each(|_| one(&mut reader, told));
    told.sink.close();
    read
}

/// The content of the next element, which has this tag.
fn inside<'a>(reader: &mut Reader<'a>, tag: u8, what: &'static str) -> Result<Reader<'a>, Stop> {
    Element::expect(reader, tag, what).map(|element| element.content)
}

/// The algorithm of a signature or of a hash: its identifier, then what it takes.
fn algorithm(reader: &mut Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    let mut algorithm = inside(reader, SEQUENCE, "algorithm")?;
    identifier(fields::X509_SIGNED_WITH, &mut algorithm, told).map(drop)
}

fn identifier(
    field: FieldId,
    reader: &mut Reader<'_>,
    told: &mut Told<'_, '_>,
) -> Result<String, Stop> {
    let element = Element::expect(reader, OID, field.def().title)?;
    let text = Oid(element.whole()?).to_string();
    told.sink.field(field, Value::Text(&text), element.content.span());
    Ok(text)
}

fn bytes(field: FieldId, element: &Element<'_>, told: &mut Told<'_, '_>) {
    told.sink.field(field, Value::Bytes(element.content.rest()), element.content.span());
}

/// A number in one byte.
fn number(field: FieldId, element: &Element<'_>, told: &mut Told<'_, '_>) {
    if let Ok((value, place)) = { element.content }.u8("number") {
        told.sink.field(field, Value::Unsigned(value.into()), place);
    }
}

/// A moment to the second, which is always written with four digits of a year.
fn moment(field: FieldId, reader: &mut Reader<'_>, told: &mut Told<'_, '_>) -> Result<(), Stop> {
    const NANOS: u64 = 1_000_000_000;
    let element = Element::next(reader, field.def().title)?;
    let time = told.part(&element).and_then(|bytes| ASN1Time::from_der(bytes).ok());
    let seconds = time.and_then(|(_, time)| u64::try_from(time.timestamp()).ok());
    if let Some(nanos) = seconds.and_then(|seconds| seconds.checked_mul(NANOS)) {
        told.sink.field(field, Value::Unsigned(nanos), element.span);
    }
    Ok(())
}
