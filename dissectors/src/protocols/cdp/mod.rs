//! CDP: Cisco's devices tell their neighbours who they are.

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TLVS: Names = &[
    (0x0001, "Device ID"),
    (0x0002, "Addresses"),
    (0x0003, "Port ID"),
    (0x0004, "Capabilities"),
    (0x0005, "Software version"),
    (0x0006, "Platform"),
    (0x0007, "IP Prefix/Gateway"),
    (0x0008, "Protocol Hello"),
    (0x0009, "VTP Management Domain"),
    (0x000a, "Native VLAN"),
    (0x000b, "Duplex"),
    (0x0012, "Trust Bitmap"),
    (0x0013, "Untrusted port CoS"),
    (0x0016, "Management Addresses"),
];

fields! { "cdp", "CDP";
    PROTO = FieldDef::group("cdp", "Cisco Discovery Protocol"),
    VERSION = FieldDef::u8("cdp.version", "Version"),
    TTL = FieldDef::u8("cdp.ttl", "TTL"),
    CHECKSUM = FieldDef::u16("cdp.checksum", "Checksum").hex(),
    TLV = FieldDef::group("cdp.tlv", "TLV"),
    TYPE = FieldDef::u16("cdp.tlv.type", "Type").hex().names(TLVS),
    LEN = FieldDef::u16("cdp.tlv.len", "Length"),
    DEVICE = FieldDef::text("cdp.deviceid", "Device ID"),
    PORT = FieldDef::text("cdp.portid", "Sent through Interface"),
    CAPABILITIES = FieldDef::u32("cdp.capabilities", "Capabilities").hex(),
    SOFTWARE = FieldDef::text("cdp.software_version", "Software version"),
    PLATFORM = FieldDef::text("cdp.platform", "Platform"),
    DOMAIN = FieldDef::text("cdp.vtp_management_domain", "VTP Management Domain"),
    NATIVE_VLAN = FieldDef::u16("cdp.native_vlan", "Native VLAN"),
    DUPLEX = FieldDef::u8("cdp.duplex", "Duplex").names(&[(0, "Half"), (1, "Full")]),
}

/// Cisco's discovery protocol.
pub struct Cdp;

impl Protocol for Cdp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Snap(0x00_000c, 0x2000)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the head, and of that of a TLV.
const HEAD: usize = 4;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    walk.tell(&part, 0, 1, VERSION);
    walk.tell(&part, 1, 1, TTL);
    walk.tell(&part, 2, 2, CHECKSUM);
    if part.get(0, HEAD).is_none() {
        walk.stop(&part, "CDP", format_args!("it takes {HEAD} bytes"));
    }
    let mut rest = part.after(HEAD);
    let mut named: [Option<&str>; 2] = [None; 2];
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        if len < HEAD || len > rest.wire {
            let text = format_args!("A TLV claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(2, 2), text);
            break;
        }
        let value = rest.after(HEAD).upto(len - HEAD);
        walk.plain_group(rest.place(0, len), TLV);
        walk.tell(&rest, 0, 2, TYPE);
        walk.tell(&rest, 2, 2, LEN);
        tlv(kind, &value, walk);
        walk.close();
        let text = std::str::from_utf8(value.bytes).ok();
        match (kind, &mut named) {
            (0x0001, [device, _]) => *device = text,
            (0x0003, [_, port]) => *port = text,
            _ => {}
        }
        rest = rest.after(len);
    }
    walk.close();
    match named {
        [Some(device), Some(port)] => {
            walk.summary(format_args!("Device ID: {device}  Port ID: {port}"));
        }
        [Some(device), None] => walk.summary(format_args!("Device ID: {device}")),
        _ => walk.summary(format_args!("CDP")),
    }
    Next::Nothing
}

/// Tells the value of one TLV.
fn tlv(kind: u64, value: &Part<'_>, walk: &mut Walk<'_>) {
    let len = value.bytes.len();
    match kind {
        0x0001 => walk.tell(value, 0, len, DEVICE),
        0x0003 => walk.tell(value, 0, len, PORT),
        0x0004 => walk.tell(value, 0, 4, CAPABILITIES),
        0x0005 => walk.tell(value, 0, len, SOFTWARE),
        0x0006 => walk.tell(value, 0, len, PLATFORM),
        0x0009 => walk.tell(value, 0, len, DOMAIN),
        0x000a => walk.tell(value, 0, 2, NATIVE_VLAN),
        0x000b => walk.tell(value, 0, 1, DUPLEX),
        _ => {}
    }
}
