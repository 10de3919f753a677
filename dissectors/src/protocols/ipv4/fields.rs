//! The fields of IPv4, and the names that IPv6 shares with it.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

/// What IP carries, by the numbers that are met.
pub(crate) const IP_NUMBERS: Names = &[
    (0, "IPv6 Hop-by-Hop Option"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPIP"),
    (6, "TCP"),
    (17, "UDP"),
    (41, "IPv6"),
    (43, "Routing Header for IPv6"),
    (44, "Fragment Header for IPv6"),
    (47, "Generic Routing Encapsulation"),
    (50, "Encap Security Payload"),
    (51, "Authentication Header"),
    (58, "ICMPv6"),
    (59, "No Next Header for IPv6"),
    (60, "Destination Options for IPv6"),
    (89, "OSPF IGP"),
    (132, "SCTP"),
];

/// Differentiated services code points.
pub(crate) const CODE_POINTS: Names = &[
    (0, "Default"),
    (8, "Class Selector 1"),
    (10, "Assured Forwarding 11"),
    (16, "Class Selector 2"),
    (18, "Assured Forwarding 21"),
    (24, "Class Selector 3"),
    (26, "Assured Forwarding 31"),
    (32, "Class Selector 4"),
    (34, "Assured Forwarding 41"),
    (40, "Class Selector 5"),
    (46, "Expedited Forwarding"),
    (48, "Class Selector 6"),
    (56, "Class Selector 7"),
];

/// Explicit congestion notification (RFC 3168, section 5).
pub(crate) const ECN: Names = &[
    (0, "Not ECN-Capable Transport"),
    (1, "ECN-Capable Transport codepoint '01'"),
    (2, "ECN-Capable Transport codepoint '10'"),
    (3, "Congestion Experienced"),
];

/// What is known of a checksum.
pub(crate) const CHECKSUM_STATUS: Names =
    &[(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")];

const OPTION_NUMBERS: Names = &[
    (0, "End of Option List (EOL)"),
    (1, "No-Operation (NOP)"),
    (2, "Security"),
    (3, "Loose Source Route"),
    (4, "Time Stamp"),
    (7, "Record Route"),
    (9, "Strict Source Route"),
    (20, "Router Alert"),
];

const OPTION_CLASSES: Names = &[(0, "Control"), (2, "Debugging and measurement")];

fields! { "ip", "IPv4";
    PROTO = FieldDef::group("ip", "Internet Protocol Version 4"),
    VERSION = FieldDef::u8("ip.version", "Version").mask(0xf0),
    HDR_LEN = FieldDef::u8("ip.hdr_len", "Header Length").computed(),
    DSFIELD = FieldDef::u8("ip.dsfield", "Differentiated Services Field").hex(),
    DSCP = FieldDef::u8("ip.dsfield.dscp", "Differentiated Services Codepoint").mask(0xfc)
        .names(CODE_POINTS),
    ECN_BITS = FieldDef::u8("ip.dsfield.ecn", "Explicit Congestion Notification").mask(0x03)
        .names(ECN),
    LEN = FieldDef::u16("ip.len", "Total Length"),
    ID = FieldDef::u16("ip.id", "Identification").hex(),
    FLAGS = FieldDef::u8("ip.flags", "Flags").hex().mask(0xe0),
    FLAG_RB = FieldDef::flag("ip.flags.rb", "Reserved bit", 0x80),
    FLAG_DF = FieldDef::flag("ip.flags.df", "Don't fragment", 0x40),
    FLAG_MF = FieldDef::flag("ip.flags.mf", "More fragments", 0x20),
    FRAG_OFFSET = FieldDef::u16("ip.frag_offset", "Fragment Offset").mask(0x1fff),
    TTL = FieldDef::u8("ip.ttl", "Time to Live"),
    PROTOCOL = FieldDef::u8("ip.proto", "Protocol").names(IP_NUMBERS),
    CHECKSUM = FieldDef::u16("ip.checksum", "Header Checksum").hex(),
    STATUS = FieldDef::u8("ip.checksum.status", "Header checksum status").computed()
        .names(CHECKSUM_STATUS),
    SRC = FieldDef::of("ip.src", "Source Address", Kind::Ipv4),
    ADDR = FieldDef::of("ip.addr", "Source or Destination Address", Kind::Ipv4).hidden(),
    SRC_HOST = FieldDef::text("ip.src_host", "Source Host").computed().hidden(),
    HOST = FieldDef::text("ip.host", "Source or Destination Host").computed().hidden(),
    DST = FieldDef::of("ip.dst", "Destination Address", Kind::Ipv4),
    DST_HOST = FieldDef::text("ip.dst_host", "Destination Host").computed().hidden(),
    OPTION = FieldDef::bytes("ip.options", "Option"),
    OPTION_TYPE = FieldDef::u8("ip.opt.type", "Type"),
    OPTION_COPY = FieldDef::flag("ip.opt.type.copy", "Copy on fragmentation", 0x80),
    OPTION_CLASS = FieldDef::u8("ip.opt.type.class", "Class").mask(0x60).names(OPTION_CLASSES),
    OPTION_NUMBER = FieldDef::u8("ip.opt.type.number", "Number").mask(0x1f).names(OPTION_NUMBERS),
    OPTION_LEN = FieldDef::u8("ip.opt.len", "Length"),
}
