//! The fields of HTTP/2 frames, under Wireshark's names and types.

use crate::field::{FieldDef, Names};
use crate::fields;

/// Frame types: RFC 9113, section 6, and the IANA registry.
const TYPES: Names = &[
    (0, "DATA"),
    (1, "HEADERS"),
    (2, "PRIORITY"),
    (3, "RST_STREAM"),
    (4, "SETTINGS"),
    (5, "PUSH_PROMISE"),
    (6, "PING"),
    (7, "GOAWAY"),
    (8, "WINDOW_UPDATE"),
    (9, "CONTINUATION"),
    (10, "ALTSVC"),
    (12, "ORIGIN"),
    (16, "PRIORITY_UPDATE"),
];

/// Settings: RFC 9113, section 6.5.2, and RFC 8441 for the last.
const SETTINGS: Names = &[
    (1, "Header table size"),
    (2, "Enable PUSH"),
    (3, "Max concurrent streams"),
    (4, "Initial Windows size"),
    (5, "Max frame size"),
    (6, "Max header list size"),
    (8, "Extended CONNECT"),
];

/// Error codes: RFC 9113, section 7.
const ERRORS: Names = &[
    (0, "NO_ERROR"),
    (1, "PROTOCOL_ERROR"),
    (2, "INTERNAL_ERROR"),
    (3, "FLOW_CONTROL_ERROR"),
    (4, "SETTINGS_TIMEOUT"),
    (5, "STREAM_CLOSED"),
    (6, "FRAME_SIZE_ERROR"),
    (7, "REFUSED_STREAM"),
    (8, "CANCEL"),
    (9, "COMPRESSION_ERROR"),
    (10, "CONNECT_ERROR"),
    (11, "ENHANCE_YOUR_CALM"),
    (12, "INADEQUATE_SECURITY"),
    (13, "HTTP_1_1_REQUIRED"),
];

const LOW_31: u64 = 0x7fff_ffff;
const TOP_BIT: u64 = 0x8000_0000;

fields! { "http2", "HTTP2";
    STREAM = FieldDef::group("http2.stream", "Stream"),
    MAGIC = FieldDef::text("http2.magic", "Magic"),
    LENGTH = FieldDef::u24("http2.length", "Length"),
    TYPE = FieldDef::u8("http2.type", "Type").names(TYPES),
    FLAGS_ALL = FieldDef::u8("http2.flags", "Flags").hex(),
    UNUSED = FieldDef::u8("http2.flags.unused", "Unused").hex(),
    UNUSED_SETTINGS = FieldDef::u8("http2.flags.unused_settings", "Unused").hex().mask(0xfe),
    UNUSED_PING = FieldDef::u8("http2.flags.unused_ping", "Unused").hex().mask(0xfe),
    UNUSED_CONTINUATION =
        FieldDef::u8("http2.flags.unused_continuation", "Unused").hex().mask(0xfb),
    UNUSED_PUSH_PROMISE =
        FieldDef::u8("http2.flags.unused_push_promise", "Unused").hex().mask(0xf3),
    UNUSED_DATA = FieldDef::u8("http2.flags.unused_data", "Unused").hex().mask(0xf6),
    UNUSED_HEADERS = FieldDef::u8("http2.flags.unused_headers", "Unused").hex().mask(0xd2),
    FLAG_PRIORITY = FieldDef::flag("http2.flags.priority", "Priority", 0x20),
    FLAG_PADDED = FieldDef::flag("http2.flags.padded", "Padded", 0x08),
    FLAG_END_HEADERS = FieldDef::flag("http2.flags.eh", "End Headers", 0x04),
    FLAG_END_STREAM = FieldDef::flag("http2.flags.end_stream", "End Stream", 0x01),
    FLAG_ACK_SETTINGS = FieldDef::flag("http2.flags.ack.settings", "ACK", 0x01),
    FLAG_ACK_PING = FieldDef::flag("http2.flags.ack.ping", "ACK", 0x01),
    RESERVED = FieldDef::u32("http2.r", "Reserved").hex().mask(TOP_BIT),
    STREAM_ID = FieldDef::u32("http2.streamid", "Stream Identifier").mask(LOW_31),
    /// Zero, without a place, where the frame could be padded and is not.
    PAD_LENGTH = FieldDef::u16("http2.pad_length", "Pad Length").computed(),
    EXCLUSIVE = FieldDef::flag("http2.exclusive", "Exclusive", TOP_BIT),
    DEPENDENCY = FieldDef::u32("http2.stream_dependency", "Stream Dependency").mask(LOW_31),
    WEIGHT = FieldDef::u8("http2.headers.weight", "Weight"),
    WEIGHT_REAL = FieldDef::u16("http2.headers.weight_real", "Weight real").computed(),
    DATA_BYTES = FieldDef::bytes("http2.data.data", "Data"),
    DATA_PADDING = FieldDef::bytes("http2.data.padding", "Padding"),
    HEADER_BLOCK = FieldDef::bytes("http2.headers", "Header Block Fragment"),
    HEADERS_PADDING = FieldDef::bytes("http2.headers.padding", "Padding"),
    CONTINUATION_BLOCK = FieldDef::bytes("http2.continuation.header", "Continuation Header"),
    PUSH_RESERVED = FieldDef::u32("http2.push_promise.r", "Reserved").hex().mask(TOP_BIT),
    PUSH_STREAM =
        FieldDef::u32("http2.push_promise.promised_stream_id", "Promised-Stream-ID").mask(LOW_31),
    PUSH_BLOCK = FieldDef::bytes("http2.push_promise.header", "Header Block Fragment"),
    PUSH_PADDING = FieldDef::bytes("http2.push_promise.padding", "Padding"),
    RST_ERROR = FieldDef::u32("http2.rst_stream.error", "Error").names(ERRORS),
    SETTING = FieldDef::group("http2.settings", "Settings"),
    SETTING_ID = FieldDef::u16("http2.settings.id", "Settings Identifier").names(SETTINGS),
    HEADER_TABLE_SIZE = FieldDef::u32("http2.settings.header_table_size", "Header table size"),
    ENABLE_PUSH = FieldDef::u32("http2.settings.enable_push", "Enable PUSH"),
    MAX_CONCURRENT_STREAMS =
        FieldDef::u32("http2.settings.max_concurrent_streams", "Max concurrent streams"),
    INITIAL_WINDOW_SIZE =
        FieldDef::u32("http2.settings.initial_window_size", "Initial Windows Size"),
    MAX_FRAME_SIZE = FieldDef::u32("http2.settings.max_frame_size", "Max frame size"),
    MAX_HEADER_LIST_SIZE =
        FieldDef::u32("http2.settings.max_header_list_size", "Max header list size"),
    EXTENDED_CONNECT = FieldDef::u32("http2.settings.extended_connect", "Extended CONNECT"),
    UNKNOWN_SETTING = FieldDef::u32("http2.settings.unknown", "Unknown Settings"),
    PING_DATA = FieldDef::bytes("http2.ping", "Ping"),
    PONG_DATA = FieldDef::bytes("http2.pong", "Pong"),
    /// Wireshark's spelling.
    GOAWAY_RESERVED = FieldDef::u32("http2.goway.r", "Reserved").hex().mask(TOP_BIT),
    GOAWAY_STREAM = FieldDef::u32("http2.goaway.last_stream_id", "Last-Stream-ID").mask(LOW_31),
    GOAWAY_ERROR = FieldDef::u32("http2.goaway.error", "Error").names(ERRORS),
    GOAWAY_DATA = FieldDef::bytes("http2.goaway.addata", "Additional Debug Data"),
    WINDOW_RESERVED = FieldDef::u32("http2.window_update.r", "Reserved").hex().mask(TOP_BIT),
    WINDOW_INCREMENT =
        FieldDef::u32("http2.window_update.window_size_increment", "Window Size Increment")
            .mask(LOW_31),
    UNKNOWN = FieldDef::bytes("http2.unknown", "Unknown"),
}
