//! Opening a recording: indexing and surveying at the same time.
//!
//! ```text
//!   this thread   index ─ index ─ index ─ absorb ─ index ─ absorb ─ absorb
//!                    └──┐    └──┐
//!   workers          survey  survey …     each over one range of frames
//! ```

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::{Part, Survey, Surveyor};

use super::{Document, Progress};

/// Frames that one worker surveys at a time: enough to be worth the trip, few enough that their
/// pages go back soon.
const CHUNK: u32 = 1 << 15;

/// How to open a recording.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// Frames in one chunk of the survey.
    pub chunk: u32,
    /// Bytes that read conversations may take in memory.
    pub budget: usize,
}

impl Default for Opening {
    fn default() -> Self {
        Self { chunk: CHUNK, budget: super::CONVERSATION_BUDGET }
    }
}

/// Why a recording could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be read, or is no capture.
    #[error("{}: {source}", path.display())]
    Capture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: wirestage_captures::OpenError,
    },
    /// Somebody asked to stop.
    #[error("opening was cancelled")]
    Cancelled,
}

impl Document {
    /// Opens and surveys a file.
    ///
    /// # Errors
    /// Where the file cannot be read or is no capture; damage is not an error.
    pub fn open(path: impl AsRef<Path>, progress: &Progress) -> Result<Self, OpenError> {
        Self::open_with(path.as_ref(), progress, Opening::default())
    }

    /// Opens and surveys a file in a certain way.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn open_with(path: &Path, progress: &Progress, how: Opening) -> Result<Self, OpenError> {
        let fail = |source| OpenError::Capture { path: path.to_path_buf(), source };
        let recording = Recording::begin(path).map_err(fail)?;
        Self::survey(recording, progress, how).map_err(|error| match error {
            OpenError::Capture { source, .. } => fail(source),
            other => other,
        })
    }

    /// Surveys a recording of which only the header was read.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn survey(
        recording: impl Into<Arc<Recording>>,
        progress: &Progress,
        how: Opening,
    ) -> Result<Self, OpenError> {
        let recording = recording.into();
        let survey = survey(&recording, progress, how.chunk.max(1))?;
        Ok(Self::new(recording, survey, how.budget))
    }
}

/// Indexes and surveys a recording.
fn survey(recording: &Recording, progress: &Progress, chunk: u32) -> Result<Survey, OpenError> {
    let mut survey = Survey::new();
    let mut waiting = Waiting::default();
    let (send, receive) = mpsc::channel();
    rayon::in_place_scope(|scope| {
        let mut indexer = recording.indexer();
        let mut first = 0;
        for number in 0.. {
            let step = indexer
                .step(chunk)
                .map_err(|source| OpenError::Capture { path: PathBuf::new(), source })?;
            progress.set(step.done, step.bytes);
            let send = send.clone();
            let frames = first..step.frames.end;
            first = step.frames.end;
            scope.spawn(move |_| {
                // A receiver that is gone has stopped listening for an error or a cancel.
                let _ = send.send((number, survey_range(recording, frames)));
            });
            for (number, part) in receive.try_iter() {
                waiting.absorb(number, part, &mut survey);
            }
            if progress.is_cancelled() {
                return Err(OpenError::Cancelled);
            }
            if !step.more {
                return Ok(());
            }
        }
        Ok(())
    })?;
    drop(send);
    for (number, part) in receive {
        waiting.absorb(number, part, &mut survey);
    }
    Ok(survey)
}

/// Bytes of the file that are copied out and surveyed at a time: they stay in the processor's
/// cache, and no page of the file becomes resident.
const COPY: u64 = 1 << 20;

/// Frames longer than this on average are not worth copying for their headers: they are surveyed
/// where they lie, and their pages given back.
const LARGE: u64 = 16 << 10;

/// Bytes of large frames that are surveyed before their pages are given back.
const MAPPED: u64 = 16 << 20;

/// Surveys a range of frames, whichever way of reading suits their size.
fn survey_range(recording: &Recording, frames: Range<u32>) -> Part {
    let mut surveyor = Surveyor::new(frames.start, registry::standard());
    let mut buffer = Vec::new();
    let mut at = frames.start;
    while at < frames.end {
        let within = |bytes| recording.frames_within(at, bytes).end.clamp(at + 1, frames.end);
        let few = within(COPY);
        if u64::from(few - at) * LARGE < COPY {
            let many = within(MAPPED);
            surveyor.add(recording, at..many);
            recording.release(at..many);
            at = many;
            continue;
        }
        match recording.stretch(at..few, std::mem::take(&mut buffer)) {
            Ok(stretch) => {
                surveyor.add(&stretch, at..few);
                buffer = stretch.into_buffer();
            }
            // What cannot be copied can still be there in the mapping.
            Err(_) => surveyor.add(recording, at..few),
        }
        at = few;
    }
    surveyor.finish()
}

/// Parts that came before their predecessors.
#[derive(Default)]
struct Waiting {
    parts: BTreeMap<u32, Part>,
    next: u32,
}

impl Waiting {
    fn absorb(&mut self, number: u32, part: Part, survey: &mut Survey) {
        self.parts.insert(number, part);
        while let Some(part) = self.parts.remove(&self.next) {
            survey.absorb(part, registry::standard());
            self.next += 1;
        }
    }
}
