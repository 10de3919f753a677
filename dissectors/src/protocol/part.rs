//! A part of a frame: the bytes that were captured, their place, and how long it was on the wire.

use crate::field::{FieldDef, Value, reread};
use crate::frames::Frame;
use crate::ids::FrameId;
use crate::span::Span;

/// A header and all behind it, or a run of either.
///
/// Positions count from its first byte. The wire may have carried more than was kept; reading
/// past what was kept gives nothing.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The bytes that were kept.
    pub(crate) bytes: &'a [u8],
    /// Where they lie.
    pub(crate) span: Span,
    /// How many there were on the wire: at least as many.
    pub(crate) wire: usize,
}

impl<'a> Part<'a> {
    /// A whole frame.
    pub(crate) fn frame(frame: &Frame<'a>, id: FrameId) -> Self {
        let len = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let wire = frame.bytes.len().max(frame.wire_len as usize);
        Self { bytes: frame.bytes, span: Span::frame(id, 0, len), wire }
    }

    /// Everything from `skip` bytes in.
    pub(crate) fn after(&self, skip: usize) -> Self {
        Self {
            bytes: self.bytes.get(skip..).unwrap_or(&[]),
            span: self.span.from(skip),
            wire: self.wire.saturating_sub(skip),
        }
    }

    /// At most the first `len` bytes: what a length field leaves of it.
    pub(crate) fn upto(&self, len: usize) -> Self {
        Self {
            bytes: self.bytes.get(..len).unwrap_or(self.bytes),
            span: self.span.part(0, len),
            wire: self.wire.min(len),
        }
    }

    /// Whether the capture holds less than the wire did.
    pub(crate) fn is_cut(&self) -> bool {
        self.bytes.len() < self.wire
    }

    /// A run of bytes, where all of them were kept.
    pub(crate) fn get(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..at.checked_add(len)?)
    }

    /// A run of bytes as an array.
    pub(crate) fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.get(at, N)?.try_into().ok()
    }

    /// A big-endian number, where all of it was kept.
    pub(crate) fn number(&self, at: usize, len: usize) -> Option<u64> {
        Some(self.get(at, len)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// A little-endian number, where all of it was kept.
    pub(crate) fn little(&self, at: usize, len: usize) -> Option<u64> {
        Some(self.get(at, len)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// The value of a field, where all of its bytes were kept.
    pub(crate) fn value(&self, at: usize, len: usize, def: &FieldDef) -> Option<Value<'a>> {
        reread(def, self.get(at, len)?)
    }

    /// The place of a run.
    pub(crate) fn place(&self, at: usize, len: usize) -> Span {
        self.span.part(at, len)
    }
}
