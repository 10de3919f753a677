//! The Authentication Header of IPsec (RFC 4302): who sent a packet and that nobody changed it,
//! in a header that hides nothing.

use etherparse::IpNumber;

use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::names::IP_NUMBERS;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "ah", "AH";
    PROTO = FieldDef::group("ah", "Authentication Header"),
    NEXT_HEADER = FieldDef::u8("ah.next_header", "Next header").names(IP_NUMBERS),
    LENGTH = FieldDef::u8("ah.length", "Length"),
    RESERVED = FieldDef::bytes("ah.reserved", "Reserved"),
    SPI = FieldDef::u32("ah.spi", "AH SPI").hex(),
    SEQUENCE = FieldDef::u32("ah.sequence", "AH Sequence"),
    ICV = FieldDef::bytes("ah.icv", "AH ICV"),
}

/// The Authentication Header.
pub struct Ah;

impl Protocol for Ah {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4302"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(51)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let ends = found.ends?;
        // Its length is counted in words of four bytes, less two (RFC 4302, section 2.2).
        let len = part.number(1, 1).map_or(0, |units| (units as usize + 2) * 4);
        let (next, spi) = (part.number(0, 1), part.number(4, 4).unwrap_or(0));
        walk.group(&part, len.max(FIXED), PROTO, format_args!("SPI: 0x{spi:08x}"));
        walk.tell(&part, 0, 1, NEXT_HEADER);
        walk.tell(&part, 1, 1, LENGTH);
        walk.tell(&part, 2, 2, RESERVED);
        walk.tell(&part, 4, 4, SPI);
        walk.tell(&part, 8, 4, SEQUENCE);
        let is_whole = len >= FIXED && len <= part.bytes.len();
        if let Some(value) = part.get(FIXED, len.saturating_sub(FIXED)).filter(|_| is_whole) {
            walk.work_out(ICV, Value::Bytes(value), part.place(FIXED, len - FIXED));
        } else {
            let why = format_args!("its length is {len} bytes, of {}", part.wire);
            walk.stop(&part, "Authentication", why);
        }
        walk.close();
        walk.summary(format_args!("AH (SPI=0x{spi:08x})"));
        match next.filter(|_| is_whole) {
            Some(next) => Some(Next::ip(IpNumber(next as u8), part.after(len), ends)),
            None => Some(Next::Nothing),
        }
    }
}

/// The length without a check value.
const FIXED: usize = 12;
