//! The names that a filter may use, and those that are near one that it may not.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::field::{FieldDef, FieldId};
use crate::protocol::{Registry, fields_of};

/// All fields and protocols of a registry by their names.
pub struct Vocabulary {
    by_name: BTreeMap<&'static str, Vec<FieldId>>,
}

/// Names that are offered for one that does not exist.
const OFFERED: usize = 3;

impl Vocabulary {
    /// The names of these protocols and their fields.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        let mut by_name: BTreeMap<&'static str, Vec<FieldId>> = BTreeMap::new();
        let all = registry.all().iter();
        for field in all.flat_map(|one| fields_of(*one).chain([one.heading()])) {
            by_name.entry(field.def().name).or_default().push(field);
        }
        Self { by_name }
    }

    /// The fields of that name: protocols may share one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[FieldId]> {
        self.by_name.get(name).map(Vec::as_slice)
    }

    /// All names in their order, each with a field that has it.
    pub fn all(&self) -> impl Iterator<Item = FieldId> {
        self.by_name.values().filter_map(|fields| fields.first().copied())
    }

    /// The names that begin like this, in their order.
    pub fn beginning(&self, start: &str) -> impl Iterator<Item = FieldId> {
        let range = (Bound::Included(start), Bound::Unbounded);
        let from = self.by_name.range::<str, _>(range);
        from.take_while(move |(name, _)| name.starts_with(start))
            .filter_map(|(_, fields)| fields.first().copied())
    }

    /// Names that look like this one, the nearest first.
    #[must_use]
    pub fn near(&self, name: &str) -> Vec<&'static str> {
        let wanted = name.to_ascii_lowercase();
        let most = wanted.len() / 4 + 1;
        let distance = |known: &&'static str| {
            let is_close = known.len().abs_diff(wanted.len()) <= most;
            let distance = is_close.then(|| strsim::osa_distance(known, &wanted))?;
            (distance <= most).then_some((distance, *known))
        };
        let mut found: Vec<_> = self.by_name.keys().filter_map(distance).collect();
        found.sort_unstable();
        // Whoever swapped two letters, or missed one, did not mean what takes more than that.
        let nearest = found.first().map_or(0, |(distance, _)| *distance);
        found.retain(|(distance, _)| nearest > 1 || *distance == nearest);
        let mut names: Vec<_> = found.into_iter().map(|(_, name)| name).take(OFFERED).collect();
        if names.is_empty() {
            // The last word may be right where the way to it is not.
            let last = wanted.rsplit('.').next().filter(|last| last.len() > 2);
            let ends = |known: &&&'static str| {
                last.is_some_and(|last| known.rsplit('.').next() == Some(last))
            };
            names = self.by_name.keys().filter(ends).copied().take(OFFERED).collect();
        }
        names
    }
}

/// What a person reads about a field: its title, and what its values are.
#[must_use]
pub fn kind_of(def: &FieldDef) -> &'static str {
    super::types::Type::of(def).name()
}
