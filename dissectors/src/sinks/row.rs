//! One row of the packet list: who to whom, which protocol, and what in one line.

use std::fmt::{self, Write};

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

    /// Adds a clause, of whatever is written into it.
    pub fn clause(&mut self, write: impl FnOnce(&mut dyn Write) -> fmt::Result) {
        // Writing to a string does not fail.
        let _ = write(&mut Clause { info: &mut self.info, begins: true });
    }

    /// Says who sends to whom.
    pub fn set_ends(&mut self, ends: Option<(String, String)>) {
        self.ends = ends;
    }
}

/// One clause on its way into a row: where there are others before it, a comma goes first.
struct Clause<'r> {
    info: &'r mut String,
    begins: bool,
}

impl Write for Clause<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut self.begins) && !self.info.is_empty() {
            self.info.push_str(", ");
        }
        self.info.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_parted_by_commas_and_those_that_say_nothing_leave_no_trace() {
        let mut row = RowText::new();
        for parts in [&["", "one"][..], &[], &["tw", "", "o"], &[""], &["three"]] {
            row.clause(|line| parts.iter().try_for_each(|part| line.write_str(part)));
        }
        assert_eq!(row.info, "one, two, three");
    }
}
