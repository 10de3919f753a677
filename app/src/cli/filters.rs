//! Filters as they are typed on the command line.

use std::io::{BufWriter, Write};

use wirestage_captures::write::extract;
use wirestage_dissectors::filter::{Filter, FilterError};

use super::stop::{Outcome, Stop};
use crate::document::{self, Document, Progress};
use crate::trouble::Trouble;

/// Reads an expression.
///
/// # Errors
/// Shows the place of a mistake below what was typed.
pub(super) fn read(expression: &str) -> Result<Filter, WrongFilter> {
    document::filter(expression)
        .map_err(|error| WrongFilter { expression: expression.to_owned(), error })
}

/// A document of the frames that pass, as if the recording held no others.
pub(super) fn only(document: &Document, filter: &Filter) -> Outcome<Document> {
    let progress = Progress::new();
    let rows = document.rows(filter, &progress).unwrap_or_default();
    let failed = |error: std::io::Error| {
        Stop::Work(Trouble::new(
            format!("the chosen frames cannot be kept: {error}"),
            "check that there is room for temporary files",
        ))
    };
    let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut out = BufWriter::new(file.as_file_mut());
    extract(&document.recording, &|id| rows.contains(id), "", &mut out).map_err(failed)?;
    out.flush().map_err(failed)?;
    drop(out);
    Ok(Document::open(file.path(), &progress).map_err(Trouble::from)?)
}

/// What is wrong with a filter, and where.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub(super) struct WrongFilter {
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
