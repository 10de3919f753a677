//! Tables that grow at their end while others read them: one writer, many readers, no locks.
//!
//! ```text
//! Table      chunk 0: 16 cells | chunk 1: 16 | chunk 2: 32 | chunk 3: 64 | ...
//! Offsets    a table of pages, each with 4,096 offsets of 4 bytes behind its first one
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

/// Offsets on a page, as a power of two: 16 KiB a page, for many small files may be read as one.
const PAGE: u32 = 12;

/// Where each frame's record starts in the file: four bytes a frame.
#[derive(Default)]
pub(crate) struct Offsets {
    pages: Table<Page>,
    len: AtomicU32,
}

/// Offsets of frames that follow each other.
struct Page {
    /// The first of them.
    base: u64,
    /// How far behind that each is.
    near: Box<[AtomicU32]>,
    /// Those of which `near` says [`FAR`]: there are none unless blocks that are no frames take
    /// gigabytes.
    far: OnceLock<Box<[AtomicU64]>>,
}

/// An offset that lies too far behind the first of its page.
const FAR: u32 = u32::MAX;

impl Page {
    fn at(base: u64) -> Self {
        let near = (0..1 << PAGE).map(|_| AtomicU32::new(FAR)).collect();
        Self { base, near, far: OnceLock::new() }
    }

    fn set(&self, at: usize, offset: u64) {
        let behind = offset.checked_sub(self.base).and_then(|far| u32::try_from(far).ok());
        match behind.filter(|behind| *behind != FAR) {
            Some(behind) => {
                if let Some(cell) = self.near.get(at) {
                    cell.store(behind, Ordering::Relaxed);
                }
            }
            None => {
                let none = || (0..1 << PAGE).map(|_| AtomicU64::new(0)).collect();
                if let Some(cell) = self.far.get_or_init(none).get(at) {
                    cell.store(offset, Ordering::Relaxed);
                }
            }
        }
    }

    fn get(&self, at: usize) -> Option<u64> {
        match self.near.get(at)?.load(Ordering::Relaxed) {
            FAR => Some(self.far.get()?.get(at)?.load(Ordering::Relaxed)),
            behind => Some(self.base + u64::from(behind)),
        }
    }
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
        self.pages.get((index >> PAGE) as usize)?.get((index & ((1 << PAGE) - 1)) as usize)
    }

    /// Adds the offsets of frames that follow each other; they become visible together.
    pub(crate) fn extend(&self, mut offsets: &[u64]) {
        let mut index = self.len.load(Ordering::Relaxed);
        while let Some(first) = offsets.first() {
            let (number, at) = ((index >> PAGE) as usize, (index & ((1 << PAGE) - 1)) as usize);
            if number == self.pages.len() {
                self.pages.push(Page::at(*first));
            }
            let (some, rest) = offsets.split_at(offsets.len().min((1 << PAGE) - at));
            if let Some(page) = self.pages.get(number) {
                some.iter().zip(at..).for_each(|(offset, at)| page.set(at, *offset));
            }
            index += some.len() as u32;
            offsets = rest;
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

    #[test]
    fn offsets_may_lie_further_apart_than_four_bytes_can_say() {
        let offsets = Offsets::default();
        let all: Vec<u64> =
            (0..6000).map(|n: u64| n * 24 + [0, 1 << 32, 1 << 40][n as usize / 2000]).collect();
        offsets.extend(&all);
        let edge = [u64::from(u32::MAX) - 1, u64::from(u32::MAX), u64::from(u32::MAX) + 1];
        let first = all[4096];
        offsets.extend(&edge.map(|behind| first + behind));
        let found = (0..6003).map(|index| offsets.get(index).unwrap());
        assert!(found.eq(all.iter().copied().chain(edge.map(|behind| first + behind))));
    }
}
