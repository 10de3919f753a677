//! A file in memory that costs memory only where it is being read.
//!
//! Pages come in when touched and go out again with [`Mapping::release`], so that a file of any
//! size is read within a few megabytes. A source that grows is mapped beyond its end at once:
//! address space costs nothing, and a frame handed out keeps its place.

#![allow(unsafe_code)] // Mapping a file that others may write to is unsafe by nature.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{Advice, Mmap, MmapOptions, UncheckedAdvice};

use super::contents::Source;
use super::guard::Guard;
use crate::limits::GROWTH_ROOM;

/// A mapped file, as far as it is known to reach.
pub(crate) struct Mapping {
    /// Dropped before `map`: the guard must not outlive what it guards.
    guard: Option<Guard>,
    /// Nothing for a file without bytes, which cannot be mapped.
    map: Option<Mmap>,
    /// How many bytes may be read: the file's length when last looked at.
    len: AtomicU64,
    /// Whether room was left behind the end.
    growing: bool,
}

impl Mapping {
    /// Maps `file`; with `growing`, leaves room behind its end.
    pub(crate) fn new(file: &File, growing: bool) -> io::Result<Self> {
        let len = file.metadata()?.len();
        let room = if growing { len.saturating_add(GROWTH_ROOM) } else { len };
        let mut room = usize::try_from(room).map_err(|_| io::ErrorKind::FileTooLarge)?;
        if room == 0 {
            return Ok(Self { guard: None, map: None, len: AtomicU64::new(0), growing });
        }
        let map = loop {
            // SAFETY: the mapping is read only. Another process may still write to the file
            // while a frame is borrowed. We accept that as every tool that maps files does:
            // nothing is decided from a byte twice without being checked twice, lengths are
            // validated where they are used, and a cut file is covered by the guard. Files we
            // spool ourselves are private to us and only ever grow.
            match unsafe { MmapOptions::new().len(room).map(file) } {
                // A tight limit on address space: try with less room to grow.
                Err(_) if growing && room as u64 / 2 > len.max(1 << 20) => room /= 2,
                other => break other?,
            }
        };
        let guard = Guard::new(map.as_ptr(), map.len()).ok_or_else(|| {
            io::Error::other("too many files are mapped at once, or no SIGBUS handler can be set")
        })?;
        Ok(Self { guard: Some(guard), map: Some(map), len: AtomicU64::new(len), growing })
    }

    /// How many bytes may be read.
    pub(crate) fn len(&self) -> u64 {
        let len = self.len.load(Ordering::Acquire);
        self.cut().map_or(len, |cut| len.min(cut))
    }

    /// How long the file may become without being mapped anew.
    pub(crate) fn room(&self) -> u64 {
        self.map.as_ref().map_or(0, |map| map.len() as u64)
    }

    /// Whether the source is expected to grow.
    pub(crate) const fn growing(&self) -> bool {
        self.growing
    }

    /// Takes note that the file reaches to `len` now, at most [`Self::room`].
    pub(crate) fn grow(&self, len: u64) {
        self.len.store(len.min(self.room()), Ordering::Release);
    }

    /// Where the file was found to have been cut while open.
    pub(crate) fn cut(&self) -> Option<u64> {
        self.guard.as_ref()?.cut().map(|at| at as u64)
    }

    /// The bytes of a range; `None` if it reaches past the end.
    #[inline]
    fn get(&self, range: Range<u64>) -> Option<&[u8]> {
        if range.end > self.len() {
            return None;
        }
        self.map.as_deref()?.get(range.start as usize..range.end as usize)
    }

    /// Has the bytes at `offset` brought near while others are read: a record's header, and those
    /// of the packet in it.
    #[inline]
    pub(crate) fn expect(&self, offset: u64) {
        if let Some(bytes) = self.get(offset..offset.saturating_add(3 * LINE as u64)) {
            bytes.chunks_exact(LINE).for_each(fetch);
        }
    }

    /// The same of no more than one line of the caches, the one that holds this byte.
    #[inline]
    pub(crate) fn expect_line(&self, offset: u64) {
        if let Some(bytes) = self.get(offset..offset.saturating_add(1)) {
            fetch(bytes);
        }
    }

    /// Has the pages within `range` mapped before they are touched, in the order of the file.
    pub(crate) fn fetch(&self, range: Range<u64>) {
        let Some(map) = &self.map else { return };
        let end = range.end.min(self.len());
        let Some(len) = end.checked_sub(range.start).filter(|&len| len > 0) else { return };
        // A system that cannot do so (before Linux 5.14) maps them one by one.
        drop(map.advise_range(Advice::PopulateRead, range.start as usize, len as usize));
    }

    /// Gives the whole pages within `range` back to the system; reading them again is possible
    /// and costs a page fault.
    pub(crate) fn release(&self, range: Range<u64>) {
        let Some(map) = &self.map else { return };
        let end = range.end.min(map.len() as u64);
        let Some(len) = end.checked_sub(range.start).filter(|&len| len > 0) else { return };
        // SAFETY: dropping pages of a read-only file mapping loses nothing: a later access,
        // also through a reference that exists now, reads the same bytes from the file again.
        // Where the guard put zeros, zeros come back.
        let result = unsafe {
            map.unchecked_advise_range(
                UncheckedAdvice::DontNeed,
                range.start as usize,
                len as usize,
            )
        };
        // Memory that stays a little longer is no reason to stop anybody.
        drop(result);
    }
}

/// Bytes that one line of the processor's caches holds.
const LINE: usize = 64;

/// Has a line of the caches fetched.
#[inline]
fn fetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing that the program sees and never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(bytes.as_ptr().cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = bytes;
}

impl<'a> Source<'a> for &'a Mapping {
    #[inline]
    fn upto(self, offset: u64, max: usize) -> &'a [u8] {
        let end = offset.saturating_add(max as u64).min(self.len());
        let bytes = self.map.as_deref().and_then(|map| map.get(offset as usize..end as usize));
        bytes.unwrap_or_default()
    }
}
