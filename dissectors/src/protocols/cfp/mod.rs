//! Cisco's FabricPath: a header of Ethernet's form, with switches for addresses, before a whole
//! Ethernet frame.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "cfp", "FabricPath";
    PROTO = FieldDef::group("cfp", "Cisco FabricPath"),
    SWITCH = FieldDef::u24("cfp.swid", "switch-id").mask(0x0fff),
    PORT = FieldDef::u16("cfp.lid", "Source LID"),
    ETYPE = FieldDef::u16("cfp.etype", "FP Ethertype").hex(),
    TREE = FieldDef::u16("cfp.ftag", "FTAG").mask(0xffc0),
    TTL = FieldDef::u16("cfp.ttl", "TTL").mask(0x003f),
}

/// Cisco's FabricPath.
pub struct Cfp;

impl Protocol for Cfp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8903)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the header.
const LEN: usize = 16;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    walk.tell(&part, 6, 3, SWITCH);
    walk.tell(&part, 10, 2, PORT);
    walk.tell(&part, 12, 2, ETYPE);
    walk.tell(&part, 14, 2, TREE);
    walk.tell(&part, 14, 2, TTL);
    walk.close();
    Next::claimed(Claim::Link(1), part.after(LEN))
}
