//! The fields of ICMP (RFC 792), of router discovery (RFC 1256) and of extensions (RFC 4884).

use crate::field::{FieldDef, Kind, Names};
use crate::fields;
use crate::headers::names::CHECKSUM_STATUS;

const TYPES: Names = &[
    (0, "Echo (ping) reply"),
    (3, "Destination unreachable"),
    (4, "Source quench (flow control)"),
    (5, "Redirect"),
    (6, "Alternate host address"),
    (8, "Echo (ping) request"),
    (9, "Router advertisement"),
    (10, "Router solicitation"),
    (11, "Time-to-live exceeded"),
    (12, "Parameter problem"),
    (13, "Timestamp request"),
    (14, "Timestamp reply"),
    (15, "Information request"),
    (16, "Information reply"),
    (17, "Address mask request"),
    (18, "Address mask reply"),
    (30, "Traceroute"),
    (31, "Datagram Conversion Error"),
    (32, "Mobile Host Redirect"),
    (33, "IPv6 Where-Are-You"),
    (34, "IPv6 I-Am-Here"),
    (35, "Mobile Registration Request"),
    (36, "Mobile Registration Reply"),
    (37, "Domain Name Request"),
    (38, "Domain Name Reply"),
    (39, "SKIP"),
    (40, "Photuris"),
    (41, "Experimental mobility protocols"),
    (42, "Extended Echo request"),
    (43, "Extended Echo reply"),
];

const UNREACHABLE: Names = &[
    (0, "Network unreachable"),
    (1, "Host unreachable"),
    (2, "Protocol unreachable"),
    (3, "Port unreachable"),
    (4, "Fragmentation needed"),
    (5, "Source route failed"),
    (6, "Network unknown"),
    (7, "Host unknown"),
    (8, "Source host isolated"),
    (9, "Network administratively prohibited"),
    (10, "Host administratively prohibited"),
    (11, "Network unreachable for TOS"),
    (12, "Host unreachable for TOS"),
    (13, "Communication administratively filtered"),
    (14, "Host precedence violation"),
    (15, "Precedence cutoff in effect"),
];

const REDIRECT: Names = &[
    (0, "Redirect for network"),
    (1, "Redirect for host"),
    (2, "Redirect for TOS and network"),
    (3, "Redirect for TOS and host"),
];

const EXCEEDED: Names =
    &[(0, "Time to live exceeded in transit"), (1, "Fragment reassembly time exceeded")];

const PROBLEM: Names =
    &[(0, "Pointer indicates the error"), (1, "Required option is missing"), (2, "Bad length")];

const EXTENSION_CLASSES: Names = &[
    (1, "MPLS Label Stack Class"),
    (2, "Interface Information Object"),
    (3, "Interface Identification Object"),
];

fields! { "icmp", "ICMP";
    PROTO = FieldDef::group("icmp", "Internet Control Message Protocol"),
    TYPE = FieldDef::u8("icmp.type", "Type").names(TYPES),
    CODE = FieldDef::u8("icmp.code", "Code"),
    CODE_UNREACHABLE = FieldDef::u8("icmp.code", "Code").names(UNREACHABLE),
    CODE_REDIRECT = FieldDef::u8("icmp.code", "Code").names(REDIRECT),
    CODE_EXCEEDED = FieldDef::u8("icmp.code", "Code").names(EXCEEDED),
    CODE_PROBLEM = FieldDef::u8("icmp.code", "Code").names(PROBLEM),
    CHECKSUM = FieldDef::u16("icmp.checksum", "Checksum").hex(),
    STATUS = FieldDef::u8("icmp.checksum.status", "Checksum Status").computed()
        .names(CHECKSUM_STATUS),
    IDENT = FieldDef::u16("icmp.ident", "Identifier (BE)"),
    IDENT_LE = FieldDef::u16("icmp.ident_le", "Identifier (LE)").computed(),
    SEQ = FieldDef::u16("icmp.seq", "Sequence Number (BE)"),
    SEQ_LE = FieldDef::u16("icmp.seq_le", "Sequence Number (LE)").computed(),
    UNUSED = FieldDef::bytes("icmp.unused", "Unused"),
    RESERVED = FieldDef::bytes("icmp.reserved", "Reserved"),
    MTU = FieldDef::u16("icmp.mtu", "MTU of next hop"),
    GATEWAY = FieldDef::of("icmp.redir_gw", "Gateway Address", Kind::Ipv4),
    POINTER = FieldDef::u8("icmp.pointer", "Pointer"),
    LENGTH = FieldDef::u8("icmp.length", "Length"),
    ORIGINAL_LENGTH = FieldDef::u16("icmp.length.original_datagram",
        "Length of original datagram").computed(),
    ORIGINATE = FieldDef::u32("icmp.originate_timestamp", "Originate Timestamp"),
    RECEIVE = FieldDef::u32("icmp.receive_timestamp", "Receive Timestamp"),
    TRANSMIT = FieldDef::u32("icmp.transmit_timestamp", "Transmit Timestamp"),
    ADDRESS_MASK = FieldDef::of("icmp.address_mask", "Address Mask", Kind::Ipv4),
    ADDRESSES = FieldDef::u8("icmp.num_addrs", "Number of addresses"),
    ENTRY_SIZE = FieldDef::u8("icmp.addr_entry_size", "Address entry size"),
    LIFETIME = FieldDef::u16("icmp.lifetime", "Lifetime"),
    ROUTER = FieldDef::of("icmp.router_address", "Router address", Kind::Ipv4),
    PREFERENCE = FieldDef::of("icmp.pref_level", "Preference level", Kind::Signed(32)),
    EXTENSIONS = FieldDef::group("icmp.ext", "ICMP Extensions"),
    EXTENSION_VERSION = FieldDef::u8("icmp.ext.version", "Version").mask(0xf0),
    EXTENSION_RESERVED = FieldDef::u16("icmp.ext.res", "Reserved").hex().mask(0x0fff),
    EXTENSION_CHECKSUM = FieldDef::u16("icmp.ext.checksum", "Checksum").hex(),
    EXTENSION_LENGTH = FieldDef::u16("icmp.ext.length", "Length"),
    EXTENSION_CLASS = FieldDef::u8("icmp.ext.class", "Class").names(EXTENSION_CLASSES),
    EXTENSION_TYPE = FieldDef::u8("icmp.ext.ctype", "C-Type"),
    EXTENSION_DATA = FieldDef::bytes("icmp.ext.data", "Data"),
    LABEL = FieldDef::u24("icmp.mpls.label", "Label").mask(0xff_fff0),
    LABEL_CLASS = FieldDef::u24("icmp.mpls.exp", "Experimental").mask(0x00_000e),
    LABEL_BOTTOM = FieldDef::flag("icmp.mpls.s", "Stack bit", 0x01),
    LABEL_TTL = FieldDef::u8("icmp.mpls.ttl", "Time to live"),
    DATA_TIME = FieldDef::of("icmp.data_time", "Timestamp from icmp data", Kind::Time).computed(),
    DATA_TIME_RELATIVE = FieldDef::of(
        "icmp.data_time_relative", "Timestamp from icmp data (relative)", Kind::Duration)
        .computed(),
}
