//! The table that both ends of one direction build up alike (RFC 7541, section 2.3.2).
//!
//! ```text
//!   61 fixed entries │ newest … oldest      one space of numbers, the fixed ones first
//!                      62         …         an entry in front pushes others out behind
//! ```
//!
//! Where the beginning of a connection was not recorded, or bytes are missing, the entries put in
//! since then are known, and none before.

use crate::limits::MAX_HEADER_TABLE;
use crate::protocols::multiplexed::{Entries, Entry, HPACK_ENTRIES, Moment};

/// What the size of a table is before anybody says otherwise (RFC 9113, section 6.5.2).
pub(in crate::protocols::http2) const USUAL_SIZE: u32 = 4096;

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
    entries: Entries,
    /// The largest capacity that the reader of these blocks has offered.
    offered: u32,
    /// Whether entries may be in it that were put there unseen.
    partial: bool,
}

impl Default for Table {
    fn default() -> Self {
        let entries = Entries::with_capacity(USUAL_SIZE);
        Self { entries, offered: USUAL_SIZE, partial: false }
    }
}

impl Table {
    /// What was put there before is not known from here on.
    pub(in crate::protocols::http2) fn forget(&mut self) {
        self.partial = true;
        self.entries.clear();
    }

    /// Its reader offers to keep so many bytes.
    pub(in crate::protocols::http2) fn offer(&mut self, size: u32) {
        self.offered = self.offered.max(size);
    }

    /// What is known of it now, to be looked at later.
    pub(in crate::protocols::http2) fn moment(&self) -> Moment {
        self.entries.moment()
    }

    /// Its writer changes the capacity. Says whether that much was offered.
    pub(super) fn resize(&mut self, capacity: u32) -> bool {
        let is_offered = capacity <= self.offered || self.partial;
        // Who may keep more than is kept here refers to what is gone.
        self.partial |= capacity > MAX_HEADER_TABLE;
        self.entries.resize(capacity.min(MAX_HEADER_TABLE));
        is_offered
    }

    /// What a number leads to.
    pub(super) fn get(&self, index: u32) -> Found<'_> {
        match index.checked_sub(HPACK_ENTRIES + 1) {
            None if index == 0 => Found::Nothing,
            None => Found::Fixed(index as u8),
            Some(place) => match self.entries.back(place as usize) {
                Some(entry) => Found::Entry(entry),
                None if self.partial => Found::Unknown,
                None => Found::Nothing,
            },
        }
    }

    /// Puts a field in front. One that is larger than the table empties it (section 4.4).
    pub(super) fn put(&mut self, entry: Entry) {
        self.entries.put(entry);
    }
}
