//! Chunked bodies: size lines, data, a trailer section (RFC 9112, section 7.1).
//!
//! ```text
//!   1a;ext=1 CRLF  …26 bytes…  CRLF 0 CRLF   Trailer: x CRLF  CRLF
//!   └ CHUNK_LINE ┘ └─ BODY ──┘ └ CHUNK_LINE ┘ └──── TRAILER ─────┘
//! ```
//!
//! The line end after a chunk's data is read together with the size line that follows it. Sizes
//! that the grammar does not allow and many readers take all the same, for they read a number as
//! C's `strtol` does, are read, and said to be such: another reader may refuse them, or stop
//! elsewhere.

use std::ops::Range;

use super::head::line_end;

/// The longest size line that is waited for, extensions included.
pub(super) const MAX_CHUNK_LINE: usize = 4096;

/// Size lines of one body that are remembered; the data of all chunks is kept in any case.
pub(super) const MAX_CHUNK_LINES: usize = 1 << 14;

/// What ends text for who reads it as C does.
const NUL: u8 = 0;

/// Blanks around a number for who reads it as C does.
const VERTICAL_TAB: u8 = 0x0b;
const FORM_FEED: u8 = 0x0c;

/// A size line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChunkLine {
    /// The line end of the chunk before: empty for the first one.
    pub(super) boundary: Range<usize>,
    /// The digits of the size.
    pub(super) digits: Range<usize>,
    /// Whether something stands beside the digits that the grammar has no room for.
    pub(super) is_odd: bool,
    /// The size in bytes; 0 ends the body.
    pub(super) size: u64,
    /// The whole, in bytes.
    pub(super) len: usize,
}

/// Why there is no size line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoLine {
    /// More bytes will tell.
    Incomplete,
    /// These bytes are none.
    Broken,
}

impl ChunkLine {
    /// Reads a size line, the first one of a body or a later one.
    pub(super) fn read(bytes: &[u8], first: bool) -> Result<Self, NoLine> {
        let boundary = match (first, bytes) {
            (true, _) => 0,
            (false, [b'\r', b'\n', ..]) => 2,
            (false, [b'\n', ..]) => 1,
            (false, [] | [b'\r']) => return Err(NoLine::Incomplete),
            (false, _) => return Err(NoLine::Broken),
        };
        let Some(len) = line_end(bytes, boundary) else {
            let too_long = bytes.len() > MAX_CHUNK_LINE;
            return Err(if too_long { NoLine::Broken } else { NoLine::Incomplete });
        };
        let line = bytes.get(boundary..len).unwrap_or(&[]);
        let skip = before(line);
        let line = line.get(skip..).unwrap_or(&[]);
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        // Blanks before extensions are bad, and to be taken (RFC 9112, section 7.1.1).
        let (ends, is_odd) = match line.get(digits).copied() {
            Some(b'\r' | b'\n' | b';' | b' ' | b'\t') => (true, skip > 0),
            Some(VERTICAL_TAB | FORM_FEED | NUL) => (true, true),
            _ => (false, true),
        };
        // Sixteen digits fill a u64.
        if digits == 0 || digits > 16 || !ends {
            return Err(NoLine::Broken);
        }
        let text = line.get(..digits).unwrap_or(&[]);
        let hex = |digit: &u8| u64::from(char::from(*digit).to_digit(16).unwrap_or(0));
        let size = text.iter().fold(0, |sum, digit| sum << 4 | hex(digit));
        let digits = boundary + skip..boundary + skip + digits;
        Ok(Self { boundary: 0..boundary, digits, is_odd, size, len })
    }
}

/// How many bytes stand before the digits: blanks, then a sign, then the mark of hexadecimal.
fn before(line: &[u8]) -> usize {
    let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t' | VERTICAL_TAB | FORM_FEED);
    let blanks = line.iter().take_while(is_blank).count();
    let rest = line.get(blanks..).unwrap_or(&[]);
    let sign = usize::from(rest.first() == Some(&b'+'));
    match rest.get(sign..) {
        Some([b'0', b'x' | b'X', digit, ..]) if digit.is_ascii_hexdigit() => blanks + sign + 2,
        _ => blanks + sign,
    }
}
