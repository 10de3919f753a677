//! What frames of 802.11 are called (IEEE 802.11, clause 9.2.4.1.3).

use crate::field::Names;

/// The types.
pub(super) const TYPES: Names =
    &[(0, "Management frame"), (1, "Control frame"), (2, "Data frame"), (3, "Extension frame")];

/// Type and subtype, a digit each.
pub(super) const KINDS: Names = &[
    (0x00, "Association Request"),
    (0x01, "Association Response"),
    (0x02, "Reassociation Request"),
    (0x03, "Reassociation Response"),
    (0x04, "Probe Request"),
    (0x05, "Probe Response"),
    (0x08, "Beacon frame"),
    (0x09, "ATIM"),
    (0x0a, "Disassociate"),
    (0x0b, "Authentication"),
    (0x0c, "Deauthentication"),
    (0x0d, "Action"),
    (0x0e, "Action No Ack"),
    (0x17, "Control Wrapper"),
    (0x18, "802.11 Block Ack Req"),
    (0x19, "802.11 Block Ack"),
    (0x1a, "Power-Save poll"),
    (0x1b, "Request-to-send"),
    (0x1c, "Clear-to-send"),
    (0x1d, "Acknowledgement"),
    (0x1e, "CF-End (Control-frame)"),
    (0x1f, "CF-End + CF-Ack (Control-frame)"),
    (0x20, "Data"),
    (0x24, "Null function (No data)"),
    (0x28, "QoS Data"),
    (0x2c, "QoS Null function (No data)"),
];
