//! A stretch of frames copied out of the file at once, for a reader that goes through all of it.
//!
//! Borrowing frames one by one from the mapping costs a page fault every few frames and waits
//! for memory at each; copying a stretch that stays in cache does neither.

use std::io;
use std::ops::Range;

use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

use super::contents::Source;
use super::recording::Recording;

/// Some frames of a recording, by the numbers they have there.
///
/// Any other number is answered too, by the recording itself.
pub struct Excerpt<'r> {
    recording: &'r Recording,
    frames: Range<u32>,
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

/// What was copied out of one of the recording's files.
struct Piece {
    part: usize,
    /// The offset in that file at which it starts.
    base: u64,
    /// Where it lies in the buffer.
    at: Range<usize>,
}

/// Bytes of a file, and where they start in it.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) base: u64,
}

impl<'a> Source<'a> for Held<'a> {
    #[inline]
    fn upto(self, offset: u64, max: usize) -> &'a [u8] {
        let Some(start) = offset.checked_sub(self.base).and_then(|at| usize::try_from(at).ok())
        else {
            return &[];
        };
        let end = start.saturating_add(max).min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }
}

impl<'r> Excerpt<'r> {
    /// Copies `frames` out of the recording's files into `buffer`, whose room is used again.
    pub(super) fn read(
        recording: &'r Recording,
        frames: Range<u32>,
        buffer: Vec<u8>,
    ) -> io::Result<Self> {
        let frames = frames.start..frames.end.min(recording.count());
        let mut stretch = Self { recording, frames, bytes: buffer, pieces: Vec::new() };
        stretch.bytes.clear();
        for (part, share) in recording.shares(stretch.frames.clone()) {
            let Some(file) = recording.parts.get(part) else { continue };
            let start = stretch.bytes.len();
            let base = file.copy(share, &mut stretch.bytes)?;
            stretch.pieces.push(Piece { part, base, at: start..stretch.bytes.len() });
        }
        Ok(stretch)
    }

    /// Gives the buffer back for the next stretch.
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// What was copied out of one file.
    #[inline]
    fn held(&self, part: usize) -> Option<Held<'_>> {
        let piece = self.pieces.iter().find(|piece| piece.part == part)?;
        Some(Held { bytes: self.bytes.get(piece.at.clone())?, base: piece.base })
    }
}

impl Frames for Excerpt<'_> {
    fn count(&self) -> u32 {
        self.recording.count()
    }

    #[inline]
    fn frame(&self, id: FrameId) -> Frame<'_> {
        if !self.frames.contains(&id.0) {
            return self.recording.frame(id);
        }
        let read = |(part, number)| self.recording.read(self.held(part)?, part, number);
        self.recording.locate(id.0).and_then(read).unwrap_or(Frame::EMPTY)
    }
}
