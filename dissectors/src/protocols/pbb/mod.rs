//! Provider backbone bridges (IEEE 802.1ah): a customer's whole Ethernet header behind the number
//! of the service.

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "ieee8021ah", "802.1ah";
    PROTO = FieldDef::group("ieee8021ah", "IEEE 802.1ah"),
    PRIORITY = FieldDef::u8("ieee8021ah.priority", "Priority").mask(0xe0),
    SERVICE = FieldDef::u24("ieee8021ah.isid", "I-SID"),
    DST = FieldDef::of("ieee8021ah.cdst", "C-Destination", Kind::Ether),
    SRC = FieldDef::of("ieee8021ah.csrc", "C-Source", Kind::Ether),
    ETYPE = FieldDef::u16("ieee8021ah.etype", "Type").hex().names(ETHER_TYPES),
}

/// Ethernet in Ethernet.
pub struct Pbb;

impl Protocol for Pbb {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88e7)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the tag, EtherType included.
const LEN: usize = 18;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 0, 1, PRIORITY);
    walk.tell(&part, 1, 3, SERVICE);
    walk.tell(&part, 4, 6, DST);
    walk.tell(&part, 10, 6, SRC);
    walk.tell(&part, 16, 2, ETYPE);
    let next = Next::behind_tag(part, LEN, "802.1ah", walk);
    walk.close();
    next
}
