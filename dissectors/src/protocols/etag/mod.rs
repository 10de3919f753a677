//! E-Tags (IEEE 802.1BR): which port of an extended bridge a frame is for.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "etag", "E-Tag";
    PROTO = FieldDef::group("etag", "802.1BR E-Tag"),
    PRIORITY = FieldDef::u16("etag.pcp", "E-PCP").mask(0xe000),
    DEI = FieldDef::u16("etag.dei", "E-DEI").mask(0x1000),
    INGRESS = FieldDef::u16("etag.iecid_base", "Ingress_E-CID_base").hex().mask(0x0fff),
    GROUP = FieldDef::u16("etag.group", "GRP").mask(0x3000),
    EGRESS = FieldDef::u16("etag.ecid_base", "E-CID_base").hex().mask(0x0fff),
    ETYPE = FieldDef::u16("etag.etype", "Type").hex().names(ETHER_TYPES),
}

/// Tags of extended ports.
pub struct Etag;

impl Protocol for Etag {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x893f)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the tag, EtherType included.
const LEN: usize = 8;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 0, 2, PRIORITY);
    walk.tell(&part, 0, 2, DEI);
    walk.tell(&part, 0, 2, INGRESS);
    walk.tell(&part, 2, 2, GROUP);
    walk.tell(&part, 2, 2, EGRESS);
    walk.tell(&part, 6, 2, ETYPE);
    let next = Next::behind_tag(part, LEN, "E-Tag", walk);
    walk.close();
    next
}
