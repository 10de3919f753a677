//! The fields of MongoDB, under Wireshark's names. Its numbers are little-endian.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

const fn signed(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Signed(32)).computed()
}

const fn long(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Signed(64)).computed()
}

fields! { "mongo", "MONGO";
    MESSAGE_LENGTH = signed("mongo.message_length", "Message Length"),
    REQUEST_ID = FieldDef::u32("mongo.request_id", "Request ID").hex().computed(),
    RESPONSE_TO = FieldDef::u32("mongo.response_to", "Response To").hex().computed(),
    OPCODE = signed("mongo.opcode", "OpCode").names(OPCODES),
    MSG_FLAGS = FieldDef::u32("mongo.msg.flags", "Message Flags").hex().computed(),
    CHECKSUM_PRESENT =
        FieldDef::flag("mongo.msg.flags.checksumpresent", "ChecksumPresent", 0x1).computed(),
    MORE_TO_COME = FieldDef::flag("mongo.msg.flags.moretocome", "MoreToCome", 0x2).computed(),
    EXHAUST_ALLOWED =
        FieldDef::flag("mongo.msg.flags.exhaustallowed", "ExhaustAllowed", 0x1_0000).computed(),
    SECTION = FieldDef::group("mongo.msg.sections.section", "Section"),
    SECTION_KIND = signed("mongo.msg.sections.section.kind", "Kind")
        .names(&[(0, "Body"), (1, "Document Sequence")]),
    SECTION_BODY = FieldDef::group("mongo.msg.sections.section.body", "BodyDocument"),
    SECTION_SIZE = signed("mongo.msg.sections.section.size", "Size"),
    SEQUENCE_ID =
        FieldDef::text("mongo.msg.sections.section.doc_sequence_id", "SeqID"),
    COLLECTION = FieldDef::text("mongo.full_collection_name", "fullCollectionName"),
    NUMBER_TO_SKIP = signed("mongo.number_to_skip", "Number To Skip"),
    NUMBER_TO_RETURN = signed("mongo.number_to_return", "Number to Return"),
    CURSOR_ID = long("mongo.cursor_id", "Cursor ID"),
    STARTING_FROM = signed("mongo.starting_from", "Starting From"),
    NUMBER_RETURNED = signed("mongo.number_returned", "Number Returned"),
    QUERY_FAILURE =
        FieldDef::flag("mongo.reply.flags.queryfailure", "Query Failure", 0x2).computed(),
    CURSOR_NOT_FOUND =
        FieldDef::flag("mongo.reply.flags.cursornotfound", "Cursor Not Found", 0x1).computed(),
    ORIGINAL_OPCODE =
        signed("mongo.compression.original_opcode", "Original OpCode").names(OPCODES),
    ORIGINAL_SIZE = signed("mongo.compression.original_size", "Uncompressed Size"),
    COMPRESSOR = FieldDef::of("mongo.compression.compressor", "Compressor", Kind::Signed(8))
        .computed()
        .names(&[(0, "noop"), (1, "snappy"), (2, "zlib"), (3, "zstd")]),
    DOCUMENT = FieldDef::group("mongo.document", "Document"),
    DOCUMENT_LENGTH = signed("mongo.document.length", "Document length"),
    ELEMENT = FieldDef::text("mongo.element.name", "Element"),
    ELEMENT_TYPE = FieldDef::u8("mongo.element.type", "Type").hex().names(TYPES),
    VALUE_BOOL = FieldDef::flag("mongo.element.value.bool", "Value", 0),
    VALUE_INT = signed("mongo.element.value.int", "Value"),
    VALUE_INT64 = long("mongo.element.value.int64", "Value"),
    VALUE_DOUBLE = FieldDef::text("mongo.element.value.double", "Value").computed(),
    VALUE_STRING = FieldDef::text("mongo.element.value.string", "Value"),
    VALUE_BYTES = FieldDef::bytes("mongo.element.value.bytes", "Value"),
    VALUE_OBJECT_ID = FieldDef::bytes("mongo.element.value.objectid", "ObjectID"),
    REGEX_PATTERN = FieldDef::text("mongo.element.value.regex.pattern", "Value"),
    REGEX_OPTIONS = FieldDef::text("mongo.element.value.regex.options", "Value"),
    UNKNOWN = FieldDef::bytes("mongo.unknown", "Unknown"),
}

/// MongoDB's wire protocol, "Opcodes".
const OPCODES: Names = &[
    (1, "Reply"),
    (1000, "Message"),
    (2001, "Update document"),
    (2002, "Insert document"),
    (2004, "Query"),
    (2005, "Get More"),
    (2006, "Delete document"),
    (2007, "Kill Cursors"),
    (2010, "Command Request"),
    (2011, "Command Reply"),
    (2012, "Compressed Data"),
    (2013, "Extensible Message Format"),
];

/// BSON 1.1.
const TYPES: Names = &[
    (0x01, "Double"),
    (0x02, "String"),
    (0x03, "Document"),
    (0x04, "Array"),
    (0x05, "Binary"),
    (0x06, "Undefined"),
    (0x07, "Object ID"),
    (0x08, "Boolean"),
    (0x09, "Datetime"),
    (0x0a, "NULL"),
    (0x0b, "Regular Expression"),
    (0x0c, "DBPointer"),
    (0x0d, "JavaScript Code"),
    (0x0e, "Symbol"),
    (0x0f, "JavaScript Code w/Scope"),
    (0x10, "Int32"),
    (0x11, "Timestamp"),
    (0x12, "Int64"),
    (0x13, "Decimal128"),
    (0x7f, "Max Key"),
    (0xff, "Min Key"),
];
