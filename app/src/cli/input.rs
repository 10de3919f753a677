//! Recordings, key logs and names as they are named on the command line.

use std::path::PathBuf;

use super::stop::Outcome;
use crate::document::keys::read_key_log;
use crate::document::schema::read_schema;
use crate::document::{Document, Progress, title};
use crate::trouble::Trouble;

/// How many notes about a damaged file are printed before the rest is only counted.
const NOTES: usize = 10;

/// What is known besides what the recording itself holds.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Beside {
    /// A key log (NSS format) that opens sealed records; may be given several times
    #[arg(long, value_name = "KEYLOG")]
    pub keys: Vec<PathBuf>,
    /// Names for messages of Protocol Buffers: a .proto file, a descriptor set, or a folder that
    /// .proto files import from; may be given several times
    #[arg(long, value_name = "PROTO")]
    pub proto: Vec<PathBuf>,
}

/// The files that make a recording.
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    /// The recording: pcapng or pcap, also inside gzip or zstd; - reads standard input. Several
    /// files are read as one
    #[arg(id = "file", value_name = "FILE", required = true)]
    pub(super) all: Vec<PathBuf>,
}

/// Opens and surveys a recording, adds what is known besides, and prints on standard error what is wrong
/// with any of them. The file name - is standard input; several files are read as one.
pub(super) fn open(files: &[PathBuf], beside: &Beside) -> Outcome<Document> {
    let mut document = read(files)?;
    let called = match files {
        [file] => file.display().to_string(),
        _ => title(files),
    };
    let problems = document.recording.problems();
    note(problems.iter().map(|problem| {
        if problem.file.is_empty() { format!("{called}: {problem}") } else { problem.to_string() }
    }));
    if document.about().ended_early() {
        eprintln!("note: {called}: this recording ended early");
    }
    if !beside.proto.is_empty() {
        document.set_schema(read_schema(&beside.proto)?);
    }
    for path in &beside.keys {
        let added = document.add_keys(&read_key_log(path)?);
        let name = path.display();
        note(
            added.broken.iter().map(|(line, why)| format!("{name}: line {line} is skipped: {why}")),
        );
    }
    Ok(document)
}

/// Opens and surveys files or standard input.
pub(super) fn read(files: &[PathBuf]) -> Outcome<Document> {
    Ok(Document::open_all(files, &Progress::new()).map_err(Trouble::from)?)
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
