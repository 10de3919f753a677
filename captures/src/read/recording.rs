//! One recording in a file, or in several: frames by number, and everything it says beside them.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

use super::capture_file::CaptureFile;
use super::contents::About;
use super::facts::{Comment, Facts, Statistics};
use super::format::Format;
use super::indexer::Indexer;
use super::interface::Interface;
use super::joined::Joined;
use super::open::OpenError;
use super::problem::Problem;
use super::spool::COPY_BYTES;
use super::stretch::Excerpt;
use crate::bytes::Order;

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
    pub(super) parts: Vec<CaptureFile>,
    /// How several files make one; `None` if there is one.
    pub(super) joined: Option<Joined>,
}

/// The blocks of one pcapng file, as they stand in it.
pub(crate) struct Blocks<'r> {
    part: &'r CaptureFile,
}

impl Blocks<'_> {
    /// Where the block of a frame begins.
    pub(crate) fn offset(&self, frame: u32) -> Option<u64> {
        self.part.contents.offsets.get(frame)
    }

    /// The byte order of the section that a frame is in.
    pub(crate) fn order(&self, frame: u32) -> Option<Order> {
        self.part.contents.section(frame).map(|section| section.order)
    }

    /// Reads bytes of the file, as many as there are.
    pub(crate) fn read(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.part.file.read_at(buffer, at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

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
        CaptureFile::at(path.as_ref(), false).map(Self::of)
    }

    /// Opens a file that something else still appends to: [`Self::refresh`] finds what came.
    /// It may be empty at first.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds something else than a capture.
    pub fn follow(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        CaptureFile::at(path.as_ref(), true).map(Self::of)
    }

    /// Reads a pipe to its end into a spool file, unwraps it where it is compressed, and opens
    /// that. Indexes nothing yet.
    ///
    /// # Errors
    /// Where nothing can be read, or what was read is no capture.
    pub fn spool(reader: impl Read + Send) -> Result<Self, OpenError> {
        CaptureFile::spool(reader).map(Self::of)
    }

    /// Begins to read a spool file that something else still appends to.
    pub(crate) fn growing(file: File) -> Result<Self, OpenError> {
        CaptureFile::over(file, true).map(Self::of)
    }

    /// A recording in one file.
    fn of(part: CaptureFile) -> Self {
        Self { parts: vec![part], joined: None }
    }

    /// Finds further frames, a step at a time; waits while another thread does.
    pub fn indexer(&self) -> Indexer<'_> {
        Indexer::over(self)
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
    pub fn stretch(&self, frames: Range<u32>, buffer: Vec<u8>) -> io::Result<Excerpt<'_>> {
        Excerpt::read(self, frames, buffer)
    }

    /// As many frames from `first` on as lie within about `bytes` of the file, at least one where
    /// there is one: for stretches that are equal in size whatever is in them.
    #[must_use]
    pub fn frames_within(&self, first: u32, bytes: u64) -> Range<u32> {
        match (&self.joined, &self.parts[..]) {
            (None, [part]) => part.contents.within(first, bytes),
            _ => self.within(first, bytes),
        }
    }

    /// Copies the file as it is now, uncompressed, for example out of a spool file that has no
    /// name; gives the number of bytes.
    ///
    /// # Errors
    /// Where the file cannot be read, or `out` not be written to; also where several files are
    /// read as one, for then there is no such file.
    pub fn copy_to(&self, out: &mut impl Write) -> io::Result<u64> {
        let [part] = &self.parts[..] else { return Err(io::ErrorKind::Unsupported.into()) };
        let (mut buffer, mut at) = (vec![0; COPY_BYTES], 0);
        loop {
            let read = match part.file.read_at(&mut buffer, at) {
                Ok(0) => return Ok(at),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            out.write_all(buffer.get(..read).unwrap_or_default())?;
            at += read as u64;
        }
    }

    /// Where the blocks of a pcapng file lie; `None` if it is none, or several are read as one.
    pub(crate) fn blocks(&self) -> Option<Blocks<'_>> {
        match (&self.joined, &self.parts[..]) {
            (None, [part]) if part.contents.format.get() == Some(&Format::Pcapng) => {
                Some(Blocks { part })
            }
            _ => None,
        }
    }

    /// The format, of several files that of the first; nothing while a growing source is too
    /// short to tell.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.parts.first()?.contents.format.get().copied()
    }

    /// How many bytes the file has (after decompression), or all files together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.contents.map.len()).sum()
    }

    /// The interfaces of all sections; a frame's `interface` is a position in this list.
    #[must_use]
    pub fn interfaces(&self) -> Vec<&Interface> {
        match &self.joined {
            None => self.parts.iter().flat_map(|part| part.contents.interfaces.iter()).collect(),
            Some(joined) => joined.interfaces().iter().collect(),
        }
    }

    /// What wrote each section.
    #[must_use]
    pub fn sections(&self) -> Vec<&About> {
        let sections = self.parts.iter().flat_map(|part| part.contents.sections.iter());
        sections.map(|section| &section.about).collect()
    }

    /// The key log text of all secrets blocks, in the order of the file.
    #[must_use]
    pub fn secrets_text(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            part.add_secrets(&mut out);
        }
        out
    }

    /// The names of addresses, in the order of the file.
    #[must_use]
    pub fn names(&self) -> Vec<(IpAddr, String)> {
        let mut names: Vec<_> = self.told(|facts| &facts.names, |_, name| name);
        if self.joined.is_some() {
            let mut known = HashSet::new();
            names.retain(|name| known.insert(name.clone()));
        }
        names
    }

    /// The comments on sections, interfaces and at the end of the recording.
    #[must_use]
    pub fn comments(&self) -> Vec<Comment> {
        self.told(
            |facts| &facts.comments,
            |part, comment| Comment { place: self.moved(part, comment.place), ..comment },
        )
    }

    /// The comments on frames, in the order of the frames.
    #[must_use]
    pub fn frame_comments(&self) -> Vec<(FrameId, String)> {
        let mut all = Vec::new();
        for (part, one) in self.parts.iter().enumerate() {
            let own = one.contents.facts(|facts| facts.on_frames.clone());
            all.extend(own.into_iter().map(|(number, text)| ((part, number), text)));
        }
        if self.joined.is_none() {
            return all.into_iter().map(|((_, number), text)| (FrameId(number), text)).collect();
        }
        if all.is_empty() {
            return Vec::new();
        }
        // What a frame is called in the whole only a walk over all of them tells.
        let located = (0..self.count()).filter_map(|whole| Some((self.locate(whole)?, whole)));
        let wanted: HashSet<(usize, u32)> = all.iter().map(|(place, _)| *place).collect();
        let known: HashMap<(usize, u32), u32> =
            located.filter(|(place, _)| wanted.contains(place)).collect();
        let named = |(place, text)| Some((FrameId(*known.get(&place)?), text));
        let mut all: Vec<_> = all.into_iter().filter_map(named).collect();
        all.sort_by_key(|(frame, _)| *frame);
        all
    }

    /// What the capturing program counted.
    #[must_use]
    pub fn statistics(&self) -> Vec<Statistics> {
        self.told(
            |facts| &facts.statistics,
            |part, one| Statistics { interface: self.interface(part, one.interface), ..one },
        )
    }

    /// What is told beside the frames, file by file; `moved` gives it its place in the whole.
    fn told<T: Clone>(
        &self,
        which: impl Fn(&Facts) -> &Vec<T>,
        moved: impl Fn(usize, T) -> T,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            let of_part = part.contents.facts(|facts| which(facts).clone());
            all.extend(of_part.into_iter().map(|one| moved(number, one)));
        }
        all
    }

    /// What is wrong with the file; empty for a sound one. A record that is still incomplete
    /// counts as wrong until the rest of it arrives.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        match (&self.joined, &self.parts[..]) {
            (None, [part]) => part.problems(),
            _ => self.problems_of_all(),
        }
    }
}

impl Frames for Recording {
    fn count(&self) -> u32 {
        match (&self.joined, &self.parts[..]) {
            (None, [part]) => part.count(),
            (joined, _) => joined.as_ref().map_or(0, Joined::count),
        }
    }

    #[inline]
    fn frame(&self, id: FrameId) -> Frame<'_> {
        let frame = match (&self.joined, &self.parts[..]) {
            (None, [part]) => part.frame(id.0),
            _ => self.locate(id.0).and_then(|(part, number)| {
                self.read(&self.parts.get(part)?.contents.map, part, number)
            }),
        };
        frame.unwrap_or(Frame::EMPTY)
    }

    fn comments(&self, frame: FrameId) -> Vec<String> {
        let Some((part, number)) = self.locate(frame.0) else { return Vec::new() };
        let contents = self.parts.get(part).map(|part| &part.contents);
        contents.map(|contents| contents.facts(|facts| facts.on_frame(number))).unwrap_or_default()
    }

    #[inline]
    fn expect(&self, frame: FrameId) {
        // Of several files the next frame is looked up at a price: that is for reading it.
        if let (None, [part]) = (&self.joined, &self.parts[..])
            && let Some(offset) = part.contents.offsets.get(frame.0)
        {
            part.contents.map.expect(offset);
        }
    }

    fn release(&self, frames: Range<u32>) {
        for (part, share) in self.shares(frames) {
            let Some(part) = self.parts.get(part) else { continue };
            if let Some(place) = part.contents.place(share) {
                part.contents.map.release(place);
            }
        }
    }
}
