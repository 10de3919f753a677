//! Ways to where nobody recorded: a router's, that drops a packet and says so.
//!
//! Whoever asked saw when the question left and when the answer came. The router's moment lies
//! between the two, and half of that time is drawn as each way; the picture says so.

use std::collections::{HashMap, HashSet};

use super::plan::Plan;
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::Story;

/// How many places are named that nobody recorded at.
const NAMED: usize = 3;

/// How long ways are taken to be that were seen at one end only.
#[derive(Clone, Default)]
pub(super) struct Reckoned {
    /// To where nobody recorded, by columns, in nanoseconds.
    there: HashMap<(usize, usize), i64>,
    /// From there: the times of such packets are those at which they came.
    back: HashMap<(usize, usize), i64>,
    /// What one must know of it.
    pub(super) note: Option<String>,
}

impl Reckoned {
    /// The ways of a plan; none where one place alone was recorded, for then none is measured.
    pub(super) fn new(story: &Story, plan: &Plan<'_>) -> Self {
        let mut ways = Self::default();
        if !story.both_ends {
            return ways;
        }
        let measured = plan.units.iter().filter(|unit| unit.received.is_some());
        let measured: HashSet<usize> = measured.flat_map(|unit| [unit.from, unit.to]).collect();
        let mut places = Vec::new();
        for trip in &story.trips {
            let answer = plan.cover(trip.to).and_then(|(first, _)| plan.units.get(first));
            let Some(answer) = answer else { continue };
            let seen_once = answer.received.is_none() && answer.from != answer.to;
            if !seen_once || answer.lost() || measured.contains(&answer.from) {
                continue;
            }
            // Of several the shortest: no answer leaves before its question has come.
            let half = trip.nanos / 2;
            let shortest = |known: &mut i64| *known = half.min(*known);
            let there = ways.there.entry((answer.to, answer.from));
            there.and_modify(shortest).or_insert(half);
            let back = ways.back.entry((answer.from, answer.to));
            back.and_modify(shortest).or_insert(half);
            places.push(answer.from);
        }
        places.sort_unstable();
        places.dedup();
        let name = |column: &usize| {
            let actor = story.cast.get(*plan.cast.get(*column)?)?;
            Some(actor.name.as_str())
        };
        let names: Vec<&str> = places.iter().filter_map(name).collect();
        ways.note = said(&names);
        ways
    }

    /// How long the way to a place takes that nobody recorded at.
    pub(super) fn there(&self) -> impl Iterator<Item = ((usize, usize), i64)> {
        self.there.iter().map(|(way, nanos)| (*way, *nanos))
    }

    /// When something left that was seen when it came; nothing for all other ways.
    pub(super) fn left(&self, way: (usize, usize), came: Time) -> Option<Time> {
        self.back.get(&way).map(|nanos| Time(came.0.saturating_sub(*nanos)))
    }
}

/// What is said of places that nobody recorded at.
fn said(names: &[&str]) -> Option<String> {
    let (last, before) = names.split_last()?;
    let list = match before {
        [] => (*last).to_owned(),
        _ if names.len() <= NAMED => format!("{} and {last}", before.join(", ")),
        _ => {
            let named = names.get(..NAMED - 1).unwrap_or_default();
            format!("{} and {} others", named.join(", "), names.len() - named.len())
        }
    };
    Some(format!(
        "Nobody recorded at {list}: half of the time until the answer came is drawn as the way \
         there, and half as the way back."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], list: &str) {
        let told = said(names).unwrap_or_default();
        assert!(told.starts_with(&format!("Nobody recorded at {list}: half ")), "{told}");
    }

    #[test]
    fn places_are_named_or_counted() {
        assert_eq!(said(&[]), None);
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
        check(&["a", "b", "c", "d"], "a, b and 2 others");
    }
}
