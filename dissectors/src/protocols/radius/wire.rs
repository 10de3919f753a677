//! The head of a packet and its attributes (RFC 2865, sections 3 and 5).

use std::ops::Range;

use crate::bytes::{Reader, Short};
use crate::field::Names;
use crate::span::Span;

/// Bytes before the attributes.
pub(super) const HEAD: usize = 20;

/// The longest packet (RFC 2865, section 3).
const LONGEST: usize = 4096;

pub(super) const ACCESS_REQUEST: u8 = 1;
pub(super) const ACCESS_ACCEPT: u8 = 2;
pub(super) const ACCESS_REJECT: u8 = 3;
pub(super) const ACCOUNTING_REQUEST: u8 = 4;
pub(super) const ACCOUNTING_RESPONSE: u8 = 5;
pub(super) const ACCESS_CHALLENGE: u8 = 11;
pub(super) const STATUS_SERVER: u8 = 12;
pub(super) const DISCONNECT_REQUEST: u8 = 40;
pub(super) const DISCONNECT_ACK: u8 = 41;
pub(super) const DISCONNECT_NAK: u8 = 42;
pub(super) const COA_REQUEST: u8 = 43;
pub(super) const COA_ACK: u8 = 44;
pub(super) const COA_NAK: u8 = 45;

/// Codes that are in use.
pub(super) const CODES: Names = &[
    (1, "Access-Request"),
    (2, "Access-Accept"),
    (3, "Access-Reject"),
    (4, "Accounting-Request"),
    (5, "Accounting-Response"),
    (11, "Access-Challenge"),
    (12, "Status-Server"),
    (13, "Status-Client"),
    (40, "Disconnect-Request"),
    (41, "Disconnect-ACK"),
    (42, "Disconnect-NAK"),
    (43, "CoA-Request"),
    (44, "CoA-ACK"),
    (45, "CoA-NAK"),
];

/// The name of a code.
pub(super) fn name(code: u8) -> &'static str {
    CODES.iter().find(|(known, _)| *known == code.into()).map_or("Unknown", |(_, name)| name)
}

/// Whether a packet of that code answers one.
pub(super) const fn is_answer(code: u8) -> bool {
    matches!(
        code,
        ACCESS_ACCEPT
            | ACCESS_REJECT
            | ACCOUNTING_RESPONSE
            | ACCESS_CHALLENGE
            | DISCONNECT_ACK
            | DISCONNECT_NAK
            | COA_ACK
            | COA_NAK
    )
}

/// What the first bytes of a packet settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) code: u8,
    pub(super) id: u8,
    pub(super) len: usize,
}

impl Head {
    /// Reads a head; `None` if it cannot be one: the code is in use, the length can be true, and
    /// the attributes hold as far as they are there.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [code, id, high, low, ..] = bytes else { return None };
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let is_known = CODES.iter().any(|(known, _)| *known == u64::from(*code));
        let fits = is_known && (HEAD..=LONGEST).contains(&len) && bytes.len() >= HEAD;
        let head = Self { code: *code, id: *id, len };
        let first = attributes(placeless(bytes), head).next();
        let holds = first.is_none_or(|first| first.is_ok_and(|first| first.span.len >= 2));
        (fits && holds).then_some(head)
    }

    /// Whether all of it is there, to the last attribute, and nothing else.
    pub(super) fn is_whole(self, bytes: &[u8]) -> bool {
        let mut all = attributes(placeless(bytes), self);
        self.len == bytes.len() && self.len > HEAD && all.all(|one| one.is_ok())
    }
}

/// The attribute that holds a message of EAP, or a part of one (RFC 3579, section 3.1).
const EAP_MESSAGE: u8 = 79;

/// Where the parts of the message of EAP are that a packet carries.
pub(super) fn authentication(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let head = Head::read(bytes)?;
    let all = attributes(placeless(bytes), head).map_while(Result::ok);
    let parts = all.filter(|one| one.kind == EAP_MESSAGE && !one.value.is_empty()).map(|one| {
        let start = one.value.span().start as usize;
        start..start + one.value.len()
    });
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then_some(parts)
}

/// A reader over bytes that are only looked at.
pub(super) fn placeless(bytes: &[u8]) -> Reader<'_> {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    Reader::new(bytes, Span { len, ..Span::NONE })
}

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    pub(super) kind: u8,
    /// All of it.
    pub(super) span: Span,
    pub(super) value: Reader<'a>,
    /// Its bytes, with type and length.
    pub(super) bytes: &'a [u8],
}

/// The attributes of a packet, as far as its length says.
pub(super) fn attributes(reader: Reader<'_>, head: Head) -> Attributes<'_> {
    let mut reader = reader;
    let present = reader.len().min(head.len);
    let mut whole = reader.sub(present, "the packet").unwrap_or(reader);
    let skipped = whole.take(HEAD, "the head").is_ok();
    Attributes(if skipped { whole } else { Reader::new(&[], whole.span()) })
}

/// Attributes in their order, up to one that is broken.
pub(super) struct Attributes<'a>(Reader<'a>);

impl<'a> Attributes<'a> {
    fn one(&mut self) -> Result<Attribute<'a>, Short> {
        let start = self.0;
        let (kind, _) = self.0.u8("an attribute")?;
        let (len, place) = self.0.u8("the length of an attribute")?;
        let what = "an attribute";
        // The length counts itself and the type.
        let Some(rest) = usize::from(len).checked_sub(2) else {
            return Err(Short { what, needed: 2, present: len.into(), place });
        };
        let value = self.0.sub(rest, what)?;
        let bytes = start.rest().get(..len.into()).unwrap_or(&[]);
        Ok(Attribute { kind, span: start.span().part(0, len.into()), value, bytes })
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<Attribute<'a>, Short>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let place = self.0.span();
        let next = self.one();
        if next.is_err() {
            self.0 = Reader::new(&[], place);
        }
        Some(next)
    }
}

/// The value of the first attribute of that type.
pub(super) fn find(packet: &[u8], kind: u8) -> Option<&[u8]> {
    let head = Head::read(packet)?;
    let mut whole = attributes(placeless(packet), head).map_while(Result::ok);
    whole.find(|one| one.kind == kind).map(|one| one.value.rest())
}
