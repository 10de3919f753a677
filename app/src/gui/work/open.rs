//! Opening a recording away from the window.

use std::path::{Path, PathBuf};

use wirestage_captures::Recording;

use super::{Job, Wake};
use crate::document::{Document, OpenError, Opening, Progress};
use crate::samples;
use crate::trouble::Trouble;

/// A document that was opened, and where it came from.
pub struct Opened {
    /// The file.
    pub path: PathBuf,
    /// The document, surveyed.
    pub document: Document,
    /// Why the recording ended before its end was written, where that is known.
    pub ended_early: Option<String>,
}

/// Opens and surveys a file. Nothing comes out where it was cancelled.
#[must_use]
pub(crate) fn open(path: PathBuf, ended_early: Option<String>, wake: Wake) -> Job<Option<Opened>> {
    let title = format!("Opening {}", name(&path));
    Job::start(title, wake, move |progress| match read(&path, progress) {
        Ok(document) => Ok(Some(Opened { path, document, ended_early })),
        Err(OpenError::Cancelled) => Ok(None),
        Err(error) => Err(error.into()),
    })
}

/// Opens a file; `-` is standard input, which is taken to its end first.
fn read(path: &Path, progress: &Progress) -> Result<Document, OpenError> {
    if path != Path::new("-") {
        return Document::open(path, progress);
    }
    let capture = |source| OpenError::Capture { path: "standard input".into(), source };
    let recording = Recording::spool(std::io::stdin()).map_err(capture)?;
    Document::survey(recording, progress, Opening::default())
}

/// Opens the sample recording of a scenario.
#[must_use]
pub(crate) fn open_sample(scenario: &'static str, wake: Wake) -> Job<Option<Opened>> {
    Job::start(format!("Opening the sample of {scenario}"), wake, move |progress| {
        let path = PathBuf::from(format!("Sample of {scenario}"));
        let opened = |document| Opened { path, document, ended_early: None };
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
