//! The table that everything here is looked up in by number or by key.
//!
//! Its hash is quicker than the standard one's, and seeded anew in every run, so that a recording
//! cannot be made to fill one place of it. Nothing that is told follows the order of its entries.

/// A table with a quick hash.
pub(crate) type FastMap<K, V> = hashbrown::HashMap<K, V>;
