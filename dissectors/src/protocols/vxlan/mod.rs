//! VXLAN (RFC 7348): Ethernet over UDP, in networks that a number of 24 bits tells apart; and its
//! generic form, which names what is inside (draft-ietf-nvo3-vxlan-gpe).

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const NEXT_PROTOCOLS: Names =
    &[(1, "IPv4"), (2, "IPv6"), (3, "Ethernet"), (4, "Network Service Header"), (5, "MPLS")];

fields! { "vxlan", "VXLAN";
    PROTO = FieldDef::group("vxlan", "Virtual eXtensible Local Area Network"),
    FLAGS = FieldDef::u16("vxlan.flags", "Flags").hex(),
    FLAG_G = FieldDef::flag("vxlan.flag_g", "GBP Extension", 0x8000),
    FLAG_I = FieldDef::flag("vxlan.flag_i", "VXLAN Network ID (VNI)", 0x0800),
    FLAG_D = FieldDef::flag("vxlan.flag_d", "Don't Learn", 0x0040),
    FLAG_A = FieldDef::flag("vxlan.flag_a", "Policy Applied", 0x0008),
    RESERVED_FLAGS = FieldDef::u16("vxlan.flags_reserved", "Reserved(R)").hex().mask(0x77b7),
    POLICY = FieldDef::u16("vxlan.gbp", "Group Policy ID"),
    GENERIC_FLAGS = FieldDef::u8("vxlan.flags", "Flags").hex(),
    GENERIC_VERSION = FieldDef::u8("vxlan.ver", "Version").mask(0x30),
    BIT_I = FieldDef::u8("vxlan.i_bit", "Instance").mask(0x08),
    BIT_P = FieldDef::u8("vxlan.p_bit", "Next Protocol Bit").mask(0x04),
    BIT_O = FieldDef::u8("vxlan.o_bit", "OAM bit").mask(0x01),
    RESERVED_16 = FieldDef::u16("vxlan.reserved_16", "Reserved"),
    NEXT_PROTOCOL = FieldDef::u8("vxlan.next_proto", "Next Protocol").names(NEXT_PROTOCOLS),
    VNI = FieldDef::u24("vxlan.vni", "VXLAN Network Identifier (VNI)"),
    RESERVED_8 = FieldDef::u8("vxlan.reserved8", "Reserved"),
}

/// Virtual Extensible Local Area Network.
pub struct Vxlan;

impl Protocol for Vxlan {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 7348"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(4789), Claim::UdpPort(GENERIC)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        // A network's number must be there (RFC 7348, section 5): all else is something else.
        part.number(0, 1).filter(|flags| flags & 0x08 != 0)?;
        let vni = part.number(4, 3)?;
        walk.group(&part, LEN, PROTO, format_args!("VNI: {vni}"));
        let next = if found.claim == Claim::UdpPort(GENERIC) {
            generic(&part, walk)
        } else {
            walk.open(&part, 0, 2, FLAGS);
            for field in [FLAG_G, FLAG_I, FLAG_D, FLAG_A, RESERVED_FLAGS] {
                walk.tell(&part, 0, 2, field);
            }
            walk.close();
            walk.tell(&part, 2, 2, POLICY);
            BRIDGED
        };
        walk.tell(&part, 4, 3, VNI);
        walk.tell(&part, 7, 1, RESERVED_8);
        walk.close();
        walk.summary(format_args!("Network {vni}"));
        Some(if next == 0 { Next::Nothing } else { Next::ether(EtherType(next), part.after(LEN)) })
    }
}

const LEN: usize = 8;

/// The port of the generic form.
const GENERIC: u16 = 4790;

/// Ethernet frames, as GRE numbers them.
const BRIDGED: u16 = 0x6558;

/// Tells the first word of the generic form; the EtherType of what is inside, or 0.
fn generic(part: &Part<'_>, walk: &mut Walk<'_>) -> u16 {
    walk.open(part, 0, 1, GENERIC_FLAGS);
    for field in [GENERIC_VERSION, BIT_I, BIT_P, BIT_O] {
        walk.tell(part, 0, 1, field);
    }
    walk.close();
    walk.tell(part, 1, 2, RESERVED_16);
    walk.tell(part, 3, 1, NEXT_PROTOCOL);
    match part.number(3, 1) {
        Some(1) => EtherType::IPV4.0,
        Some(2) => EtherType::IPV6.0,
        Some(3) => BRIDGED,
        Some(5) => 0x8847,
        _ => 0,
    }
}
