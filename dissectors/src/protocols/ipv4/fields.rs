//! The fields of IPv4 (RFC 791).

use crate::field::{FieldDef, Kind, Names};
use crate::fields;
use crate::headers::names::{CHECKSUM_STATUS, CODE_POINTS, ECN, IP_NUMBERS};

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
