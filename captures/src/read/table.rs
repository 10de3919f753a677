//! Tables that grow at their end while others read them: one writer, many readers, no locks.
//!
//! ```text
//! Table      chunk 0: 16 cells | chunk 1: 16 | chunk 2: 32 | chunk 3: 64 | ...
//! Offsets    a table of pages, each with 4,096 offsets of 8 bytes
//! ```
//!
//! A cell is set once and never moves, so a reader may keep a reference to it while the writer
//! adds more.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// The first chunk's size as a power of two.
const FIRST: u32 = 4;
/// Chunks double, so this many hold four billion cells.
const CHUNKS: usize = 29;

/// A growing table of values that are set once.
pub(crate) struct Table<T> {
    chunks: [OnceLock<Box<[OnceLock<T>]>>; CHUNKS],
    len: AtomicUsize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { chunks: [const { OnceLock::new() }; CHUNKS], len: AtomicUsize::new(0) }
    }
}

/// Which chunk holds cell `index`, and where in it.
const fn locate(index: usize) -> (usize, usize) {
    let bits = (index | ((1 << FIRST) - 1)).ilog2();
    if bits < FIRST { (0, index) } else { ((bits - FIRST + 1) as usize, index - (1 << bits)) }
}

impl<T> Table<T> {
    /// How many cells are set.
    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    /// The value of one cell.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (chunk, at) = locate(index);
        self.chunks.get(chunk)?.get()?.get(at)?.get()
    }

    /// Adds a value and says where it stands. Only one thread at a time may do this; a second
    /// one would find the cell taken and lose its value, nothing worse.
    pub(crate) fn push(&self, value: T) -> usize {
        let index = self.len.load(Ordering::Relaxed);
        let (chunk, at) = locate(index);
        if let Some(chunk_cell) = self.chunks.get(chunk) {
            let size = 1_usize << (FIRST as usize + chunk.saturating_sub(1));
            let cells = chunk_cell.get_or_init(|| (0..size).map(|_| OnceLock::new()).collect());
            if cells.get(at).is_some_and(|cell| cell.set(value).is_ok()) {
                self.len.store(index + 1, Ordering::Release);
            }
        }
        index
    }

    /// The set cells in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).map_while(|index| self.get(index))
    }

    /// The last cell for which `before` holds, where it holds for a leading part of the table.
    pub(crate) fn last_where(&self, before: impl Fn(&T) -> bool) -> Option<&T> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&before) { low = middle + 1 } else { high = middle }
        }
        self.get(low.checked_sub(1)?)
    }
}

/// Offsets on a page, as a power of two: 32 KiB a page, for many small files may be read as one.
const PAGE: u32 = 12;

/// Where each frame's record starts in the file: eight bytes a frame.
#[derive(Default)]
pub(crate) struct Offsets {
    pages: Table<Box<[AtomicU64]>>,
    len: AtomicU32,
}

impl Offsets {
    /// How many frames there are.
    pub(crate) fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    /// Where the record of frame `index` starts.
    pub(crate) fn get(&self, index: u32) -> Option<u64> {
        if index >= self.len() {
            return None;
        }
        let page = self.pages.get((index >> PAGE) as usize)?;
        let cell = page.get((index & ((1 << PAGE) - 1)) as usize)?;
        Some(cell.load(Ordering::Relaxed))
    }

    /// Adds the offsets of frames that follow each other; they become visible together.
    pub(crate) fn extend(&self, offsets: &[u64]) {
        let mut index = self.len.load(Ordering::Relaxed);
        for &offset in offsets {
            let (page, at) = ((index >> PAGE) as usize, (index & ((1 << PAGE) - 1)) as usize);
            if page == self.pages.len() {
                self.pages.push((0..1 << PAGE).map(|_| AtomicU64::new(0)).collect());
            }
            if let Some(cell) = self.pages.get(page).and_then(|cells| cells.get(at)) {
                cell.store(offset, Ordering::Relaxed);
            }
            index += 1;
        }
        self.len.store(index, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_place_across_chunks() {
        let table = Table::default();
        for value in 0..1000_usize {
            assert_eq!(table.push(value), value);
        }
        assert!(table.iter().copied().eq(0..1000));
        assert_eq!(table.get(1000), None);
        for limit in [1, 15, 16, 17, 999, 1000, 2000] {
            assert_eq!(table.last_where(|&v| v < limit).copied(), Some(limit.min(1000) - 1));
        }
        assert_eq!(table.last_where(|_| false), None);
    }

    #[test]
    fn offsets_keep_their_place_across_pages() {
        let offsets = Offsets::default();
        let all: Vec<u64> = (0..200_000).map(|n| n * 7).collect();
        for part in all.chunks(777) {
            offsets.extend(part);
        }
        assert_eq!(offsets.len(), 200_000);
        assert!(all.iter().enumerate().all(|(i, &o)| offsets.get(i as u32) == Some(o)));
        assert_eq!(offsets.get(200_000), None);
    }
}
