//! Compressed IP packets (RFC 3173). Which way they are compressed is named; they stay closed.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::names::IP_NUMBERS;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "ipcomp", "IPComp";
    PROTO = FieldDef::group("ipcomp", "IP Payload Compression"),
    NEXT_HEADER = FieldDef::u8("ipcomp.next_header", "Next Header").hex().names(IP_NUMBERS),
    FLAGS = FieldDef::u8("ipcomp.flags", "IPComp Flags").hex(),
    CPI = FieldDef::u16("ipcomp.cpi", "IPComp CPI").hex().names(&[
        (1, "OUI"), (2, "DEFLATE"), (3, "LZS"), (4, "LZJH"),
    ]),
}

/// Compressed IP packets.
pub struct Ipcomp;

impl Protocol for Ipcomp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 3173"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(108)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.place(0, 4), PROTO);
        walk.tell(&part, 0, 1, NEXT_HEADER);
        walk.tell(&part, 1, 1, FLAGS);
        walk.tell(&part, 2, 2, CPI);
        walk.close();
        let cpi = part.number(2, 2).unwrap_or(0);
        walk.summary(format_args!("IPComp (CPI=0x{cpi:04x})"));
        Some(Next::Nothing)
    }
}
