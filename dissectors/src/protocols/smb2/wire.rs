//! The header of a message, and what is read out of its body.

use std::fmt::{self, Write};
use std::ops::Range;

use crate::bytes::little;

/// Length of a header (MS-SMB2, section 2.2.1).
pub(super) const HEAD: usize = 64;

/// Flags of a header (section 2.2.1.2).
pub(super) const RESPONSE: u64 = 0x0000_0001;
pub(super) const ASYNC: u64 = 0x0000_0002;
pub(super) const CHAINED: u64 = 0x0000_0004;
pub(super) const SIGNED: u64 = 0x0000_0008;
pub(super) const DFS: u64 = 0x1000_0000;
pub(super) const REPLAY: u64 = 0x2000_0000;

/// Commands (section 2.2.1.2).
pub(super) const NEGOTIATE: u64 = 0;
pub(super) const SESSION_SETUP: u64 = 1;
pub(super) const TREE_CONNECT: u64 = 3;
pub(super) const CREATE: u64 = 5;
pub(super) const CANCEL: u64 = 12;
pub(super) const NOTIFY: u64 = 15;
pub(super) const BREAK: u64 = 18;

/// The request is taken, and its answer will come later.
pub(super) const PENDING: u64 = 0x103;

/// Dialects that a client may name; a request with more is not read on.
const MAX_DIALECTS: usize = 64;

/// What is read of a header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) status: u64,
    pub(super) command: u64,
    pub(super) flags: u64,
    /// Where the next message begins, counted from this one; 0 where none follows.
    pub(super) next: usize,
    pub(super) message: u64,
}

impl Head {
    /// Reads a header; `None` if it is cut.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        bytes.get(..HEAD)?;
        Some(Self {
            status: little(bytes, 8, 4)?,
            command: little(bytes, 12, 2)?,
            flags: little(bytes, 16, 4)?,
            next: little(bytes, 20, 4)? as usize,
            message: little(bytes, 24, 8)?,
        })
    }

    pub(super) const fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }

    pub(super) const fn is_response(&self) -> bool {
        self.has(RESPONSE)
    }

    /// Whether it says that the request failed: an error, and not a call for more proof.
    pub(super) const fn has_failed(&self) -> bool {
        const MORE_PROCESSING_REQUIRED: u64 = 0xc000_0016;
        self.is_response() && self.status >> 30 == 3 && self.status != MORE_PROCESSING_REQUIRED
    }

    /// Where the name of a share or a file stands that a request is about (sections 2.2.9
    /// and 2.2.13): offset and length stand in the body, the offset counted from the header.
    pub(super) fn name(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let at = match self.command {
            _ if self.is_response() => return None,
            TREE_CONNECT => HEAD + 4,
            CREATE => HEAD + 44,
            _ => return None,
        };
        let start = little(bytes, at, 2)? as usize;
        let len = little(bytes, at + 2, 2)? as usize;
        let range = start..start + len;
        (len > 0 && start >= HEAD && range.end <= bytes.len()).then_some(range)
    }

    /// Where the dialects stand that a client offers, or the one that a server chooses (sections
    /// 2.2.3 and 2.2.4).
    pub(super) fn dialects(&self, bytes: &[u8]) -> Range<usize> {
        if self.command != NEGOTIATE {
            return 0..0;
        }
        if self.is_response() {
            return if self.status == 0 { HEAD + 4..HEAD + 6 } else { 0..0 };
        }
        let count = little(bytes, HEAD + 2, 2).unwrap_or_default() as usize;
        let count = if count <= MAX_DIALECTS { count } else { 0 };
        HEAD + 36..HEAD + 36 + 2 * count
    }
}

/// Text in UTF-16, little-endian, without control characters.
pub(super) struct Wide<'a>(pub(super) &'a [u8]);

impl fmt::Display for Wide<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.0.chunks_exact(2).map(|pair| little(pair, 0, 2).unwrap_or(0) as u16);
        for read in char::decode_utf16(units) {
            let letter = read.unwrap_or(char::REPLACEMENT_CHARACTER);
            out.write_char(if letter.is_control() { '.' } else { letter })?;
        }
        Ok(())
    }
}
