//! IS-IS (ISO/IEC 10589): routers tell each other the map of the network, on the link itself. Read
//! as far as the head of a packet.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (15, "L1 HELLO"),
    (16, "L2 HELLO"),
    (17, "P2P HELLO"),
    (18, "L1 LSP"),
    (20, "L2 LSP"),
    (24, "L1 CSNP"),
    (25, "L2 CSNP"),
    (26, "L1 PSNP"),
    (27, "L2 PSNP"),
];

fields! { "isis", "ISIS";
    PROTO = FieldDef::group("isis", "ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol"),
    IRPD = FieldDef::u8("isis.irpd", "Intradomain Routeing Protocol Discriminator").hex(),
    LEN = FieldDef::u8("isis.len", "Length Indicator"),
    VERSION = FieldDef::u8("isis.version", "Version/Protocol ID Extension"),
    SYSTEM_LEN = FieldDef::u8("isis.sysid_len", "ID Length"),
    TYPE = FieldDef::u8("isis.type", "PDU Type").mask(0x1f).names(TYPES),
    VERSION_2 = FieldDef::u8("isis.version2", "Version"),
    RESERVED = FieldDef::u8("isis.reserved", "Reserved"),
    AREAS = FieldDef::u8("isis.max_area_adr", "Maximum Area Addresses"),
}

/// IS-IS.
pub struct Isis;

impl Protocol for Isis {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ISO/IEC 10589"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the head.
const HEAD: usize = 8;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    let fields = [IRPD, LEN, VERSION, SYSTEM_LEN, TYPE, VERSION_2, RESERVED, AREAS];
    for (at, field) in fields.into_iter().enumerate() {
        walk.tell(&part, at, 1, field);
    }
    match part.number(4, 1).and_then(|kind| TYPE.def().name_of(kind & 0x1f)) {
        Some(name) => walk.summary(format_args!("{name}")),
        None => walk.summary(format_args!("ISIS")),
    }
    if part.get(0, HEAD).is_none() {
        walk.stop(&part, "ISIS", format_args!("it takes {HEAD} bytes"));
    }
    walk.close();
    Next::Nothing
}
