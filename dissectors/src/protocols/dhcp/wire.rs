//! The head of a message, and its options as they follow each other (RFC 2131, section 2).

use std::fmt;

use crate::bytes::{Reader, Short};
use crate::field::Names;
use crate::span::Span;

/// Bytes up to the server's name: what has to be there.
pub(super) const HEAD: usize = 44;

/// Where options begin: behind the head, the server's name and the boot file.
pub(super) const OPTIONS: usize = HEAD + 64 + 128;

/// What options begin with (RFC 2131, section 3): 99, 130, 83, 99.
pub(super) const COOKIE: &[u8] = &[0x63, 0x82, 0x53, 0x63];

pub(super) const DISCOVER: u8 = 1;
pub(super) const OFFER: u8 = 2;
pub(super) const REQUEST: u8 = 3;
pub(super) const DECLINE: u8 = 4;
pub(super) const ACK: u8 = 5;
pub(super) const NAK: u8 = 6;
pub(super) const RELEASE: u8 = 7;
pub(super) const INFORM: u8 = 8;

/// Types of messages (RFC 2132, section 9.6, and later ones).
pub(super) const TYPES: Names = &[
    (1, "Discover"),
    (2, "Offer"),
    (3, "Request"),
    (4, "Decline"),
    (5, "ACK"),
    (6, "NAK"),
    (7, "Release"),
    (8, "Inform"),
    (9, "Force Renew"),
    (10, "Lease query"),
    (11, "Lease Unassigned"),
    (12, "Lease Unknown"),
    (13, "Lease Active"),
    (14, "Bulk Lease Query"),
    (15, "Lease Query Done"),
    (16, "Active Lease Query"),
    (17, "Lease Query Status"),
    (18, "TLS"),
];

/// The name of a type.
pub(super) fn name(kind: u8) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == kind.into()).map_or("Unknown", |(_, name)| name)
}

/// What the first bytes of a message settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) is_request: bool,
    pub(super) id: u32,
    /// Whether options follow; else it is BOOTP, or was cut before them.
    pub(super) is_dhcp: bool,
    /// The type of the message.
    pub(super) kind: Option<u8>,
}

impl Head {
    /// Reads a head; `None` if it cannot be one. What a relay counts stays below 16 (RFC 1542,
    /// section 4.1.1), and no address of hardware is longer than the room for it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        const MOST_HOPS: u8 = 16;
        let [op @ (1 | 2), 1..=255, 0..=16, hops, a, b, c, d, ..] = bytes else { return None };
        if bytes.len() < HEAD || *hops > MOST_HOPS {
            return None;
        }
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        let is_dhcp = bytes.get(OPTIONS..OPTIONS + COOKIE.len()) == Some(COOKIE);
        let kind =
            if is_dhcp { find(bytes, 53).and_then(|data| data.first().copied()) } else { None };
        Some(Self { is_request: *op == 1, id, is_dhcp, kind })
    }
}

/// The name that a message bears: everything up to the end of its number. What a relay hands on
/// goes between two addresses that are known, and needs none.
pub(super) fn name_of(message: &[u8]) -> Option<&[u8]> {
    const RELAY: std::ops::Range<usize> = 24..28;
    Head::read(message)?;
    let is_direct = message.get(RELAY)?.iter().all(|byte| *byte == 0);
    if is_direct { message.get(..8) } else { None }
}

/// The data of the first option of that code.
pub(super) fn find(message: &[u8], code: u8) -> Option<&[u8]> {
    let bytes = message.get(OPTIONS + COOKIE.len()..)?;
    let reader = Reader::new(bytes, Span { len: bytes.len() as u32, ..Span::NONE });
    let mut options = Options(reader).map_while(Result::ok);
    options.find(|option| option.code == code).map(|option| option.data.rest())
}

/// An address that an option holds.
pub(super) fn address(message: &[u8], code: u8) -> Option<std::net::Ipv4Addr> {
    find(message, code)?.first_chunk::<4>().map(|bytes| (*bytes).into())
}

/// One option: a code, its length, its data. Code 0 fills up and code 255 ends; neither has a
/// length (RFC 2132, section 2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    pub(super) code: u8,
    /// All of it.
    pub(super) span: Span,
    pub(super) data: Reader<'a>,
}

impl Stated<'_> {
    /// Whether it has a length and data.
    pub(super) const fn has_data(&self) -> bool {
        !matches!(self.code, 0 | 255)
    }
}

/// Options in their order, up to the one that ends them, or to one that is cut.
pub(super) struct Options<'a>(pub(super) Reader<'a>);

impl<'a> Iterator for Options<'a> {
    type Item = Result<Stated<'a>, Short>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let start = self.0;
        let next = self.one(start);
        // Behind a broken one nothing can be told.
        if next.is_err() {
            self.0 = Reader::new(&[], start.span());
        }
        Some(next)
    }
}

impl<'a> Options<'a> {
    fn one(&mut self, start: Reader<'a>) -> Result<Stated<'a>, Short> {
        let (code, span) = self.0.u8("an option")?;
        if code == 0 {
            // What fills up is told as one run.
            let more = self.0.rest().iter().take_while(|byte| **byte == 0).count();
            self.0.take(more, "padding")?;
            let data = Reader::new(&[], span);
            return Ok(Stated { code, span: start.span().part(0, more + 1), data });
        }
        if code == 255 {
            self.0 = Reader::new(&[], self.0.span());
            return Ok(Stated { code, span, data: Reader::new(&[], span) });
        }
        let (len, _) = self.0.u8("the length of an option")?;
        let data = self.0.sub(len.into(), "the data of an option")?;
        Ok(Stated { code, span: start.span().part(0, 2 + usize::from(len)), data })
    }
}

/// An address of hardware, in pairs of digits with colons between them.
pub(super) struct Mac<'a>(pub(super) &'a [u8]);

impl fmt::Display for Mac<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if place == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}
