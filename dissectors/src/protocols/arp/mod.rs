//! ARP (RFC 826): which link address belongs to an IPv4 address.

use std::net::Ipv4Addr;

use etherparse::ArpPacketSlice;

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::headers::names::{Address, ETHER_TYPES};
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};
use crate::span::Span;

fields! { "arp", "ARP";
    PROTO = FieldDef::group("arp", "Address Resolution Protocol"),
    HW_TYPE = FieldDef::u16("arp.hw.type", "Hardware type").names(&[(1, "Ethernet")]),
    PROTO_TYPE = FieldDef::u16("arp.proto.type", "Protocol type").hex().names(ETHER_TYPES),
    HW_SIZE = FieldDef::u8("arp.hw.size", "Hardware size"),
    PROTO_SIZE = FieldDef::u8("arp.proto.size", "Protocol size"),
    OPCODE = FieldDef::u16("arp.opcode", "Opcode").names(&[(1, "request"), (2, "reply")]),
    GRATUITOUS = FieldDef::flag("arp.isgratuitous", "Is gratuitous", 0).computed(),
    SRC_MAC = FieldDef::of("arp.src.hw_mac", "Sender MAC address", Kind::Ether),
    SRC_IPV4 = FieldDef::of("arp.src.proto_ipv4", "Sender IP address", Kind::Ipv4),
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
        &["RFC 826", "RFC 5227"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x0806)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Tells an ARP packet. Addresses are told for Ethernet and IPv4 only, the one pair in use.
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
    if part.number(0, 6) == Some(0x0001_0800_0604) {
        let ip = |at| part.array::<4>(at).map(Ipv4Addr::from);
        let gratuitous = ip(14).is_some() && ip(14) == ip(24);
        if gratuitous {
            walk.work_out(GRATUITOUS, crate::field::Value::Bool(true), Span::NONE);
        }
        walk.tell(&part, 8, 6, SRC_MAC);
        walk.tell(&part, 14, 4, SRC_IPV4);
        walk.tell(&part, 18, 6, DST_MAC);
        walk.tell(&part, 24, 4, DST_IPV4);
        if let (Some(sender), Some(target), Some(mac)) = (ip(14), ip(24), part.array(8)) {
            summarize(operation, sender, target, Address(mac), walk);
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
    sender: Ipv4Addr,
    target: Ipv4Addr,
    mac: Address,
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
        other => walk.summary(format_args!("ARP operation {other}")),
    }
}
