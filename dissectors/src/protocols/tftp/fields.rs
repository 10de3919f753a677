//! The fields of TFTP, under Wireshark's names and types.

use crate::field::{FieldDef, Names};
use crate::fields;

const OPCODES: Names = &[
    (1, "Read Request"),
    (2, "Write Request"),
    (3, "Data Packet"),
    (4, "Acknowledgement"),
    (5, "Error Code"),
    (6, "Option Acknowledgement"),
];

const ERRORS: Names = &[
    (0, "Not defined"),
    (1, "File not found"),
    (2, "Access violation"),
    (3, "Disk full or allocation exceeded"),
    (4, "Illegal TFTP Operation"),
    (5, "Unknown transfer ID"),
    (6, "File already exists"),
    (7, "No such user"),
    (8, "Option negotiation failed"),
];

fields! { "tftp", "TFTP";
    OPCODE = FieldDef::u16("tftp.opcode", "Opcode").names(OPCODES),
    SOURCE_FILE = FieldDef::text("tftp.source_file", "Source File"),
    DESTINATION_FILE = FieldDef::text("tftp.destination_file", "Destination File"),
    TYPE = FieldDef::text("tftp.type", "Type"),
    BLOCK = FieldDef::u16("tftp.block", "Block"),
    ERROR_CODE = FieldDef::u16("tftp.error.code", "Error code").names(ERRORS),
    ERROR_MESSAGE = FieldDef::text("tftp.error.message", "Error message"),
    OPTION_NAME = FieldDef::text("tftp.option.name", "Option name"),
    OPTION_VALUE = FieldDef::text("tftp.option.value", "Option value"),
    /// What a block holds: Wireshark names it as it names all data.
    DATA = FieldDef::bytes("data.data", "Data"),
    DATA_LENGTH = FieldDef::u32("data.len", "Length").computed(),
}
