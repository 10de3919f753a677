//! ERSPAN, types II and III: frames that a switch mirrors to somewhere else, inside GRE. Cisco
//! describes it; type I is the frame alone.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "erspan", "ERSPAN";
    PROTO = FieldDef::group("erspan", "Encapsulated Remote Switch Packet ANalysis"),
    VERSION = FieldDef::u16("erspan.version", "Version").mask(0xf000),
    VLAN = FieldDef::u16("erspan.vlan", "Vlan").mask(0x0fff),
    COS = FieldDef::u16("erspan.cos", "COS").mask(0xe000),
    ENCAP = FieldDef::u16("erspan.encap", "Encap").mask(0x1800),
    BSO = FieldDef::u16("erspan.bso", "Bad/Short/Oversized").mask(0x1800),
    TRUNCATED = FieldDef::u16("erspan.truncated", "Truncated").mask(0x0400),
    SPAN_ID = FieldDef::u16("erspan.spanid", "SpanID").mask(0x03ff),
    RESERVED = FieldDef::u32("erspan.reserved", "Reserved").mask(0xfff0_0000),
    INDEX = FieldDef::u32("erspan.index", "Index").mask(0x000f_ffff),
    TIMESTAMP = FieldDef::u32("erspan.timestamp", "Timestamp"),
    SGT = FieldDef::u16("erspan.sgt", "Security Group Tag"),
    P = FieldDef::u16("erspan.p", "Has Ethernet PDU").mask(0x8000),
    FRAME_TYPE = FieldDef::u16("erspan.ft", "Frame Type").mask(0x7c00),
    HARDWARE = FieldDef::u16("erspan.hw", "Hardware ID").mask(0x03f0),
    DIRECTION = FieldDef::flag("erspan.direction", "Direction", 0x0008),
    GRANULARITY = FieldDef::u16("erspan.gra", "Timestamp granularity").mask(0x0006),
    OPTIONAL = FieldDef::u16("erspan.o", "Optional Sub headers").mask(0x0001),
    PLATFORM = FieldDef::u32("erspan.platid", "Platform ID").mask(0xfc00_0000),
}

/// Mirrored frames.
pub struct Erspan;

impl Protocol for Erspan {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88be), Claim::EtherType(0x22eb)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let version = part.number(0, 1)? >> 4;
        let has_more = version == 2 && part.number(11, 1).is_some_and(|byte| byte & 1 != 0);
        let len = match version {
            2 if has_more => 20,
            2 => 12,
            _ => 8,
        };
        let session = part.number(2, 2).unwrap_or(0) & 0x03ff;
        walk.group(&part, len, PROTO, format_args!("Session: {session}"));
        let fields = [(0, VERSION), (0, VLAN), (2, COS), (2, TRUNCATED), (2, SPAN_ID)];
        fields.into_iter().for_each(|(at, field)| walk.tell(&part, at, 2, field));
        walk.tell(&part, 2, 2, if version == 2 { BSO } else { ENCAP });
        let mut next = Next::ether(EtherType(BRIDGED), part.after(len));
        if version == 2 {
            walk.tell(&part, 4, 4, TIMESTAMP);
            walk.tell(&part, 8, 2, SGT);
            for field in [P, FRAME_TYPE, HARDWARE, DIRECTION, GRANULARITY, OPTIONAL] {
                walk.tell(&part, 10, 2, field);
            }
            if has_more {
                walk.tell(&part, 12, 4, PLATFORM);
            }
            // Of the other frame types (802.11, an IP packet) one is an IP packet by itself.
            match part.number(10, 2).map(|bits| bits >> 10 & 0x1f) {
                Some(0) | None => {}
                Some(2) => next = Next::packet(part.after(len)),
                Some(_) => next = Next::named("data", part.after(len)),
            }
        } else {
            walk.tell(&part, 4, 4, RESERVED);
            walk.tell(&part, 4, 4, INDEX);
        }
        walk.summary(format_args!("Mirrored frame, session {session}"));
        if !matches!(version, 1 | 2) {
            walk.summary(format_args!("ERSPAN version {version}"));
            next = Next::Nothing;
        } else if len > part.bytes.len() {
            walk.stop(&part, "ERSPAN", format_args!("a header takes {len} bytes"));
            next = Next::Nothing;
        }
        walk.close();
        Some(next)
    }
}

/// Ethernet frames, as GRE numbers them.
const BRIDGED: u16 = 0x6558;
