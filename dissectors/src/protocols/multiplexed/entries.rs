//! The entries of a table that an encoder fills (RFC 7541, section 2.3.2; RFC 9204, section 3.2).
//!
//! ```text
//!   gone │ oldest … newest │ next        an entry at the end pushes others out in front
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::fixed::Fixed;
use super::moment::{Moment, Node};
use super::text::Text;
use crate::bytes::Lossy;
use crate::engine::session::Out;
use crate::engine::value::Value;

/// What an entry costs besides its bytes (RFC 7541, section 4.1; RFC 9204, section 3.2.1).
pub(in crate::protocols) const OVERHEAD: usize = 32;

/// The name of an entry.
#[derive(Clone, Debug)]
pub(in crate::protocols) enum Name {
    /// That of a fixed entry.
    Fixed(Fixed, u8),
    /// One that was written out.
    Kept(Value),
    /// One of an entry that is not known.
    Unknown,
}

/// A field that was put there.
#[derive(Clone, Debug)]
pub(in crate::protocols) struct Entry {
    pub(in crate::protocols) name: Name,
    pub(in crate::protocols) value: Value,
}

impl Entry {
    fn size(&self) -> usize {
        self.name_bytes().map_or(0, <[u8]>::len) + self.value.bytes().len() + OVERHEAD
    }

    /// The bytes of its name, where they are known.
    pub(super) fn name_bytes(&self) -> Option<&[u8]> {
        match &self.name {
            Name::Fixed(table, number) => table.entry(*number).map(|(name, _)| name.as_bytes()),
            Name::Kept(name) => Some(name.bytes()),
            Name::Unknown => None,
        }
    }

    /// Where its name can be read.
    pub(in crate::protocols) fn name(&self, out: &mut Out<'_>) -> Text {
        match &self.name {
            Name::Fixed(table, number) => Text::FixedName(*table, *number),
            Name::Kept(name) => Text::At(out.recall(name)),
            Name::Unknown => Text::Unknown,
        }
    }

    /// Where its value can be read.
    pub(in crate::protocols) fn value(&self, out: &mut Out<'_>) -> Text {
        Text::At(out.recall(&self.value))
    }
}

/// An entry in one line.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name_bytes().map_or(Lossy(b"?"), Lossy);
        write!(f, "{name}: {}", Lossy(self.value.bytes()))
    }
}

/// All entries, with what they may cost. A copy costs a pointer until either changes.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols) struct Entries {
    all: Arc<VecDeque<Arc<Node>>>,
    /// How many were ever put in.
    inserted: u64,
    /// The size of all of them.
    size: usize,
    /// What it may grow to, in bytes.
    capacity: u32,
}

impl Entries {
    /// None, and room for so many bytes.
    pub(in crate::protocols) fn with_capacity(capacity: u32) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// What it may grow to.
    pub(in crate::protocols) const fn capacity(&self) -> u32 {
        self.capacity
    }

    /// The entry that is so far from the newest, which is 0.
    pub(in crate::protocols) fn back(&self, index: usize) -> Option<&Entry> {
        let node = self.all.get(self.all.len().checked_sub(index)?.checked_sub(1)?)?;
        Some(node.entry())
    }

    /// What is in the table now, to be looked at later.
    pub(in crate::protocols) fn moment(&self) -> Moment {
        Moment::new(
            self.all.front().cloned(),
            (self.inserted, self.all.len()),
            (self.size, self.capacity),
        )
    }

    /// Changes what it may grow to.
    pub(in crate::protocols) fn resize(&mut self, capacity: u32) {
        self.capacity = capacity;
        self.make_room(0);
    }

    /// Drops all of them.
    pub(in crate::protocols) fn clear(&mut self) {
        (self.all, self.size) = (Arc::default(), 0);
    }

    /// Puts an entry in. Says no where it is larger than all may be: it empties the table (RFC
    /// 7541, section 4.4), or must not be sent (RFC 9204, section 3.2.2).
    pub(in crate::protocols) fn put(&mut self, entry: Entry) -> bool {
        let size = entry.size();
        self.make_room(size);
        let fits = size <= self.capacity as usize;
        if fits {
            self.size += size;
            let node = Arc::new(Node::new(entry));
            let all = Arc::make_mut(&mut self.all);
            if let Some(newest) = all.back()
                && !newest.lead_to(&node)
            {
                Self::part(all);
            }
            if let Some(newest) = all.back() {
                newest.lead_to(&node);
            }
            all.push_back(node);
        }
        self.inserted += u64::from(fits);
        fits
    }

    /// Another reading went on from here before: each needs a row of its own.
    fn part(all: &mut VecDeque<Arc<Node>>) {
        let mut before: Option<Arc<Node>> = None;
        for place in all.iter_mut() {
            *place = Arc::new(Node::new(place.entry().clone()));
            if let Some(before) = before.replace(Arc::clone(place)) {
                before.lead_to(place);
            }
        }
    }

    fn make_room(&mut self, size: usize) {
        if self.size + size <= self.capacity as usize {
            return;
        }
        let all = Arc::make_mut(&mut self.all);
        while self.size + size > self.capacity as usize
            && let Some(oldest) = all.pop_front()
        {
            self.size -= oldest.entry().size();
        }
    }
}
