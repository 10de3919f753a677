//! LLDP (IEEE 802.1AB): a device tells its neighbour who it is.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

const TLVS: Names = &[
    (0, "End of LLDPDU"),
    (1, "Chassis Id"),
    (2, "Port Id"),
    (3, "Time to Live"),
    (4, "Port Description"),
    (5, "System Name"),
    (6, "System Description"),
    (7, "System Capabilities"),
    (8, "Management Address"),
    (127, "Organization Specific"),
];

fields! { "lldp", "LLDP";
    PROTO = FieldDef::group("lldp", "Link Layer Discovery Protocol"),
    TLV = FieldDef::group("lldp.tlv", "TLV"),
    TYPE = FieldDef::u16("lldp.tlv.type", "TLV Type").mask(0xfe00).names(TLVS),
    LEN = FieldDef::u16("lldp.tlv.len", "TLV Length").mask(0x01ff),
    CHASSIS_SUBTYPE = FieldDef::u8("lldp.chassis.subtype", "Chassis Id Subtype"),
    CHASSIS_ID = FieldDef::bytes("lldp.chassis.id", "Chassis Id"),
    CHASSIS_MAC = FieldDef::of("lldp.chassis.id.mac", "Chassis Id", Kind::Ether),
    PORT_SUBTYPE = FieldDef::u8("lldp.port.subtype", "Port Id Subtype"),
    PORT_ID = FieldDef::text("lldp.port.id", "Port Id"),
    PORT_MAC = FieldDef::of("lldp.port.id.mac", "Port Id", Kind::Ether),
    TTL = FieldDef::u16("lldp.time_to_live", "Seconds"),
    PORT_DESC = FieldDef::text("lldp.port.desc", "Port Description"),
    SYSTEM_NAME = FieldDef::text("lldp.tlv.system.name", "System Name"),
    SYSTEM_DESC = FieldDef::text("lldp.tlv.system.desc", "System Description"),
    SYSTEM_CAP = FieldDef::u16("lldp.tlv.system_cap", "Capabilities").hex(),
    ENABLED_CAP = FieldDef::u16("lldp.tlv.enable_system_cap", "Enabled Capabilities").hex(),
    OUI = FieldDef::u24("lldp.orgtlv.oui", "Organization Unique Code").hex(),
}

/// The Link Layer Discovery Protocol.
pub struct Lldp;

impl Protocol for Lldp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 802.1AB"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88cc)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of a TLV's type and length.
const HEAD: usize = 2;

/// Subtypes of a chassis and of a port that say a link address.
const CHASSIS_IS_MAC: u64 = 4;
const PORT_IS_MAC: u64 = 3;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    walk.plain_group(part.span, PROTO);
    let mut rest = part;
    let mut name: Option<&str> = None;
    while let Some(head) = rest.number(0, HEAD) {
        let (kind, len) = (head >> 9, (head & 0x01ff) as usize);
        if HEAD + len > rest.wire {
            let text = format_args!("A TLV claims {len} bytes, and fewer are left");
            walk.note(Severity::Broken, rest.place(0, HEAD), text);
            break;
        }
        walk.plain_group(rest.place(0, HEAD + len), TLV);
        walk.tell(&rest, 0, HEAD, TYPE);
        walk.tell(&rest, 0, HEAD, LEN);
        let value = rest.after(HEAD).upto(len);
        tlv(kind, &value, walk);
        walk.close();
        if kind == 0 {
            break;
        }
        if kind == 5 {
            name = std::str::from_utf8(value.bytes).ok();
        }
        rest = rest.after(HEAD + len);
    }
    walk.close();
    match name {
        Some(name) => walk.summary(format_args!("LLDP of {name}")),
        None => walk.summary(format_args!("LLDP")),
    }
    Next::Nothing
}

/// Tells the value of one TLV.
fn tlv(kind: u64, value: &Part<'_>, walk: &mut Walk<'_>) {
    let len = value.bytes.len();
    let behind = len.saturating_sub(1);
    match kind {
        1 | 2 => {
            let is_chassis = kind == 1;
            let subtype = value.number(0, 1);
            let as_mac = if is_chassis { CHASSIS_IS_MAC } else { PORT_IS_MAC };
            walk.tell(value, 0, 1, if is_chassis { CHASSIS_SUBTYPE } else { PORT_SUBTYPE });
            let field = match (is_chassis, subtype == Some(as_mac) && behind == 6) {
                (true, true) => CHASSIS_MAC,
                (true, false) => CHASSIS_ID,
                (false, true) => PORT_MAC,
                (false, false) => PORT_ID,
            };
            if behind > 0 {
                walk.tell(value, 1, behind, field);
            }
        }
        3 => walk.tell(value, 0, 2, TTL),
        4 => walk.tell(value, 0, len, PORT_DESC),
        5 => walk.tell(value, 0, len, SYSTEM_NAME),
        6 => walk.tell(value, 0, len, SYSTEM_DESC),
        7 => {
            walk.tell(value, 0, 2, SYSTEM_CAP);
            walk.tell(value, 2, 2, ENABLED_CAP);
        }
        127 => walk.tell(value, 0, 3, OUI),
        _ => {}
    }
}
