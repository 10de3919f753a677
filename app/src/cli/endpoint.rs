//! An endpoint's own log beside the recording of its connection.

use std::io::Write;
use std::path::Path;

use serde_json::Value;

use super::stop::Outcome;
use crate::document::{Document, Progress};
use crate::export::qlog::beside::{Beside, beside};

/// Writes what both say, as text or as JSON.
pub(super) fn write(
    document: &Document,
    log: &Path,
    as_json: bool,
    out: &mut dyn Write,
) -> Outcome {
    let found = beside(&document.ground(), log, &Progress::new())?;
    if as_json {
        let all: Vec<Value> = found.iter().map(Beside::json).collect();
        writeln!(out, "{:#}", Value::from(all))?;
    } else {
        let all: Vec<String> = found.iter().map(Beside::text).collect();
        write!(out, "{}", all.join("\n"))?;
    }
    Ok(())
}
