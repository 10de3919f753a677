//! The fields of HTTP/3, under Wireshark's names and types.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;

/// The IANA registry "HTTP/3 Frame Types".
const FRAMES: Names = &[
    (0x00, "DATA"),
    (0x01, "HEADERS"),
    (0x03, "CANCEL_PUSH"),
    (0x04, "SETTINGS"),
    (0x05, "PUSH_PROMISE"),
    (0x07, "GOAWAY"),
    (0x0c, "ORIGIN"),
    (0x0d, "MAX_PUSH_ID"),
    (0x41, "WEBTRANSPORT_STREAM"),
    (0xf_0700, "PRIORITY_UPDATE"),
    (0xf_0701, "PRIORITY_UPDATE"),
];

/// The IANA registry "HTTP/3 Stream Types".
const STREAMS: Names = &[
    (0x00, "Control Stream"),
    (0x01, "Push Stream"),
    (0x02, "QPACK Encoder Stream"),
    (0x03, "QPACK Decoder Stream"),
    (0x54, "WebTransport Stream"),
];

/// The IANA registry "HTTP/3 Settings".
const SETTINGS: Names = &[
    (0x01, "QPACK_MAX_TABLE_CAPACITY"),
    (0x06, "MAX_FIELD_SECTION_SIZE"),
    (0x07, "QPACK_BLOCKED_STREAMS"),
    (0x08, "ENABLE_CONNECT_PROTOCOL"),
    (0x33, "H3_DATAGRAM"),
    (0xffd277, "H3_DATAGRAM (draft-04)"),
    (0x2b60_3742, "ENABLE_WEBTRANSPORT"),
];

/// A number of variable length.
macro_rules! number {
    ($name:literal, $title:literal) => {
        FieldDef::u64(concat!("http3.", $name), $title).computed()
    };
}

/// A header field that has a name of its own; most of its value is where that stands.
macro_rules! header {
    ($name:literal, $title:literal) => {
        FieldDef::text(concat!("http3.headers.", $name), $title).computed()
    };
}

fields! { "http3", "HTTP3";
    UNI_STREAM = FieldDef::group("http3.stream.uni", "Uni Stream"),
    STREAM_TYPE = number!("stream_uni_type", "Uni Stream Type").hex().names(STREAMS),
    PUSH_ID = number!("push_id", "Push ID"),
    FRAME = FieldDef::group("http3.frame", "Frame"),
    FRAME_TYPE = number!("frame_type", "Type").hex().names(FRAMES),
    FRAME_LENGTH = number!("frame_length", "Length"),
    FRAME_STREAM = number!("frame_streamid", "Stream ID").listed(),
    PAYLOAD = FieldDef::bytes("http3.frame_payload", "Frame Payload"),
    DATA = FieldDef::bytes("http3.data", "Data"),
    HEADERS_COUNT = FieldDef::u32("http3.headers.count", "Headers Count").computed(),
    HEADERS_LENGTH = FieldDef::u32("http3.headers.decoded_length", "Decoded Headers Length")
        .computed(),
    HEADER = FieldDef::group("http3.headers.header", "Header"),
    NAME_LENGTH = FieldDef::u32("http3.headers.header.name.length", "Name Length").computed(),
    NAME = FieldDef::text("http3.header.header.name", "Name").computed(),
    VALUE_LENGTH = FieldDef::u32("http3.headers.header.value.length", "Value Length").computed(),
    VALUE = FieldDef::text("http3.headers.header.value", "Value").computed(),
    REPRESENTATION = FieldDef::text("http3.headers.header.repr", "Representation").computed(),
    INDEX = FieldDef::u64("http3.headers.header.index", "Index").computed(),
    FULL_URI = FieldDef::text("http3.request.full_uri", "Full request URI").computed(),
    REQUEST_IN = FieldDef::u32("http3.request_in", "Request in frame").computed(),
    TIME = FieldDef::of("http3.time", "Time since request", Kind::Duration).computed(),
    BLOCKED = FieldDef::of("http3.header.qpack.blocked",
        "HEADERS head-of-line-blocked on QPACK encoder stream", Kind::Bool).computed(),
    UNBLOCKED_IN = FieldDef::u32("http3.header.qpack.unblocked_in", "Unblocked by frame")
        .computed(),
    BODY = FieldDef::bytes("http3.body.data", "Body"),
    BODY_LENGTH = FieldDef::u64("http3.body.length", "Body Length").computed(),
    CONTENT = FieldDef::text("http3.content", "Content").computed(),
    ENCODER = FieldDef::bytes("http3.qpack.encoder", "QPACK encoder"),
    ENCODER_COUNT = FieldDef::u32("http3.qpack.encoder.icnt.inc",
        "QPACK encoder instruction count increment").computed(),
    FIXED_NAME = FieldDef::bytes("http3.qpack.encoder.opcode.insert_indexed",
        "Insert with Name Reference"),
    FIXED_NAME_INDEX = number!("qpack.encoder.opcode.insert_indexed.ref", "Name Reference").hex(),
    INSERTED_VALUE = FieldDef::text("http3.qpack.encoder.opcode.insert_indexed.val", "Value"),
    INSERTED_CODED = FieldDef::bytes("http3.qpack.encoder.opcode.insert_indexed.hval",
        "Value (Huffman)"),
    INSERT = FieldDef::bytes("http3.qpack.encoder.opcode.insert", "Insert with Literal Name"),
    INSERT_NAME = FieldDef::text("http3.qpack.encoder.opcode.insert.name", "Literal Name"),
    INSERT_CODED_NAME = FieldDef::bytes("http3.qpack.encoder.opcode.insert.hname",
        "Literal Name (Huffman)"),
    INSERT_VALUE = FieldDef::text("http3.qpack.encoder.opcode.insert.val", "Value"),
    INSERT_CODED_VALUE = FieldDef::bytes("http3.qpack.encoder.opcode.insert.hval",
        "Value (Huffman)"),
    DUPLICATE = FieldDef::bytes("http3.qpack.encoder.opcode.duplicate", "Duplicate"),
    CAPACITY = FieldDef::bytes("http3.qpack.encoder.opcode.dtable_cap",
        "Set Dynamic Table Capacity"),
    CAPACITY_VALUE = number!("qpack.encoder.opcode.dtable_cap.val", "Capacity"),
    // Ours: the dynamic table behind the message.
    TABLE = FieldDef::text("http3.qpack.table", "Dynamic table").computed().in_trees(),
    TABLE_ADDED = FieldDef::u32("http3.qpack.table.added", "Entries added").computed().in_trees(),
    TABLE_EVICTED =
        FieldDef::u32("http3.qpack.table.evicted", "Entries evicted").computed().in_trees(),
    TABLE_GONE =
        FieldDef::text("http3.qpack.table.evicted_entry", "Evicted").computed().in_trees(),
    TABLE_NEW = FieldDef::text("http3.qpack.table.added_entry", "Added").computed().in_trees(),
    TABLE_ENTRY = FieldDef::text("http3.qpack.table.entry", "Entry").computed().in_trees(),
    DECODER = FieldDef::bytes("http3.qpack.decoder", "QPACK decoder"),
    SECTION_ACK = number!("qpack.decoder.opcode.section_ack.stream_id", "Section ACK stream ID")
        .hex(),
    CANCEL = number!("qpack.decoder.opcode.cancel_stream.id", "Cancel stream stream ID").hex(),
    INCREMENT = number!("qpack.decoder.opcode.icnt_inc.val", "Instruction count increment value"),
    SETTINGS_GROUP = FieldDef::group("http3.settings", "Settings"),
    SETTING_ID = number!("settings.id", "Settings Identifier").hex().names(SETTINGS),
    SETTING_VALUE = number!("settings.value", "Settings Value"),
    TABLE_CAPACITY = number!("settings.qpack.max_table_capacity", "Max Table Capacity"),
    SECTION_SIZE = number!("settings.max_field_section_size", "Max header list size"),
    BLOCKED_STREAMS = number!("settings.qpack.blocked_streams", "Blocked Streams"),
    EXTENDED_CONNECT = number!("settings.extended_connect", "Extended CONNECT"),
    WEBTRANSPORT = number!("settings.webtransport", "WebTransport"),
    H3_DATAGRAM = number!("settings.h3_datagram", "H3 DATAGRAM"),
    H3_DATAGRAM_04 = number!("settings.h3_datagram_draft04", "H3 DATAGRAM Draft04"),
    PRIORITY_ELEMENT = number!("priority_update_element_id", "Priority Update Element ID"),
    PRIORITY_VALUE = FieldDef::text("http3.priority_update_field_value",
        "Priority Update Field Value"),
    DATAGRAM = FieldDef::group("http3.datagram", "Datagram"),
    QUARTER = number!("datagram.quarter_stream_id", "Quarter Stream ID"),
    REQUEST_STREAM = number!("datagram.request_stream_id", "Associated Request Stream ID"),
    DATAGRAM_PAYLOAD = FieldDef::bytes("http3.datagram.payload", "Datagram Payload"),
    GOAWAY_ID = number!("goaway.id", "Stream or push that was not taken up"),

    // Header fields.
    AUTHORITY = header!("authority", ":authority"),
    STATUS = FieldDef::u16("http3.headers.status", ":status").computed(),
    PATH = header!("path", ":path"),
    PROTOCOL = header!("protocol", ":protocol"),
    METHOD = header!("method", ":method"),
    SCHEME = header!("scheme", ":scheme"),
    ACCEPT = header!("accept", "accept"),
    ACCEPT_CHARSET = header!("accept_charset", "accept-charset"),
    ACCEPT_ENCODING = header!("accept_encoding", "accept-encoding"),
    ACCEPT_LANGUAGE = header!("accept_language", "accept-language"),
    ACCEPT_RANGES = header!("accept_ranges", "accept-ranges"),
    ALLOW_ORIGIN = header!("access_control_allow_origin", "access-control-allow-origin"),
    AGE = FieldDef::u64("http3.headers.age", "age").computed(),
    ALLOW = header!("allow", "allow"),
    AUTHORIZATION = header!("authorization", "authorization"),
    CACHE_CONTROL = header!("cache_control", "cache-control"),
    CONTENT_DISPOSITION = header!("content_disposition", "content-disposition"),
    CONTENT_ENCODING = header!("content_encoding", "content-encoding"),
    CONTENT_LANGUAGE = header!("content_language", "content-language"),
    CONTENT_LENGTH = FieldDef::u64("http3.headers.content_length", "content-length").computed(),
    CONTENT_LOCATION = header!("content_location", "content-location"),
    CONTENT_RANGE = header!("content_range", "content-range"),
    CONTENT_TYPE = header!("content_type", "content-type"),
    COOKIE = header!("cookie", "cookie"),
    DATE = header!("date", "date"),
    ETAG = header!("etag", "etag"),
    EXPECT = header!("expect", "expect"),
    EXPIRES = header!("expires", "expires"),
    FROM = header!("from", "from"),
    IF_MATCH = header!("if_match", "if-match"),
    IF_MODIFIED_SINCE = header!("if_modified_since", "if-modified-since"),
    IF_NONE_MATCH = header!("if_none_match", "if-none-match"),
    IF_RANGE = header!("if_range", "if-range"),
    IF_UNMODIFIED_SINCE = header!("if_unmodified_since", "if-unmodified-since"),
    LAST_MODIFIED = header!("last_modified", "last-modified"),
    LINK = header!("link", "link"),
    LOCATION = header!("location", "location"),
    MAX_FORWARDS = FieldDef::u64("http3.headers.max_forwards", "max-forwards").computed(),
    PROXY_AUTHENTICATE = header!("proxy_authenticate", "proxy-authenticate"),
    PROXY_AUTHORIZATION = header!("proxy_authorization", "proxy-authorization"),
    RANGE = header!("range", "range"),
    REFERER = header!("referer", "referer"),
    REFRESH = header!("refresh", "refresh"),
    RETRY_AFTER = header!("retry_after", "retry-after"),
    SERVER = header!("server", "server"),
    SET_COOKIE = header!("set_cookie", "set-cookie"),
    STRICT_TRANSPORT_SECURITY = header!("strict_transport_security", "strict-transport-security"),
    USER_AGENT = header!("user_agent", "user-agent"),
    VARY = header!("vary", "vary"),
    VIA = header!("via", "via"),
    WWW_AUTHENTICATE = header!("www_authenticate", "www-authenticate"),
}

/// The field for a header that has a name of its own: such fields are called by it.
pub(super) fn of_header(name: &[u8]) -> Option<FieldId> {
    let first = AUTHORITY;
    let at = FIELDS.iter().position(|def| def.name == first.def().name)?;
    let of_headers = FIELDS.get(at..)?;
    let place = of_headers.iter().position(|def| def.title.as_bytes() == name)?;
    let index = u16::try_from(at + place).ok()?;
    Some(FieldId::new(PROTOCOL_ID, index, of_headers.get(place)?))
}
