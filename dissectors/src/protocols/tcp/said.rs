//! What one side has said, segment by segment: so that what it says again, and what the other side
//! confirms, can be told by name.
//!
//! ```text
//!   numbers   0 SYN   1 ───────── 701 ───────── 1401 FIN
//!   message   4       9           10            12
//!                     └ heard ────┘ an acknowledgement of 1401 is one of message 10
//! ```

use std::collections::VecDeque;

use crate::ids::{FrameId, MessageId, Time};
use crate::limits::{MAX_SAID, MAX_SAID_HEARD};

/// Numbers that a segment was the first to say, in the terms of
/// [`Half::number`](super::half::Half).
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u64,
    end: u64,
    by: Source,
}

/// A segment that says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) message: MessageId,
    pub(super) frame: FrameId,
    pub(super) time: Time,
    /// Its timestamp; zero for none.
    pub(super) stamp: u32,
}

/// What one side has said, as far as it is remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// In the order of their numbers; no number stands in two of them.
    runs: VecDeque<Run>,
    /// So many of the first were acknowledged.
    heard: usize,
    /// Every number before this one was acknowledged.
    acknowledged: u64,
}

/// What was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Again {
    /// The segment that said the first of it.
    pub(super) by: Source,
    /// Whether nothing of it is new.
    pub(super) whole: bool,
}

impl Said {
    /// What was said before of `count` numbers from `start` on.
    pub(super) fn again(&self, start: u64, count: u32) -> Option<Again> {
        let end = start + u64::from(count);
        if self.runs.back().is_none_or(|last| last.end <= start) {
            return None;
        }
        let first = self.runs.partition_point(|run| run.end <= start);
        let known = self.runs.range(first..).take_while(|run| run.start < end);
        let by = known.clone().next()?.by;
        let said: u64 = known.map(|run| run.end.min(end) - run.start.max(start)).sum();
        Some(Again { by, whole: said == end - start })
    }

    /// A segment says so many numbers from `start` on: those that are new are its own.
    pub(super) fn say(&mut self, (start, count): (u64, u32), by: Source) {
        let end = start + u64::from(count);
        if self.runs.back().is_none_or(|last| last.end <= start) {
            self.add(self.runs.len(), Run { start, end, by });
        } else {
            let mut at = start;
            let mut place = self.runs.partition_point(|run| run.end <= start);
            while at < end {
                let next = self.runs.get(place).map_or((end, end), |run| (run.start, run.end));
                if at < next.0 {
                    let end = end.min(next.0);
                    self.add(place, Run { start: at, end, by });
                    place += 1;
                }
                (at, place) = (next.1, place + 1);
            }
        }
        self.forget();
    }

    fn add(&mut self, place: usize, run: Run) {
        if run.start < run.end {
            // What is stored behind its own acknowledgement is nothing new to the other side.
            self.heard += usize::from(place <= self.heard && run.end <= self.acknowledged);
            self.runs.insert(place, run);
        }
    }

    /// The other side confirms every number before this one. The last segment that it had not
    /// confirmed as a whole before.
    pub(super) fn acknowledge(&mut self, number: u64) -> Option<Source> {
        if number <= self.acknowledged {
            return None;
        }
        self.acknowledged = number;
        let mut latest = None;
        while let Some(run) = self.runs.get(self.heard).filter(|run| run.end <= number) {
            latest = Some(run.by);
            self.heard += 1;
        }
        self.forget();
        latest
    }

    /// Every number before this one was acknowledged.
    pub(super) const fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Whether all that was said is acknowledged.
    pub(super) fn is_heard(&self) -> bool {
        self.heard == self.runs.len()
    }

    fn forget(&mut self) {
        while self.heard > MAX_SAID_HEARD || self.runs.len() > MAX_SAID {
            self.runs.pop_front();
            self.heard = self.heard.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The segment of this message.
    fn by(message: u32) -> Source {
        Source { message: MessageId(message), frame: FrameId(message), time: Time(0), stamp: 0 }
    }

    /// Segments as start and count, each said after it was asked what is said again.
    fn said(segments: &[(u64, u32)]) -> (Said, Vec<Option<(u32, bool)>>) {
        let mut said = Said::default();
        let again = segments.iter().zip(0..).map(|((start, count), number)| {
            let again = said.again(*start, *count).map(|one| (one.by.message.0, one.whole));
            said.say((*start, *count), by(number));
            again
        });
        let again = again.collect();
        (said, again)
    }

    #[test]
    fn what_is_said_again_is_that_of_who_said_it_first() {
        let (none, whole, part) = (None, |id| Some((id, true)), |id| Some((id, false)));
        let check = |segments: &[(u64, u32)], expected: &[Option<(u32, bool)>]| {
            assert_eq!(said(segments).1, expected, "{segments:?}");
        };
        check(&[(0, 1), (0, 1), (1, 9), (1, 0)], &[none, whole(0), none, none]);
        check(
            &[(1, 9), (10, 5), (1, 9), (1, 14), (12, 2)],
            &[none, none, whole(0), whole(0), whole(1)],
        );
        // With something new behind it, and again.
        check(&[(1, 9), (5, 10), (5, 10), (12, 1)], &[none, part(0), whole(0), whole(1)]);
        // A hole that is filled together with what surrounds it.
        check(
            &[(1, 4), (9, 4), (3, 8), (6, 1), (9, 1)],
            &[none, none, part(0), whole(2), whole(1)],
        );
        check(&[(9, 4), (1, 4), (5, 4), (1, 12)], &[none, none, none, whole(1)]);
    }

    #[test]
    fn an_acknowledgement_is_one_of_the_last_segment_that_is_new_in_it() {
        let (mut said, _) = said(&[(0, 1), (1, 9), (10, 5), (15, 5), (20, 1)]);
        let mut check = |number, expected: Option<u32>| {
            assert_eq!(said.acknowledge(number).map(|by| by.message.0), expected, "{number}");
        };
        check(1, Some(0));
        check(1, None);
        check(15, Some(2));
        check(12, None);
        check(17, None);
        check(21, Some(4));
        check(99, None);
    }

    #[test]
    fn what_is_stored_behind_its_acknowledgement_is_not_new_in_the_next() {
        let (mut said, _) = said(&[(1, 9)]);
        assert_eq!(said.acknowledge(20), Some(by(0)));
        said.say((10, 10), by(7));
        said.say((25, 5), by(8));
        said.say((20, 5), by(9));
        assert_eq!(said.acknowledge(25), Some(by(9)));
        assert_eq!(said.acknowledge(30), Some(by(8)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut said = Said::default();
        for number in 0..3 * MAX_SAID as u64 {
            said.say((number, 1), by(number as u32));
        }
        assert_eq!(said.runs.len(), MAX_SAID);
        assert_eq!(said.again(0, 1), None);
        let last = 3 * MAX_SAID as u64;
        assert_eq!(said.acknowledge(last), Some(by(last as u32 - 1)));
        assert_eq!(said.runs.len(), MAX_SAID_HEARD);
        let again = said.again(last - 1, 1).map(|again| again.by.message.0);
        assert_eq!(again, Some(last as u32 - 1));
    }
}
