//! The fields of WebSocket, under Wireshark's names and types.

use crate::field::{FieldDef, Names};
use crate::fields;

/// RFC 6455, section 5.2.
const OPCODES: Names = &[
    (0, "Continuation"),
    (1, "Text"),
    (2, "Binary"),
    (8, "Connection Close"),
    (9, "Ping"),
    (10, "Pong"),
];

/// RFC 6455, section 7.4.1; of the last four the IANA registry.
const STATUS: Names = &[
    (1000, "Normal Closure"),
    (1001, "Going Away"),
    (1002, "Protocol error"),
    (1003, "Unsupported Data"),
    (1005, "No Status Rcvd"),
    (1006, "Abnormal Closure"),
    (1007, "Invalid frame payload data"),
    (1008, "Policy Violation"),
    (1009, "Message Too Big"),
    (1010, "Mandatory Ext."),
    (1011, "Internal Server"),
    (1012, "Service Restart"),
    (1013, "Try Again Later"),
    (1014, "Bad Gateway"),
    (1015, "TLS handshake"),
];

/// Types of packets of Engine.IO.
const ENGINE_TYPES: Names = &[
    (0, "open"),
    (1, "close"),
    (2, "ping"),
    (3, "pong"),
    (4, "message"),
    (5, "upgrade"),
    (6, "noop"),
];

/// Types of packets of Socket.IO.
const SOCKET_TYPES: Names = &[
    (0, "CONNECT"),
    (1, "DISCONNECT"),
    (2, "EVENT"),
    (3, "ACK"),
    (4, "CONNECT_ERROR"),
    (5, "BINARY_EVENT"),
    (6, "BINARY_ACK"),
];

fields! { "websocket", "WebSocket";
    FIN = FieldDef::flag("websocket.fin", "Fin", 0x80),
    RESERVED = FieldDef::u8("websocket.rsv", "Reserved").hex().mask(0x70),
    PACKED = FieldDef::flag("websocket.pmc", "Per-Message Compressed", 0x40),
    OPCODE = FieldDef::u8("websocket.opcode", "Opcode").mask(0x0f).names(OPCODES),
    MASK = FieldDef::flag("websocket.mask", "Mask", 0x80),
    LENGTH = FieldDef::u8("websocket.payload_length", "Payload length").mask(0x7f),
    LENGTH_16 =
        FieldDef::u16("websocket.payload_length_ext_16", "Extended Payload length (16 bits)"),
    LENGTH_64 =
        FieldDef::u64("websocket.payload_length_ext_64", "Extended Payload length (64 bits)"),
    KEY = FieldDef::bytes("websocket.masking_key", "Masking-Key"),
    MASKED = FieldDef::bytes("websocket.masked_payload", "Masked payload"),
    PAYLOAD = FieldDef::bytes("websocket.payload", "Payload"),
    TEXT = FieldDef::text("websocket.payload.text", "Text"),
    CONTINUE = FieldDef::bytes("websocket.payload.continue", "Continue"),
    CLOSE = FieldDef::bytes("websocket.payload.close", "Close"),
    STATUS_CODE =
        FieldDef::u16("websocket.payload.close.status_code", "Status code").names(STATUS),
    REASON = FieldDef::text("websocket.payload.close.reason", "Reason"),
    PING = FieldDef::bytes("websocket.payload.ping", "Ping"),
    PONG = FieldDef::bytes("websocket.payload.pong", "Pong"),
    UNKNOWN = FieldDef::bytes("websocket.payload.unknown", "Unknown"),
    WHOLE_LENGTH =
        FieldDef::u32("websocket.reassembled.length", "Reassembled websocket Payload length")
            .computed(),
    // What is spoken inside, where Wireshark has no name.
    ENGINE = FieldDef::u8("engineio.type", "Engine.IO type").decimal().names(ENGINE_TYPES),
    SOCKET = FieldDef::u8("socketio.type", "Socket.IO type").decimal().names(SOCKET_TYPES),
    ATTACHMENTS = FieldDef::text("socketio.attachments", "Attachments"),
    NAMESPACE = FieldDef::text("socketio.namespace", "Namespace"),
    ACKNOWLEDGEMENT = FieldDef::text("socketio.id", "Acknowledgement"),
}
