//! The table that a side's encoder fills, and its header sections name (RFC 9204, section 3.2).
//!
//! ```text
//!   dropped │ 4 │ 5 │ 6 │ 7 │ next        entries keep their numbers, the oldest go first
//! ```
//!
//! Where the beginning of the encoder's stream was not recorded, the numbers of its entries are not
//! known, and nothing is looked up.

use std::collections::VecDeque;
use std::sync::Arc;

use super::fixed;
use crate::engine::value::Value;
use crate::limits::MAX_HEADER_TABLE;

/// What an entry costs besides its bytes (RFC 9204, section 3.2.1).
const OVERHEAD: usize = 32;

/// The name of an entry.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// That of a fixed entry.
    Fixed(u8),
    /// One that was written out.
    Kept(Value),
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
        };
        name + self.value.bytes().len() + OVERHEAD
    }
}

/// A table. A copy costs a pointer until either changes.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols::http3) struct Table {
    entries: Arc<VecDeque<Entry>>,
    /// The size of all entries.
    size: usize,
    /// How many entries were ever put in.
    inserted: u64,
    /// What it may grow to now.
    capacity: u32,
    /// What its reader offered at most, once that is known.
    pub(in crate::protocols::http3) offered: Option<u32>,
    /// Nobody knows any more what is in it.
    is_lost: bool,
}

impl Table {
    /// Instructions are missing, or could not be read.
    pub(in crate::protocols::http3) fn lose(&mut self) {
        (self.entries, self.size, self.is_lost) = (Arc::default(), 0, true);
    }

    /// Whether nobody knows what is in it.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// How many entries were ever put in.
    pub(in crate::protocols::http3) const fn inserted(&self) -> u64 {
        self.inserted
    }

    /// How many entries it could have at most, by which counts are written round (section 4.5.1.1).
    pub(super) fn most_entries(&self) -> u64 {
        u64::from(self.offered.unwrap_or(self.capacity)) / OVERHEAD as u64
    }

    /// Its writer changes the capacity.
    pub(super) fn resize(&mut self, capacity: u64) {
        let most = capacity.min(MAX_HEADER_TABLE.into());
        // Who may keep more than is kept here refers to what is gone.
        self.is_lost |= capacity > most;
        self.capacity = most as u32;
        self.make_room(0);
    }

    /// The entry of that number.
    pub(super) fn get(&self, number: u64) -> Option<&Entry> {
        let dropped = self.inserted - self.entries.len() as u64;
        self.entries.get(usize::try_from(number.checked_sub(dropped)?).ok()?)
    }

    /// Puts a field in. One that is larger than the table cannot be put there: an error of its
    /// writer, after which nothing is known.
    pub(super) fn put(&mut self, entry: Entry) {
        let size = entry.size();
        self.make_room(size);
        self.inserted += 1;
        if size > self.capacity as usize {
            self.lose();
            return;
        }
        self.size += size;
        Arc::make_mut(&mut self.entries).push_back(entry);
    }

    fn make_room(&mut self, size: usize) {
        if self.size + size <= self.capacity as usize {
            return;
        }
        let entries = Arc::make_mut(&mut self.entries);
        while self.size + size > self.capacity as usize
            && let Some(oldest) = entries.pop_front()
        {
            self.size -= oldest.size();
        }
    }
}
