//! Cisco's metadata: which security group a frame belongs to.

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "cmd", "Cisco MetaData";
    PROTO = FieldDef::group("cmd", "Cisco MetaData"),
    VERSION = FieldDef::u8("cmd.version", "Version"),
    LENGTH = FieldDef::u8("cmd.length", "Length"),
    OPTIONS = FieldDef::u16("cmd.options", "Options").hex(),
    GROUP = FieldDef::u16("cmd.sgt", "SGT"),
    TYPE = FieldDef::u16("cmd.type", "Type").hex().names(ETHER_TYPES),
}

/// Cisco's metadata.
pub struct Cmd;

impl Protocol for Cmd {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8909)]
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
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, LENGTH);
    walk.tell(&part, 2, 2, OPTIONS);
    walk.tell(&part, 4, 2, GROUP);
    walk.tell(&part, 6, 2, TYPE);
    let next = Next::behind_tag(part, LEN, "Cisco MetaData", walk);
    walk.close();
    next
}
