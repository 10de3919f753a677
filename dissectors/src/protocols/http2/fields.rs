//! The fields of HTTP/2 frames, under Wireshark's names and types.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::protocols::semantics::SETTINGS;

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
    CONTINUATION_BLOCK = FieldDef::bytes("http2.continuation.header", "Header Block Fragment"),
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
        FieldDef::u32("http2.settings.initial_window_size", "Initial Window Size"),
    MAX_FRAME_SIZE = FieldDef::u32("http2.settings.max_frame_size", "Max frame size"),
    MAX_HEADER_LIST_SIZE =
        FieldDef::u32("http2.settings.max_header_list_size", "Max header list size"),
    EXTENDED_CONNECT = FieldDef::u32("http2.settings.extended_connect", "Extended CONNECT"),
    NO_OLD_PRIORITIES =
        FieldDef::u32("http2.settings.no_rfc7540_priorities", "No RFC7540 Priorities"),
    TLS_RENEGOTIATION =
        FieldDef::u32("http2.settings.tls_reneg_permitted", "TLS Renegotiation Permitted"),
    UNKNOWN_SETTING = FieldDef::u32("http2.settings.unknown", "Unknown Settings"),
    PING_DATA = FieldDef::bytes("http2.ping", "Ping"),
    PONG_DATA = FieldDef::bytes("http2.pong", "Pong"),
    GOAWAY_RESERVED = FieldDef::u32("http2.goaway.r", "Reserved").hex().mask(TOP_BIT),
    GOAWAY_STREAM = FieldDef::u32("http2.goaway.last_stream_id", "Last-Stream-ID").mask(LOW_31),
    GOAWAY_ERROR = FieldDef::u32("http2.goaway.error", "Error").names(ERRORS),
    GOAWAY_DATA = FieldDef::bytes("http2.goaway.addata", "Additional Debug Data"),
    WINDOW_RESERVED = FieldDef::u32("http2.window_update.r", "Reserved").hex().mask(TOP_BIT),
    WINDOW_INCREMENT =
        FieldDef::u32("http2.window_update.window_size_increment", "Window Size Increment")
            .mask(LOW_31),
    UNKNOWN = FieldDef::bytes("http2.unknown", "Unknown"),
    ALTSVC_ORIGIN_LENGTH = FieldDef::u16("http2.altsvc.origin.len", "Origin Length"),
    ALTSVC_ORIGIN = FieldDef::text("http2.altsvc.origin", "Origin"),
    ALTSVC_VALUE = FieldDef::text("http2.altsvc.field_value", "Field/Value"),
    ORIGIN = FieldDef::group("http2.origin", "Origin"),
    ORIGIN_LENGTH = FieldDef::u16("http2.origin.origin_len", "Origin Length"),
    ORIGIN_TEXT = FieldDef::text("http2.origin.origin", "Origin"),
    PRIORITY_STREAM =
        FieldDef::u64("http2.priority_update_stream_id", "Priority Update Stream ID").mask(LOW_31),
    PRIORITY_VALUE =
        FieldDef::text("http2.priority_update_field_value", "Priority Update Field Value"),
    HEADER_LENGTH = FieldDef::u32("http2.header.length", "Header Length").computed(),
    HEADER_COUNT = FieldDef::u32("http2.header.count", "Header Count").computed(),
    HEADER = FieldDef::group("http2.header", "Header"),
    NAME_LENGTH = FieldDef::u32("http2.header.name.length", "Name Length").computed(),
    NAME = FieldDef::text("http2.header.name", "Name").computed(),
    VALUE_LENGTH = FieldDef::u32("http2.header.value.length", "Value Length").computed(),
    VALUE = FieldDef::text("http2.header.value", "Value").computed(),
    UNESCAPED = FieldDef::text("http2.header.unescaped", "Unescaped").computed(),
    REPRESENTATION = FieldDef::text("http2.header.repr", "Representation").computed(),
    INDEX = FieldDef::u32("http2.header.index", "Index").computed(),
    TABLE_RESIZE = FieldDef::group("http2.header_table_size_update", "Header table size update"),
    TABLE_SIZE =
        FieldDef::u32("http2.header_table_size_update.header_table_size", "Header table size")
            .computed(),
    // Ours: the dynamic table behind the frame.
    TABLE = FieldDef::text("http2.table", "Dynamic table").computed().in_trees(),
    TABLE_ADDED = FieldDef::u32("http2.table.added", "Entries added").computed().in_trees(),
    TABLE_EVICTED = FieldDef::u32("http2.table.evicted", "Entries evicted").computed().in_trees(),
    TABLE_GONE = FieldDef::text("http2.table.evicted_entry", "Evicted").computed().in_trees(),
    TABLE_NEW = FieldDef::text("http2.table.added_entry", "Added").computed().in_trees(),
    TABLE_ENTRY = FieldDef::text("http2.table.entry", "Entry").computed().in_trees(),
    FULL_URI = FieldDef::text("http2.request.full_uri", "Full request URI").computed(),
    TIME = FieldDef::of("http2.time", "Time since request", Kind::Duration).computed(),
    REQUEST_IN = FieldDef::u32("http2.request_in", "Request in frame").computed(),
    CONNECTION_BEFORE = FieldDef::of(
        "http2.calculated.connection.window_size.before",
        "Connection window size (before)",
        Kind::Signed(32),
    )
    .computed(),
    CONNECTION_AFTER = FieldDef::of(
        "http2.calculated.connection.window_size.after",
        "Connection window size (after)",
        Kind::Signed(32),
    )
    .computed(),
    STREAM_BEFORE = FieldDef::of(
        "http2.calculated.stream.window_size.before",
        "Stream window size (before)",
        Kind::Signed(32),
    )
    .computed(),
    STREAM_AFTER = FieldDef::of(
        "http2.calculated.stream.window_size.after",
        "Stream window size (after)",
        Kind::Signed(32),
    )
    .computed(),
    BODY_LENGTH = FieldDef::u32("http2.body.reassembled.length", "Reassembled body length").computed(),
    BODY_DATA = FieldDef::bytes("http2.body.reassembled.data", "Reassembled body data"),
    /// The content as its receiver sees it, codings undone: what Wireshark shows by its media type.
    CONTENT = FieldDef::text("http2.content", "Content"),
    AUTHORITY = FieldDef::text("http2.headers.authority", ":authority").computed(),
    STATUS = FieldDef::u16("http2.headers.status", ":status").computed(),
    PATH = FieldDef::text("http2.headers.path", ":path").computed(),
    METHOD = FieldDef::text("http2.headers.method", ":method").computed(),
    SCHEME = FieldDef::text("http2.headers.scheme", ":scheme").computed(),
    PROTOCOL = FieldDef::text("http2.headers.protocol", ":protocol").computed(),
    ACCEPT = FieldDef::text("http2.headers.accept", "accept").computed(),
    ACCEPT_CHARSET = FieldDef::text("http2.headers.accept_charset", "accept-charset").computed(),
    ACCEPT_ENCODING = FieldDef::text("http2.headers.accept_encoding", "accept-encoding").computed(),
    ACCEPT_LANGUAGE = FieldDef::text("http2.headers.accept_language", "accept-language").computed(),
    ACCEPT_RANGES = FieldDef::text("http2.headers.accept_ranges", "accept-ranges").computed(),
    ACCESS_CONTROL_ALLOW_ORIGIN =
        FieldDef::text("http2.headers.access_control_allow_origin", "access-control-allow-origin")
            .computed(),
    AGE = FieldDef::u64("http2.headers.age", "age").computed(),
    ALLOW = FieldDef::text("http2.headers.allow", "allow").computed(),
    AUTHORIZATION = FieldDef::text("http2.headers.authorization", "authorization").computed(),
    CACHE_CONTROL = FieldDef::text("http2.headers.cache_control", "cache-control").computed(),
    CONTENT_DISPOSITION =
        FieldDef::text("http2.headers.content_disposition", "content-disposition")
            .computed(),
    CONTENT_ENCODING =
        FieldDef::text("http2.headers.content_encoding", "content-encoding")
            .computed(),
    CONTENT_LANGUAGE =
        FieldDef::text("http2.headers.content_language", "content-language")
            .computed(),
    CONTENT_LENGTH = FieldDef::u64("http2.headers.content_length", "content-length").computed(),
    CONTENT_LOCATION =
        FieldDef::text("http2.headers.content_location", "content-location")
            .computed(),
    CONTENT_RANGE = FieldDef::text("http2.headers.content_range", "content-range").computed(),
    CONTENT_TYPE = FieldDef::text("http2.headers.content_type", "content-type").computed(),
    COOKIE = FieldDef::text("http2.headers.cookie", "cookie").computed(),
    DATE = FieldDef::text("http2.headers.date", "date").computed().fresh(),
    ETAG = FieldDef::text("http2.headers.etag", "etag").computed(),
    EXPECT = FieldDef::text("http2.headers.expect", "expect").computed(),
    EXPIRES = FieldDef::text("http2.headers.expires", "expires").computed(),
    FROM = FieldDef::text("http2.headers.from", "from").computed(),
    IF_MATCH = FieldDef::text("http2.headers.if_match", "if-match").computed(),
    IF_MODIFIED_SINCE =
        FieldDef::text("http2.headers.if_modified_since", "if-modified-since")
            .computed(),
    IF_NONE_MATCH = FieldDef::text("http2.headers.if_none_match", "if-none-match").computed(),
    IF_RANGE = FieldDef::text("http2.headers.if_range", "if-range").computed(),
    IF_UNMODIFIED_SINCE =
        FieldDef::text("http2.headers.if_unmodified_since", "if-unmodified-since")
            .computed(),
    LAST_MODIFIED = FieldDef::text("http2.headers.last_modified", "last-modified").computed(),
    LINK = FieldDef::text("http2.headers.link", "link").computed(),
    LOCATION = FieldDef::text("http2.headers.location", "location").computed(),
    MAX_FORWARDS = FieldDef::u64("http2.headers.max_forwards", "max-forwards").computed(),
    PROXY_AUTHENTICATE =
        FieldDef::text("http2.headers.proxy_authenticate", "proxy-authenticate")
            .computed(),
    PROXY_AUTHORIZATION =
        FieldDef::text("http2.headers.proxy_authorization", "proxy-authorization")
            .computed(),
    RANGE = FieldDef::text("http2.headers.range", "range").computed(),
    REFERER = FieldDef::text("http2.headers.referer", "referer").computed(),
    REFRESH = FieldDef::text("http2.headers.refresh", "refresh").computed(),
    RETRY_AFTER = FieldDef::text("http2.headers.retry_after", "retry-after").computed(),
    SERVER = FieldDef::text("http2.headers.server", "server").computed(),
    SET_COOKIE = FieldDef::text("http2.headers.set_cookie", "set-cookie").computed(),
    STRICT_TRANSPORT_SECURITY =
        FieldDef::text("http2.headers.strict_transport_security", "strict-transport-security")
            .computed(),
    USER_AGENT = FieldDef::text("http2.headers.user_agent", "user-agent").computed(),
    VARY = FieldDef::text("http2.headers.vary", "vary").computed(),
    VIA = FieldDef::text("http2.headers.via", "via").computed(),
    WWW_AUTHENTICATE =
        FieldDef::text("http2.headers.www_authenticate", "www-authenticate")
            .computed(),
}

/// Header fields that have a field of their own, in the order of their names.
const HEADERS: &[(&[u8], FieldId)] = &[
    (b":authority", AUTHORITY),
    (b":method", METHOD),
    (b":path", PATH),
    (b":protocol", PROTOCOL),
    (b":scheme", SCHEME),
    (b":status", STATUS),
    (b"accept", ACCEPT),
    (b"accept-charset", ACCEPT_CHARSET),
    (b"accept-encoding", ACCEPT_ENCODING),
    (b"accept-language", ACCEPT_LANGUAGE),
    (b"accept-ranges", ACCEPT_RANGES),
    (b"access-control-allow-origin", ACCESS_CONTROL_ALLOW_ORIGIN),
    (b"age", AGE),
    (b"allow", ALLOW),
    (b"authorization", AUTHORIZATION),
    (b"cache-control", CACHE_CONTROL),
    (b"content-disposition", CONTENT_DISPOSITION),
    (b"content-encoding", CONTENT_ENCODING),
    (b"content-language", CONTENT_LANGUAGE),
    (b"content-length", CONTENT_LENGTH),
    (b"content-location", CONTENT_LOCATION),
    (b"content-range", CONTENT_RANGE),
    (b"content-type", CONTENT_TYPE),
    (b"cookie", COOKIE),
    (b"date", DATE),
    (b"etag", ETAG),
    (b"expect", EXPECT),
    (b"expires", EXPIRES),
    (b"from", FROM),
    (b"if-match", IF_MATCH),
    (b"if-modified-since", IF_MODIFIED_SINCE),
    (b"if-none-match", IF_NONE_MATCH),
    (b"if-range", IF_RANGE),
    (b"if-unmodified-since", IF_UNMODIFIED_SINCE),
    (b"last-modified", LAST_MODIFIED),
    (b"link", LINK),
    (b"location", LOCATION),
    (b"max-forwards", MAX_FORWARDS),
    (b"proxy-authenticate", PROXY_AUTHENTICATE),
    (b"proxy-authorization", PROXY_AUTHORIZATION),
    (b"range", RANGE),
    (b"referer", REFERER),
    (b"refresh", REFRESH),
    (b"retry-after", RETRY_AFTER),
    (b"server", SERVER),
    (b"set-cookie", SET_COOKIE),
    (b"strict-transport-security", STRICT_TRANSPORT_SECURITY),
    (b"user-agent", USER_AGENT),
    (b"vary", VARY),
    (b"via", VIA),
    (b"www-authenticate", WWW_AUTHENTICATE),
];

/// The field of a header, whose name is in lower case (RFC 9113, section 8.2.1).
pub(super) fn of_header(name: &[u8]) -> Option<FieldId> {
    let at = HEADERS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    HEADERS.get(at).map(|(_, field)| *field)
}
