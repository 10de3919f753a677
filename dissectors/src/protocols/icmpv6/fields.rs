//! The fields of ICMPv6.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;
use crate::headers::names::CHECKSUM_STATUS;

const TYPES: Names = &[
    (1, "Destination Unreachable"),
    (2, "Packet Too Big"),
    (3, "Time Exceeded"),
    (4, "Parameter Problem"),
    (128, "Echo (ping) request"),
    (129, "Echo (ping) reply"),
    (130, "Multicast Listener Query"),
    (131, "Multicast Listener Report"),
    (132, "Multicast Listener Done"),
    (133, "Router Solicitation"),
    (134, "Router Advertisement"),
    (135, "Neighbor Solicitation"),
    (136, "Neighbor Advertisement"),
    (137, "Redirect"),
    (143, "Multicast Listener Report Message v2"),
];

const UNREACHABLE: Names = &[
    (0, "no route to destination"),
    (1, "Administratively prohibited"),
    (2, "Beyond scope of source address"),
    (3, "Address unreachable"),
    (4, "Port unreachable"),
];

const EXCEEDED: Names =
    &[(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")];

const OPTIONS: Names = &[
    (1, "Source link-layer address"),
    (2, "Target link-layer address"),
    (3, "Prefix information"),
    (4, "Redirected header"),
    (5, "MTU"),
];

fields! { "icmpv6", "ICMPv6";
    PROTO = FieldDef::group("icmpv6", "Internet Control Message Protocol v6"),
    TYPE = FieldDef::u8("icmpv6.type", "Type").names(TYPES),
    CODE = FieldDef::u8("icmpv6.code", "Code"),
    CODE_UNREACHABLE = FieldDef::u8("icmpv6.code", "Code").names(UNREACHABLE),
    CODE_EXCEEDED = FieldDef::u8("icmpv6.code", "Code").names(EXCEEDED),
    CHECKSUM = FieldDef::u16("icmpv6.checksum", "Checksum").hex(),
    STATUS = FieldDef::u8("icmpv6.checksum.status", "Checksum Status").computed()
        .names(CHECKSUM_STATUS),
    RESERVED = FieldDef::bytes("icmpv6.reserved", "Reserved"),
    MTU = FieldDef::u32("icmpv6.mtu", "MTU"),
    POINTER = FieldDef::u32("icmpv6.pointer", "Pointer"),
    ECHO_IDENTIFIER = FieldDef::u16("icmpv6.echo.identifier", "Identifier").hex(),
    ECHO_SEQUENCE = FieldDef::u16("icmpv6.echo.sequence_number", "Sequence"),
    RA_HOP_LIMIT = FieldDef::u8("icmpv6.nd.ra.cur_hop_limit", "Cur hop limit"),
    RA_FLAGS = FieldDef::u8("icmpv6.nd.ra.flag", "Flags").hex(),
    RA_LIFETIME = FieldDef::u16("icmpv6.nd.ra.router_lifetime", "Router lifetime (s)"),
    RA_REACHABLE = FieldDef::u32("icmpv6.nd.ra.reachable_time", "Reachable time (ms)"),
    RA_RETRANS = FieldDef::u32("icmpv6.nd.ra.retrans_timer", "Retrans timer (ms)"),
    NS_TARGET = FieldDef::of("icmpv6.nd.ns.target_address", "Target Address", Kind::Ipv6),
    NA_FLAGS = FieldDef::u32("icmpv6.nd.na.flag", "Flags").hex(),
    NA_ROUTER = FieldDef::flag("icmpv6.nd.na.flag.r", "Router", 0x8000_0000),
    NA_SOLICITED = FieldDef::flag("icmpv6.nd.na.flag.s", "Solicited", 0x4000_0000),
    NA_OVERRIDE = FieldDef::flag("icmpv6.nd.na.flag.o", "Override", 0x2000_0000),
    NA_RESERVED = FieldDef::u32("icmpv6.nd.na.flag.rsv", "Reserved").mask(0x1fff_ffff),
    NA_TARGET = FieldDef::of("icmpv6.nd.na.target_address", "Target Address", Kind::Ipv6),
    RD_TARGET = FieldDef::of("icmpv6.nd.rd.target_address", "Target Address", Kind::Ipv6),
    RD_DESTINATION = FieldDef::of("icmpv6.rd.na.destination_address", "Destination Address", Kind::Ipv6),
    OPTION = FieldDef::group("icmpv6.opt", "ICMPv6 Option"),
    OPTION_TYPE = FieldDef::u8("icmpv6.opt.type", "Type").names(OPTIONS),
    OPTION_LENGTH = FieldDef::u8("icmpv6.opt.length", "Length"),
    OPTION_LINK = FieldDef::of("icmpv6.opt.linkaddr", "Link-layer address", Kind::Ether),
    OPTION_SRC_LINK =
        FieldDef::of("icmpv6.opt.src_linkaddr", "Source Link-layer address", Kind::Ether).hidden(),
    OPTION_TARGET_LINK =
        FieldDef::of("icmpv6.opt.target_linkaddr", "Target Link-layer address", Kind::Ether).hidden(),
    OPTION_MTU = FieldDef::u32("icmpv6.opt.mtu", "MTU"),
}
