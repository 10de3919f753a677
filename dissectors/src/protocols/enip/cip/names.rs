//! What numbers of CIP are called (volume 1, appendices A and B, and chapter 5).

use crate::field::Names;

/// Services that every class may have.
pub(super) const SERVICES: Names = &[
    (0x01, "Get Attributes All"),
    (0x02, "Set Attributes All"),
    (0x03, "Get Attribute List"),
    (0x04, "Set Attribute List"),
    (0x05, "Reset"),
    (0x06, "Start"),
    (0x07, "Stop"),
    (0x08, "Create"),
    (0x09, "Delete"),
    (MULTIPLE, "Multiple Service Packet"),
    (0x0d, "Apply Attributes"),
    (0x0e, "Get Attribute Single"),
    (0x10, "Set Attribute Single"),
    (0x11, "Find Next Object Instance"),
    (0x15, "Restore"),
    (0x16, "Save"),
    (0x17, "No Operation"),
    (0x18, "Get Member"),
    (0x19, "Set Member"),
    (0x1a, "Insert Member"),
    (0x1b, "Remove Member"),
    (0x1c, "Group Sync"),
];

/// Several requests in one.
pub(super) const MULTIPLE: u64 = 0x0a;

/// The class that opens connections, and its services.
pub(super) const MANAGER: u64 = 0x06;
const OF_MANAGER: Names = &[
    (0x4e, "Forward Close"),
    (SEND, "Unconnected Send"),
    (0x54, "Forward Open"),
    (0x56, "Get Connection Data"),
    (0x57, "Search Connection Data"),
    (0x5a, "Get Connection Owner"),
    (0x5b, "Large Forward Open"),
];

/// A request that is to be handed on.
pub(super) const SEND: u64 = 0x52;

pub(super) const CLASSES: Names = &[
    (0x01, "Identity"),
    (0x02, "Message Router"),
    (0x03, "DeviceNet"),
    (0x04, "Assembly"),
    (0x05, "Connection"),
    (MANAGER, "Connection Manager"),
    (0x0f, "Parameter"),
    (0x37, "File"),
    (0x43, "Time Sync"),
    (0x47, "Device Level Ring"),
    (0x48, "Quality of Service"),
    (0xf4, "Port"),
    (0xf5, "TCP/IP Interface"),
    (0xf6, "Ethernet Link"),
];

pub(super) const STATUSES: Names = &[
    (0x00, "Success"),
    (0x01, "Connection failure"),
    (0x02, "Resource unavailable"),
    (0x03, "Invalid parameter value"),
    (0x04, "Path segment error"),
    (0x05, "Path destination unknown"),
    (0x06, "Partial transfer"),
    (0x07, "Connection lost"),
    (0x08, "Service not supported"),
    (0x09, "Invalid attribute value"),
    (0x0a, "Attribute list error"),
    (0x0b, "Already in requested mode or state"),
    (0x0c, "Object state conflict"),
    (0x0d, "Object already exists"),
    (0x0e, "Attribute not settable"),
    (0x0f, "Privilege violation"),
    (0x10, "Device state conflict"),
    (0x11, "Reply data too large"),
    (0x12, "Fragmentation of a primitive value"),
    (0x13, "Not enough data"),
    (0x14, "Attribute not supported"),
    (0x15, "Too much data"),
    (0x16, "Object does not exist"),
    (0x1e, "Embedded service error"),
    (0x1f, "Vendor specific error"),
    (0x20, "Invalid parameter"),
    (0x26, "Path size invalid"),
];

fn find(names: Names, number: u64) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

/// What a class is called.
pub(super) fn class(number: u64) -> Option<&'static str> {
    find(CLASSES, number)
}

/// What a service is called; those from 0x4b on mean something else in each class, which an answer
/// does not name.
pub(super) fn service(number: u64, class: Option<u64>) -> Option<&'static str> {
    match class {
        Some(MANAGER) => find(OF_MANAGER, number).or_else(|| find(SERVICES, number)),
        _ => find(SERVICES, number),
    }
}
