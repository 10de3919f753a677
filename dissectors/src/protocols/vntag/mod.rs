//! VN-Tags: which port of a virtual machine a frame is for, by Cisco's count.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "vntag", "VN-Tag";
    PROTO = FieldDef::group("vntag", "VN-Tag"),
    TO_BRIDGE = FieldDef::flag("vntag.dir", "From bridge", 0x8000_0000),
    POINTER = FieldDef::flag("vntag.ptr", "Destination is a list", 0x4000_0000),
    DESTINATION = FieldDef::u32("vntag.dst", "Destination").mask(0x3fff_0000),
    LOOPED = FieldDef::flag("vntag.looped", "Looped", 0x8000),
    VERSION = FieldDef::u32("vntag.version", "Version").mask(0x3000),
    SOURCE = FieldDef::u32("vntag.src", "Source").mask(0x0fff),
    ETYPE = FieldDef::u16("vntag.etype", "Type").hex().names(ETHER_TYPES),
}

/// Cisco's tags of virtual ports.
pub struct Vntag;

impl Protocol for Vntag {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8926)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the tag, EtherType included.
const LEN: usize = 6;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 0, 4, TO_BRIDGE);
    walk.tell(&part, 0, 4, POINTER);
    walk.tell(&part, 0, 4, DESTINATION);
    walk.tell(&part, 0, 4, LOOPED);
    walk.tell(&part, 0, 4, VERSION);
    walk.tell(&part, 0, 4, SOURCE);
    walk.tell(&part, 4, 2, ETYPE);
    let next = Next::behind_tag(part, LEN, "VN-Tag", walk);
    walk.close();
    next
}
