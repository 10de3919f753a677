//! One file of a recording: its bytes, what was found in them, and the pass that finds more.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wirestage_dissectors::frames::Frame;

use super::contents::{Contents, Source};
use super::mapped::Mapping;
use super::open::OpenError;
use super::problem::{Problem, ProblemKind};
use super::recording::Progress;
use super::split::{Run, Runs};
use super::spool::{Wrapping, spool};
use super::walk::Walker;
use crate::limits::MAX_UNFOLDED;

/// One file.
pub(super) struct CaptureFile {
    /// What it is called; empty where it is the only one.
    pub(super) name: String,
    pub(super) file: Arc<File>,
    pub(super) contents: Contents,
    walker: Mutex<Walker>,
}

/// The right to index a file: one thread has it at a time.
pub(super) struct Walking<'a> {
    contents: &'a Contents,
    walker: MutexGuard<'a, Walker>,
}

/// How many frames one thread finds before it shows them to readers.
const STEP: u32 = 1 << 16;

impl CaptureFile {
    /// Opens a file, with room to grow or without.
    pub(super) fn at(path: &Path, growing: bool) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { path: path.to_path_buf(), source };
        let meta = path.metadata().map_err(io)?;
        if !meta.is_file() {
            let what = if meta.is_dir() { "a directory" } else { "a pipe or device" };
            return Err(OpenError::NotAFile { path: path.to_path_buf(), what });
        }
        let file = File::open(path).map_err(io)?;
        let mut head = [0; 4];
        let read = file.read_at(&mut head, 0).map_err(io)?;
        let opened = if Wrapping::sniff(head.get(..read).unwrap_or_default()).is_some() {
            Self::spool(file)
        } else {
            Self::over(file, growing)
        };
        opened.map_err(|error| match error {
            OpenError::Io { source, .. } => io(source),
            other => other,
        })
    }

    /// Reads a pipe to its end into a spool file, unwrapped.
    pub(super) fn spool(reader: impl Read + Send) -> Result<Self, OpenError> {
        let (file, problem) = spool(reader, MAX_UNFOLDED)?;
        let part = Self::over(file, false)?;
        if let Some(Problem { offset, kind, .. }) = problem {
            part.contents.facts(|facts| facts.problem(offset, kind));
        }
        Ok(part)
    }

    /// Begins to read a file that is already open.
    pub(super) fn over(file: File, growing: bool) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { path: PathBuf::from("-"), source };
        let map = Mapping::new(&file, growing).map_err(io)?;
        let file = Arc::new(file);
        let walker = Mutex::new(Walker::new(Arc::clone(&file)));
        let part = Self { name: String::new(), file, contents: Contents::new(map), walker };
        let begun = part.walk().step(0)?;
        if !growing && part.contents.format.get().is_none() {
            return Err(match begun.bytes {
                0 => OpenError::Empty,
                bytes => OpenError::TooShort { bytes },
            });
        }
        // Of several files, most wait for their turn.
        part.walk().rest();
        Ok(part)
    }

    /// The same file under a name.
    pub(super) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Finds further frames, a step at a time; waits while another thread does.
    pub(super) fn walk(&self) -> Walking<'_> {
        Walking {
            contents: &self.contents,
            walker: self.walker.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// How many frames it has.
    pub(super) fn count(&self) -> u32 {
        self.contents.offsets.len()
    }

    /// One frame, out of the mapping.
    #[inline]
    pub(super) fn frame(&self, number: u32) -> Option<Frame<'_>> {
        self.contents.frame(&self.contents.map, number)
    }

    /// Copies the records of some frames to the end of `buffer`; gives the file offset at which
    /// they start. What a cut file lacks is missing at their end, and reads as empty frames.
    pub(super) fn copy(&self, frames: Range<u32>, buffer: &mut Vec<u8>) -> io::Result<u64> {
        let Some(place) = self.contents.place(frames) else { return Ok(0) };
        let start = buffer.len();
        let len = place.end.saturating_sub(place.start) as usize;
        buffer.resize(start.saturating_add(len), 0);
        let mut filled = 0;
        while let Some(free) = buffer.get_mut(start + filled..).filter(|free| !free.is_empty()) {
            match self.file.read_at(free, place.start + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        buffer.truncate(start + filled);
        Ok(place.start)
    }

    /// Adds the key log text of all secrets blocks, in the order of the file.
    pub(super) fn add_secrets(&self, out: &mut String) {
        for at in self.contents.facts(|facts| facts.secrets.clone()) {
            let bytes = self.contents.map.upto(at.offset, at.len as usize);
            out.push_str(&String::from_utf8_lossy(bytes));
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
    }

    /// What is wrong with it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = self
            .contents
            .facts(|facts| facts.problems.iter().chain(&facts.tail).cloned().collect::<Vec<_>>());
        if let Some(offset) = self.contents.map.cut() {
            problems.push(Problem { file: String::new(), offset, kind: ProblemKind::Shrunk });
        }
        for problem in &mut problems {
            problem.file.clone_from(&self.name);
        }
        problems
    }
}

impl<'w> Walking<'w> {
    /// Finds the next many frames, on all cores where the format and the size allow that.
    pub(super) fn stride(&mut self) -> Result<Progress, OpenError> {
        let first = self.contents.offsets.len();
        if self.walker.leap(self.contents) {
            return Ok(self.progress(first, true));
        }
        self.step(STEP)
    }

    /// Finds up to `max` further frames, fewer where they are far apart.
    pub(super) fn step(&mut self, max: u32) -> Result<Progress, OpenError> {
        let first = self.contents.offsets.len();
        let more = self.walker.step(self.contents, max)?;
        Ok(self.progress(first, more))
    }

    /// The rest of the file, cut into runs.
    pub(super) fn runs(&self) -> Option<Runs<'w>> {
        self.walker.runs(self.contents)
    }

    /// Takes in what the next run found: the numbers of its frames.
    pub(super) fn take(&mut self, run: &Run<'_>) -> Option<Range<u32>> {
        let first = self.contents.offsets.len();
        self.walker.take(self.contents, run).then(|| first..self.contents.offsets.len())
    }

    /// Gives back the memory that walking takes.
    pub(super) fn rest(&mut self) {
        self.walker.window.give_back();
    }

    /// Where indexing stands, with the frames from `first` on being new.
    fn progress(&self, first: u32, more: bool) -> Progress {
        Progress {
            frames: first..self.contents.offsets.len(),
            done: self.walker.at(),
            bytes: self.contents.map.len(),
            more,
        }
    }
}
