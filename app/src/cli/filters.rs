//! Filters as they are typed on the command line.

use wirestage_dissectors::filter::{Filter, FilterError};

use super::stop::Stop;
use crate::document;

/// Reads an expression.
///
/// # Errors
/// Shows the place of a mistake below what was typed.
pub(super) fn read(expression: &str) -> Result<Filter, WrongFilter> {
    document::filter(expression)
        .map_err(|error| WrongFilter { expression: expression.to_owned(), error })
}

/// What is wrong with a filter, and where.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct WrongFilter {
    expression: String,
    error: FilterError,
}

impl WrongFilter {
    /// As it stands on standard error: the place is marked below what was typed.
    pub(super) fn print(&self) -> String {
        let Self { expression, error } = self;
        let marked = error.marked(expression).to_string().replace('\n', "\n  ");
        let mend = match error.help.as_str() {
            "" => "`wirestage fields` lists the names, `wirestage filter --help` shows examples",
            help => help,
        };
        format!("error: {error}\n  {marked}\nmend: {mend}\n")
    }
}

impl From<WrongFilter> for Stop {
    fn from(wrong: WrongFilter) -> Self {
        Self::Filter(wrong)
    }
}
