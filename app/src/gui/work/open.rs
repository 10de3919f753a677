//! Opening a recording away from the window.

use std::path::{Path, PathBuf};

use wirestage_captures::Recording;

use super::{Job, Wake};
use crate::document::{Document, OpenError, Opening, Progress, title};
use crate::samples;
use crate::trouble::Trouble;

/// A document that was opened, and where it came from.
pub struct Opened {
    /// The files, in the order in which they were given.
    pub paths: Vec<PathBuf>,
    /// The document, surveyed.
    pub document: Document,
    /// Why the recording ended before its end was written, where that is known.
    pub ended_early: Option<String>,
}

/// Opens and surveys files as one recording. Nothing comes out where it was cancelled.
#[must_use]
pub(crate) fn open(
    paths: Vec<PathBuf>,
    ended_early: Option<String>,
    wake: Wake,
) -> Job<Option<Opened>> {
    let doing = format!("Opening {}", title(&paths));
    Job::start(doing, wake, move |progress| match Document::open_all(&paths, progress) {
        Ok(document) => Ok(Some(Opened { paths, document, ended_early })),
        Err(OpenError::Cancelled) => Ok(None),
        Err(error) => Err(error.into()),
    })
}

/// Opens the sample recording of a scenario.
#[must_use]
pub(crate) fn open_sample(scenario: &'static str, wake: Wake) -> Job<Option<Opened>> {
    Job::start(format!("Opening the sample of {scenario}"), wake, move |progress| {
        let paths = vec![PathBuf::from(format!("Sample of {scenario}"))];
        let opened = |document| Opened { paths, document, ended_early: None };
        Ok(sample(scenario, progress)?.map(opened))
    })
}

/// Reads the sample recording of a scenario, where there is one.
///
/// # Errors
/// Where there is no room for it.
pub(crate) fn sample(scenario: &str, progress: &Progress) -> Result<Option<Document>, Trouble> {
    let Some(bytes) = samples::of(scenario) else { return Ok(None) };
    let recording = Recording::spool(bytes)?;
    Ok(Some(Document::survey(recording, progress, Opening::default())?))
}

/// The name of a file without its folders.
#[must_use]
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into())
}

/// A path with a leading `~` meant as the home folder, as a shell reads it.
pub(crate) fn expand(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(typed),
    }
}
