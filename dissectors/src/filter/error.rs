//! Why an expression is no filter: what is wrong, at which place, and what would be right.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// The place, in bytes of the expression; empty at its end where something is missing.
    pub at: Range<usize>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to write instead, or what there is; empty where nothing is known.
    pub help: String,
    /// Whether what stands there is a name that no field has.
    pub is_unknown: bool,
}

impl FilterError {
    /// An error at a place.
    pub(super) fn new(at: &Range<usize>, message: impl Into<String>) -> Self {
        Self { at: at.clone(), message: message.into(), help: String::new(), is_unknown: false }
    }

    /// The same with what to write instead.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The expression with its place marked below.
    #[must_use]
    pub const fn marked<'a>(&'a self, expression: &'a str) -> Marked<'a> {
        Marked { at: &self.at, expression }
    }
}

/// An expression in one line and `^^^` below what an error is about.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'a> {
    at: &'a Range<usize>,
    expression: &'a str,
}

impl Display for Marked<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        let line: String = self.expression.chars().map(shown).collect();
        let before = self.expression.get(..self.at.start).unwrap_or(self.expression);
        let marked = self.expression.get(self.at.clone()).unwrap_or_default();
        let (blanks, marks) = (before.chars().count(), marked.chars().count().max(1));
        writeln!(f, "{line}")?;
        write!(f, "{}{}", " ".repeat(blanks), "^".repeat(marks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_marked_below_its_characters() {
        let check = |expression: &str, at: Range<usize>, expected: &str| {
            let error = FilterError::new(&at, "no");
            assert_eq!(error.marked(expression).to_string(), expected);
        };
        check("ip.scr == 1", 0..6, "ip.scr == 1\n^^^^^^");
        check("ip ==", 5..5, "ip ==\n     ^");
        check("\"é\"\n== x", 8..9, "\"é\" == x\n       ^");
    }
}
