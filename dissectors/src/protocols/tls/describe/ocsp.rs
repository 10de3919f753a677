//! Describes the word of an authority on a certificate (RFC 6960, section 4.2.1), as Wireshark
//! names what is in it.
//!
//! ```text
//!   30 response   0a status   a0 30 type   04 30 basic
//!     30 signed     who   18 when   30 answers, each 30:
//!                     30 which certificate   8x good, revoked, unknown   18 since   a0 18 until
//!     30 algorithm   03 signature
//! ```

use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::super::fields;
use super::super::staple::{self, Answer, Basic};
use crate::bytes::Reader;
use crate::field::{FieldId, Value};
use crate::protocols::ber::{self, Element, Oid, Stop};
use crate::sink::{Severity, Sink};

const NANOS: i64 = 1_000_000_000;

/// The response that a server hands on.
pub(super) fn response(reader: Reader<'_>, sink: &mut dyn Sink) {
    if let Err(stop) = Told(sink).response(reader) {
        sink.note(Severity::Broken, stop.place(), format_args!("{stop}"));
    }
}

struct Told<'s>(&'s mut dyn Sink);

impl Told<'_> {
    fn response(&mut self, mut reader: Reader<'_>) -> Result<(), Stop> {
        let (status, basic) = staple::response(&mut reader)?;
        self.number(fields::OCSP_STATUS, &status)?;
        let Some((kind, basic)) = basic else { return Ok(()) };
        self.oid(fields::OCSP_TYPE, &kind)?;
        // Other types than the basic one are not in use.
        let Basic { responder, produced, answers, algorithm, signature } = Basic::read(basic)?;
        if let Some(key) = responder {
            self.bytes(fields::OCSP_BY_KEY, &key)?;
        }
        self.time(fields::OCSP_PRODUCED, &produced)?;
        for answer in answers {
            self.answer(&answer?)?;
        }
        self.oid(fields::X509_SIGNED_WITH, &algorithm)?;
        // Before the bits stands how many at their end do not count, which is none.
        let (bits, place) = (signature.whole()?, signature.content.span());
        let bits = Value::Bytes(bits.get(1..).unwrap_or_default());
        self.0.field(fields::OCSP_SIGNATURE, bits, place.from(1));
        Ok(())
    }

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Stop> {
        self.0.open(fields::OCSP_ANSWER, Value::None, answer.whole.span);
        let mut all = || {
            self.oid(fields::X509_SIGNED_WITH, &answer.hash)?;
            self.bytes(fields::OCSP_NAME_HASH, &answer.name_hash)?;
            self.bytes(fields::OCSP_KEY_HASH, &answer.key_hash)?;
            self.bytes(fields::OCSP_SERIAL, &answer.serial)?;
            let place = answer.status.span.part(0, 1);
            self.0.field(fields::OCSP_CERT_STATUS, Value::Unsigned(answer.verdict().into()), place);
            if let Some(revoked) = &answer.revoked {
                self.time(fields::OCSP_REVOKED, revoked)?;
            }
            self.time(fields::OCSP_THIS_UPDATE, &answer.since)?;
            answer.until.iter().try_for_each(|until| self.time(fields::OCSP_NEXT_UPDATE, until))
        };
        let told = all();
        self.0.close();
        told
    }

    fn number(&mut self, field: FieldId, element: &Element<'_>) -> Result<(), Stop> {
        let bytes = element.whole()?;
        let number = ber::number(bytes);
        self.0.field(field, Value::Unsigned(number), element.content.span());
        Ok(())
    }

    fn bytes(&mut self, field: FieldId, element: &Element<'_>) -> Result<(), Stop> {
        self.0.field(field, Value::Bytes(element.whole()?), element.content.span());
        Ok(())
    }

    fn oid(&mut self, field: FieldId, element: &Element<'_>) -> Result<(), Stop> {
        let text = Oid(element.whole()?).to_string();
        self.0.field(field, Value::Text(&text), element.content.span());
        Ok(())
    }

    fn time(&mut self, field: FieldId, element: &Element<'_>) -> Result<(), Stop> {
        let text = element.whole()?;
        let head = [element.tag, text.len() as u8];
        if let Ok((_, time)) = ASN1Time::from_der(&[&head[..], text].concat()) {
            let nanos = time.timestamp().saturating_mul(NANOS);
            let nanos = Value::Unsigned(nanos.try_into().unwrap_or(0));
            self.0.field(field, nanos, element.content.span());
        }
        Ok(())
    }
}
