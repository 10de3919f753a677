//! A table as it was at a moment: entries lead to those that were put in behind them, so that
//! whoever holds the oldest one of a moment can walk over all of it, and nothing is copied.
//!
//! ```text
//!   moment: 3 entries ──┐           the table now ──┐
//!            gone │ a ──> b ──> c ──> d ──> e        │ from here on
//!                   └ kept alive by the moment alone
//! ```

use std::sync::{Arc, OnceLock};

use super::entries::Entry;

/// An entry, and the one behind it.
#[derive(Debug)]
pub(super) struct Node {
    entry: Entry,
    next: OnceLock<Arc<Node>>,
}

impl Node {
    pub(super) const fn new(entry: Entry) -> Self {
        Self { entry, next: OnceLock::new() }
    }

    pub(super) const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Leads to another one from here on; says no where it leads elsewhere already.
    pub(super) fn lead_to(&self, next: &Arc<Self>) -> bool {
        Arc::ptr_eq(self.next.get_or_init(|| Arc::clone(next)), next)
    }
}

/// A row of any length is let go one by one: each would else be let go inside the one before.
impl Drop for Node {
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut node) = next.and_then(Arc::into_inner) {
            next = node.next.take();
        }
    }
}

/// What was in a table.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols) struct Moment {
    oldest: Option<Arc<Node>>,
    /// How many entries were ever put in, and how many were there.
    inserted: u64,
    len: u32,
    /// Their bytes, with what each costs, and how many bytes there might be.
    pub(super) size: u32,
    pub(super) capacity: u32,
}

impl Moment {
    pub(super) fn new(
        oldest: Option<Arc<Node>>,
        (inserted, len): (u64, usize),
        (size, capacity): (usize, u32),
    ) -> Self {
        Self { oldest, inserted, len: len as u32, size: size as u32, capacity }
    }

    /// How many entries there were.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// How many entries were ever put in.
    pub(super) const fn inserted(&self) -> u64 {
        self.inserted
    }

    /// The number of its oldest entry, counted from the first one that was ever put in.
    const fn first(&self) -> u64 {
        self.inserted - self.len as u64
    }

    /// Its entries, the oldest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let nodes =
            std::iter::successors(self.oldest.as_deref(), |node| node.next.get().map(|it| &**it));
        nodes.take(self.len as usize).map(Node::entry)
    }

    /// How many entries were put in since another moment, and how many of that one are gone.
    pub(super) fn since(&self, before: &Self) -> (u64, u64) {
        let gone = self.first().saturating_sub(before.first()).min(before.len.into());
        (self.inserted.saturating_sub(before.inserted), gone)
    }
}

/// Two readings of the same bytes come to equal ones.
impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        let of = |moment: &Self| (moment.inserted, moment.len, moment.size, moment.capacity);
        of(self) == of(other)
    }
}

impl Eq for Moment {}

#[cfg(test)]
mod tests {
    use super::super::entries::{Entries, Name};
    use super::super::fixed::Fixed;
    use super::*;
    use crate::engine::value::Value;

    /// An entry of 42 bytes: `:path`, and five letters.
    fn put(entries: &mut Entries, value: &str) {
        let value = Value::plain(value.as_bytes());
        assert!(entries.put(Entry { name: Name::Fixed(Fixed::Hpack, 4), value }));
    }

    fn shown(moment: &Moment) -> Vec<String> {
        moment.entries().map(ToString::to_string).collect()
    }

    #[test]
    fn a_moment_stays_as_it_was() {
        let mut entries = Entries::with_capacity(100);
        let none = entries.moment();
        put(&mut entries, "/aaaa");
        let one = entries.moment();
        put(&mut entries, "/bbbb");
        put(&mut entries, "/cccc");
        let later = entries.moment();
        assert_eq!(shown(&none), [""; 0]);
        assert_eq!(shown(&one), [":path: /aaaa"]);
        assert_eq!(shown(&later), [":path: /bbbb", ":path: /cccc"]);
        assert_eq!(
            (later.since(&one), one.since(&none), later.since(&none)),
            ((2, 1), (1, 0), (3, 0))
        );
        assert_eq!((one.len(), later.len(), later.size), (1, 2, 84));
        entries.clear();
        assert_eq!(entries.moment().since(&later), (0, 2));
        assert_eq!(shown(&later).len(), 2);
    }

    #[test]
    fn two_readings_may_go_on_from_one_place() {
        let mut first = Entries::with_capacity(1_000);
        put(&mut first, "/aaaa");
        let mut second = first.clone();
        put(&mut first, "/bbbb");
        put(&mut second, "/cccc");
        put(&mut second, "/dddd");
        assert_eq!(shown(&first.moment()), [":path: /aaaa", ":path: /bbbb"]);
        assert_eq!(shown(&second.moment()), [":path: /aaaa", ":path: /cccc", ":path: /dddd"]);
    }

    #[test]
    fn a_long_row_is_let_go() {
        let mut entries = Entries::with_capacity(100);
        put(&mut entries, "/aaaa");
        let first = entries.moment();
        (0..200_000).for_each(|_| put(&mut entries, "/bbbb"));
        drop(entries);
        assert_eq!(shown(&first), [":path: /aaaa"]);
        drop(first);
    }
}
