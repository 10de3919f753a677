//! One block being put together: everything in it padded to four bytes, its length at both ends.

use std::io::{self, Write};

use crate::bytes::padded;

/// The longest value an option can hold: its length is a 16-bit number.
const MAX_OPTION: usize = u16::MAX as usize;

/// The bytes of one block; the buffer is used again for the next.
#[derive(Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    options: bool,
}

impl Block {
    /// Starts a block of this type.
    pub(super) fn start(&mut self, kind: u32) -> &mut Self {
        self.bytes.clear();
        self.options = false;
        // The length is set when it is known.
        self.u32(kind).u32(0)
    }

    /// Adds a 16-bit number; the caller keeps to even multiples.
    pub(super) fn u16(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Adds a 32-bit number.
    pub(super) fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Adds a time: its upper half first.
    pub(super) fn halves(&mut self, value: u64) -> &mut Self {
        self.u32((value >> 32) as u32).u32(value as u32)
    }

    /// Adds bytes and pads them.
    pub(super) fn padded(&mut self, bytes: &[u8]) -> &mut Self {
        self.raw(bytes);
        let len = padded(self.bytes.len());
        self.bytes.resize(len, 0);
        self
    }

    /// Adds bytes as they are.
    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Adds an option; what is longer than an option may be is cut.
    pub(super) fn option(&mut self, code: u16, value: &[u8]) -> &mut Self {
        let value = value.get(..MAX_OPTION).unwrap_or(value);
        self.options = true;
        self.u16(code).u16(value.len() as u16).padded(value)
    }

    /// Adds a text option, or nothing where the text is empty.
    pub(super) fn text(&mut self, code: u16, text: &str) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        let end = text.floor_char_boundary(MAX_OPTION);
        self.option(code, text.get(..end).unwrap_or_default().as_bytes())
    }

    /// Adds a comment, as several options where one cannot hold it: cut behind a line where
    /// there is one, so that the parts joined are the comment again.
    pub(super) fn comment(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while rest.len() > MAX_OPTION {
            let most = rest.floor_char_boundary(MAX_OPTION);
            let (front, _) = rest.split_at(most);
            let (part, behind) = rest.split_at(front.rfind('\n').map_or(most, |line| line + 1));
            self.option(1, part.as_bytes());
            rest = behind;
        }
        self.text(1, rest)
    }

    /// Ends the block and writes it.
    pub(super) fn end(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.options {
            self.u32(0);
        }
        let len = self.bytes.len() as u32 + 4;
        self.u32(len);
        if let Some(place) = self.bytes.get_mut(4..8) {
            place.copy_from_slice(&len.to_le_bytes());
        }
        out.write_all(&self.bytes)
    }
}
