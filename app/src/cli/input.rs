//! Recordings and key logs as they are named on the command line.

use std::path::{Path, PathBuf};

use wirestage_captures::Recording;

use super::stop::Outcome;
use crate::document::keys::read_key_log;
use crate::document::{Document, Opening, Progress};
use crate::trouble::Trouble;

/// How many notes about a damaged file are printed before the rest is only counted.
const NOTES: usize = 10;

/// Key logs beside the secrets that the recording itself holds.
#[derive(Debug, clap::Args)]
pub(super) struct KeyLogs {
    /// A key log (NSS format) that opens sealed records; may be given several times
    #[arg(long = "keys", value_name = "KEYLOG")]
    pub(super) files: Vec<PathBuf>,
}

/// Opens and surveys a recording, adds the key logs, and prints on standard error what is wrong
/// with any of them. The file name - is standard input.
pub(super) fn open(file: &Path, keys: &[PathBuf]) -> Outcome<Document> {
    let mut document = read(file)?;
    let problems = document.recording.problems();
    note(problems.iter().map(|problem| format!("{}: {problem}", file.display())));
    if document.about().ended_early() {
        eprintln!("note: {}: this recording ended early", file.display());
    }
    for path in keys {
        let added = document.add_keys(&read_key_log(path)?);
        let name = path.display();
        note(
            added.broken.iter().map(|(line, why)| format!("{name}: line {line} is skipped: {why}")),
        );
    }
    Ok(document)
}

/// Opens and surveys a file or standard input.
pub(super) fn read(path: &Path) -> Outcome<Document> {
    let progress = Progress::new();
    if path != Path::new("-") {
        return Ok(Document::open(path, &progress).map_err(Trouble::from)?);
    }
    let recording = Recording::spool(std::io::stdin())
        .map_err(|error| Trouble::from(error).of("standard input"))?;
    Ok(Document::survey(recording, &progress, Opening::default()).map_err(Trouble::from)?)
}

/// Prints notes on standard error, a line each.
fn note(notes: impl ExactSizeIterator<Item = String>) {
    let further = notes.len().saturating_sub(NOTES);
    for line in notes.take(NOTES) {
        eprintln!("note: {line}");
    }
    if further > 0 {
        eprintln!("note: and {further} more of this kind");
    }
}
