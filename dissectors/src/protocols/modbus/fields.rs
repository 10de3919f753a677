//! The fields of Modbus, as Wireshark names them.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

fields! { "modbus", "Modbus";
    HEAD = FieldDef::group("mbtcp", "Modbus/TCP"),
    NUMBER = FieldDef::u16("mbtcp.trans_id", "Transaction Identifier"),
    PROTOCOL = FieldDef::u16("mbtcp.prot_id", "Protocol Identifier"),
    LENGTH = FieldDef::u16("mbtcp.len", "Length"),
    UNIT = FieldDef::u8("mbtcp.unit_id", "Unit Identifier"),
    FUNCTION = FieldDef::u8("modbus.func_code", "Function Code").mask(0x7f).names(FUNCTIONS),
    EXCEPTION = FieldDef::u8("modbus.exception_code", "Exception Code").names(EXCEPTIONS),
    REFERENCE = FieldDef::u16("modbus.reference_num", "Reference Number"),
    BIT_COUNT = FieldDef::u16("modbus.bit_cnt", "Bit Count"),
    WORD_COUNT = FieldDef::u16("modbus.word_cnt", "Word Count"),
    BYTE_COUNT = FieldDef::u8("modbus.byte_cnt", "Byte Count"),
    READ_REFERENCE = FieldDef::u16("modbus.read_reference_num", "Read Reference Number"),
    READ_COUNT = FieldDef::u16("modbus.read_word_cnt", "Read Word Count"),
    WRITE_REFERENCE = FieldDef::u16("modbus.write_reference_num", "Write Reference Number"),
    WRITE_COUNT = FieldDef::u16("modbus.write_word_cnt", "Write Word Count"),
    AND_MASK = FieldDef::u16("modbus.and_mask", "AND mask").hex(),
    OR_MASK = FieldDef::u16("modbus.or_mask", "OR mask").hex(),
    DIAGNOSTIC = FieldDef::u16("modbus.diagnostic_code", "Diagnostic Code"),
    MEI = FieldDef::u8("modbus.mei", "MEI type"),
    READ_DEVICE = FieldDef::u8("modbus.read_device_id", "Read Device ID"),
    OBJECT = FieldDef::u8("modbus.object_id", "Object ID"),
    CONFORMITY = FieldDef::u8("modbus.conformity_level", "Conformity Level").hex(),
    MORE = FieldDef::u8("modbus.more_follows", "More Follows").hex(),
    NEXT = FieldDef::u8("modbus.next_object_id", "Next Object ID"),
    OBJECTS = FieldDef::u8("modbus.num_objects", "Number of Objects"),
    OBJECT_LENGTH = FieldDef::u8("modbus.objects_len", "Object length"),
    OBJECT_TEXT = FieldDef::text("modbus.object_str_value", "Object String Value"),
    REGISTER = FieldDef::u16("modbus.regval_uint16", "Register Value (UINT16)"),
    DATA = FieldDef::bytes("modbus.data", "Data"),
    REQUEST_FRAME = FieldDef::u32("modbus.request_frame", "Request Frame").computed(),
    RESPONSE_TIME =
        FieldDef::of("modbus.response_time", "Time from request", Kind::Duration).computed(),
}

/// MODBUS Application Protocol Specification V1.1b3, chapter 6.
const FUNCTIONS: Names = &[
    (1, "Read Coils"),
    (2, "Read Discrete Inputs"),
    (3, "Read Holding Registers"),
    (4, "Read Input Registers"),
    (5, "Write Single Coil"),
    (6, "Write Single Register"),
    (7, "Read Exception Status"),
    (8, "Diagnostics"),
    (11, "Get Comm. Event Counters"),
    (12, "Get Comm. Event Log"),
    (15, "Write Multiple Coils"),
    (16, "Write Multiple Registers"),
    (17, "Report Slave ID"),
    (20, "Read File Record"),
    (21, "Write File Record"),
    (22, "Mask Write Register"),
    (23, "Read Write Register"),
    (24, "Read FIFO Queue"),
    (43, "Encapsulated Interface Transport"),
];

/// The same, chapter 7.
const EXCEPTIONS: Names = &[
    (1, "Illegal function"),
    (2, "Illegal data address"),
    (3, "Illegal data value"),
    (4, "Slave device failure"),
    (5, "Acknowledge"),
    (6, "Slave device busy"),
    (8, "Memory parity error"),
    (10, "Gateway path unavailable"),
    (11, "Gateway target device failed to respond"),
];
