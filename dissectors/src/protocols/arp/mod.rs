//! ARP (RFC 826): which link address belongs to an IPv4 address.

pub mod tell;

use std::net::Ipv4Addr;

use etherparse::ArpPacketSlice;

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::names::{Address, ETHER_TYPES};
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::span::Span;

const HARDWARE: Names =
    &[(1, "Ethernet"), (6, "IEEE 802"), (7, "ARCNET"), (15, "Frame Relay DLCI")];

const OPERATIONS: Names = &[
    (1, "request"),
    (2, "reply"),
    (3, "reverse request"),
    (4, "reverse reply"),
    (8, "inarp request"),
    (9, "inarp reply"),
];

fields! { "arp", "ARP";
    PROTO = FieldDef::group("arp", "Address Resolution Protocol"),
    HW_TYPE = FieldDef::u16("arp.hw.type", "Hardware type").names(HARDWARE),
    PROTO_TYPE = FieldDef::u16("arp.proto.type", "Protocol type").hex().names(ETHER_TYPES),
    HW_SIZE = FieldDef::u8("arp.hw.size", "Hardware size"),
    PROTO_SIZE = FieldDef::u8("arp.proto.size", "Protocol size"),
    OPCODE = FieldDef::u16("arp.opcode", "Opcode").names(OPERATIONS),
    GRATUITOUS = FieldDef::flag("arp.isgratuitous", "Is gratuitous", 0).computed(),
    SRC_MAC = FieldDef::of("arp.src.hw_mac", "Sender MAC address", Kind::Ether),
    SRC_IPV4 = FieldDef::of("arp.src.proto_ipv4", "Sender IP address", Kind::Ipv4),
    SRC_HW = FieldDef::bytes("arp.src.hw", "Sender hardware address"),
    DST_HW = FieldDef::bytes("arp.dst.hw", "Target hardware address"),
    DST_MAC = FieldDef::of("arp.dst.hw_mac", "Target MAC address", Kind::Ether),
    DST_IPV4 = FieldDef::of("arp.dst.proto_ipv4", "Target IP address", Kind::Ipv4),
}

/// The Address Resolution Protocol.
pub struct Arp;

impl Protocol for Arp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 826", "RFC 903", "RFC 5227"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x0806), Claim::EtherType(0x8035)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the head.
const HEAD: usize = 8;

/// The protocol whose addresses are told, by its EtherType.
const IPV4: u64 = 0x0800;

/// Hardware with addresses like Ethernet's: itself, and all of IEEE 802.
const IS_ETHER: [u64; 2] = [1, 6];

/// Tells an ARP packet, or one of RARP (RFC 903), which has the same form. Addresses are told for
/// IPv4 only.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let slice = ArpPacketSlice::from_slice(part.bytes);
    let len = slice.as_ref().map_or(part.bytes.len(), |slice| slice.slice().len());
    let operation = part.number(6, 2).unwrap_or(0);
    let name = OPCODE.def().name_of(operation).unwrap_or("unknown");
    walk.group(&part, len, PROTO, format_args!("{name}"));
    walk.tell(&part, 0, 2, HW_TYPE);
    walk.tell(&part, 2, 2, PROTO_TYPE);
    walk.tell(&part, 4, 1, HW_SIZE);
    walk.tell(&part, 5, 1, PROTO_SIZE);
    walk.tell(&part, 6, 2, OPCODE);
    let (hardware, protocol) = (part.number(4, 1), part.number(5, 1));
    if let (Some(hardware), Some(4), Some(IPV4)) = (hardware, protocol, part.number(2, 2)) {
        let hardware = hardware as usize;
        let is_ether =
            hardware == 6 && part.number(0, 2).is_some_and(|kind| IS_ETHER.contains(&kind));
        let [source_at, target_at] = [HEAD, HEAD + hardware + 4];
        let ip = |at: usize| part.array::<4>(at + hardware).map(Ipv4Addr::from);
        let (sender, target) = (ip(source_at), ip(target_at));
        if sender.is_some() && sender == target {
            walk.work_out(GRATUITOUS, crate::field::Value::Bool(true), Span::NONE);
        }
        for (at, mac, other, address) in
            [(source_at, SRC_MAC, SRC_HW, SRC_IPV4), (target_at, DST_MAC, DST_HW, DST_IPV4)]
        {
            if hardware > 0 {
                walk.tell(&part, at, hardware, if is_ether { mac } else { other });
            }
            walk.tell(&part, at + hardware, 4, address);
        }
        let macs = [source_at, target_at].map(|at| part.array(at).filter(|_| is_ether));
        match (sender, target, macs) {
            (Some(sender), Some(target), [Some(mac), Some(asked)]) => {
                summarize(operation, [sender, target], [Address(mac), Address(asked)], walk);
            }
            _ => walk.summary(format_args!("ARP {name}")),
        }
    } else {
        walk.summary(format_args!("ARP {name}"));
    }
    if let Err(error) = slice {
        walk.stop(&part, "ARP", format_args!("{error}"));
    }
    walk.close();
    Next::Nothing
}

fn summarize(
    operation: u64,
    [sender, target]: [Ipv4Addr; 2],
    [mac, asked]: [Address; 2],
    walk: &mut Walk<'_>,
) {
    match operation {
        1 if sender == target => walk.summary(format_args!("ARP Announcement for {sender}")),
        1 if sender.is_unspecified() => {
            walk.summary(format_args!("Who has {target}? (ARP Probe)"));
        }
        1 => walk.summary(format_args!("Who has {target}? Tell {sender}")),
        2 if sender == target => {
            walk.summary(format_args!("Gratuitous ARP for {sender} (Reply)"));
        }
        2 => walk.summary(format_args!("{sender} is at {mac}")),
        3 => walk.summary(format_args!("Who is {asked}? Tell {mac}")),
        4 => walk.summary(format_args!("{asked} is at {target}")),
        other => walk.summary(format_args!("ARP operation {other}")),
    }
}
