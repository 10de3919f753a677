//! One row of the packet list: who to whom, which protocol, and what in one line.

use std::fmt::{self, Write};

use crate::field::{FieldId, Value};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// The text of a row. Reuse one for many rows: it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct RowText {
    /// Clauses so far, separated by commas.
    pub info: String,
    /// Source and destination, where a header named them.
    ends: Option<(String, String)>,
}

impl RowText {
    /// An empty row.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Source and destination, where a header named them.
    #[must_use]
    pub fn ends(&self) -> Option<(&str, &str)> {
        self.ends.as_ref().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Says who sends to whom.
    pub fn set_ends(&mut self, ends: Option<(String, String)>) {
        self.ends = ends;
    }
}

impl Sink for RowText {
    fn wants(&self, _field: FieldId) -> bool {
        false
    }

    fn field(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    fn open(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    fn close(&mut self) {}

    fn summary(&mut self, text: fmt::Arguments<'_>) {
        if !self.info.is_empty() {
            self.info.push_str(", ");
        }
        // Writing to a string does not fail.
        let _ = self.info.write_fmt(text);
    }

    fn note(&mut self, _severity: Severity, _span: Span, _text: fmt::Arguments<'_>) {}
}
