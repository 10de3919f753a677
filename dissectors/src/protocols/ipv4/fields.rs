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
    (5, "Extended Security"),
    (6, "Commercial IP Security"),
    (7, "Record Route"),
    (8, "Stream Identifier"),
    (9, "Strict Source Route"),
    (11, "MTU Probe"),
    (12, "MTU Reply"),
    (18, "Traceroute"),
    (20, "Router Alert"),
    (25, "Quick-Start"),
    (30, "Experiment"),
];

const TIMESTAMP_FLAGS: Names = &[
    (0, "Time stamps only"),
    (1, "Time stamp and address"),
    (3, "Time stamps for prespecified addresses"),
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
    FRAGMENTS = FieldDef::group("ip.fragments", "Fragments"),
    FRAGMENT = FieldDef::u32("ip.fragment", "Fragment").computed(),
    FRAGMENT_OVERLAP = FieldDef::of("ip.fragment.overlap", "Fragment overlap", Kind::Bool).computed(),
    FRAGMENT_COUNT = FieldDef::u32("ip.fragment.count", "Fragment count").computed(),
    REASSEMBLED_LENGTH = FieldDef::u32("ip.reassembled.length", "Reassembled length").computed(),
    OPTION = FieldDef::bytes("ip.options", "Option"),
    OPTION_TYPE = FieldDef::u8("ip.opt.type", "Type"),
    OPTION_COPY = FieldDef::flag("ip.opt.type.copy", "Copy on fragmentation", 0x80),
    OPTION_CLASS = FieldDef::u8("ip.opt.type.class", "Class").mask(0x60).names(OPTION_CLASSES),
    OPTION_NUMBER = FieldDef::u8("ip.opt.type.number", "Number").mask(0x1f).names(OPTION_NUMBERS),
    OPTION_LEN = FieldDef::u8("ip.opt.len", "Length"),
    OPTION_POINTER = FieldDef::u8("ip.opt.ptr", "Pointer"),
    OPTION_OVERFLOW = FieldDef::u8("ip.opt.overflow", "Overflow").mask(0xf0),
    OPTION_FLAG = FieldDef::u8("ip.opt.flag", "Flag").hex().mask(0x0f).names(TIMESTAMP_FLAGS),
    OPTION_TIME = FieldDef::u32("ip.opt.time_stamp", "Time stamp"),
    OPTION_TIME_ADDRESS = FieldDef::of("ip.opt.time_stamp_addr", "Address", Kind::Ipv4),
    OPTION_STREAM = FieldDef::u16("ip.opt.sid", "Stream Identifier"),
    OPTION_MTU = FieldDef::u16("ip.opt.mtu", "MTU"),
    OPTION_ALERT = FieldDef::u16("ip.opt.ra", "Router Alert"),
    OPTION_DATA = FieldDef::bytes("ip.opt.data", "Data"),
    RECORDED = FieldDef::of("ip.rec_rt", "Recorded Route", Kind::Ipv4),
    CURRENT = FieldDef::of("ip.cur_rt", "Current Route", Kind::Ipv4),
    SOURCE = FieldDef::of("ip.src_rt", "Source Route", Kind::Ipv4),
    EMPTY = FieldDef::of("ip.empty_rt", "Empty Route", Kind::Ipv4),
}
