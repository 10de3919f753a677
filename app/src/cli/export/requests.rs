//! What is exported of requests: an archive for the developer tools of browsers, and contents.

use std::io::Write;
use std::path::Path;

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
    /// Writes an archive of the requests, and says what is in it.
    pub(super) fn archive(&self, document: &Document, path: &Path, out: &mut dyn Write) -> Outcome {
        let all = self.gathered(document)?;
        let connection = match self.connection.filter()? {
            Some(_) => None,
            None => self.connection.of(document)?.one(),
        };
        let progress = Progress::new();
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
        let all = self.gathered(document)?;
        if let Some(number) = self.request.filter(|number| *number > all.rows.len()) {
            return Err(Stop::wrong(
                format!("there is no request {number}: there are {}", all.rows.len()),
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

    /// The requests of a recording, or of its frames that pass. Nobody cancels here.
    fn gathered(&self, document: &Document) -> Outcome<Gathered> {
        let progress = Progress::new();
        let Some(filter) = self.connection.filter()? else {
            return Ok(document.requests(Windows::default(), &progress).unwrap_or_default());
        };
        let all = document.requests_of(&filter, &progress).unwrap_or_default();
        if all.rows.is_empty() {
            return Err(Stop::Work(Trouble::new(
                "no request has a part in a frame that passes the filter",
                "wirestage show FILE --filter EXPR shows which frames pass, and \
                 show FILE --format requests all requests",
            )));
        }
        Ok(all)
    }
}
