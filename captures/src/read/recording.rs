//! One recording in a file: frames by number, and everything it says beside them.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

use super::contents::{About, Contents, Source};
use super::facts::{Comment, Statistics};
use super::format::Format;
use super::interface::Interface;
use super::mapped::Mapping;
use super::open::OpenError;
use super::problem::{Problem, ProblemKind};
use super::spool::{COPY_BYTES, Wrapping, spool};
use super::stretch::Stretch;
use super::walk::Walker;
use crate::limits::MAX_UNFOLDED;

/// A recording: read it from any thread, while one of them indexes what is still unread.
///
/// ```no_run
/// use wirestage_captures::Recording;
/// use wirestage_dissectors::{frames::Frames, ids::FrameId};
///
/// let recording = Recording::open("capture.pcapng")?;
/// for number in 0..recording.count() {
///     let frame = recording.frame(FrameId(number));
///     println!("{} {} bytes", frame.time.0, frame.wire_len);
/// }
/// # Ok::<(), wirestage_captures::OpenError>(())
/// ```
pub struct Recording {
    file: Arc<File>,
    contents: Contents,
    walker: Mutex<Walker>,
}

/// How many frames one thread finds before it shows them to readers.
const STEP: u32 = 1 << 16;

/// How far indexing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The frames that this step found; all of them can be read now.
    pub frames: Range<u32>,
    /// How many bytes of the file are indexed.
    pub done: u64,
    /// How many bytes the file has.
    pub bytes: u64,
    /// Whether the next step may find more without the file growing.
    pub more: bool,
}

impl Recording {
    /// Opens a file and indexes all of it.
    ///
    /// Damage is not an error: see [`Self::problems`].
    ///
    /// # Errors
    /// Where the file cannot be read, or is no capture.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let recording = Self::begin(path)?;
        recording.refresh()?;
        Ok(recording)
    }

    /// Opens a file and reads nothing but its header: [`Self::indexer`] finds the frames.
    ///
    /// # Errors
    /// Where the file cannot be read, or is no capture.
    pub fn begin(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::at(path.as_ref(), false)
    }

    /// Opens a file that something else still appends to: [`Self::refresh`] finds what came.
    /// It may be empty at first.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds something else than a capture.
    pub fn follow(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::at(path.as_ref(), true)
    }

    /// Opens a file, with room to grow or without.
    fn at(path: &Path, growing: bool) -> Result<Self, OpenError> {
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

    /// Reads a pipe to its end into a spool file, unwraps it where it is compressed, and opens
    /// that. Indexes nothing yet.
    ///
    /// # Errors
    /// Where nothing can be read, or what was read is no capture.
    pub fn spool(reader: impl Read + Send) -> Result<Self, OpenError> {
        let (file, problem) = spool(reader, MAX_UNFOLDED)?;
        let recording = Self::over(file, false)?;
        if let Some(Problem { offset, kind }) = problem {
            recording.contents.facts(|facts| facts.problem(offset, kind));
        }
        Ok(recording)
    }

    /// Begins to read a spool file that something else still appends to.
    pub(crate) fn growing(file: File) -> Result<Self, OpenError> {
        Self::over(file, true)
    }

    /// Begins to read a file that is already open.
    fn over(file: File, growing: bool) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { path: PathBuf::from("-"), source };
        let map = Mapping::new(&file, growing).map_err(io)?;
        let file = Arc::new(file);
        let walker = Mutex::new(Walker::new(Arc::clone(&file)));
        let recording = Self { file, contents: Contents::new(map), walker };
        let begun = recording.indexer().step(0)?;
        if !growing && recording.contents.format.get().is_none() {
            return Err(match begun.bytes {
                0 => OpenError::Empty,
                bytes => OpenError::TooShort { bytes },
            });
        }
        Ok(recording)
    }

    /// Finds further frames, a step at a time; waits while another thread does.
    pub fn indexer(&self) -> Indexer<'_> {
        Indexer {
            contents: &self.contents,
            walker: self.walker.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Indexes everything that was appended since.
    ///
    /// A record that is not complete yet is left for the next call.
    ///
    /// # Errors
    /// Where the file turns out to be no capture, which a growing one can do late.
    pub fn refresh(&self) -> Result<Progress, OpenError> {
        let mut indexer = self.indexer();
        let first = self.count();
        loop {
            let step = indexer.stride()?;
            if !step.more {
                return Ok(Progress { frames: first..self.count(), ..step });
            }
        }
    }

    /// Copies some frames out of the file at once, into `buffer`, whose room is used again: the
    /// quickest way for a reader that goes through all frames. A megabyte or so at a time stays
    /// in cache.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn stretch(&self, frames: Range<u32>, buffer: Vec<u8>) -> io::Result<Stretch<'_>> {
        Stretch::read(&self.contents, &self.file, frames, buffer)
    }

    /// As many frames from `first` on as lie within about `bytes` of the file, at least one where
    /// there is one: for stretches that are equal in size whatever is in them.
    #[must_use]
    pub fn frames_within(&self, first: u32, bytes: u64) -> Range<u32> {
        let offset = |number| self.contents.offsets.get(number).unwrap_or(u64::MAX);
        let limit = offset(first).saturating_add(bytes);
        let (mut low, mut high) = (first.saturating_add(1), self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if offset(middle) < limit { low = middle + 1 } else { high = middle }
        }
        first..low.min(self.count()).max(first)
    }

    /// Copies the file as it is now, uncompressed, for example out of a spool file that has no
    /// name; gives the number of bytes.
    ///
    /// # Errors
    /// Where the file cannot be read, or `out` not be written to.
    pub fn copy_to(&self, out: &mut impl Write) -> io::Result<u64> {
        let (mut buffer, mut at) = (vec![0; COPY_BYTES], 0);
        loop {
            let read = match self.file.read_at(&mut buffer, at) {
                Ok(0) => return Ok(at),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            out.write_all(buffer.get(..read).unwrap_or_default())?;
            at += read as u64;
        }
    }

    /// The format; nothing while a growing source is too short to tell.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.contents.format.get().copied()
    }

    /// How many bytes the file has (after decompression).
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.contents.map.len()
    }

    /// The interfaces of all sections; a frame's `interface` is a position in this list.
    #[must_use]
    pub fn interfaces(&self) -> Vec<&Interface> {
        self.contents.interfaces.iter().collect()
    }

    /// What wrote each section.
    #[must_use]
    pub fn sections(&self) -> Vec<&About> {
        self.contents.sections.iter().map(|section| &section.about).collect()
    }

    /// The key log text of all secrets blocks, in the order of the file.
    #[must_use]
    pub fn secrets_text(&self) -> String {
        let mut out = String::new();
        for at in self.contents.facts(|facts| facts.secrets.clone()) {
            let bytes = self.contents.map.upto(at.offset, at.len as usize);
            out.push_str(&String::from_utf8_lossy(bytes));
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }

    /// The names of addresses, in the order of the file.
    #[must_use]
    pub fn names(&self) -> Vec<(IpAddr, String)> {
        self.contents.facts(|facts| facts.names.clone())
    }

    /// The comments on sections, interfaces and at the end of the recording.
    #[must_use]
    pub fn comments(&self) -> Vec<Comment> {
        self.contents.facts(|facts| facts.comments.clone())
    }

    /// What the capturing program counted.
    #[must_use]
    pub fn statistics(&self) -> Vec<Statistics> {
        self.contents.facts(|facts| facts.statistics.clone())
    }

    /// What is wrong with the file; empty for a sound one. A record that is still incomplete
    /// counts as wrong until the rest of it arrives.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self
            .contents
            .facts(|facts| facts.problems.iter().chain(&facts.tail).cloned().collect::<Vec<_>>());
        if let Some(offset) = self.contents.map.cut() {
            problems.push(Problem { offset, kind: ProblemKind::Shrunk });
        }
        problems
    }
}

impl Frames for Recording {
    fn count(&self) -> u32 {
        self.contents.offsets.len()
    }

    fn frame(&self, id: FrameId) -> Frame<'_> {
        self.contents.frame(&self.contents.map, id.0).unwrap_or(Frame::EMPTY)
    }

    fn release(&self, frames: Range<u32>) {
        let Some(start) = self.contents.offsets.get(frames.start) else { return };
        let end = self.contents.end_before(frames.end);
        self.contents.map.release(start..end);
    }
}

/// The right to index a recording: one thread has it at a time.
pub struct Indexer<'a> {
    contents: &'a Contents,
    walker: MutexGuard<'a, Walker>,
}

impl Indexer<'_> {
    /// Finds the next many frames, on all cores where the format and the size allow that: some
    /// tens of megabytes of the file a call. Stop calling it to cancel.
    ///
    /// # Errors
    /// Where the file turns out to be no capture, which a growing one can do late.
    pub fn stride(&mut self) -> Result<Progress, OpenError> {
        let first = self.contents.offsets.len();
        if self.walker.leap(self.contents) {
            return Ok(self.progress(first, true));
        }
        self.step(STEP)
    }

    /// Finds up to `max` further frames, fewer where they are far apart. Stop calling it to
    /// cancel.
    ///
    /// # Errors
    /// Where the file turns out to be no capture, which a growing one can do late.
    pub fn step(&mut self, max: u32) -> Result<Progress, OpenError> {
        let first = self.contents.offsets.len();
        let more = self.walker.step(self.contents, max)?;
        Ok(self.progress(first, more))
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
