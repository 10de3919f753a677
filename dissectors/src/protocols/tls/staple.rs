//! The word of an authority on a certificate, which a server hands on (RFC 6066, section 8): an
//! OCSP response (RFC 6960, section 4.2.1), element by element.

use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::handshake::wire::{ANYWHERE, extension, find_extension, vector};
use crate::bytes::Reader;
use crate::protocols::ber::{Element, Stop};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// Parts that a structure numbers.
const PART_0: u8 = 0xa0;
const BY_KEY: u8 = 0xa2;
/// What is said of a certificate, of which revocation alone has parts.
const GOOD: u8 = 0x80;
const REVOKED: u8 = 0xa1;

/// What is behind the status, where it is a success: its type, and what that is of.
type Typed<'a> = Option<(Element<'a>, Reader<'a>)>;

/// The status of a response, and what it holds.
pub(super) fn response<'a>(reader: &mut Reader<'a>) -> Result<(Element<'a>, Typed<'a>), Stop> {
    let mut all = Element::expect(reader, SEQUENCE, "OCSPResponse")?.content;
    let status = Element::expect(&mut all, ENUMERATED, "responseStatus")?;
    if all.is_empty() {
        return Ok((status, None));
    }
    let mut bytes = Element::expect(&mut all, PART_0, "responseBytes")?.content;
    let mut bytes = Element::expect(&mut bytes, SEQUENCE, "responseBytes")?.content;
    let kind = Element::expect(&mut bytes, OID, "responseType")?;
    let held = Element::expect(&mut bytes, OCTETS, "response")?;
    Ok((status, Some((kind, held.content))))
}

/// A signed response.
pub(super) struct Basic<'a> {
    /// The digest of the key of who answers, unless that is named.
    pub(super) responder: Option<Element<'a>>,
    pub(super) produced: Element<'a>,
    pub(super) answers: Answers<'a>,
    pub(super) algorithm: Element<'a>,
    pub(super) signature: Element<'a>,
}

impl<'a> Basic<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Stop> {
        let mut basic = Element::expect(&mut reader, SEQUENCE, "BasicOCSPResponse")?.content;
        let mut said = Element::expect(&mut basic, SEQUENCE, "tbsResponseData")?.content;
        let mut who = Element::next(&mut said, "responderID")?;
        if who.tag == PART_0 {
            // The version, which is left out where it is the first.
            who = Element::next(&mut said, "responderID")?;
        }
        let mut key = who.content;
        let responder = match who.tag {
            BY_KEY => Some(Element::expect(&mut key, OCTETS, "byKey")?),
            _ => None,
        };
        let produced = Element::expect(&mut said, TIME, "producedAt")?;
        let answers = Answers(Element::expect(&mut said, SEQUENCE, "responses")?.content);
        let mut how = Element::expect(&mut basic, SEQUENCE, "signatureAlgorithm")?.content;
        let algorithm = Element::expect(&mut how, OID, "signatureAlgorithm")?;
        let signature = Element::expect(&mut basic, BIT_STRING, "signature")?;
        Ok(Self { responder, produced, answers, algorithm, signature })
    }
}

/// What is said of each certificate, one after the other; it ends where one cannot be read.
pub(super) struct Answers<'a>(Reader<'a>);

impl<'a> Iterator for Answers<'a> {
    type Item = Result<Answer<'a>, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let answer = Answer::read(&mut self.0);
        if answer.is_err() {
            self.0 = Reader::new(&[], ANYWHERE);
        }
        Some(answer)
    }
}

/// What is said of one certificate.
pub(super) struct Answer<'a> {
    pub(super) whole: Element<'a>,
    pub(super) hash: Element<'a>,
    pub(super) name_hash: Element<'a>,
    pub(super) key_hash: Element<'a>,
    pub(super) serial: Element<'a>,
    pub(super) status: Element<'a>,
    pub(super) revoked: Option<Element<'a>>,
    pub(super) since: Element<'a>,
    pub(super) until: Option<Element<'a>>,
}

impl<'a> Answer<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Stop> {
        let whole = Element::expect(reader, SEQUENCE, "SingleResponse")?;
        let mut all = whole.content;
        let mut which = Element::expect(&mut all, SEQUENCE, "certID")?.content;
        let mut how = Element::expect(&mut which, SEQUENCE, "hashAlgorithm")?.content;
        let hash = Element::expect(&mut how, OID, "hashAlgorithm")?;
        let name_hash = Element::expect(&mut which, OCTETS, "issuerNameHash")?;
        let key_hash = Element::expect(&mut which, OCTETS, "issuerKeyHash")?;
        let serial = Element::expect(&mut which, INTEGER, "serialNumber")?;
        let status = Element::next(&mut all, "certStatus")?;
        let mut when = status.content;
        let revoked = match status.tag {
            REVOKED => Some(Element::expect(&mut when, TIME, "revocationTime")?),
            _ => None,
        };
        let since = Element::expect(&mut all, TIME, "thisUpdate")?;
        let until = match Element::next(&mut all, "nextUpdate") {
            Ok(Element { tag: PART_0, mut content, .. }) => {
                Some(Element::expect(&mut content, TIME, "nextUpdate")?)
            }
            _ => None,
        };
        Ok(Self { whole, hash, name_hash, key_hash, serial, status, revoked, since, until })
    }

    /// Good, revoked or unknown, by their order in the standard.
    pub(super) const fn verdict(&self) -> u8 {
        match self.status.tag {
            GOOD => 0,
            REVOKED => 1,
            _ => 2,
        }
    }
}

/// What a response says of its first certificate, in words; nothing where it cannot be read.
pub(super) fn told(response: &[u8]) -> Option<String> {
    let mut reader = Reader::new(response, ANYWHERE);
    let (_, held) = self::response(&mut reader).ok()?;
    let answer = Basic::read(held?.1).ok()?.answers.next()?.ok()?;
    let day = |element: &Element<'_>| {
        let text = element.whole().ok()?;
        let head = [element.tag, u8::try_from(text.len()).ok()?];
        let (_, time) = ASN1Time::from_der(&[&head[..], text].concat()).ok()?;
        Some(time.to_datetime().date().to_string())
    };
    let verdict = match answer.verdict() {
        0 => "good",
        1 => "revoked",
        _ => "unknown",
    };
    let since = day(&answer.since)?;
    let until = answer.until.as_ref().and_then(day);
    let until = until.map_or_else(String::new, |until| format!(", until {until}"));
    Some(format!("“{verdict}” as of {since}{until}"))
}

/// The response that comes with the first certificate of a Certificate message of TLS 1.3.
pub(super) fn within(mut body: Reader<'_>) -> Option<&[u8]> {
    vector(&mut body, 1)?;
    let mut list = Reader::new(vector(&mut body, 3)?, ANYWHERE);
    vector(&mut list, 3)?;
    let extensions = vector(&mut list, 2)?;
    of_status(find_extension(extensions, extension::STATUS_REQUEST)?.rest())
}

/// The response in a CertificateStatus (RFC 6066, section 8).
pub(super) fn of_status(status: &[u8]) -> Option<&[u8]> {
    const OCSP: u8 = 1;
    let mut reader = Reader::new(status, ANYWHERE);
    let (kind, _) = reader.u8("status type").ok()?;
    vector(&mut reader, 3).filter(|_| kind == OCSP)
}
