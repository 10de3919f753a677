//! The fields of STUN, under Wireshark's names.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

fields! { "stun", "STUN";
    TYPE = FieldDef::u16("stun.type", "Message Type").hex(),
    CLASS = FieldDef::u16("stun.type.class", "Message Class").hex().mask(0x0110).names(CLASSES),
    METHOD = FieldDef::u16("stun.type.method", "Message Method").hex().mask(0x3eef).names(METHODS),
    ASSIGNMENT = FieldDef::u16("stun.type.method-assignment", "Message Method Assignment")
        .hex()
        .mask(0x2000)
        .names(&[(0, "IETF Review"), (1, "Designated Expert")]),
    LENGTH = FieldDef::u16("stun.length", "Message Length"),
    COOKIE = FieldDef::bytes("stun.cookie", "Message Cookie"),
    ID = FieldDef::bytes("stun.id", "Message Transaction ID"),
    RESPONSE_TO = FieldDef::u32("stun.response-to", "Request In").computed(),
    TIME = FieldDef::of("stun.time", "Time", Kind::Duration).computed(),
    DUPLICATE = FieldDef::u32("stun.reqduplicate", "Duplicated original message in").computed(),
    ATTRIBUTES = FieldDef::group("stun.attributes", "Attributes"),
    ATTRIBUTE = FieldDef::u16("stun.attribute", "Attribute Type").hex().names(ATTRIBUTE_NAMES),
    ATT_TYPE = FieldDef::u16("stun.att.type", "Attribute Type").hex().names(ATTRIBUTE_NAMES),
    ATT_COMPREHENSION = FieldDef::u16("stun.att.type.comprehension", "Attribute Type Comprehension")
        .hex()
        .mask(0x8000)
        .names(&[(0, "Required"), (1, "Optional")]),
    ATT_ASSIGNMENT = FieldDef::u16("stun.att.type.assignment", "Attribute Type Assignment")
        .hex()
        .mask(0x4000)
        .names(&[(0, "IETF Review"), (1, "Designated Expert")]),
    ATT_LENGTH = FieldDef::u16("stun.att.length", "Attribute Length"),
    RESERVED = FieldDef::bytes("stun.att.reserved", "Reserved"),
    FAMILY = FieldDef::u8("stun.att.family", "Protocol Family")
        .hex()
        .names(&[(1, "IPv4"), (2, "IPv6")]),
    PORT = FieldDef::u16("stun.att.port", "Port").computed(),
    PORT_XORED = FieldDef::bytes("stun.att.port-xord", "Port (XOR-d)"),
    IPV4 = FieldDef::of("stun.att.ipv4", "IP", Kind::Ipv4).computed(),
    IPV4_XORED = FieldDef::bytes("stun.att.ipv4-xord", "IP (XOR-d)"),
    IPV6 = FieldDef::of("stun.att.ipv6", "IP", Kind::Ipv6).computed(),
    IPV6_XORED = FieldDef::bytes("stun.att.ipv6-xord", "IP (XOR-d)"),
    USERNAME = FieldDef::text("stun.att.username", "Username"),
    PASSWORD = FieldDef::bytes("stun.att.password", "Password"),
    HMAC = FieldDef::bytes("stun.att.hmac", "HMAC-SHA1"),
    CRC32 = FieldDef::u32("stun.att.crc32", "CRC-32").hex(),
    CRC32_STATUS = FieldDef::u8("stun.att.crc32.status", "CRC-32 Status")
        .computed()
        .names(&[(0, "Bad"), (1, "Good"), (2, "Unverified")]),
    ERROR_CLASS = FieldDef::u8("stun.att.error.class", "Error Class").mask(0x07),
    ERROR = FieldDef::u8("stun.att.error", "Error Code"),
    REASON = FieldDef::text("stun.att.error.reason", "Error Reason Phrase"),
    REALM = FieldDef::text("stun.att.realm", "Realm"),
    NONCE = FieldDef::text("stun.att.nonce", "Nonce"),
    UNKNOWN = FieldDef::u16("stun.att.unknown", "Unknown Attribute").hex().names(ATTRIBUTE_NAMES),
    SOFTWARE = FieldDef::text("stun.att.software", "Software"),
    PRIORITY = FieldDef::u32("stun.att.priority", "Priority"),
    TIE_BREAKER = FieldDef::bytes("stun.att.tie-breaker", "Tie breaker"),
    LIFETIME = FieldDef::u32("stun.att.lifetime", "Lifetime"),
    CHANGE_IP = FieldDef::flag("stun.att.change-ip", "Change IP", 0x4),
    CHANGE_PORT = FieldDef::flag("stun.att.change-port", "Change Port", 0x2),
    PASSWORD_ALGORITHM = FieldDef::u16("stun.att.pw_alg", "Password Algorithm")
        .hex()
        .names(&[(0, "Reserved"), (1, "MD5"), (2, "SHA-256")]),
    PASSWORD_ALGORITHM_LEN = FieldDef::u16("stun.att.pw_alg_len", "Password Algorithm Length"),
    PASSWORD_ALGORITHM_DATA = FieldDef::bytes("stun.att.pw_alg_data", "Password Algorithm Data"),
    RESERVE_NEXT =
        FieldDef::u8("stun.att.even-port.reserve-next", "Reserve next").mask(0x80),
    TOKEN = FieldDef::bytes("stun.att.token", "Token"),
    TRANSPORT = FieldDef::u8("stun.att.transp", "Transport").hex().names(&[(6, "TCP"), (17, "UDP")]),
    CHANNEL_NUMBER = FieldDef::u16("stun.att.channelnum", "Channel-Number").hex(),
    BANDWIDTH = FieldDef::u32("stun.port.bandwidth", "Bandwidth"),
    NETWORK_ID = FieldDef::u16("stun.att.google.network_id", "Google Network ID"),
    NETWORK_COST = FieldDef::u16("stun.att.google.network_cost", "Google Network Cost"),
    VALUE = FieldDef::bytes("stun.value", "Value"),
    CHANNEL = FieldDef::u16("stun.channel", "Channel Number").hex(),
    /// Ours: what a channel carries.
    CHANNEL_DATA = FieldDef::bytes("stun.channel.data", "Data"),
}

/// RFC 8489, section 5.
const CLASSES: Names = &[
    (0x00, "Request"),
    (0x01, "Indication"),
    (0x10, "Success Response"),
    (0x11, "Error Response"),
];

/// RFC 8489, section 18.2; RFC 8656, section 17; RFC 6062, section 6.
const METHODS: Names = &[
    (0x001, "Binding"),
    (0x002, "SharedSecret"),
    (0x003, "Allocate"),
    (0x004, "Refresh"),
    (0x006, "Send"),
    (0x007, "Data"),
    (0x008, "CreatePermission"),
    (0x009, "ChannelBind"),
    (0x00a, "Connect"),
    (0x00b, "ConnectionBind"),
    (0x00c, "ConnectionAttempt"),
];

/// RFC 8489, section 18.3, and what TURN, ICE and others add.
const ATTRIBUTE_NAMES: Names = &[
    (0x0001, "MAPPED-ADDRESS"),
    (0x0002, "RESPONSE_ADDRESS"),
    (0x0003, "CHANGE_REQUEST"),
    (0x0004, "SOURCE_ADDRESS"),
    (0x0005, "CHANGED_ADDRESS"),
    (0x0006, "USERNAME"),
    (0x0007, "PASSWORD"),
    (0x0008, "MESSAGE-INTEGRITY"),
    (0x0009, "ERROR-CODE"),
    (0x000a, "UNKNOWN-ATTRIBUTES"),
    (0x000b, "REFLECTED-FROM"),
    (0x000c, "CHANNEL-NUMBER"),
    (0x000d, "LIFETIME"),
    (0x0010, "BANDWIDTH"),
    (0x0012, "XOR-PEER-ADDRESS"),
    (0x0013, "DATA"),
    (0x0014, "REALM"),
    (0x0015, "NONCE"),
    (0x0016, "XOR-RELAYED-ADDRESS"),
    (0x0017, "REQUESTED-ADDRESS-TYPE"),
    (0x0018, "EVEN-PORT"),
    (0x0019, "REQUESTED-TRANSPORT"),
    (0x001a, "DONT-FRAGMENT"),
    (0x001c, "MESSAGE-INTEGRITY-SHA256"),
    (0x001d, "PASSWORD-ALGORITHM"),
    (0x001e, "USERHASH"),
    (0x0020, "XOR-MAPPED-ADDRESS"),
    (0x0022, "RESERVATION-TOKEN"),
    (0x0024, "PRIORITY"),
    (0x0025, "USE-CANDIDATE"),
    (0x0026, "PADDING"),
    (0x0027, "RESPONSE-PORT"),
    (0x002a, "CONNECTION-ID"),
    (0x8000, "ADDITIONAL-ADDRESS-FAMILY"),
    (0x8001, "ADDRESS-ERROR-CODE"),
    (0x8002, "PASSWORD-ALGORITHMS"),
    (0x8003, "ALTERNATE-DOMAIN"),
    (0x8004, "ICMP"),
    (0x8022, "SOFTWARE"),
    (0x8023, "ALTERNATE-SERVER"),
    (0x8025, "TRANSACTION_TRANSMIT_COUNTER"),
    (0x8027, "CACHE-TIMEOUT"),
    (0x8028, "FINGERPRINT"),
    (0x8029, "ICE-CONTROLLED"),
    (0x802a, "ICE-CONTROLLING"),
    (0x802b, "RESPONSE-ORIGIN"),
    (0x802c, "OTHER-ADDRESS"),
    (0x802d, "ECN-CHECK-STUN"),
    (0xc057, "GOOG-NETWORK-INFO"),
];
