//! Packet numbers: a header holds the last one to four bytes of one (RFC 9000, section 17.1), and
//! the rest follows from those before it (appendix A.3).

use crate::protocols::varint;

/// The number whose last `bytes` bytes are these, next to the one that is expected.
pub(super) fn decode(expected: u64, last: u64, bytes: usize) -> u64 {
    let window = 1u64 << (8 * bytes.min(4));
    let near = (expected & !(window - 1)) | last;
    if near + window / 2 <= expected && near + window <= varint::MAX {
        near + window
    } else if near > expected + window / 2 && near >= window {
        near - window
    } else {
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_follows_from_what_came_before() {
        // RFC 9000, appendix A.3.
        assert_eq!(decode(0xa82f_30eb, 0x9b32, 2), 0xa82f_9b32);
        assert_eq!(decode(0, 0, 1), 0);
        assert_eq!(decode(256, 255, 1), 255, "one that was overtaken");
        assert_eq!(decode(255, 0, 1), 256);
        assert_eq!(decode(0, 0xff, 1), 0xff, "there is none before 0");
        assert_eq!(decode(varint::MAX, 0, 1), varint::MAX - 0xff, "there is none beyond the last");
    }
}
