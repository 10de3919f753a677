//! When frames were seen: not of each, but between which times each thousand of them lies.
//!
//! A clock hardly ever runs back, so what is asked about time has one answer for nearly every
//! stretch, and only the frames of the others are looked at.

use std::ops::Range;

use crate::ids::Time;

/// Frames of one stretch, at most.
const STRETCH: u32 = 1024;

/// The earliest and the latest of some times.
pub(super) type Span = (Time, Time);

/// The times of frames that follow each other, by stretches.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    stretches: Vec<Stretch>,
}

/// Frames that follow each other.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// The first frame behind them.
    end: u32,
    /// Between which times they lie, as far as they have any.
    span: Option<Span>,
    /// Whether each of them has a time.
    whole: bool,
}

impl Times {
    /// Adds the next frame's time.
    pub(super) fn push(&mut self, time: Time) {
        let time = time.known();
        let one = |end| Stretch { end, span: time.map(|time| (time, time)), whole: time.is_some() };
        self.add(one(self.count() + 1));
    }

    /// Adds the frames that follow.
    pub(super) fn append(&mut self, later: &Self) {
        let base = self.count();
        for stretch in &later.stretches {
            self.add(Stretch { end: stretch.end.saturating_add(base), ..*stretch });
        }
    }

    /// How many frames there are.
    fn count(&self) -> u32 {
        self.stretches.last().map_or(0, |last| last.end)
    }

    fn add(&mut self, next: Stretch) {
        let begin = match self.stretches.len().checked_sub(2) {
            Some(before) => self.stretches.get(before).map_or(0, |before| before.end),
            None => 0,
        };
        match self.stretches.last_mut() {
            Some(last) if next.end - begin <= STRETCH => {
                last.end = next.end;
                last.span = both(last.span, next.span);
                last.whole &= next.whole;
            }
            _ => self.stretches.push(next),
        }
    }

    /// Between which times all of them lie.
    pub(super) fn span(&self) -> Option<Span> {
        self.stretches.iter().fold(None, |sum, stretch| both(sum, stretch.span))
    }

    /// The stretches of a range of frames, each with the times between which they lie: nothing of
    /// those of which a frame has no time.
    pub(super) fn over(
        &self,
        frames: Range<u32>,
    ) -> impl Iterator<Item = (Range<u32>, Option<Span>)> {
        let first = self.stretches.partition_point(|stretch| stretch.end <= frames.start);
        let mut begin = frames.start;
        self.stretches.iter().skip(first).map_while(move |stretch| {
            let part = begin..stretch.end.min(frames.end);
            begin = part.end;
            (!part.is_empty()).then_some((part, stretch.span.filter(|_| stretch.whole)))
        })
    }
}

/// The earliest and the latest of two spans.
pub(super) fn both(a: Option<Span>, b: Option<Span>) -> Option<Span> {
    match (a, b) {
        (Some((from, to)), Some((other_from, other_to))) => {
            Some((from.min(other_from), to.max(other_to)))
        }
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: impl Iterator<Item = i64>) -> Times {
        let mut all = Times::default();
        times.for_each(|time| all.push(Time(time)));
        all
    }

    #[test]
    fn each_frame_lies_in_one_stretch_however_they_came() {
        let time = |frame: u32| i64::from(frame % 700);
        for cut in [0, 1, 5, 1023, 1024, 1025, 2500] {
            let mut whole = of((0..cut).map(time));
            whole.append(&of((cut..5000).map(time)));
            assert_eq!(whole.span(), Some((Time(0), Time(699))));
            let mut next = 77;
            for (part, span) in whole.over(77..4321) {
                assert_eq!(part.start, next);
                assert!(part.len() <= STRETCH as usize);
                next = part.end;
                let (from, to) = span.expect("each frame has a time");
                assert!(part.map(time).all(|time| (from.0..=to.0).contains(&time)));
            }
            assert_eq!(next, 4321);
        }
    }

    #[test]
    fn few_at_a_time_make_no_more_stretches_than_many() {
        let mut live = Times::default();
        (0..4096).for_each(|time| live.append(&of([time].into_iter())));
        assert_eq!(live.stretches.len(), 4);
    }

    #[test]
    fn a_stretch_with_a_frame_without_a_time_is_not_known() {
        let times = of([3, Time::UNKNOWN.0, 5].into_iter());
        assert_eq!(times.over(0..3).collect::<Vec<_>>(), [(0..3, None)]);
        assert_eq!(times.span(), Some((Time(3), Time(5))));
    }
}
