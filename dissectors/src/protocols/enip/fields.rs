//! The fields of EtherNet/IP, as Wireshark names them.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

fields! { "enip", "EtherNet/IP";
    COMMAND = FieldDef::u16("enip.command", "Command").hex().names(COMMANDS).computed(),
    LENGTH = FieldDef::u16("enip.length", "Length").computed(),
    SESSION = FieldDef::u32("enip.session", "Session Handle").hex().computed(),
    STATUS = FieldDef::u32("enip.status", "Status").hex().names(STATUSES).computed(),
    CONTEXT = FieldDef::bytes("enip.context", "Sender Context"),
    OPTIONS = FieldDef::u32("enip.options", "Options").hex().computed(),
    VERSION = FieldDef::u16("enip.rs.version", "Protocol Version").computed(),
    FLAGS = FieldDef::u16("enip.rs.flags", "Option Flags").hex().computed(),
    RR_INTERFACE = FieldDef::u32("enip.srrd.iface", "Interface Handle").hex().computed(),
    UNIT_INTERFACE = FieldDef::u32("enip.sud.iface", "Interface Handle").hex().computed(),
    TIMEOUT = FieldDef::u16("enip.timeout", "Timeout").computed(),
    ITEM_COUNT = FieldDef::u16("enip.cpf.itemcount", "Item Count").computed(),
    ITEM_KIND = FieldDef::u16("enip.cpf.typeid", "Type ID").hex().names(ITEMS).computed(),
    ITEM_LENGTH = FieldDef::u16("enip.cpf.length", "Length").computed(),
    CONNECTION = FieldDef::u32("enip.cpf.cai.connid", "Connection ID").hex().computed(),
    SEQUENCED = FieldDef::u32("enip.cpf.sai.connid", "Connection ID").hex().computed(),
    SEQUENCE = FieldDef::u32("enip.cpf.sai.seq", "Encapsulation Sequence Number").computed(),
    COUNTED = FieldDef::u16("cip.seq", "CIP Sequence Count").computed(),
    DATA = FieldDef::bytes("enip.cpf.data", "Data"),
    ENCAPSULATED = FieldDef::bytes("enip.encap_data", "Encap Data"),
    ENCAPSULATION = FieldDef::u16("enip.encapver", "Encapsulation Protocol Version").computed(),
    FAMILY = FieldDef::u16("enip.sinfamily", "sin_family"),
    PORT = FieldDef::u16("enip.sinport", "sin_port"),
    ADDRESS = FieldDef::of("enip.sinaddr", "sin_addr", Kind::Ipv4),
    ZERO = FieldDef::bytes("enip.sinzero", "sin_zero"),
    VENDOR = FieldDef::u16("enip.lir.vendor", "Vendor ID").hex().computed(),
    DEVICE = FieldDef::u16("enip.lir.devtype", "Device Type").computed(),
    PRODUCT = FieldDef::u16("enip.lir.prodcode", "Product Code").computed(),
    REVISION = FieldDef::u16("enip.lir.revision", "Revision"),
    DEVICE_STATUS = FieldDef::u16("enip.lir.status", "Status").hex().computed(),
    SERIAL = FieldDef::u32("enip.lir.serial", "Serial Number").hex().computed(),
    NAME_LENGTH = FieldDef::u8("enip.lir.namelen", "Product Name Length"),
    NAME = FieldDef::text("enip.lir.name", "Product Name"),
    STATE = FieldDef::u8("enip.lir.state", "State").hex(),
    CAPABILITIES = FieldDef::u16("enip.lsr.capaflags", "Capability Flags").hex().computed(),
    SERVICE_NAME = FieldDef::text("enip.lsr.servicename", "Name of Service"),
    RESPONSE_TO = FieldDef::u32("enip.response_to", "Request In").computed(),
    RESPONSE_TIME = FieldDef::of("enip.time", "Time", Kind::Duration).computed(),
}

const COMMANDS: Names = &[
    (0x00, "NOP"),
    (0x04, "List Services"),
    (0x63, "List Identity"),
    (0x64, "List Interfaces"),
    (0x65, "Register Session"),
    (0x66, "Unregister Session"),
    (0x6f, "Send RR Data"),
    (0x70, "Send Unit Data"),
];

const STATUSES: Names = &[
    (0x00, "Success"),
    (0x01, "Invalid Command"),
    (0x02, "No Memory Resources"),
    (0x03, "Incorrect Data"),
    (0x64, "Invalid Session Handle"),
    (0x65, "Invalid Length"),
    (0x69, "Unsupported Protocol Revision"),
];

const ITEMS: Names = &[
    (0x00, "Null Address Item"),
    (0x0c, "List Identity Response"),
    (0xa1, "Connected Address Item"),
    (0xb1, "Connected Data Item"),
    (0xb2, "Unconnected Data Item"),
    (0x100, "List Services Response"),
    (0x8000, "Socket Address Info O->T"),
    (0x8001, "Socket Address Info T->O"),
    (0x8002, "Sequenced Address Item"),
];
