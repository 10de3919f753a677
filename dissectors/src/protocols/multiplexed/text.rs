//! Where a name or a value stands: in a table that never changes, or at a place of its own.

use super::fixed::Fixed;
use super::line::Fault;
use super::prefix::Written;
use crate::engine::derive::Coding;
use crate::engine::huffman;
use crate::engine::session::Out;
use crate::span::Span;

/// Where a name or a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum Text {
    /// The name of a fixed entry.
    FixedName(Fixed, u8),
    /// The value of a fixed entry.
    FixedValue(Fixed, u8),
    /// It stands here: where it was written, decoded from there, or out of a table.
    At(Span),
    /// From an entry that nobody knows.
    Unknown,
}

impl Text {
    /// How many bytes it has.
    pub(in crate::protocols) fn size(self) -> u64 {
        match self {
            Self::At(span) => span.len.into(),
            Self::FixedName(..) | Self::FixedValue(..) | Self::Unknown => {
                self.bytes(|_| b"").len() as u64
            }
        }
    }

    /// Its bytes; `at` gives those of a place.
    pub(in crate::protocols) fn bytes<'a>(self, at: impl FnOnce(Span) -> &'a [u8]) -> &'a [u8] {
        match self {
            Self::FixedName(table, number) => table.entry(number).unwrap_or_default().0.as_bytes(),
            Self::FixedValue(table, number) => table.entry(number).unwrap_or_default().1.as_bytes(),
            Self::At(span) => at(span),
            Self::Unknown => b"",
        }
    }
}

/// Where a string that is written out can be read, among bytes that lie at a place.
pub(in crate::protocols) fn literal(
    written: &Written,
    (bytes, place): (&[u8], Span),
    fault: &mut Option<Fault>,
    out: &mut Out<'_>,
) -> Span {
    let at = place.part(written.place.start, written.place.len());
    if !written.coded {
        return at;
    }
    let coded = bytes.get(written.place.clone()).unwrap_or_default();
    let mut is_sound = true;
    let decoded = out.decoded(Coding::Huffman, at, |arena| {
        is_sound = huffman::decode(coded, arena);
    });
    if !is_sound {
        *fault = Some(Fault::BrokenCode);
    }
    decoded.unwrap_or(at)
}
