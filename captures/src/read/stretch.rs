//! A stretch of frames copied out of the file at once, for a reader that goes through all of it.
//!
//! Borrowing frames one by one from the mapping costs a page fault every few frames and waits
//! for memory at each; copying a stretch that stays in cache does neither.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

use super::contents::{Contents, Source};

/// Some frames of a recording, by the numbers they have there.
///
/// Any other number is answered too, by the recording itself.
pub struct Stretch<'r> {
    contents: &'r Contents,
    frames: Range<u32>,
    held: Held,
}

/// Bytes of the file, and where they start in it.
struct Held {
    bytes: Vec<u8>,
    base: u64,
}

impl Source for Held {
    #[inline]
    fn upto(&self, offset: u64, max: usize) -> &[u8] {
        let Some(start) = offset.checked_sub(self.base).and_then(|at| usize::try_from(at).ok())
        else {
            return &[];
        };
        let end = start.saturating_add(max).min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }
}

impl<'r> Stretch<'r> {
    /// Copies `frames` out of `file` into `buffer`, whose room is used again.
    pub(super) fn read(
        contents: &'r Contents,
        file: &File,
        frames: Range<u32>,
        buffer: Vec<u8>,
    ) -> io::Result<Self> {
        let frames = frames.start..frames.end.min(contents.offsets.len());
        let mut held = Held { bytes: buffer, base: 0 };
        let Some(base) = contents.offsets.get(frames.start).filter(|_| !frames.is_empty()) else {
            held.bytes.clear();
            return Ok(Self { contents, frames: 0..0, held });
        };
        let end = contents.end_before(frames.end);
        held.base = base;
        held.bytes.resize(end.saturating_sub(base) as usize, 0);
        let mut filled = 0;
        while let Some(free) = held.bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
            match file.read_at(free, base + filled as u64) {
                // The file was cut: what is missing reads as empty frames.
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        held.bytes.truncate(filled);
        Ok(Self { contents, frames, held })
    }

    /// Gives the buffer back for the next stretch.
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.held.bytes
    }
}

impl Frames for Stretch<'_> {
    fn count(&self) -> u32 {
        self.contents.offsets.len()
    }

    #[inline]
    fn frame(&self, id: FrameId) -> Frame<'_> {
        let frame = if self.frames.contains(&id.0) {
            self.contents.frame(&self.held, id.0)
        } else {
            self.contents.frame(&self.contents.map, id.0)
        };
        frame.unwrap_or(Frame::EMPTY)
    }
}
