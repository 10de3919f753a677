//! Header compression of HTTP/3 (RFC 9204): a table that one stream fills, and sections on all others
//! that name its entries.
//!
//! ```text
//!   encoder stream   |insert name, value|insert …|      fills the table, in order
//!   request stream   |how many inserts it needs|base|representations …|
//!                     └ more than there are: the section waits for them
//! ```

mod encoder;
pub(super) mod fixed;
mod prefix;
mod section;
mod table;

pub(super) use encoder::{Decoding, Instruction, acknowledgements, instructions};
pub(super) use prefix::{NoShape, Written};
pub(super) use section::{Head, Kind, Line, Section};
pub(super) use table::Table;

use crate::engine::derive::Coding;
use crate::engine::huffman;
use crate::engine::session::Out;
use crate::span::Span;

/// Where a name or a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// The name of a fixed entry.
    FixedName(u8),
    /// The value of a fixed entry.
    FixedValue(u8),
    /// It stands here: in the section, decoded from there, or out of the table.
    At(Span),
    /// From an entry that nobody knows.
    Unknown,
}

impl Text {
    /// Its bytes; `at` gives those of a place.
    pub(super) fn bytes<'a>(self, at: impl FnOnce(Span) -> &'a [u8]) -> &'a [u8] {
        match self {
            Self::FixedName(number) => fixed::entry(number).unwrap_or_default().0.as_bytes(),
            Self::FixedValue(number) => fixed::entry(number).unwrap_or_default().1.as_bytes(),
            Self::At(span) => at(span),
            Self::Unknown => b"",
        }
    }
}

/// What is wrong with a field, or with a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names an entry that the table does not have.
    NoEntry,
    /// It names an entry that was put there before what was recorded.
    Before,
    /// Its bytes break the Huffman code.
    BrokenCode,
    /// The section says that it needs more entries than there can be.
    BadCount,
    /// A number is larger than anything it could count.
    TooLarge,
    /// The section ends within a field.
    Cut,
    /// The entries that it needs never came.
    Blocked,
}

/// Where a string that is written out can be read.
fn literal(
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
