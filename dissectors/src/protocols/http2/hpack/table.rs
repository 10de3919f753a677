//! The table that both ends of one direction build up alike (RFC 7541, section 2.3.2).
//!
//! ```text
//!   61 fixed entries │ newest … oldest      one space of numbers, the fixed ones first
//!                      62         …         an entry in front pushes others out behind
//! ```
//!
//! Where the beginning of a connection was not recorded, or bytes are missing, the entries put in
//! since then are known, and none before.

use std::collections::VecDeque;
use std::sync::Arc;

use super::fixed;
use crate::engine::value::Value;
use crate::limits::MAX_HEADER_TABLE;

/// What the size of a table is before anybody says otherwise (RFC 9113, section 6.5.2).
pub(in crate::protocols::http2) const USUAL_SIZE: u32 = 4096;

/// What an entry costs besides its bytes (RFC 7541, section 4.1).
const OVERHEAD: usize = 32;

/// The name of an entry.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// That of a fixed entry.
    Fixed(u8),
    /// One that was written out.
    Kept(Value),
    /// One of an entry that is not known.
    Unknown,
}

/// A field that was put there.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: Name,
    pub(super) value: Value,
}

impl Entry {
    fn size(&self) -> usize {
        let name = match &self.name {
            Name::Fixed(number) => fixed::entry(*number).map_or(0, |(name, _)| name.len()),
            Name::Kept(name) => name.bytes().len(),
            Name::Unknown => 0,
        };
        name + self.value.bytes().len() + OVERHEAD
    }
}

/// What a number leads to.
pub(super) enum Found<'t> {
    /// A fixed entry.
    Fixed(u8),
    /// One that was put there.
    Entry(&'t Entry),
    /// One from before what was recorded.
    Unknown,
    /// Nothing.
    Nothing,
}

/// A table. A copy costs a pointer until either changes.
#[derive(Clone, Debug)]
pub(in crate::protocols::http2) struct Table {
    entries: Arc<VecDeque<Entry>>,
    /// The size of all entries.
    size: usize,
    /// What it may grow to.
    capacity: u32,
    /// The largest capacity that the reader of these blocks has offered.
    offered: u32,
    /// Whether entries may be in it that were put there unseen.
    partial: bool,
}

impl Default for Table {
    fn default() -> Self {
        let (capacity, offered) = (USUAL_SIZE, USUAL_SIZE);
        Self { entries: Arc::default(), size: 0, capacity, offered, partial: false }
    }
}

impl Table {
    /// What was put there before is not known from here on.
    pub(in crate::protocols::http2) fn forget(&mut self) {
        *self = Self { partial: true, ..self.clone() };
        (self.entries, self.size) = (Arc::default(), 0);
    }

    /// Its reader offers to keep so many bytes.
    pub(in crate::protocols::http2) fn offer(&mut self, size: u32) {
        self.offered = self.offered.max(size);
    }

    /// Its writer changes the capacity. Says whether that much was offered.
    pub(super) fn resize(&mut self, capacity: u32) -> bool {
        let is_offered = capacity <= self.offered || self.partial;
        self.capacity = capacity.min(MAX_HEADER_TABLE);
        // Who may keep more than is kept here refers to what is gone.
        self.partial |= capacity > MAX_HEADER_TABLE;
        self.make_room(0);
        is_offered
    }

    /// What a number leads to.
    pub(super) fn get(&self, index: u32) -> Found<'_> {
        match index.checked_sub(fixed::LEN + 1) {
            None if index == 0 => Found::Nothing,
            None => Found::Fixed(index as u8),
            Some(place) => match self.entries.get(place as usize) {
                Some(entry) => Found::Entry(entry),
                None if self.partial => Found::Unknown,
                None => Found::Nothing,
            },
        }
    }

    /// Puts a field in front. One that is larger than the table empties it (section 4.4).
    pub(super) fn put(&mut self, entry: Entry) {
        let size = entry.size();
        self.make_room(size);
        if size <= self.capacity as usize {
            self.size += size;
            Arc::make_mut(&mut self.entries).push_front(entry);
        }
    }

    fn make_room(&mut self, size: usize) {
        if self.size + size <= self.capacity as usize {
            return;
        }
        let entries = Arc::make_mut(&mut self.entries);
        while self.size + size > self.capacity as usize
            && let Some(oldest) = entries.pop_back()
        {
            self.size -= oldest.size();
        }
    }
}
