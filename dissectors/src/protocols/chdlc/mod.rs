//! Cisco's HDLC: an address, a zero and an EtherType, on serial lines.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const ADDRESSES: Names = &[(0x0f, "Unicast"), (0x8f, "Multicast")];

fields! { "chdlc", "CHDLC";
    PROTO = FieldDef::group("chdlc", "Cisco HDLC"),
    ADDRESS = FieldDef::u8("chdlc.address", "Address").hex().names(ADDRESSES),
    CONTROL = FieldDef::u8("chdlc.control", "Control").hex(),
    PROTOCOL = FieldDef::u16("chdlc.protocol", "Protocol").hex().names(ETHER_TYPES),
}

/// Cisco's HDLC.
pub struct Chdlc;

impl Protocol for Chdlc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(104)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the header.
const LEN: usize = 4;

/// What keeps a line up: Cisco's own protocol, and no EtherType.
const KEEPALIVE: u16 = 0x8035;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 0, 1, ADDRESS);
    walk.tell(&part, 1, 1, CONTROL);
    walk.tell(&part, 2, 2, PROTOCOL);
    let next = match part.number(2, 2).map(|number| number as u16) {
        Some(KEEPALIVE) => {
            walk.summary(format_args!("SLARP"));
            Next::Nothing
        }
        Some(number) => Next::claimed(Claim::EtherType(number), part.after(LEN)),
        None => {
            walk.stop(&part, "CHDLC", format_args!("it takes {LEN} bytes"));
            walk.summary(format_args!("Cisco HDLC, cut"));
            Next::Nothing
        }
    };
    walk.close();
    next
}
