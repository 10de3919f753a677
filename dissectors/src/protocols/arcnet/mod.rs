//! ARCNET (RFC 1201, and RFC 1051 before it), as BSD and Linux capture it.
//!
//! ```text
//!   source │ destination │ protocol │ [ flag │ sequence (2) ] │ …             BSD
//!   source │ destination │ offset (2) │ protocol │ [ flag │ sequence (2) ] │ … Linux
//! ```

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const PROTOCOLS: Names = &[
    (0xd4, "RFC 1201 IP"),
    (0xd5, "RFC 1201 ARP"),
    (0xd6, "RFC 1201 RARP"),
    (0xf0, "RFC 1051 IP"),
    (0xf1, "RFC 1051 ARP"),
    (0xfa, "IPX"),
];

fields! { "arcnet", "ARCNET";
    PROTO = FieldDef::group("arcnet", "ARCNET"),
    SRC = FieldDef::u8("arcnet.src", "Source").hex(),
    DST = FieldDef::u8("arcnet.dst", "Dest").hex(),
    OFFSET = FieldDef::bytes("arcnet.offset", "Offset"),
    PROTOCOL = FieldDef::u8("arcnet.protID", "Protocol ID").hex().names(PROTOCOLS),
    SPLIT = FieldDef::u8("arcnet.split_flag", "Split Flag"),
    SEQUENCE = FieldDef::u16("arcnet.sequence", "Sequence Number"),
}

/// ARCNET.
pub struct Arcnet;

impl Protocol for Arcnet {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1201", "RFC 1051"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(7), Claim::Link(129)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// The link type of what Linux captures.
const LINUX: Claim<'static> = Claim::Link(129);

/// A split flag of a packet that is whole, and one that says that a longer header follows.
const WHOLE: u64 = 0;

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    let at = if found.claim == LINUX { 4 } else { 2 };
    let kind = part.number(at, 1);
    // Only the newer way of carrying packets numbers their pieces.
    let has_pieces = matches!(kind, Some(0xd4..=0xd6 | 0xfa));
    let len = at + if has_pieces { 4 } else { 1 };
    walk.plain_group(part.place(0, len), PROTO);
    walk.tell(&part, 0, 1, SRC);
    walk.tell(&part, 1, 1, DST);
    if found.claim == LINUX {
        walk.tell(&part, 2, 2, OFFSET);
    }
    walk.tell(&part, at, 1, PROTOCOL);
    if has_pieces {
        walk.tell(&part, at + 1, 1, SPLIT);
        walk.tell(&part, at + 2, 2, SEQUENCE);
    }
    if part.get(0, len).is_none() {
        walk.stop(&part, "ARCNET", format_args!("it takes {len} bytes"));
    }
    walk.close();
    let rest = part.after(len);
    let is_whole = !has_pieces || part.number(at + 1, 1) == Some(WHOLE);
    match kind {
        Some(0xd4 | 0xf0) if is_whole => Next::ether(EtherType::IPV4, rest),
        Some(0xd5 | 0xf1) if is_whole => Next::ether(EtherType::ARP, rest),
        Some(0xd6) if is_whole => Next::ether(EtherType(0x8035), rest),
        Some(kind) => {
            match PROTOCOL.def().name_of(kind) {
                Some(name) => walk.unread(format_args!("ARCNET, {name}")),
                None => walk.unread(format_args!("ARCNET protocol 0x{kind:02x}")),
            }
            Next::Nothing
        }
        None => {
            walk.summary(format_args!("ARCNET, cut"));
            Next::Nothing
        }
    }
}
