//! What is compressed before it is sealed, up to TLS 1.2 (RFC 3749): one stream in each direction,
//! of which every record holds the next part.
//!
//! ```text
//!   |header|  E( deflated | MAC )  ||header|  E( deflated | MAC )  |
//!                 └── one zlib stream ───────────┘ flushed with each record
//! ```

use super::super::reason::Reason;
use crate::engine::inflate::Inflater;
use crate::engine::session::Out;
use crate::span::Span;

/// The number of DEFLATE among compression methods (RFC 3749, section 2).
const DEFLATE: u8 = 1;

/// The longest content of a record (RFC 5246, section 6.2.1): what gives more is broken.
const MAX_CONTENT: usize = 1 << 14;

/// How a direction compresses.
#[derive(Clone, Debug, Default)]
pub(super) enum Compression {
    /// It does not.
    #[default]
    Absent,
    /// The stream of zlib, once it has begun.
    Deflate(Option<Inflater>),
    /// What came before is lost.
    Broken,
}

impl Compression {
    /// What was agreed on.
    pub(super) fn agreed(method: u8) -> Self {
        if method == DEFLATE { Self::Deflate(None) } else { Self::Absent }
    }

    /// Something of the stream is missing.
    pub(super) fn lose(&mut self) {
        if matches!(self, Self::Deflate(_)) {
            *self = Self::Broken;
        }
    }

    /// What an opened record holds.
    pub(super) fn inflated(&mut self, opened: Span, out: &mut Out<'_>) -> Result<Span, Reason> {
        let begun = match self {
            Self::Absent => return Ok(opened),
            Self::Broken => return Err(Reason::Behind),
            Self::Deflate(begun) => begun,
        };
        let coded = out.bytes(opened).to_vec();
        let skip = if begun.is_none() { zlib_header(&coded) } else { 0 };
        let inflater = begun.get_or_insert_default();
        let rest = coded.get(skip..).unwrap_or_default();
        let made =
            out.make_of(opened, |text| inflater.inflate(rest, text) && text.len() <= MAX_CONTENT);
        if made.is_none() {
            self.lose();
        }
        made.ok_or(Reason::Compressed)
    }
}

/// How long the header of a zlib stream is that begins here (RFC 1950, section 2.2).
fn zlib_header(coded: &[u8]) -> usize {
    match coded {
        [method, flags, ..]
            if method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31) =>
        {
            2
        }
        _ => 0,
    }
}
