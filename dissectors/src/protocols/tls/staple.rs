//! The word of an authority on a certificate, which a server hands on (RFC 6066, section 8), in a
//! sentence. Its fields are described elsewhere; here only the first answer of an OCSP response
//! counts (RFC 6960, section 4.2.1).

use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::handshake::wire::{ANYWHERE, extension, find_extension, vector};
use crate::bytes::Reader;
use crate::protocols::ber::{Element, Stop};

const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// Parts that a structure numbers.
const PART_0: u8 = 0xa0;
/// What is said of a certificate.
const GOOD: u8 = 0x80;
const REVOKED: u8 = 0xa1;

/// What is said of one certificate.
struct Answer<'a> {
    status: u8,
    since: Element<'a>,
    until: Option<Element<'a>>,
}

impl<'a> Answer<'a> {
    /// The first answer of a response.
    fn first(response: &'a [u8]) -> Result<Self, Stop> {
        let enter = |reader: &mut Reader<'a>, tag, what| {
            Element::expect(reader, tag, what).map(|element| element.content)
        };
        let mut all = enter(&mut Reader::new(response, ANYWHERE), SEQUENCE, "OCSPResponse")?;
        enter(&mut all, ENUMERATED, "responseStatus")?;
        let mut bytes = enter(&mut all, PART_0, "responseBytes")?;
        let mut bytes = enter(&mut bytes, SEQUENCE, "responseBytes")?;
        enter(&mut bytes, OID, "responseType")?;
        let mut basic = enter(&mut bytes, OCTETS, "response")?;
        let mut basic = enter(&mut basic, SEQUENCE, "BasicOCSPResponse")?;
        let mut said = enter(&mut basic, SEQUENCE, "tbsResponseData")?;
        if Element::next(&mut said, "responderID")?.tag == PART_0 {
            // That was the version, which is left out where it is the first.
            Element::next(&mut said, "responderID")?;
        }
        enter(&mut said, TIME, "producedAt")?;
        let mut answers = enter(&mut said, SEQUENCE, "responses")?;
        let mut one = enter(&mut answers, SEQUENCE, "SingleResponse")?;
        enter(&mut one, SEQUENCE, "certID")?;
        let status = Element::next(&mut one, "certStatus")?.tag;
        let since = Element::expect(&mut one, TIME, "thisUpdate")?;
        let until = match Element::next(&mut one, "nextUpdate") {
            Ok(Element { tag: PART_0, mut content, .. }) => {
                Some(Element::expect(&mut content, TIME, "nextUpdate")?)
            }
            _ => None,
        };
        Ok(Self { status, since, until })
    }
}

/// What a response says of its first certificate, in words; nothing where it cannot be read.
pub(super) fn told(response: &[u8]) -> Option<String> {
    let answer = Answer::first(response).ok()?;
    let day = |element: &Element<'_>| {
        let text = element.whole().ok()?;
        let head = [element.tag, u8::try_from(text.len()).ok()?];
        let (_, time) = ASN1Time::from_der(&[&head[..], text].concat()).ok()?;
        Some(time.to_datetime().date().to_string())
    };
    let verdict = match answer.status {
        GOOD => "good",
        REVOKED => "revoked",
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
