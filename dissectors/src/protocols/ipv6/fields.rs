//! The fields of IPv6 and its extension headers.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;
use crate::headers::names::{CODE_POINTS, ECN, IP_NUMBERS};

const OPTIONS: Names =
    &[(0x00, "Pad1"), (0x01, "PadN"), (0x05, "Router Alert"), (0xc2, "Jumbo Payload")];

fields! { "ipv6", "IPv6";
    PROTO = FieldDef::group("ipv6", "Internet Protocol Version 6"),
    VERSION = FieldDef::u8("ipv6.version", "Version").mask(0xf0),
    IP_VERSION = FieldDef::u8("ip.version", "Version").mask(0xf0).listed(),
    TCLASS = FieldDef::u32("ipv6.tclass", "Traffic Class").hex().mask(0x0ff0_0000),
    DSCP = FieldDef::u32("ipv6.tclass.dscp", "Differentiated Services Codepoint")
        .mask(0x0fc0_0000).names(CODE_POINTS),
    ECN_BITS = FieldDef::u32("ipv6.tclass.ecn", "Explicit Congestion Notification")
        .mask(0x0030_0000).names(ECN),
    FLOW = FieldDef::u24("ipv6.flow", "Flow Label").hex().mask(0x0f_ffff),
    PLEN = FieldDef::u16("ipv6.plen", "Payload Length"),
    NXT = FieldDef::u8("ipv6.nxt", "Next Header").names(IP_NUMBERS),
    HLIM = FieldDef::u8("ipv6.hlim", "Hop Limit"),
    SRC = FieldDef::of("ipv6.src", "Source Address", Kind::Ipv6),
    ADDR = FieldDef::of("ipv6.addr", "Source or Destination Address", Kind::Ipv6).hidden(),
    SRC_HOST = FieldDef::text("ipv6.src_host", "Source Host").computed().hidden(),
    HOST = FieldDef::text("ipv6.host", "Source or Destination Host").computed().hidden(),
    DST = FieldDef::of("ipv6.dst", "Destination Address", Kind::Ipv6),
    DST_HOST = FieldDef::text("ipv6.dst_host", "Destination Host").computed().hidden(),
    HOPOPTS = FieldDef::group("ipv6.hopopts", "IPv6 Hop-by-Hop Option"),
    HOPOPTS_NXT = FieldDef::u8("ipv6.hopopts.nxt", "Next Header").names(IP_NUMBERS),
    HOPOPTS_LEN = FieldDef::u8("ipv6.hopopts.len", "Length"),
    HOPOPTS_LEN_OCT = FieldDef::u16("ipv6.hopopts.len_oct", "Length in bytes").computed(),
    DSTOPTS = FieldDef::group("ipv6.dstopts", "Destination Options for IPv6"),
    DSTOPTS_NXT = FieldDef::u8("ipv6.dstopts.nxt", "Next Header").names(IP_NUMBERS),
    DSTOPTS_LEN = FieldDef::u8("ipv6.dstopts.len", "Length"),
    DSTOPTS_LEN_OCT = FieldDef::u16("ipv6.dstopts.len_oct", "Length in bytes").computed(),
    OPTION = FieldDef::group("ipv6.opt", "IPv6 Option"),
    OPTION_TYPE = FieldDef::u8("ipv6.opt.type", "Type").hex().names(OPTIONS),
    OPTION_ACTION = FieldDef::u8("ipv6.opt.type.action", "Action").mask(0xc0),
    OPTION_CHANGE = FieldDef::flag("ipv6.opt.type.change", "May Change", 0x20),
    OPTION_REST = FieldDef::u8("ipv6.opt.type.rest", "Low-Order Bits").hex().mask(0x1f),
    OPTION_LEN = FieldDef::u8("ipv6.opt.length", "Length"),
    OPTION_PAD1 = FieldDef::bytes("ipv6.opt.pad1", "Pad1"),
    OPTION_PADN = FieldDef::bytes("ipv6.opt.padn", "PadN"),
    OPTION_ALERT = FieldDef::u16("ipv6.opt.router_alert", "Router Alert"),
    OPTION_JUMBO = FieldDef::u32("ipv6.opt.jumbo", "Payload Length"),
    OPTION_DATA = FieldDef::bytes("ipv6.opt.unknown", "Unknown Option Payload"),
    ROUTING = FieldDef::group("ipv6.routing", "Routing Header for IPv6"),
    ROUTING_NXT = FieldDef::u8("ipv6.routing.nxt", "Next Header").names(IP_NUMBERS),
    ROUTING_LEN = FieldDef::u8("ipv6.routing.len", "Length"),
    ROUTING_LEN_OCT = FieldDef::u16("ipv6.routing.len_oct", "Length in bytes").computed(),
    ROUTING_TYPE = FieldDef::u8("ipv6.routing.type", "Type"),
    ROUTING_LEFT = FieldDef::u8("ipv6.routing.segleft", "Segments Left"),
    HIP = FieldDef::group("hip", "Host Identity Protocol"),
    HIP_NXT = FieldDef::u8("hip.proto", "Payload Protocol").names(IP_NUMBERS),
    HIP_LEN = FieldDef::u8("hip.hdr_len", "Header Length"),
    HIP_TYPE = FieldDef::u8("hip.packet_type", "Packet Type").mask(0x7f),
    SHIM = FieldDef::group("shim6", "SHIM6"),
    SHIM_NXT = FieldDef::u8("shim6.nxt", "Next Header").names(IP_NUMBERS),
    SHIM_LEN = FieldDef::u8("shim6.len", "Length"),
    SHIM_LEN_OCT = FieldDef::u16("shim6.len_oct", "Length in bytes").computed(),
    FRAGMENT = FieldDef::group("ipv6.fraghdr", "Fragment Header for IPv6"),
    FRAGMENT_NXT = FieldDef::u8("ipv6.fraghdr.nxt", "Next Header").names(IP_NUMBERS),
    FRAGMENT_RESERVED = FieldDef::u8("ipv6.fraghdr.reserved_octet", "Reserved octet").hex(),
    FRAGMENT_OFFSET = FieldDef::u16("ipv6.fraghdr.offset", "Offset").mask(0xfff8),
    FRAGMENT_BITS = FieldDef::u16("ipv6.fraghdr.reserved_bits", "Reserved bits").mask(0x0006),
    FRAGMENT_MORE = FieldDef::flag("ipv6.fraghdr.more", "More Fragments", 0x0001),
    FRAGMENT_IDENT = FieldDef::u32("ipv6.fraghdr.ident", "Identification").hex(),
    FRAGMENTS = FieldDef::group("ipv6.fragments", "IPv6 Fragments"),
    FRAGMENT_FRAME = FieldDef::u32("ipv6.fragment", "IPv6 Fragment").computed(),
    FRAGMENT_OVERLAP = FieldDef::of("ipv6.fragment.overlap", "Fragment overlap", Kind::Bool)
        .computed(),
    FRAGMENT_COUNT = FieldDef::u32("ipv6.fragment.count", "Fragment count").computed(),
    REASSEMBLED_LENGTH = FieldDef::u32("ipv6.reassembled.length", "Reassembled IPv6 length")
        .computed(),
}
