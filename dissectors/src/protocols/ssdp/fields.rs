//! The fields of SSDP. They are HTTP's, as Wireshark shows them: it reads one with the other.

use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;

fields! { "ssdp", "SSDP";
    REQUEST_METHOD = FieldDef::text("http.request.method", "Request Method"),
    REQUEST_URI = FieldDef::text("http.request.uri", "Request URI"),
    REQUEST_VERSION = FieldDef::text("http.request.version", "Request Version"),
    RESPONSE_VERSION = FieldDef::text("http.response.version", "Response Version"),
    RESPONSE_CODE = FieldDef::u16("http.response.code", "Status Code").decimal(),
    RESPONSE_PHRASE = FieldDef::text("http.response.phrase", "Response Phrase"),
    HOST = FieldDef::text("http.host", "Host"),
    CACHE_CONTROL = FieldDef::text("http.cache_control", "Cache-Control"),
    LOCATION = FieldDef::text("http.location", "Location"),
    SERVER = FieldDef::text("http.server", "Server"),
    USER_AGENT = FieldDef::text("http.user_agent", "User-Agent"),
    DATE = FieldDef::text("http.date", "Date").fresh(),
    CONTENT_LENGTH = FieldDef::text("http.content_length_header", "Content-Length"),
    CONNECTION = FieldDef::text("http.connection", "Connection"),
    /// The whole line of a header that has no field of its own.
    UNKNOWN_HEADER = FieldDef::text("http.unknown_header", "Unknown header"),
    NOTIFICATION = FieldDef::flag("http.notification", "Notification", 0).computed(),
    RESPONSE = FieldDef::flag("http.response", "Response", 0).computed(),
    REQUEST_IN = FieldDef::u32("http.request_in", "Request in frame").computed().fresh(),
    TIME = FieldDef::of("http.time", "Time since request", Kind::Duration).computed().fresh(),
}

/// Headers that have a field of their own.
pub(super) const HEADERS: &[(&str, FieldId)] = &[
    ("Host", HOST),
    ("Cache-Control", CACHE_CONTROL),
    ("Location", LOCATION),
    ("Server", SERVER),
    ("User-Agent", USER_AGENT),
    ("Date", DATE),
    ("Content-Length", CONTENT_LENGTH),
    ("Connection", CONNECTION),
];
