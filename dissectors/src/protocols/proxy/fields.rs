//! The fields of the PROXY header, under Wireshark's names.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

fields! { "proxy", "PROXY";
    VERSION = FieldDef::u8("proxy.version", "Version").computed(),
    V1_MAGIC = FieldDef::group("proxy.v1.magic", "PROXY v1 magic"),
    V1_PROTO = FieldDef::text("proxy.v1.proto", "Protocol"),
    V1_UNKNOWN = FieldDef::text("proxy.v1.unknown", "Unknown data"),
    SRC_IPV4 = FieldDef::of("proxy.src.ipv4", "Source Address", Kind::Ipv4).computed(),
    DST_IPV4 = FieldDef::of("proxy.dst.ipv4", "Destination Address", Kind::Ipv4).computed(),
    SRC_IPV6 = FieldDef::of("proxy.src.ipv6", "Source Address", Kind::Ipv6).computed(),
    DST_IPV6 = FieldDef::of("proxy.dst.ipv6", "Destination Address", Kind::Ipv6).computed(),
    SRC_PORT = FieldDef::u16("proxy.srcport", "Source Port").computed(),
    DST_PORT = FieldDef::u16("proxy.dstport", "Destination Port").computed(),
    V2_MAGIC = FieldDef::bytes("proxy.v2.magic", "Magic"),
    V2_VERSION = FieldDef::u8("proxy.v2.version", "Version").mask(0xf0),
    V2_COMMAND = FieldDef::u8("proxy.v2.cmd", "Command").mask(0x0f).names(COMMANDS),
    V2_FAMILY_PROTOCOL = FieldDef::u8("proxy.v2.addr_family_protocol", "Address Family Protocol").hex(),
    V2_FAMILY = FieldDef::u8("proxy.v2.addr_family", "Address Family").hex().mask(0xf0).names(FAMILIES),
    V2_PROTOCOL = FieldDef::u8("proxy.v2.protocol", "Protocol").hex().mask(0x0f).names(PROTOCOLS),
    V2_LENGTH = FieldDef::u16("proxy.v2.length", "Length"),
    V2_SRC_UNIX = FieldDef::bytes("proxy.v2.src.unix", "Source Address"),
    V2_DST_UNIX = FieldDef::bytes("proxy.v2.dst.unix", "Destination Address"),
    V2_UNKNOWN = FieldDef::bytes("proxy.v2.unknown", "Unknown data"),
    TLV = FieldDef::group("proxy.v2.tlv", "TLV"),
    TLV_TYPE = FieldDef::u8("proxy.v2.tlv.type", "Type").hex().names(TYPES),
    TLV_LENGTH = FieldDef::u16("proxy.v2.tlv.length", "Length"),
    TLV_VALUE = FieldDef::bytes("proxy.v2.tlv.value", "Value"),
}

const COMMANDS: Names = &[(0, "LOCAL"), (1, "PROXY")];
const FAMILIES: Names = &[(0, "Unspecified"), (1, "IPv4"), (2, "IPv6"), (3, "UNIX")];
const PROTOCOLS: Names = &[(0, "Unspecified"), (1, "STREAM"), (2, "DGRAM")];
const TYPES: Names = &[
    (0x01, "ALPN"),
    (0x02, "AUTHORITY"),
    (0x03, "CRC32C"),
    (0x04, "NOOP"),
    (0x05, "UNIQUE ID"),
    (0x20, "SSL"),
    (0x21, "SSL VERSION"),
    (0x22, "SSL CN"),
    (0x23, "SSL CIPHER"),
    (0x24, "SSL SIG ALG"),
    (0x25, "SSL KEY ALG"),
    (0x30, "NETNS"),
];
