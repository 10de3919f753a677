//! HTTP Archive 1.2 (HAR): requests with their answers, for the developer tools of browsers and for
//! other programs.
//!
//! ```text
//!   { "log": { "version": "1.2", "creator": …, "pages": [], "entries": [
//!       { "startedDateTime": …, "time": …, "request": …, "response": …, "cache": {}, "timings": … },
//! ```
//!
//! The format has no standard: it is what Jan Odvarko wrote down in 2007 and what importers ask for
//! since then. Entries stand in the order of their times, and are written one at a time: what they
//! hold is read again for each, and no more than one is in memory.
//!
//! What browsers know and a recording does not is left out as the format says it: -1 for times that
//! do not apply, status 0 for an answer that never came. Names with an underscore are our own.

mod entry;
mod lists;
mod secrets;
#[cfg(test)]
mod tests;
mod timings;

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::requests::Request;
use wirestage_dissectors::survey::Survey;

use crate::document::{Gathered, Ground, Progress};
use crate::private;
use crate::trouble::Trouble;

pub use secrets::Secrets;

use entry::{Writer, entry};
use timings::Timings;

/// What an archive is to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only the requests of this connection.
    pub connection: Option<ConnectionId>,
    /// Whether secrets are taken out.
    pub redact: bool,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// How many requests.
    pub entries: u64,
    /// The secrets that it holds, or that were taken out.
    pub secrets: Secrets,
    /// Whether they were taken out.
    pub redacted: bool,
    /// How many requests are missing, for there are too many.
    pub left_out: u64,
}

/// Writes an archive. Nothing where that was cancelled; what was written by then is no archive.
///
/// # Errors
/// Where `out` takes nothing.
pub fn write(
    ground: &Ground,
    all: &Gathered,
    choice: Choice,
    progress: &Progress,
    out: &mut dyn Write,
) -> io::Result<Option<Archived>> {
    let numbers = ground.numbers();
    let mut details = ground.details();
    let (mut secrets, mut entries) = (Secrets::default(), 0);
    let creator = json!({"name": "Wirestage", "version": env!("CARGO_PKG_VERSION")});
    write!(
        out,
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"pages\":[],\"entries\":["
    )?;
    let is_meant = |row: &Request| choice.connection.is_none_or(|only| only == row.connection);
    let mut rows: Vec<_> = all.rows.iter().enumerate().filter(|(_, row)| is_meant(row)).collect();
    // What opened a connection belongs to its first request, and may have begun before others.
    rows.sort_by_key(|(_, row)| Timings::of(row).start);
    let is_whole = details.each(rows, |at, row, detail| -> io::Result<bool> {
        progress.set(at as u64, all.rows.len() as u64);
        let mut writer = Writer { redact: choice.redact, secrets: &mut secrets };
        let connection = numbers.get(&row.connection).copied().unwrap_or_default();
        let server = server(row, ground, &ground.survey);
        let one = entry(row, detail, (connection, server), &mut writer);
        out.write_all(if entries == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &one)?;
        entries += 1;
        Ok(!progress.is_cancelled())
    })?;
    if !is_whole {
        return Ok(None);
    }
    let (redacted, left_out) = (choice.redact, all.left_out);
    let archived = Archived { entries, secrets, redacted, left_out };
    let comment = serde_json::to_string(&archived.told())?;
    writeln!(out, "\n],\"comment\":{comment}}}}}")?;
    Ok(Some(archived))
}

/// Writes an archive into a file that only its owner can read, for it may hold secrets; what stood
/// there is replaced once the archive is whole. Nothing where that was cancelled.
///
/// # Errors
/// Where the file cannot be written.
pub fn put(
    ground: &Ground,
    all: &Gathered,
    choice: Choice,
    path: &Path,
    progress: &Progress,
) -> Result<Option<Archived>, Trouble> {
    private::put(path, |to| {
        write(ground, all, choice, progress, to).map_err(|error| Trouble::unwritable(path, &error))
    })
}

/// The address of who answers.
fn server(row: &Request, ground: &Ground, survey: &Survey) -> Option<String> {
    let flow = survey.flow(ground.attribution.first_path(row.connection))?;
    // Who answers sends to who asked.
    Some(flow.address(row.asker.reverse()).to_string())
}

impl Archived {
    /// Whether secrets are still in it.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        !self.redacted && self.secrets.are_any()
    }

    /// What is in it, in a line: how many requests, and what whoever hands it on should know.
    #[must_use]
    pub fn told(&self) -> String {
        let requests = if self.entries == 1 { "request" } else { "requests" };
        let mut text = format!("{} {requests}", self.entries);
        if self.left_out > 0 {
            text += &format!(" ({} more left out)", self.left_out);
        }
        match (self.secrets.told(self.redacted), self.redacted) {
            (Some(secrets), true) => text += &format!("; taken out: {secrets}"),
            (Some(secrets), false) => text += &format!("; it holds secrets: {secrets}"),
            (None, _) => {}
        }
        text
    }
}
