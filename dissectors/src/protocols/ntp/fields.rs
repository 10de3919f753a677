//! The fields of NTP, under Wireshark's names and types.

use super::wire::MODES;
use crate::field::{FieldDef, Kind, Names};
use crate::fields;

const LEAPS: Names = &[
    (0, "no warning"),
    (1, "last minute of the day has 61 seconds"),
    (2, "last minute of the day has 59 seconds"),
    (3, "unknown (clock unsynchronized)"),
];

const VERSIONS: Names =
    &[(1, "NTP Version 1"), (2, "NTP Version 2"), (3, "NTP Version 3"), (4, "NTP Version 4")];

const STRATA: Names =
    &[(0, "unspecified or invalid"), (1, "primary reference"), (16, "unsynchronized")];

/// Operations of control messages (RFC 9327, section 2).
const OPERATIONS: Names = &[
    (1, "read status"),
    (2, "read variables"),
    (3, "write variables"),
    (4, "read clock variables"),
    (5, "write clock variables"),
    (6, "set trap address/port"),
    (7, "trap response"),
    (8, "runtime configuration"),
    (9, "export configuration to file"),
    (10, "retrieve remote address stats"),
    (11, "retrieve ordered list"),
    (12, "request client-specific nonce"),
    (31, "unset trap address/port"),
];

const fn time(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Time).computed()
}

fields! { "ntp", "NTP";
    FLAGS = FieldDef::u8("ntp.flags", "Flags").hex(),
    LI = FieldDef::u8("ntp.flags.li", "Leap Indicator").mask(0xc0).names(LEAPS),
    VN = FieldDef::u8("ntp.flags.vn", "Version number").mask(0x38).names(VERSIONS),
    MODE = FieldDef::u8("ntp.flags.mode", "Mode").mask(0x07).names(MODES),
    STRATUM = FieldDef::u8("ntp.stratum", "Peer Clock Stratum").names(STRATA),
    POLL = FieldDef::of("ntp.ppoll", "Peer Polling Interval", Kind::Signed(8)).computed(),
    PRECISION = FieldDef::of("ntp.precision", "Peer Clock Precision", Kind::Signed(8)).computed(),
    ROOT_DELAY = FieldDef::u32("ntp.rootdelay", "Root Delay"),
    ROOT_DISPERSION = FieldDef::u32("ntp.rootdispersion", "Root Dispersion"),
    REFERENCE = FieldDef::bytes("ntp.refid", "Reference ID"),
    REFERENCE_TIME = time("ntp.reftime", "Reference Timestamp"),
    ORIGIN = time("ntp.org", "Origin Timestamp"),
    RECEIVE = time("ntp.rec", "Receive Timestamp"),
    TRANSMIT = time("ntp.xmt", "Transmit Timestamp"),
    EXTENSION = FieldDef::group("ntp.ext", "Extension"),
    EXTENSION_TYPE = FieldDef::u16("ntp.ext.type", "Field Type").hex(),
    EXTENSION_LENGTH = FieldDef::u16("ntp.ext.length", "Length"),
    EXTENSION_VALUE = FieldDef::bytes("ntp.ext.value", "Value"),
    KEY_ID = FieldDef::bytes("ntp.keyid", "Key ID"),
    MAC = FieldDef::bytes("ntp.mac", "Message Authentication Code"),
    REQUEST_IN = FieldDef::u32("ntp.request_in", "Request In").computed(),
    DELTA = FieldDef::of("ntp.delta_time", "Delta Time", Kind::Duration).computed(),
    CONTROL_FLAGS = FieldDef::u8("ntp.ctrl.flags2", "Flags 2").hex(),
    CONTROL_RESPONSE = FieldDef::flag("ntp.ctrl.flags2.r", "Response bit", 0x80),
    CONTROL_ERROR = FieldDef::u8("ntp.ctrl.flags2.error", "Error bit").mask(0x40),
    CONTROL_MORE = FieldDef::u8("ntp.ctrl.flags2.more", "More bit").mask(0x20),
    CONTROL_OPCODE =
        FieldDef::u8("ntp.ctrl.flags2.opcode", "Opcode").mask(0x1f).names(OPERATIONS),
    CONTROL_SEQUENCE = FieldDef::u16("ntp.ctrl.sequence", "Sequence"),
    CONTROL_STATUS = FieldDef::u16("ntp.ctrl.status", "Status").hex(),
    CONTROL_ASSOCIATION = FieldDef::u16("ntp.ctrl.associd", "AssociationID"),
    CONTROL_OFFSET = FieldDef::u16("ntp.ctrl.offset", "Offset"),
    CONTROL_COUNT = FieldDef::u16("ntp.ctrl.count", "Count"),
    CONTROL_DATA = FieldDef::group("ntp.ctrl.data", "Data"),
    PRIVATE_RESPONSE = FieldDef::flag("ntp.priv.flags.r", "Response bit", 0x80),
    PRIVATE_MORE = FieldDef::u8("ntp.priv.flags.more", "More bit").mask(0x40),
    PRIVATE_AUTH_SEQUENCE = FieldDef::u8("ntp.priv.auth_seq", "Auth, sequence"),
    PRIVATE_AUTH = FieldDef::u8("ntp.priv.auth", "Auth bit").mask(0x80),
    PRIVATE_SEQUENCE = FieldDef::u8("ntp.priv.seq", "Sequence number").mask(0x7f),
    PRIVATE_IMPLEMENTATION = FieldDef::u8("ntp.priv.impl", "Implementation"),
    PRIVATE_REQUEST = FieldDef::u8("ntp.priv.reqcode", "Request code"),
}
