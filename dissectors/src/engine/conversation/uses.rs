//! What was used longest ago, found without asking each.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Keys by when they were used last.
#[derive(Debug)]
pub(super) struct Uses<K> {
    clock: u64,
    when: HashMap<K, u64>,
    by_time: BTreeMap<u64, K>,
}

impl<K> Default for Uses<K> {
    fn default() -> Self {
        Self { clock: 0, when: HashMap::new(), by_time: BTreeMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Uses<K> {
    /// A key is used now.
    pub(super) fn touch(&mut self, key: K) {
        self.clock += 1;
        if let Some(before) = self.when.insert(key, self.clock) {
            self.by_time.remove(&before);
        }
        self.by_time.insert(self.clock, key);
    }

    /// A key is gone.
    pub(super) fn forget(&mut self, key: K) {
        if let Some(when) = self.when.remove(&key) {
            self.by_time.remove(&when);
        }
    }

    /// The key that was used longest ago.
    pub(super) fn oldest(&self) -> Option<K> {
        self.by_time.first_key_value().map(|(_, key)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_the_one_that_was_used_longest_ago() {
        let mut uses = Uses::default();
        [1, 2, 3, 1].into_iter().for_each(|key| uses.touch(key));
        assert_eq!(uses.oldest(), Some(2));
        uses.forget(2);
        uses.forget(9);
        assert_eq!(uses.oldest(), Some(3));
        uses.touch(3);
        assert_eq!((uses.oldest(), uses.by_time.len()), (Some(1), 2));
    }
}
