//! A look at a file through a small buffer that moves forward.
//!
//! The index pass follows record headers, each of which says where the next one is. Through a
//! mapping every step waits for memory, unless several places are followed at once (see `split`);
//! copied through a buffer that stays in cache it is twice
//! as fast (75 ms against 140 ms over 1.5 GB and 1.47 million records), no page of the file
//! becomes resident, and a file that shrinks gives a short read and not a signal.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::limits::INDEX_WINDOW;

/// The buffer and what part of the file it holds.
pub(crate) struct Window {
    file: Arc<File>,
    buffer: Vec<u8>,
    /// The file offset of the buffer's first byte.
    base: u64,
    /// How many bytes of the buffer are filled.
    filled: usize,
}

impl Window {
    /// A window over `file` that holds nothing yet.
    pub(crate) fn new(file: Arc<File>) -> Self {
        Self { file, buffer: Vec::new(), base: 0, filled: 0 }
    }

    /// Up to `len` bytes at `offset`: fewer only where the file ends.
    #[inline]
    pub(crate) fn peek(&mut self, offset: u64, len: usize) -> io::Result<&[u8]> {
        let inside = offset.checked_sub(self.base).and_then(|at| usize::try_from(at).ok());
        let start = match inside {
            Some(at) if at + len <= self.filled => at,
            _ => {
                self.fill(offset, len)?;
                0
            }
        };
        let end = self.filled.min(start + len);
        Ok(self.buffer.get(start..end).unwrap_or_default())
    }

    /// Forgets what was read: the file may have grown since.
    pub(crate) fn forget(&mut self) {
        self.filled = 0;
    }

    /// Gives the buffer's memory back; reading on takes it again.
    pub(crate) fn give_back(&mut self) {
        (self.buffer, self.filled) = (Vec::new(), 0);
    }

    /// Reads anew from `offset`, at least `len` bytes where the file has them.
    #[cold]
    fn fill(&mut self, offset: u64, len: usize) -> io::Result<()> {
        self.buffer.resize(len.max(INDEX_WINDOW), 0);
        (self.base, self.filled) = (offset, 0);
        while let Some(free) = self.buffer.get_mut(self.filled..).filter(|free| !free.is_empty()) {
            match self.file.read_at(free, offset + self.filled as u64) {
                Ok(0) => break,
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
