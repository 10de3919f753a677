//! What numbers of QUIC are called.

use crate::field::Names;

pub(super) const HEADER_FORMS: Names = &[(0, "Short Header"), (1, "Long Header")];

pub(super) const LONG_TYPES: Names =
    &[(0, "Initial"), (1, "0-RTT"), (2, "Handshake"), (3, "Retry")];

pub(super) const LONG_TYPES_V2: Names =
    &[(0, "Retry"), (1, "Initial"), (2, "0-RTT"), (3, "Handshake")];

pub(super) const NUMBER_LENGTHS: Names =
    &[(0, "1 bytes"), (1, "2 bytes"), (2, "3 bytes"), (3, "4 bytes")];

/// From the IANA registry "QUIC Versions", and drafts of version 1.
pub(super) const VERSIONS: Names = &[
    (0x0000_0000, "Version Negotiation"),
    (0x0000_0001, "1"),
    (0x6b33_43cf, "2"),
    (0x709a_50c4, "2 (draft)"),
    (0x5130_3433, "Google Q043"),
    (0x5130_3436, "Google Q046"),
    (0x5130_3530, "Google Q050"),
    (0x5430_3531, "Google T051"),
    (0xface_b001, "Facebook mvfst (draft-22)"),
    (0xface_b002, "Facebook mvfst (draft-27)"),
    (0xface_b00e, "Facebook mvfst (Experimental)"),
    (0xff00_0016, "draft-22"),
    (0xff00_0017, "draft-23"),
    (0xff00_0018, "draft-24"),
    (0xff00_0019, "draft-25"),
    (0xff00_001a, "draft-26"),
    (0xff00_001b, "draft-27"),
    (0xff00_001c, "draft-28"),
    (0xff00_001d, "draft-29"),
    (0xff00_001e, "draft-30"),
    (0xff00_001f, "draft-31"),
    (0xff00_0020, "draft-32"),
    (0xff00_0021, "draft-33"),
    (0xff00_0022, "draft-34"),
];

/// RFC 9000, section 19; RFC 9221, section 4.
pub(super) const FRAMES: Names = &[
    (0x00, "PADDING"),
    (0x01, "PING"),
    (0x02, "ACK"),
    (0x03, "ACK_ECN"),
    (0x04, "RESET_STREAM"),
    (0x05, "STOP_SENDING"),
    (0x06, "CRYPTO"),
    (0x07, "NEW_TOKEN"),
    (0x08, "STREAM"),
    (0x09, "STREAM"),
    (0x0a, "STREAM"),
    (0x0b, "STREAM"),
    (0x0c, "STREAM"),
    (0x0d, "STREAM"),
    (0x0e, "STREAM"),
    (0x0f, "STREAM"),
    (0x10, "MAX_DATA"),
    (0x11, "MAX_STREAM_DATA"),
    (0x12, "MAX_STREAMS (BIDI)"),
    (0x13, "MAX_STREAMS (UNI)"),
    (0x14, "DATA_BLOCKED"),
    (0x15, "STREAM_DATA_BLOCKED"),
    (0x16, "STREAMS_BLOCKED (BIDI)"),
    (0x17, "STREAMS_BLOCKED (UNI)"),
    (0x18, "NEW_CONNECTION_ID"),
    (0x19, "RETIRE_CONNECTION_ID"),
    (0x1a, "PATH_CHALLENGE"),
    (0x1b, "PATH_RESPONSE"),
    (0x1c, "CONNECTION_CLOSE (Transport)"),
    (0x1d, "CONNECTION_CLOSE (Application)"),
    (0x1e, "HANDSHAKE_DONE"),
    (0x1f, "IMMEDIATE_ACK"),
    (0x24, "RESET_STREAM_AT"),
    (0x30, "DATAGRAM"),
    (0x31, "DATAGRAM"),
    (0xaf, "ACK_FREQUENCY"),
];

/// Who began a stream, by its lowest bit (RFC 9000, section 2.1).
pub(super) const INITIATORS: Names = &[(0, "Client-initiated"), (1, "Server-initiated")];

/// By the bit above.
pub(super) const DIRECTIONS: Names = &[(0, "Bidirectional"), (1, "Unidirectional")];

/// RFC 9000, section 20.1; RFC 9368, section 10.2.
pub(super) const ERRORS: Names = &[
    (0x00, "NO_ERROR"),
    (0x01, "INTERNAL_ERROR"),
    (0x02, "CONNECTION_REFUSED"),
    (0x03, "FLOW_CONTROL_ERROR"),
    (0x04, "STREAM_LIMIT_ERROR"),
    (0x05, "STREAM_STATE_ERROR"),
    (0x06, "FINAL_SIZE_ERROR"),
    (0x07, "FRAME_ENCODING_ERROR"),
    (0x08, "TRANSPORT_PARAMETER_ERROR"),
    (0x09, "CONNECTION_ID_LIMIT_ERROR"),
    (0x0a, "PROTOCOL_VIOLATION"),
    (0x0b, "INVALID_TOKEN"),
    (0x0c, "APPLICATION_ERROR"),
    (0x0d, "CRYPTO_BUFFER_EXCEEDED"),
    (0x0e, "KEY_UPDATE_ERROR"),
    (0x0f, "AEAD_LIMIT_REACHED"),
    (0x10, "NO_VIABLE_PATH"),
    (0x11, "VERSION_NEGOTIATION_ERROR"),
];

/// Why something is sent again, in the order of [`super::facts::Cause::number`].
pub(super) const CAUSES: Names = &[
    (0, "Unknown"),
    (1, "Packet threshold"),
    (2, "Time threshold"),
    (3, "Probe timeout"),
    (4, "The other side repeats"),
    (5, "Needless"),
    (6, "Early data not taken"),
];
