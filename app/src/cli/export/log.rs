//! What is exported of connections of QUIC: logs as their endpoints write them.

use std::io::Write;
use std::path::Path;

use super::{Export, Outcome, Stop};
use crate::document::{Document, Progress};
use crate::export::qlog;
use crate::trouble::Trouble;

/// How the names of logs end.
const ENDING: &str = "sqlog";

/// Whether a file is to be a log.
pub(super) fn is_log(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING))
}

impl Export {
    /// Writes a log of each connection of QUIC, and says what is in it.
    pub(super) fn log(&self, document: &Document, path: &Path, out: &mut dyn Write) -> Outcome {
        let chosen = self.connection.of(document)?;
        let version = self.qlog.unwrap_or_default();
        let meant = |id| chosen.holds(id);
        let logged = qlog::put(&document.ground(), meant, version, path, &Progress::new())?;
        if logged.is_empty() {
            return Err(Stop::Work(Trouble::new(
                "there is no connection of QUIC to write a log of",
                "wirestage info says what the recording holds",
            )));
        }
        for one in &logged {
            writeln!(out, "{}: {}", one.path.display(), one.told())?;
        }
        Ok(())
    }
}
