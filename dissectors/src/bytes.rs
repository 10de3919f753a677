//! One bounded reader for everything that is parsed: it never leaves its span, and a short read
//! names what was claimed and what was there.

use std::fmt;

use crate::span::Span;
use crate::wording;

/// Bytes with their place: reading moves both forward.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    span: Span,
}

/// A read went past the end. The sentence it makes is what the learner sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} claims {}, but only {present} {there} there", bytes(*needed),
    there = if *present == 1 { "is" } else { "are" })]
pub struct Short {
    /// What was being read.
    pub what: &'static str,
    /// How many bytes it takes.
    pub needed: usize,
    /// How many were left.
    pub present: usize,
    /// Where the claim was made, or where reading stopped.
    pub place: Span,
}

fn bytes(count: usize) -> String {
    wording::counted(count as u64, "byte")
}

impl<'a> Reader<'a> {
    /// A reader over bytes that lie at `span`; the shorter of the two bounds it.
    #[must_use]
    pub fn new(bytes: &'a [u8], span: Span) -> Self {
        let bytes = bytes.get(..span.len as usize).unwrap_or(bytes);
        Self { bytes, span: span.part(0, bytes.len()) }
    }

    /// What is left, unread.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where what is left lies.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether all was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next `len` bytes and their place.
    pub fn take(&mut self, len: usize, what: &'static str) -> Result<(&'a [u8], Span), Short> {
        let Some((head, tail)) = self.bytes.split_at_checked(len) else {
            return Err(Short { what, needed: len, present: self.bytes.len(), place: self.span });
        };
        let place = self.span.part(0, len);
        self.bytes = tail;
        self.span = self.span.from(len);
        Ok((head, place))
    }

    /// A reader over the next `len` bytes.
    pub fn sub(&mut self, len: usize, what: &'static str) -> Result<Self, Short> {
        let (bytes, span) = self.take(len, what)?;
        Ok(Self { bytes, span })
    }

    /// A big-endian number of `width` bytes (at most 8).
    pub fn number(&mut self, width: usize, what: &'static str) -> Result<(u64, Span), Short> {
        let (bytes, span) = self.take(width.min(8), what)?;
        Ok((bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), span))
    }

    /// A big-endian `u8`.
    pub fn u8(&mut self, what: &'static str) -> Result<(u8, Span), Short> {
        self.number(1, what).map(|(value, span)| (value as u8, span))
    }

    /// A big-endian `u16`.
    pub fn u16(&mut self, what: &'static str) -> Result<(u16, Span), Short> {
        self.number(2, what).map(|(value, span)| (value as u16, span))
    }

    /// A big-endian `u32`.
    pub fn u32(&mut self, what: &'static str) -> Result<(u32, Span), Short> {
        self.number(4, what).map(|(value, span)| (value as u32, span))
    }
}

/// Bytes as text, with a replacement character for each run that is no UTF-8: what
/// [`String::from_utf8_lossy`] gives, without a string.
pub struct Lossy<'a>(pub &'a [u8]);

impl Lossy<'_> {
    /// Writes them, most of the time in one piece.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn put(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        if let Ok(text) = std::str::from_utf8(self.0) {
            return out.write_str(text);
        }
        self.0.utf8_chunks().try_for_each(|chunk| {
            out.write_str(chunk.valid())?;
            if chunk.invalid().is_empty() { Ok(()) } else { out.write_str("\u{fffd}") }
        })
    }
}

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.put(f)
    }
}

/// A little-endian number of `width` bytes (at most 8) that stands `at` bytes in, where it is
/// there.
#[must_use]
pub fn little(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let number = bytes.get(at..at.checked_add(width.min(8))?)?;
    Some(number.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// Whether bytes begin like text in ASCII: for protocols that surely are none.
#[must_use]
pub fn looks_like_text(bytes: &[u8]) -> bool {
    const ENOUGH: usize = 16;
    let start = bytes.get(..ENOUGH).unwrap_or(bytes);
    start.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n'))
}
