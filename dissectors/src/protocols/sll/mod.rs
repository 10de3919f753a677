//! Linux cooked captures: what a capture on all interfaces at once holds in place of a link
//! header. The second version also says which interface.
//!
//! ```text
//!   v1  type │ hardware │ length │ address (8) │ protocol
//!   v2  protocol │ 0 │ interface (4) │ hardware │ type │ length │ address (8)
//! ```

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::names::ETHER_TYPES;
use crate::headers::{FIRST_TYPE, Found, Next, Part, Walk, network_len};
use crate::protocol::{Claim, Protocol};

const PACKET_TYPES: Names = &[
    (0, "Unicast to us"),
    (1, "Broadcast"),
    (2, "Multicast"),
    (3, "Unicast to another host"),
    (4, "Sent by us"),
];

/// Hardware types of Linux (`ARPHRD_` in `linux/if_arp.h`).
const HARDWARE: Names = &[
    (1, "Ethernet"),
    (512, "PPP"),
    (768, "IP in IP tunnel"),
    (769, "IPv6 tunnel"),
    (772, "Loopback"),
    (776, "IPv6-in-IPv4"),
    (778, "GRE over IP"),
    (801, "IEEE 802.11"),
    (803, "IEEE 802.11 with radiotap"),
    (824, "Netlink"),
    (65534, "None"),
];

/// Protocols below the EtherTypes (`ETH_P_` in `linux/if_ether.h`).
const LINUX_TYPES: Names = &[(1, "Novell 802.3"), (4, "LLC"), (12, "CAN"), (13, "CAN FD")];

fields! { "sll", "Linux cooked";
    PROTO = FieldDef::group("sll", "Linux cooked capture v1"),
    SECOND = FieldDef::group("sll", "Linux cooked capture v2"),
    PKTTYPE = FieldDef::u16("sll.pkttype", "Packet type").names(PACKET_TYPES),
    HATYPE = FieldDef::u16("sll.hatype", "Link-layer address type").names(HARDWARE),
    HALEN = FieldDef::u16("sll.halen", "Link-layer address length"),
    SRC_ETH = FieldDef::of("sll.src.eth", "Source", Kind::Ether),
    SRC_IPV4 = FieldDef::of("sll.src.ipv4", "Source", Kind::Ipv4),
    SRC_OTHER = FieldDef::bytes("sll.src.other", "Source"),
    UNUSED = FieldDef::bytes("sll.unused", "Unused"),
    RESERVED = FieldDef::bytes("sll.reserved", "Reserved"),
    IFINDEX = FieldDef::u32("sll.ifindex", "Interface index"),
    ETYPE = FieldDef::u16("sll.etype", "Protocol").hex().names(ETHER_TYPES),
    LTYPE = FieldDef::u16("sll.ltype", "Protocol").hex().names(LINUX_TYPES),
    TRAILER = FieldDef::bytes("sll.trailer", "Trailer"),
}

/// Linux cooked captures.
pub struct Sll;

impl Protocol for Sll {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(113), Claim::Link(276)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found, walk))
    }
}

/// Lengths of the two headers.
const FIRST_LEN: usize = 16;
const SECOND_LEN: usize = 20;

/// Room for the sender's address.
const ADDRESS: usize = 8;

/// LLC, by Linux' number for it.
const LLC: u16 = 4;

fn describe<'a>(part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Next<'a> {
    let is_second = found.claim == Claim::Link(276);
    let (group, len, protocol_at) =
        if is_second { (SECOND, SECOND_LEN, 0) } else { (PROTO, FIRST_LEN, 14) };
    walk.plain_group(part.place(0, len), group);
    let protocol = part.number(protocol_at, 2).unwrap_or_default() as u16;
    let field = if protocol < FIRST_TYPE { LTYPE } else { ETYPE };
    if is_second {
        walk.tell(&part, 0, 2, field);
        walk.tell(&part, 2, 2, RESERVED);
        walk.tell(&part, 4, 4, IFINDEX);
        walk.tell(&part, 8, 2, HATYPE);
        walk.tell(&part, 10, 1, PKTTYPE);
        walk.tell(&part, 11, 1, HALEN);
        address(&part, 12, part.number(11, 1), walk);
    } else {
        walk.tell(&part, 0, 2, PKTTYPE);
        walk.tell(&part, 2, 2, HATYPE);
        walk.tell(&part, 4, 2, HALEN);
        address(&part, 6, part.number(4, 2), walk);
        walk.tell(&part, 14, 2, field);
    }
    let next = if part.get(0, len).is_some() {
        behind(protocol, part.after(len), walk)
    } else {
        walk.stop(&part, "cooked", format_args!("it takes {len} bytes"));
        walk.summary(format_args!("Linux cooked capture, cut"));
        Next::Nothing
    };
    walk.close();
    next
}

/// Tells the sender's address, as far as its length goes, and what is left of its room.
fn address(part: &Part<'_>, at: usize, len: Option<u64>, walk: &mut Walk<'_>) {
    let len = len.unwrap_or_default().min(ADDRESS as u64) as usize;
    match len {
        0 => {}
        4 => walk.tell(part, at, len, SRC_IPV4),
        6 => walk.tell(part, at, len, SRC_ETH),
        _ => walk.tell(part, at, len, SRC_OTHER),
    }
    if len < ADDRESS {
        walk.tell(part, at + len, ADDRESS - len, UNUSED);
    }
}

/// What the protocol number names; a short frame's filling is told apart.
fn behind<'a>(protocol: u16, rest: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    if protocol < FIRST_TYPE {
        if protocol == LLC {
            return Next::named("llc", rest);
        }
        walk.unread(format_args!("Linux protocol 0x{protocol:04x}"));
        return Next::Nothing;
    }
    let number = EtherType(protocol);
    let Some(len) = network_len(number, &rest).filter(|len| *len < rest.wire) else {
        return Next::Typed(number, rest);
    };
    let extra = rest.after(len);
    walk.tell(&extra, 0, extra.bytes.len(), TRAILER);
    Next::Typed(number, rest.upto(len))
}
