//! What is exported of requests: an archive for the developer tools of browsers, and contents.

use std::io::Write;
use std::path::Path;

use super::{Export, Outcome, Stop};
use crate::document::{Document, Gathered, Progress, Windows};
use crate::export::bodies;
use crate::export::har::{self, Choice};

/// How the names of archives end.
const ENDING: &str = "har";

/// Whether a file is to be an archive of requests.
pub(super) fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING))
}

impl Export {
    /// Writes an archive of the requests, and says what is in it.
    pub(super) fn archive(&self, document: &Document, path: &Path, out: &mut dyn Write) -> Outcome {
        let connection = self.connection.of(document)?.one();
        let (all, progress) = (gathered(document)?, Progress::new());
        let choice = Choice { connection, redact: self.redact };
        let archived = har::put(&document.ground(), &all, choice, path, &progress)?;
        let Some(archived) = archived else { return Ok(()) };
        writeln!(out, "{}: {}", path.display(), archived.told())?;
        if archived.holds_secrets() {
            eprintln!(
                "note: whoever gets this file can act as its sender; --redact takes secrets out"
            );
        }
        Ok(())
    }

    /// Saves contents of requests and answers in a folder.
    pub(super) fn contents(
        &self,
        document: &Document,
        folder: &Path,
        out: &mut dyn Write,
    ) -> Outcome {
        let all = gathered(document)?;
        if let Some(number) = self.request.filter(|number| *number > all.rows.len()) {
            return Err(Stop::wrong(
                format!("there is no request {number}: the recording has {}", all.rows.len()),
                "wirestage show --format requests lists them with their numbers",
            ));
        }
        let ground = document.ground();
        let saved = bodies::save(&ground, &all, self.request, folder, &Progress::new())?;
        if let Some(saved) = saved {
            writeln!(out, "{}: {}", folder.display(), saved.told())?;
        }
        Ok(())
    }
}

/// The requests of a recording. Nobody cancels here.
fn gathered(document: &Document) -> Outcome<Gathered> {
    Ok(document.requests(Windows::default(), &Progress::new()).unwrap_or_default())
}
