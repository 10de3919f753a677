//! PIM (RFC 7761): routers agree on the tree that a multicast group flows along.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0, "Hello"),
    (1, "Register"),
    (2, "Register-stop"),
    (3, "Join/Prune"),
    (4, "Bootstrap"),
    (5, "Assert"),
    (6, "Graft"),
    (7, "Graft-Ack"),
    (8, "Candidate-RP-Advertisement"),
    (9, "State-Refresh"),
    (10, "DF election"),
    (12, "PFM"),
];

fields! { "pim", "PIM";
    PROTO = FieldDef::group("pim", "Protocol Independent Multicast"),
    VERSION = FieldDef::u8("pim.version", "Version").mask(0xf0),
    TYPE = FieldDef::u8("pim.type", "Type").mask(0x0f).names(TYPES),
    RESERVED = FieldDef::bytes("pim.res_bytes", "Reserved byte(s)"),
    CHECKSUM = FieldDef::u16("pim.cksum", "Checksum").hex(),
    OPTIONS = FieldDef::group("pim.option", "PIM Options"),
    OPTION_TYPE = FieldDef::u16("pim.optiontype", "Type"),
    OPTION_LEN = FieldDef::u16("pim.optionlength", "Length"),
    HOLDTIME = FieldDef::u16("pim.holdtime", "Holdtime"),
    DR_PRIORITY = FieldDef::u32("pim.dr_priority", "DR Priority"),
    GENERATION = FieldDef::u32("pim.generation_id", "Generation ID"),
    REGISTER_FLAGS = FieldDef::u32("pim.register_flag", "Flags").hex(),
    BORDER = FieldDef::flag("pim.register_flag.border", "Border", 0x8000_0000),
    NULL_REGISTER = FieldDef::flag("pim.register_flag.null_register", "Null-Register", 0x4000_0000),
}

/// Protocol Independent Multicast.
pub struct Pim;

impl Protocol for Pim {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 7761"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(103)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the head of every message.
const LEN: usize = 4;

const HELLO: u64 = 0;
const REGISTER: u64 = 1;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 0, 1, TYPE);
    walk.tell(&part, 1, 1, RESERVED);
    walk.tell(&part, 2, 2, CHECKSUM);
    let kind = part.number(0, 1).map(|byte| byte & 0x0f);
    match kind.and_then(|kind| TYPE.def().name_of(kind)) {
        Some(name) => walk.summary(format_args!("{name}")),
        None => walk.summary(format_args!("PIM, unknown type")),
    }
    let rest = part.after(LEN);
    match kind {
        None => walk.stop(&part, "PIM", format_args!("a message takes {LEN} bytes")),
        Some(HELLO) if rest.wire > 0 => {
            walk.plain_group(rest.span, OPTIONS);
            options(rest, walk);
            walk.close();
        }
        Some(REGISTER) => {
            walk.open(&rest, 0, 4, REGISTER_FLAGS);
            walk.tell(&rest, 0, 4, BORDER);
            walk.tell(&rest, 0, 4, NULL_REGISTER);
            walk.close();
            // The packet that a router hands to the root of the tree: told inside, as a quotation.
            let packet = rest.after(4);
            walk.quote(|walk| Next::packet(packet).describe(walk));
        }
        Some(_) => {}
    }
    walk.close();
    Next::Nothing
}

/// Tells the options of a hello (RFC 7761, section 4.9.2).
fn options(mut rest: Part<'_>, walk: &mut Walk<'_>) {
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        walk.tell(&rest, 0, 2, OPTION_TYPE);
        walk.tell(&rest, 2, 2, OPTION_LEN);
        match (kind, len) {
            (1, 2) => walk.tell(&rest, 4, 2, HOLDTIME),
            (19, 4) => walk.tell(&rest, 4, 4, DR_PRIORITY),
            (20, 4) => walk.tell(&rest, 4, 4, GENERATION),
            _ => {}
        }
        rest = rest.after(4 + len);
    }
}
