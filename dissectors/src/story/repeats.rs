//! Exchanges of one connection that are told as one: five hundred requests that went like the first
//! are a line, and open when they are asked for.
//!
//! ```text
//!   4  GET /item/1 ──>   <── 200 OK
//!      497 more like this: GET /item/… → 200 OK, 0.4 to 2.1 ms each
//!   5  GET /other ──>
//! ```

use super::times::millis;
use super::{Beat, BeatId, Level, Story, TrackId};
use crate::ids::Time;
use crate::wording::bytes;

/// Exchanges that follow one that went the same way, without anything else between.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// The exchange that is told.
    pub like: BeatId,
    /// The first of those that are not, and the last beat that is part of them: they stand one
    /// behind the other.
    pub first: BeatId,
    /// See [`Repeat::first`].
    pub last: BeatId,
    /// How many they are.
    pub count: u32,
    /// What they have in common: "GET /item/… → 200 OK".
    pub label: String,
    /// How long the shortest and the longest of their round trips took, in nanoseconds, where
    /// each has one.
    pub nanos: Option<(i64, i64)>,
    /// The bytes of the smallest and of the largest, on the wire.
    pub bytes: (u64, u64),
    /// All of them as one beat, from when the first began until the last had ended.
    pub beat: Beat,
}

/// What a story tells as more of the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Folded {
    /// The connections that went the same way as this one.
    Connections(TrackId),
    /// The exchanges of which this is the first.
    Exchanges(BeatId),
}

impl Repeat {
    /// "497 more like this: GET /item/… → 200 OK".
    #[must_use]
    pub fn told(&self) -> String {
        format!("{} more like this: {}", self.count, self.label)
    }

    /// "0.400 to 2.100 ms each, 6.3 kB each".
    #[must_use]
    pub fn cost(&self) -> String {
        let range = |least: String, most: String| {
            if least == most { least } else { format!("{least} to {most}") }
        };
        let took = self
            .nanos
            .map(|(least, most)| format!("{} ms each, ", range(millis(least), millis(most))));
        let (least, most) = self.bytes;
        format!("{}{} each", took.unwrap_or_default(), range(bytes(least), bytes(most)))
    }

    /// From when to when they went on.
    #[must_use]
    pub const fn times(&self) -> (Time, Time) {
        (self.beat.sent.time, self.beat.ended.time)
    }
}

impl Story {
    /// The exchanges told as one that a beat is one of, or a part of one.
    #[must_use]
    pub fn repeat(&self, id: BeatId) -> Option<&Repeat> {
        let after = self.repeats.partition_point(|one| one.first <= id);
        let last = after.checked_sub(1).and_then(|at| self.repeats.get(at));
        last.filter(|one| id <= one.last)
    }

    /// Of each exchange that stands for others its last flight, with these others.
    pub fn repeats_by_flight(&self) -> impl Iterator<Item = (BeatId, &Repeat)> {
        self.repeats.iter().filter_map(|one| {
            let flights = self.children(Some(one.like));
            let last = flights.filter(|(_, beat)| beat.level == Level::Flight).last();
            Some((last?.0, one))
        })
    }
}
