//! The right to index a recording: one thread has it at a time.

use std::ops::Range;
use std::sync::{MutexGuard, PoisonError};

use super::capture_file::{CaptureFile, Walking};
use super::joined::Joined;
use super::merge::Merge;
use super::open::OpenError;
use super::recording::{Progress, Recording};
use super::split::{Run, Runs};

/// The right to index a recording: one thread has it at a time.
pub struct Indexer<'a> {
    pass: Pass<'a>,
}

/// One file is walked; several are walked, then put into one order.
enum Pass<'a> {
    One(Walking<'a>),
    Several { parts: &'a [CaptureFile], joined: &'a Joined, merge: MutexGuard<'a, Merge> },
    Nothing,
}

impl<'a> Indexer<'a> {
    /// Waits until no other thread indexes.
    pub(super) fn over(recording: &'a Recording) -> Self {
        let pass = match (&recording.joined, recording.parts.first()) {
            (Some(joined), _) => {
                let merge = joined.merge.lock().unwrap_or_else(PoisonError::into_inner);
                Pass::Several { parts: &recording.parts, joined, merge }
            }
            (None, Some(part)) => Pass::One(part.walk()),
            (None, None) => Pass::Nothing,
        };
        Self { pass }
    }

    /// Finds the next many frames, on all cores where the format and the size allow that: some
    /// tens of megabytes of the file a call. Stop calling it to cancel.
    ///
    /// # Errors
    /// Where the file turns out to be no capture, which a growing one can do late.
    pub fn stride(&mut self) -> Result<Progress, OpenError> {
        /// Frames that are put into order at once.
        const MANY: u32 = 1 << 18;
        match &mut self.pass {
            Pass::One(walking) => walking.stride(),
            _ => self.step(MANY),
        }
    }

    /// The rest of the file, cut into runs that may be followed at the same time, wherever there is
    /// room, and looked at on the way; `None` if the format or the size do not allow that.
    /// [`Indexer::step`] goes on behind them.
    #[must_use]
    pub fn runs(&self) -> Option<Runs<'a>> {
        match &self.pass {
            Pass::One(walking) => walking.runs(),
            _ => None,
        }
    }

    /// Takes in the next run: its frames have these numbers now. `None` if it does not start where
    /// the one before ended; it and all behind it are of no use then.
    pub fn take(&mut self, run: &Run<'_>) -> Option<Range<u32>> {
        match &mut self.pass {
            Pass::One(walking) => walking.take(run),
            _ => None,
        }
    }

    /// Finds up to `max` further frames, fewer where they are far apart. Of several files none
    /// are found before all files are walked, so a step may find nothing and yet not be the last.
    /// Stop calling it to cancel.
    ///
    /// # Errors
    /// Where the file turns out to be no capture, which a growing one can do late.
    pub fn step(&mut self, max: u32) -> Result<Progress, OpenError> {
        match &mut self.pass {
            Pass::One(walking) => walking.step(max),
            Pass::Several { parts, joined, merge } => merge.step(parts, joined, max),
            Pass::Nothing => Ok(Progress { frames: 0..0, done: 0, bytes: 0, more: false }),
        }
    }
}
