//! Recordings, key logs and names as they are named on the command line.

use std::path::PathBuf;

use super::meant;
use super::stop::{Outcome, Stop};
use crate::document::keys::read_key_log;
use crate::document::schema::read_schema;
use crate::document::{Document, Progress, WrongRule, rule, title};
use crate::trouble::Trouble;

/// How many notes about a damaged file are printed before the rest is only counted.
const NOTES: usize = 10;

/// What is known besides what the recording itself holds.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Beside {
    /// A key log (NSS format) that opens sealed records, or a server's RSA private key (PEM); may
    /// be given several times
    #[arg(long, value_name = "KEYLOG")]
    pub keys: Vec<PathBuf>,
    /// Names for messages of Protocol Buffers: a .proto file, a descriptor set, or a folder that
    /// .proto files import from; may be given several times
    #[arg(long, value_name = "PROTO")]
    pub proto: Vec<PathBuf>,
    /// Who speaks on a port, whatever its bytes look like: tcp.port==8443=http, or for one
    /// connection both its ports, udp.port==5000:6000=quic; may be given several times
    #[arg(long, value_name = "RULE")]
    pub decode_as: Vec<String>,
}

/// The files that make a recording.
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    /// The recording: pcapng or pcap, also inside gzip or zstd; - reads standard input. Several
    /// files are read as one
    #[arg(id = "file", value_name = "FILE", required = true)]
    pub(super) all: Vec<PathBuf>,
}

/// Opens and surveys a recording, adds what is known besides, and prints on standard error what is
/// wrong with any of them. The file name - is standard input; several files are read as one.
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
    if !beside.decode_as.is_empty() {
        let rules = beside.decode_as.iter().map(|text| rule(text));
        let rules = rules.collect::<Result<Vec<_>, _>>().map_err(|wrong| wrong_rule(&wrong))?;
        let again = document.decode_as(&rules, &Progress::new());
        document = again.map_err(Trouble::from)?;
    }
    if !beside.proto.is_empty() {
        document.set_schema(read_schema(&beside.proto)?);
    }
    for path in &beside.keys {
        let added = document.add_keys(&read_key_log(path)?);
        let name = path.display();
        if added.count() == 0 && added.broken.is_empty() {
            eprintln!("note: {name}: no key that was not known already");
        }
        note(
            added.broken.iter().map(|(line, why)| format!("{name}: line {line} is skipped: {why}")),
        );
    }
    Ok(document)
}

/// A rule that is none, and how one is written.
fn wrong_rule(wrong: &WrongRule) -> Stop {
    let mend = match wrong {
        WrongRule::Protocol { near, .. } if !near.is_empty() => {
            format!("did you mean {}?", near.join(" or "))
        }
        WrongRule::Protocol { .. } => {
            "name it as filters do: http, tls, dns; data reads it as bytes".to_owned()
        }
        WrongRule::Form(_) => {
            "write it as tcp.port==8443=http, or udp.port==5000:6000=quic for one connection"
                .to_owned()
        }
    };
    Stop::wrong(wrong.to_string(), mend)
}

/// Opens and surveys files or standard input.
pub(super) fn read(files: &[PathBuf]) -> Outcome<Document> {
    meant::there(files)?;
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
