//! What is exported of requests: an archive for the developer tools of browsers, and contents.

use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{Export, Outcome, Stop};
use crate::document::{Document, Gathered, Progress, Windows};
use crate::export::bodies;
use crate::export::har::{self, Choice};
use crate::trouble::Trouble;

/// How the names of archives end.
const ENDING: &str = "har";

/// Whether a file is to be an archive of requests.
pub(super) fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING))
}

impl Export {
    /// Writes an archive of the requests, and says what is in it. Whoever else uses this machine
    /// cannot read it: it may hold secrets.
    pub(super) fn archive(&self, document: &Document, path: &Path, out: &mut dyn Write) -> Outcome {
        let connection = self.connection.of(document)?;
        let (all, progress) = (gathered(document)?, Progress::new());
        let fail = |error: std::io::Error| {
            Stop::Work(Trouble::new(
                format!("{} cannot be written: {error}", path.display()),
                "check that its folder exists, may be written to, and has room",
            ))
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(fail)?;
        let choice = Choice { connection, redact: self.redact };
        let mut into = BufWriter::new(&mut file);
        let archived = har::write(&document.ground(), &all, choice, &progress, &mut into);
        let archived = archived.and_then(|archived| into.flush().map(|()| archived));
        let Some(archived) = archived.map_err(fail)? else { return Ok(()) };
        drop(into);
        file.persist(path).map_err(|error| fail(error.error))?;
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
        let saved = bodies::save(&ground, &all, self.request, folder, &Progress::new());
        let saved = saved.map_err(|(path, error)| {
            Stop::Work(Trouble::new(
                format!("{} cannot be written: {error}", path.display()),
                "name a folder that may be written to and has room",
            ))
        })?;
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
