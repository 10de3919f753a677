//! A header field, with how it was written down.

use std::fmt::Debug;

use super::text::Text;
use crate::span::Span;

/// How a field is written down: here the two ways to pack them differ.
pub(in crate::protocols) trait Form: Copy + Debug + PartialEq {
    /// Whether it is that of a field: HPACK changes the size of its table between two.
    fn is_field(self) -> bool {
        true
    }

    /// What it is called.
    fn called(self) -> &'static str;

    /// The number of the entry that it names, where it names one.
    fn index(self) -> Option<u64>;
}

/// A field of a header list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct FieldLine<F> {
    /// Its representation.
    pub(in crate::protocols) at: Span,
    pub(in crate::protocols) name: Text,
    pub(in crate::protocols) value: Text,
    pub(in crate::protocols) form: F,
    pub(in crate::protocols) fault: Option<Fault>,
}

/// What is wrong with a field, or with a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum Fault {
    /// It names an entry that the table does not have.
    NoEntry,
    /// It names an entry that was put there before what was recorded.
    Before,
    /// Its bytes break the Huffman code.
    BrokenCode,
    /// The table may not become that large.
    NotOffered,
    /// The table changes its size behind a field.
    LateResize,
    /// The list says that it needs more entries than there can be.
    BadCount,
    /// A number is larger than anything it could count.
    TooLarge,
    /// The list ends within a field.
    Cut,
    /// The entries that it needs never came.
    Blocked,
}
