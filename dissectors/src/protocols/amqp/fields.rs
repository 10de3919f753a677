//! The fields of AMQP 0-9-1, under Wireshark's names.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

/// Fields below `amqp.method.arguments`.
macro_rules! argument {
    ($rest:literal) => {
        concat!("amqp.method.arguments.", $rest)
    };
}

/// Fields below `amqp.method.properties`.
macro_rules! property {
    ($rest:literal) => {
        concat!("amqp.method.properties.", $rest)
    };
}

fields! { "amqp", "AMQP";
    TYPE = FieldDef::u8("amqp.type", "Type")
        .names(&[(1, "Method"), (2, "Content header"), (3, "Content body"), (8, "Heartbeat")]),
    CHANNEL = FieldDef::u16("amqp.channel", "Channel"),
    LENGTH = FieldDef::u32("amqp.length", "Length"),
    INIT_PROTOCOL = FieldDef::text("amqp.init.protocol", "Protocol"),
    INIT_MAJOR_ID = FieldDef::u8("amqp.init.id_major", "Protocol ID Major"),
    INIT_MINOR_ID = FieldDef::u8("amqp.init.id_minor", "Protocol ID Minor"),
    INIT_MAJOR = FieldDef::u8("amqp.init.version_major", "Version Major"),
    INIT_MINOR = FieldDef::u8("amqp.init.version_minor", "Version Minor"),
    CLASS = FieldDef::u16("amqp.method.class", "Class").names(CLASSES),
    METHOD = FieldDef::u16("amqp.method.method", "Method"),
    ARGUMENTS = FieldDef::group("amqp.method.arguments", "Arguments"),
    VERSION_MAJOR = FieldDef::u8(argument!("version_major"), "Version-Major"),
    VERSION_MINOR = FieldDef::u8(argument!("version_minor"), "Version-Minor"),
    SERVER_PROPERTIES = FieldDef::group(argument!("server_properties"), "Server-Properties"),
    MECHANISMS = FieldDef::bytes(argument!("mechanisms"), "Mechanisms"),
    LOCALES = FieldDef::bytes(argument!("locales"), "Locales"),
    CLIENT_PROPERTIES = FieldDef::group(argument!("client_properties"), "Client-Properties"),
    MECHANISM = FieldDef::text(argument!("mechanism"), "Mechanism"),
    RESPONSE = FieldDef::bytes(argument!("response"), "Response"),
    CHALLENGE = FieldDef::bytes(argument!("challenge"), "Challenge"),
    LOCALE = FieldDef::text(argument!("locale"), "Locale"),
    CHANNEL_MAX = FieldDef::u16(argument!("channel_max"), "Channel-Max"),
    FRAME_MAX = FieldDef::u32(argument!("frame_max"), "Frame-Max"),
    HEARTBEAT = FieldDef::u16(argument!("heartbeat"), "Heartbeat"),
    VIRTUAL_HOST = FieldDef::text(argument!("virtual_host"), "Virtual-Host"),
    CAPABILITIES = FieldDef::text(argument!("capabilities"), "Capabilities"),
    INSIST = FieldDef::flag(argument!("insist"), "Insist", 0x01),
    KNOWN_HOSTS = FieldDef::text(argument!("known_hosts"), "Known-Hosts"),
    REPLY_CODE = FieldDef::u16(argument!("reply_code"), "Reply-Code"),
    REPLY_TEXT = FieldDef::text(argument!("reply_text"), "Reply-Text"),
    CLASS_ID = FieldDef::u16(argument!("class_id"), "Class-Id"),
    METHOD_ID = FieldDef::u16(argument!("method_id"), "Method-Id"),
    OUT_OF_BAND = FieldDef::text(argument!("out_of_band"), "Out-Of-Band"),
    CHANNEL_ID = FieldDef::bytes(argument!("channel_id"), "Channel-Id"),
    ACTIVE = FieldDef::flag(argument!("active"), "Active", 0x01),
    TICKET = FieldDef::u16(argument!("ticket"), "Ticket"),
    EXCHANGE = FieldDef::text(argument!("exchange"), "Exchange"),
    EXCHANGE_TYPE = FieldDef::text(argument!("type"), "Type"),
    DESTINATION = FieldDef::text(argument!("destination"), "Destination"),
    SOURCE = FieldDef::text(argument!("source"), "Source"),
    ROUTING_KEY = FieldDef::text(argument!("routing_key"), "Routing-Key"),
    QUEUE = FieldDef::text(argument!("queue"), "Queue"),
    CONSUMER_TAG = FieldDef::text(argument!("consumer_tag"), "Consumer-Tag"),
    MORE_ARGUMENTS = FieldDef::group(argument!("arguments"), "Arguments"),
    FILTER = FieldDef::group(argument!("filter"), "Filter"),
    DELIVERY_TAG = FieldDef::u64(argument!("delivery_tag"), "Delivery-Tag"),
    MESSAGE_COUNT = FieldDef::u32(argument!("message_count"), "Message-Count"),
    CONSUMER_COUNT = FieldDef::u32(argument!("consumer_count"), "Consumer-Count"),
    PREFETCH_SIZE = FieldDef::u32(argument!("prefetch_size"), "Prefetch-Size"),
    PREFETCH_COUNT = FieldDef::u16(argument!("prefetch_count"), "Prefetch-Count"),
    PASSIVE = FieldDef::flag(argument!("passive"), "Passive", 0x01),
    DURABLE = FieldDef::flag(argument!("durable"), "Durable", 0x02),
    EXCLUSIVE = FieldDef::flag(argument!("exclusive"), "Exclusive", 0x04),
    AUTO_DELETE = FieldDef::flag(argument!("auto_delete"), "Auto-Delete", 0).computed(),
    INTERNAL = FieldDef::flag(argument!("internal"), "Internal", 0x08),
    NOWAIT = FieldDef::flag(argument!("nowait"), "Nowait", 0).computed(),
    IF_UNUSED = FieldDef::flag(argument!("if_unused"), "If-Unused", 0x01),
    IF_EMPTY = FieldDef::flag(argument!("if_empty"), "If-Empty", 0x02),
    GLOBAL = FieldDef::flag(argument!("global"), "Global", 0x01),
    NO_LOCAL = FieldDef::flag(argument!("no_local"), "No-Local", 0x01),
    NO_ACK = FieldDef::flag(argument!("no_ack"), "No-Ack", 0).computed(),
    CONSUME_EXCLUSIVE =
        FieldDef::flag("amqp.method.arguments.consume_exclusive", "Exclusive", 0x04),
    MANDATORY = FieldDef::flag(argument!("mandatory"), "Mandatory", 0x01),
    IMMEDIATE = FieldDef::flag(argument!("immediate"), "Immediate", 0x02),
    REDELIVERED = FieldDef::flag(argument!("redelivered"), "Redelivered", 0x01),
    MULTIPLE = FieldDef::flag(argument!("multiple"), "Multiple", 0x01),
    REQUEUE = FieldDef::flag(argument!("requeue"), "Requeue", 0).computed(),
    HEADER_CLASS = FieldDef::u16("amqp.header.class", "Class ID").names(CLASSES),
    HEADER_WEIGHT = FieldDef::u16("amqp.header.weight", "Weight"),
    BODY_SIZE = FieldDef::u64("amqp.header.body-size", "Body size"),
    PROPERTY_FLAGS = FieldDef::u16("amqp.header.property-flags", "Property flags").hex(),
    PROPERTIES = FieldDef::group("amqp.header.properties", "Properties"),
    CONTENT_TYPE = FieldDef::text(property!("content_type"), "Content-Type"),
    CONTENT_ENCODING = FieldDef::text(property!("content_encoding"), "Content-Encoding"),
    HEADERS = FieldDef::group(property!("headers"), "Headers"),
    DELIVERY_MODE = FieldDef::u8(property!("delivery_mode"), "Delivery-Mode")
        .names(&[(1, "Non-persistent"), (2, "Persistent")]),
    PRIORITY = FieldDef::u8(property!("priority"), "Priority"),
    CORRELATION_ID = FieldDef::text(property!("correlation_id"), "Correlation-Id"),
    REPLY_TO = FieldDef::text(property!("reply_to"), "Reply-To"),
    EXPIRATION = FieldDef::text(property!("expiration"), "Expiration"),
    MESSAGE_ID = FieldDef::text(property!("message_id"), "Message-Id"),
    TIMESTAMP = FieldDef::of(property!("timestamp"), "Timestamp", Kind::Time).computed(),
    MESSAGE_TYPE = FieldDef::text(property!("type"), "Type"),
    USER_ID = FieldDef::text(property!("user_id"), "User-Id"),
    APP_ID = FieldDef::text(property!("app_id"), "App-Id"),
    CLUSTER_ID = FieldDef::text(property!("cluster_id"), "Cluster-Id"),
    PAYLOAD = FieldDef::bytes("amqp.payload", "Payload"),
    /// Ours: the names and texts of tables, which Wireshark writes into a heading.
    TABLE_NAME = FieldDef::text("amqp.table.name", "Name"),
    TABLE_TEXT = FieldDef::text("amqp.table.text", "Value"),
    TABLE_VALUE = FieldDef::bytes("amqp.table.value", "Value"),
}

/// AMQP 0-9-1, section 1.2 of the generated reference.
pub(super) const CLASSES: Names = &[
    (10, "Connection"),
    (20, "Channel"),
    (40, "Exchange"),
    (50, "Queue"),
    (60, "Basic"),
    (85, "Confirm"),
    (90, "Tx"),
];
