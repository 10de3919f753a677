//! The fields of HTTP/1.x, under Wireshark's names and types.
//!
//! A header's value runs from the first byte that is not a blank to the end of its line, blanks
//! before that end included, as Wireshark shows it.

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;
use crate::protocols::semantics::SETTINGS;

fields! { "http", "HTTP";
    /// The start line as a heading; its text is the line.
    CHAT = FieldDef::group("http.chat", "Formatted text"),
    IS_REQUEST = FieldDef::flag("http.request", "Request", 0).computed(),
    IS_RESPONSE = FieldDef::flag("http.response", "Response", 0).computed(),
    REQUEST_NUMBER = FieldDef::u32("http.request_number", "Request number").computed(),
    RESPONSE_NUMBER = FieldDef::u32("http.response_number", "Response number").computed(),
    REQUEST_METHOD = FieldDef::text("http.request.method", "Request Method"),
    REQUEST_URI = FieldDef::text("http.request.uri", "Request URI"),
    REQUEST_URI_PATH = FieldDef::text("http.request.uri.path", "Request URI Path"),
    REQUEST_URI_QUERY = FieldDef::text("http.request.uri.query", "Request URI Query"),
    REQUEST_URI_PARAMETER =
        FieldDef::text("http.request.uri.query.parameter", "Request URI Query Parameter"),
    REQUEST_VERSION = FieldDef::text("http.request.version", "Request Version"),
    REQUEST_FULL_URI = FieldDef::text("http.request.full_uri", "Full request URI").computed(),
    REQUEST_LINE = FieldDef::text("http.request.line", "Request line"),
    RESPONSE_VERSION = FieldDef::text("http.response.version", "Response Version"),
    RESPONSE_CODE = FieldDef::u16("http.response.code", "Status Code").decimal(),
    RESPONSE_CODE_DESC =
        FieldDef::text("http.response.code.desc", "Status Code Description").computed(),
    RESPONSE_PHRASE = FieldDef::text("http.response.phrase", "Response Phrase"),
    RESPONSE_LINE = FieldDef::text("http.response.line", "Response line"),
    REQUEST_IN = FieldDef::u32("http.request_in", "Request in frame").computed().fresh(),
    PREV_REQUEST_IN = FieldDef::u32("http.prev_request_in", "Prev request in frame").computed(),
    PREV_RESPONSE_IN = FieldDef::u32("http.prev_response_in", "Prev response in frame").computed(),
    TIME = FieldDef::of("http.time", "Time since request", Kind::Duration).computed().fresh(),
    AUTHORIZATION = FieldDef::text("http.authorization", "Authorization"),
    AUTH_BASIC = FieldDef::text("http.authbasic", "Credentials").computed(),
    PROXY_AUTHENTICATE = FieldDef::text("http.proxy_authenticate", "Proxy-Authenticate"),
    PROXY_AUTHORIZATION = FieldDef::text("http.proxy_authorization", "Proxy-Authorization"),
    WWW_AUTHENTICATE = FieldDef::text("http.www_authenticate", "WWW-Authenticate"),
    CONTENT_TYPE = FieldDef::text("http.content_type", "Content-Type"),
    CONTENT_LENGTH_HEADER = FieldDef::text("http.content_length_header", "Content-Length"),
    CONTENT_LENGTH = FieldDef::u64("http.content_length", "Content length").decimal(),
    CONTENT_ENCODING = FieldDef::text("http.content_encoding", "Content-Encoding"),
    TRANSFER_ENCODING = FieldDef::text("http.transfer_encoding", "Transfer-Encoding"),
    UPGRADE = FieldDef::text("http.upgrade", "Upgrade"),
    USER_AGENT = FieldDef::text("http.user_agent", "User-Agent"),
    HOST = FieldDef::text("http.host", "Host"),
    CONNECTION = FieldDef::text("http.connection", "Connection"),
    COOKIE = FieldDef::text("http.cookie", "Cookie"),
    COOKIE_PAIR = FieldDef::text("http.cookie_pair", "Cookie pair"),
    ACCEPT = FieldDef::text("http.accept", "Accept"),
    REFERER = FieldDef::text("http.referer", "Referer"),
    ACCEPT_LANGUAGE = FieldDef::text("http.accept_language", "Accept-Language"),
    ACCEPT_ENCODING = FieldDef::text("http.accept_encoding", "Accept-Encoding"),
    DATE = FieldDef::text("http.date", "Date").fresh(),
    CACHE_CONTROL = FieldDef::text("http.cache_control", "Cache-Control"),
    SERVER = FieldDef::text("http.server", "Server"),
    LOCATION = FieldDef::text("http.location", "Location"),
    SEC_WEBSOCKET_ACCEPT = FieldDef::text("http.sec_websocket_accept", "Sec-WebSocket-Accept"),
    SEC_WEBSOCKET_EXTENSIONS =
        FieldDef::text("http.sec_websocket_extensions", "Sec-WebSocket-Extensions"),
    SEC_WEBSOCKET_KEY = FieldDef::text("http.sec_websocket_key", "Sec-WebSocket-Key"),
    SEC_WEBSOCKET_PROTOCOL =
        FieldDef::text("http.sec_websocket_protocol", "Sec-WebSocket-Protocol"),
    SEC_WEBSOCKET_VERSION = FieldDef::text("http.sec_websocket_version", "Sec-WebSocket-Version"),
    SET_COOKIE = FieldDef::text("http.set_cookie", "Set-Cookie"),
    LAST_MODIFIED = FieldDef::text("http.last_modified", "Last-Modified"),
    X_FORWARDED_FOR = FieldDef::text("http.x_forwarded_for", "X-Forwarded-For"),
    HTTP2_SETTINGS = FieldDef::text("http.http2_settings", "HTTP2-Settings"),
    SETTING = FieldDef::group("http2.settings", "Settings"),
    SETTING_ID =
        FieldDef::u16("http2.settings.id", "Settings Identifier").names(SETTINGS).computed(),
    SETTING_HEADER_TABLE_SIZE =
        FieldDef::u32("http2.settings.header_table_size", "Header table size").computed(),
    SETTING_ENABLE_PUSH = FieldDef::u32("http2.settings.enable_push", "Enable PUSH").computed(),
    SETTING_MAX_CONCURRENT_STREAMS =
        FieldDef::u32("http2.settings.max_concurrent_streams", "Max concurrent streams").computed(),
    SETTING_INITIAL_WINDOW_SIZE =
        FieldDef::u32("http2.settings.initial_window_size", "Initial Window Size").computed(),
    SETTING_MAX_FRAME_SIZE =
        FieldDef::u32("http2.settings.max_frame_size", "Max frame size").computed(),
    SETTING_MAX_HEADER_LIST_SIZE =
        FieldDef::u32("http2.settings.max_header_list_size", "Max header list size").computed(),
    SETTING_EXTENDED_CONNECT =
        FieldDef::u32("http2.settings.extended_connect", "Extended CONNECT").computed(),
    SETTING_NO_OLD_PRIORITIES =
        FieldDef::u32("http2.settings.no_rfc7540_priorities", "No RFC7540 Priorities").computed(),
    SETTING_TLS_RENEGOTIATION =
        FieldDef::u32("http2.settings.tls_reneg_permitted", "TLS Renegotiation Permitted").computed(),
    SETTING_UNKNOWN = FieldDef::u32("http2.settings.unknown", "Unknown Settings").computed(),
    CHUNK_SIZE = FieldDef::u32("http.chunk_size", "Chunk size").computed(),
    CHUNK_DATA = FieldDef::bytes("http.chunk_data", "Chunk data"),
    CHUNK_BOUNDARY = FieldDef::bytes("http.chunk_boundary", "Chunk boundary"),
    TRAILER_PART = FieldDef::text("http.chunked_trailer_part", "Trailer-part"),
    /// The content as its receiver sees it: chunk framing removed, codings undone.
    FILE_DATA = FieldDef::text("http.file_data", "File Data"),
}

/// Headers that have a field of their own, in the order in which they are looked for: those that
/// almost every message has come first.
const HEADERS: &[(&str, FieldId)] = &[
    ("Host", HOST),
    ("Date", DATE),
    ("Server", SERVER),
    ("Content-Type", CONTENT_TYPE),
    ("Content-Length", CONTENT_LENGTH_HEADER),
    ("Connection", CONNECTION),
    ("User-Agent", USER_AGENT),
    ("Accept", ACCEPT),
    ("Accept-Encoding", ACCEPT_ENCODING),
    ("Accept-Language", ACCEPT_LANGUAGE),
    ("Last-Modified", LAST_MODIFIED),
    ("Cache-Control", CACHE_CONTROL),
    ("Cookie", COOKIE),
    ("Set-Cookie", SET_COOKIE),
    ("Referer", REFERER),
    ("Location", LOCATION),
    ("Content-Encoding", CONTENT_ENCODING),
    ("Transfer-Encoding", TRANSFER_ENCODING),
    ("Authorization", AUTHORIZATION),
    ("WWW-Authenticate", WWW_AUTHENTICATE),
    ("Proxy-Authenticate", PROXY_AUTHENTICATE),
    ("Proxy-Authorization", PROXY_AUTHORIZATION),
    ("Upgrade", UPGRADE),
    ("X-Forwarded-For", X_FORWARDED_FOR),
    ("Sec-WebSocket-Accept", SEC_WEBSOCKET_ACCEPT),
    ("Sec-WebSocket-Extensions", SEC_WEBSOCKET_EXTENSIONS),
    ("Sec-WebSocket-Key", SEC_WEBSOCKET_KEY),
    ("Sec-WebSocket-Protocol", SEC_WEBSOCKET_PROTOCOL),
    ("Sec-WebSocket-Version", SEC_WEBSOCKET_VERSION),
    ("HTTP2-Settings", HTTP2_SETTINGS),
];

/// The field of a header, whose name is compared without regard to case
/// (RFC 9110, section 5.1).
pub(super) fn of_header(name: &[u8]) -> Option<FieldId> {
    let is = |known: &&(&str, FieldId)| known.0.as_bytes().eq_ignore_ascii_case(name);
    HEADERS.iter().find(is).map(|(_, field)| *field)
}
