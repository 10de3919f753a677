//! Writing a story or a recording away from the window.

use std::path::PathBuf;
use std::sync::Arc;

use egui::ColorImage;
use wirestage_captures::Recording;
use wirestage_captures::write::Comments;
use wirestage_dissectors::story::Story;
use wirestage_dissectors::story::text::told;

use super::{Job, Wake};
use crate::document::{Gathered, Ground, Progress, Windows};
use crate::export::har::{self, Choice};
use crate::export::{self, Format, Wanted, bodies};
use crate::record;
use crate::trouble::Trouble;

/// What was made.
pub(crate) enum Made {
    /// A file, and how large it is in words.
    File(PathBuf, String),
    /// A picture for the clipboard.
    Picture(ColorImage),
    /// Text for the clipboard.
    Text(String),
}

/// Writes a story to a file. Nothing comes out where it was cancelled.
#[must_use]
pub(crate) fn file(
    story: Arc<Story>,
    (format, wanted): (Format, Wanted),
    path: PathBuf,
    wake: Wake,
) -> Job<Option<Made>> {
    Job::start(format!("Writing {}", super::open::name(&path)), wake, move |progress| {
        let written = export::write(&story, format, &wanted, progress)?;
        let Some(written) = written.filter(|_| !progress.is_cancelled()) else { return Ok(None) };
        let first = export::put(&path, &written)?;
        Ok(Some(Made::File(first, written.size)))
    })
}

/// Copies a recording to a file that only its owner can read, for it holds keys; with keys that
/// came by themselves, and comments that were set since.
#[must_use]
pub(crate) fn recording(
    recording: Arc<Recording>,
    (keys, comments): (String, Comments),
    path: PathBuf,
    wake: Wake,
) -> Job<Option<Made>> {
    Job::start(format!("Saving {}", super::open::name(&path)), wake, move |_| {
        match keys.is_empty() && comments.is_empty() {
            true => record::save(&recording, &path)?,
            false => record::save_with_comments(&recording, &keys, &comments, &path)?,
        }
        let bytes = path.metadata().map_or(0, |meta| meta.len());
        Ok(Some(Made::File(path, format!("{bytes} bytes"))))
    })
}

/// The requests of an open recording: what they rest on, and they themselves where they are
/// gathered.
type Asked = (Ground, Option<Arc<Gathered>>);

/// Gathers requests, unless that was done, and does something with them. Nothing where that was
/// cancelled.
fn with_requests(
    (ground, gathered): &Asked,
    progress: &Progress,
    work: impl FnOnce(&Gathered) -> Result<Option<Made>, Trouble>,
) -> Result<Option<Made>, Trouble> {
    match gathered {
        Some(all) => work(all),
        None => match ground.requests(Windows::default(), progress) {
            Some(all) => work(&all),
            None => Ok(None),
        },
    }
}

/// Writes an archive of the requests.
#[must_use]
pub(crate) fn archive(asked: Asked, redact: bool, path: PathBuf, wake: Wake) -> Job<Option<Made>> {
    Job::start(format!("Writing {}", super::open::name(&path)), wake, move |progress| {
        with_requests(&asked, progress, |all| {
            let choice = Choice { redact, ..Choice::default() };
            let archived = har::put(&asked.0, all, choice, &path, progress)?;
            Ok(archived.map(|archived| Made::File(path.clone(), archived.told())))
        })
    })
}

/// Saves what requests and answers carried: of all, or of the one with that number.
#[must_use]
pub(crate) fn contents(
    asked: Asked,
    only: Option<usize>,
    folder: PathBuf,
    wake: Wake,
) -> Job<Option<Made>> {
    Job::start(format!("Writing {}", super::open::name(&folder)), wake, move |progress| {
        with_requests(&asked, progress, |all| {
            let saved = bodies::save(&asked.0, all, only, &folder, progress)?;
            Ok(saved.map(|saved| Made::File(folder.clone(), saved.told())))
        })
    })
}

/// Paints a story for the clipboard.
#[must_use]
pub(crate) fn picture(story: Arc<Story>, wanted: Wanted, wake: Wake) -> Job<Option<Made>> {
    Job::start("Painting the picture".to_owned(), wake, move |_| {
        let (size, pixels) = export::pixels(&story, &wanted)?;
        Ok(Some(Made::Picture(ColorImage::from_rgba_unmultiplied(size, &pixels))))
    })
}

/// Tells a story for the clipboard.
#[must_use]
pub(crate) fn text(story: Arc<Story>, wanted: Wanted, wake: Wake) -> Job<Option<Made>> {
    Job::start("Telling the story".to_owned(), wake, move |_| {
        Ok(Some(Made::Text(told(&story, wanted.times, wanted.level))))
    })
}
