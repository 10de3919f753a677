//! The session stage: each frame carries one packet of PPP (RFC 2516, section 6).

use super::{LEN, head};
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const CODES: Names = &[(0x00, "Session Data")];

fields! { "pppoes", "PPPoES";
    PROTO = FieldDef::group("pppoes", "PPP-over-Ethernet Session"),
    VERSION = FieldDef::u8("pppoe.version", "Version").mask(0xf0),
    TYPE = FieldDef::u8("pppoe.type", "Type").mask(0x0f),
    CODE = FieldDef::u8("pppoe.code", "Code").hex().names(CODES),
    SESSION_ID = FieldDef::u16("pppoe.session_id", "Session ID").hex(),
    LENGTH = FieldDef::u16("pppoe.payload_length", "Payload Length"),
}

/// PPPoE, its session stage.
pub struct Pppoes;

impl Protocol for Pppoes {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2516"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x8864), Claim::Link(51)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.place(0, LEN), PROTO);
    let payload = head(&part, [VERSION, TYPE, CODE, SESSION_ID, LENGTH], walk);
    walk.close();
    payload.map_or(Next::Nothing, |payload| Next::named("ppp", payload))
}
