//! The network layer of OSI: its first byte says which of its protocols speaks.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const NLPIDS: Names = &[(0x81, "CLNP"), (0x82, "ESIS"), (0x83, "ISIS"), (0x00, "NULL")];

fields! { "osi", "OSI";
    PROTO = FieldDef::group("osi", "ISO/IEC Network Layer"),
    NLPID = FieldDef::u8("osi.nlpid", "Network Layer Protocol Identifier").hex().names(NLPIDS),
}

/// OSI on the network layer.
pub struct Osi;

impl Protocol for Osi {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Sap(0xfe), Claim::Ppp(0x0023), Claim::EtherType(0x00fe)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

const ISIS: u64 = 0x83;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, 1), PROTO);
    walk.tell(&part, 0, 1, NLPID);
    walk.close();
    match part.number(0, 1) {
        Some(ISIS) => Next::named("isis", part),
        Some(number) => {
            match NLPID.def().name_of(number) {
                Some(name) => walk.unread(format_args!("{name}")),
                None => walk.unread(format_args!("OSI, NLPID 0x{number:02x}")),
            }
            Next::Nothing
        }
        None => {
            walk.summary(format_args!("OSI, cut"));
            Next::Nothing
        }
    }
}
