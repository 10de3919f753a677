//! The fields of memcached, under Wireshark's names.

use crate::field::{FieldDef, Names};
use crate::fields;

fields! { "memcache", "MEMCACHE";
    COMMAND = FieldDef::text("memcache.command", "Command"),
    SUBCOMMAND = FieldDef::text("memcache.subcommand", "Sub command"),
    KEY = FieldDef::text("memcache.key", "Key"),
    FLAGS = FieldDef::u16("memcache.flags", "Flags").decimal(),
    EXPIRATION = FieldDef::u32("memcache.expiration", "Expiration").decimal(),
    NOREPLY = FieldDef::text("memcache.noreply", "Noreply"),
    RESPONSE = FieldDef::text("memcache.response", "Response"),
    VERSION = FieldDef::text("memcache.version", "Version"),
    STAT_NAME = FieldDef::text("memcache.name", "Stat name"),
    STAT_VALUE = FieldDef::text("memcache.name_value", "Stat value"),
    /// In text a number in digits, else one of four bytes.
    VALUE_LENGTH = FieldDef::u32("memcache.value.length", "Value length").computed(),
    VALUE = FieldDef::text("memcache.value", "Value"),
    MAGIC = FieldDef::u8("memcache.magic", "Magic")
        .names(&[(0x80, "Request"), (0x81, "Response")]),
    OPCODE = FieldDef::u8("memcache.opcode", "Opcode").names(OPCODES),
    KEY_LENGTH = FieldDef::u16("memcache.key.length", "Key Length"),
    EXTRAS_LENGTH = FieldDef::u8("memcache.extras.length", "Extras length"),
    DATA_TYPE = FieldDef::u8("memcache.data_type", "Data type"),
    RESERVED = FieldDef::u16("memcache.reserved", "Reserved"),
    STATUS = FieldDef::u16("memcache.status", "Status").names(STATUSES),
    TOTAL_LENGTH = FieldDef::u32("memcache.total_body_length", "Total body length"),
    OPAQUE = FieldDef::u32("memcache.opaque", "Opaque"),
    CAS = FieldDef::u64("memcache.cas", "CAS"),
    EXTRAS = FieldDef::bytes("memcache.extras.unknown", "Extras"),
}

/// The opcodes of the protocol in bytes (`protocol_binary.h`).
const OPCODES: Names = &[
    (0x00, "Get"),
    (0x01, "Set"),
    (0x02, "Add"),
    (0x03, "Replace"),
    (0x04, "Delete"),
    (0x05, "Increment"),
    (0x06, "Decrement"),
    (0x07, "Quit"),
    (0x08, "Flush"),
    (0x09, "Get Quietly"),
    (0x0a, "NOOP"),
    (0x0b, "Version"),
    (0x0c, "Get Key"),
    (0x0d, "Get Key Quietly"),
    (0x0e, "Append"),
    (0x0f, "Prepend"),
    (0x10, "Statistics"),
    (0x11, "Set Quietly"),
    (0x12, "Add Quietly"),
    (0x13, "Replace Quietly"),
    (0x14, "Delete Quietly"),
    (0x15, "Increment Quietly"),
    (0x16, "Decrement Quietly"),
    (0x17, "Quit Quietly"),
    (0x18, "Flush Quietly"),
    (0x19, "Append Quietly"),
    (0x1a, "Prepend Quietly"),
    (0x1b, "Verbosity"),
    (0x1c, "Touch"),
    (0x1d, "Get and Touch"),
    (0x1e, "Get and Touch Quietly"),
    (0x20, "List SASL Mechanisms"),
    (0x21, "SASL Authenticate"),
    (0x22, "SASL Step"),
];

const STATUSES: Names = &[
    (0x00, "No error"),
    (0x01, "Key not found"),
    (0x02, "Key exists"),
    (0x03, "Value too large"),
    (0x04, "Invalid arguments"),
    (0x05, "Item not stored"),
    (0x06, "Incr/Decr on non-numeric value"),
    (0x20, "Authentication error"),
    (0x21, "Authentication continue"),
    (0x81, "Unknown command"),
    (0x82, "Out of memory"),
];
