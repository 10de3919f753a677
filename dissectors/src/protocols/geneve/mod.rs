//! GENEVE (RFC 8926): what has an EtherType over UDP, with options that anybody may define.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

fields! { "geneve", "Geneve";
    PROTO = FieldDef::group("geneve", "Generic Network Virtualization Encapsulation"),
    VERSION = FieldDef::u8("geneve.version", "Version").computed(),
    FLAGS = FieldDef::u8("geneve.flags", "Flags").hex(),
    FLAG_OAM = FieldDef::flag("geneve.flags.oam",
        "Operations, Administration and Management Frame", 0x80),
    FLAG_CRITICAL = FieldDef::flag("geneve.flags.critical", "Critical Options Present", 0x40),
    PROTOCOL = FieldDef::u16("geneve.proto_type", "Protocol Type").hex().names(ETHER_TYPES),
    VNI = FieldDef::u24("geneve.vni", "Virtual Network Identifier (VNI)").hex(),
    RESERVED = FieldDef::u8("geneve.reserved", "Reserved").hex(),
    OPTIONS = FieldDef::bytes("geneve.options", "Geneve Options"),
    OPTION = FieldDef::bytes("geneve.option", "Option"),
    OPTION_CLASS = FieldDef::u16("geneve.option.class", "Class").hex(),
    OPTION_TYPE = FieldDef::u8("geneve.option.type", "Type").hex(),
    OPTION_CRITICAL = FieldDef::flag("geneve.option.type.critical", "Critical Option", 0x80),
    OPTION_FLAGS = FieldDef::u8("geneve.option.flags", "Flags").hex(),
    OPTION_LENGTH = FieldDef::u8("geneve.option.length", "Length").computed(),
    OPTION_DATA = FieldDef::bytes("geneve.option.unknown.data", "Unknown Option Data"),
}

/// Generic Network Virtualization Encapsulation.
pub struct Geneve;

impl Protocol for Geneve {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8926"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(6081)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        // No other version is defined.
        let first = part.number(0, 1).filter(|first| first >> 6 == 0)?;
        let (number, vni) = part.number(2, 2).zip(part.number(4, 3))?;
        let len = FIXED + (first as usize & 0x3f) * 4;
        walk.group(&part, len, PROTO, format_args!("VNI: 0x{vni:06x}"));
        walk.work_out(VERSION, Value::Unsigned(first >> 6), part.place(0, 1));
        walk.open(&part, 1, 1, FLAGS);
        walk.tell(&part, 1, 1, FLAG_OAM);
        walk.tell(&part, 1, 1, FLAG_CRITICAL);
        walk.close();
        walk.tell(&part, 2, 2, PROTOCOL);
        walk.tell(&part, 4, 3, VNI);
        walk.tell(&part, 7, 1, RESERVED);
        if len > FIXED {
            walk.open(&part, FIXED, len - FIXED, OPTIONS);
            options(&part, len, walk);
            walk.close();
        }
        walk.summary(format_args!("Network 0x{vni:06x}"));
        let next = if len > part.bytes.len() {
            walk.stop(&part, "GENEVE", format_args!("its options claim more bytes than there are"));
            Next::Nothing
        } else {
            Next::ether(EtherType(number as u16), part.after(len))
        };
        walk.close();
        Some(next)
    }
}

/// The length without options.
const FIXED: usize = 8;

/// Tells the options (RFC 8926, section 3.5).
fn options(part: &Part<'_>, end: usize, walk: &mut Walk<'_>) {
    let mut at = FIXED;
    while at < end {
        let Some(bits) = part.number(at + 3, 1) else { return };
        let data = (bits as usize & 0x1f) * 4;
        if at + 4 + data > end {
            let text = format_args!("An option claims {data} bytes, and the header has fewer");
            walk.note(Severity::Broken, part.place(at, 4), text);
            return;
        }
        walk.open(part, at, 4 + data, OPTION);
        walk.tell(part, at, 2, OPTION_CLASS);
        walk.open(part, at + 2, 1, OPTION_TYPE);
        walk.tell(part, at + 2, 1, OPTION_CRITICAL);
        walk.close();
        walk.tell(part, at + 3, 1, OPTION_FLAGS);
        walk.work_out(OPTION_LENGTH, Value::Unsigned(4 + data as u64), part.place(at + 3, 1));
        if data > 0 {
            walk.tell(part, at + 4, data, OPTION_DATA);
        }
        walk.close();
        at += 4 + data;
    }
}
