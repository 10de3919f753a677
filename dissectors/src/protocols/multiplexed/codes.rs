//! Why HTTP over QUIC ends a stream or a connection, in the words of its standards.

use crate::field::Names;

/// RFC 9114, section 8.1; RFC 9204, section 8.3; RFC 9297, section 5.2.
const HTTP3: Names = &[
    (0x33, "H3_DATAGRAM_ERROR"),
    (0x0100, NO_ERROR),
    (0x0101, "H3_GENERAL_PROTOCOL_ERROR"),
    (0x0102, "H3_INTERNAL_ERROR"),
    (0x0103, "H3_STREAM_CREATION_ERROR"),
    (0x0104, "H3_CLOSED_CRITICAL_STREAM"),
    (0x0105, "H3_FRAME_UNEXPECTED"),
    (0x0106, "H3_FRAME_ERROR"),
    (0x0107, "H3_EXCESSIVE_LOAD"),
    (0x0108, "H3_ID_ERROR"),
    (0x0109, "H3_SETTINGS_ERROR"),
    (0x010a, "H3_MISSING_SETTINGS"),
    (0x010b, "H3_REQUEST_REJECTED"),
    (0x010c, "H3_REQUEST_CANCELLED"),
    (0x010d, "H3_REQUEST_INCOMPLETE"),
    (0x010e, "H3_MESSAGE_ERROR"),
    (0x010f, "H3_CONNECT_ERROR"),
    (0x0110, "H3_VERSION_FALLBACK"),
    (0x0200, "QPACK_DECOMPRESSION_FAILED"),
    (0x0201, "QPACK_ENCODER_STREAM_ERROR"),
    (0x0202, "QPACK_DECODER_STREAM_ERROR"),
];

/// Nothing went wrong.
pub(in crate::protocols) const NO_ERROR: &str = "H3_NO_ERROR";

/// What a code of HTTP/3 is called. Codes of the form 0x1f * N + 0x21 are reserved, so that who
/// gets one learns to pass over what it does not know: it means the same as [`NO_ERROR`] (RFC 9114,
/// section 8.1).
pub(in crate::protocols) fn error_of_http3(code: u64) -> Option<&'static str> {
    let known = HTTP3.iter().find(|(known, _)| *known == code).map(|(_, name)| *name);
    let is_reserved = || code.checked_sub(0x21).is_some_and(|code| code % 0x1f == 0);
    known.or_else(|| is_reserved().then_some(NO_ERROR))
}

#[cfg(test)]
mod tests {
    use super::{NO_ERROR, error_of_http3};

    #[test]
    fn codes_have_names() {
        let check = |code, name| assert_eq!(error_of_http3(code), name, "{code:#x}");
        check(0x100, Some(NO_ERROR));
        check(0x10c, Some("H3_REQUEST_CANCELLED"));
        check(0x201, Some("QPACK_ENCODER_STREAM_ERROR"));
        check(0x21 + 0x1f * 7, Some(NO_ERROR));
        check(0, None);
        check(0x111, None);
    }
}
