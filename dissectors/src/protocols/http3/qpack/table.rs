//! The table that a side's encoder fills, and its header sections name (RFC 9204, section 3.2).
//!
//! ```text
//!   dropped │ 4 │ 5 │ 6 │ 7 │ next        entries keep their numbers, the oldest go first
//! ```
//!
//! Where the beginning of the encoder's stream was not recorded, the numbers of its entries are not
//! known, and nothing is looked up.

use crate::limits::MAX_HEADER_TABLE;
use crate::protocols::multiplexed::{Entries, Entry, Moment, OVERHEAD};

/// A table. A copy costs a pointer until either changes.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols::http3) struct Table {
    entries: Entries,
    /// How many entries were ever put in.
    inserted: u64,
    /// What its reader offered at most, once that is known.
    pub(in crate::protocols::http3) offered: Option<u32>,
    /// Nobody knows any more what is in it.
    is_lost: bool,
}

impl Table {
    /// Instructions are missing, or could not be read.
    pub(in crate::protocols::http3) fn lose(&mut self) {
        self.entries.clear();
        self.is_lost = true;
    }

    /// Whether nobody knows what is in it.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// How many entries were ever put in.
    pub(in crate::protocols::http3) const fn inserted(&self) -> u64 {
        self.inserted
    }

    /// What is known of it now, to be looked at later.
    pub(in crate::protocols::http3) fn moment(&self) -> Moment {
        self.entries.moment()
    }

    /// How many entries it could have at most, by which counts are written round (section 4.5.1.1).
    pub(super) fn most_entries(&self) -> u64 {
        u64::from(self.offered.unwrap_or(self.entries.capacity())) / OVERHEAD as u64
    }

    /// Its writer changes the capacity.
    pub(super) fn resize(&mut self, capacity: u64) {
        let most = u32::try_from(capacity).unwrap_or(u32::MAX).min(MAX_HEADER_TABLE);
        // Who may keep more than is kept here refers to what is gone.
        self.is_lost |= capacity > most.into();
        self.entries.resize(most);
    }

    /// The entry of that number.
    pub(super) fn get(&self, number: u64) -> Option<&Entry> {
        let back = self.inserted.checked_sub(number)?.checked_sub(1)?;
        self.entries.back(usize::try_from(back).ok()?)
    }

    /// Puts a field in. One that is larger than the table cannot be put there: an error of its
    /// writer, after which nothing is known.
    pub(super) fn put(&mut self, entry: Entry) {
        self.inserted += 1;
        if !self.entries.put(entry) {
            self.lose();
        }
    }
}
