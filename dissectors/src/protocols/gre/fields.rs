//! The fields of GRE.

use crate::field::{FieldDef, Names};
use crate::fields;

/// Protocol types that are met.
const TYPES: Names = &[
    (0x0800, "IP"),
    (0x2000, "CDP"),
    (0x2001, "NHRP"),
    (0x6558, "Transparent Ethernet bridging"),
    (0x8847, "MPLS label switched packet"),
    (0x86dd, "IPv6"),
    (0x880b, "PPP"),
    (0x883e, "WCCP"),
    (0x88be, "ERSPAN"),
    (0x22eb, "ERSPAN III"),
];

fields! { "gre", "GRE";
    PROTO = FieldDef::group("gre", "Generic Routing Encapsulation"),
    FLAGS = FieldDef::u16("gre.flags_and_version", "Flags and Version").hex(),
    FLAG_CHECKSUM = FieldDef::flag("gre.flags.checksum", "Checksum Bit", 0x8000),
    FLAG_ROUTING = FieldDef::flag("gre.flags.routing", "Routing Bit", 0x4000),
    FLAG_KEY = FieldDef::flag("gre.flags.key", "Key Bit", 0x2000),
    FLAG_SEQUENCE = FieldDef::flag("gre.flags.sequence_number", "Sequence Number Bit", 0x1000),
    FLAG_STRICT =
        FieldDef::flag("gre.flags.strict_source_route", "Strict Source Route Bit", 0x0800),
    RECURSION = FieldDef::u16("gre.flags.recursion_control", "Recursion control").mask(0x0700),
    FLAG_ACK = FieldDef::flag("gre.flags.ack", "Acknowledgment", 0x0080),
    FLAG_RESERVED = FieldDef::u16("gre.flags.reserved", "Flags (Reserved)").mask(0x00f8),
    VERSION = FieldDef::u16("gre.flags.version", "Version").mask(0x0007),
    PROTOCOL = FieldDef::u16("gre.proto", "Protocol Type").hex().names(TYPES),
    CHECKSUM = FieldDef::u16("gre.checksum", "Checksum").hex(),
    OFFSET = FieldDef::u16("gre.offset", "Offset"),
    KEY = FieldDef::u32("gre.key", "Key").hex(),
    KEY_LENGTH = FieldDef::u16("gre.key.payload_length", "Payload Length"),
    KEY_CALL = FieldDef::u16("gre.key.call_id", "Call ID"),
    SEQUENCE = FieldDef::u32("gre.sequence_number", "Sequence Number"),
    ACK = FieldDef::u32("gre.ack_number", "Acknowledgment Number"),
}
