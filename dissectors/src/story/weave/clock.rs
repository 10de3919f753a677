//! The story's clock: the recording's, less the times at which that was set back.
//!
//! What happened after what is told by the file. A clock that was set back by an hour would put
//! the end of a connection before its beginning, and make waits negative; so whatever follows a
//! step back is moved up to where the clock had been.
//!
//! ```text
//!   recorded   0.000  0.010  0.020 │ -0.470  -0.460       stepped back by 0.490
//!   told       0.000  0.010  0.020 │  0.020   0.030
//! ```

use super::gather::Thread;
use crate::engine::conversation::{Stop, heeding};
use crate::frames::Frames;
use crate::ids::{FrameId, Time};
use crate::wording::duration;

/// Steps back up to this, in nanoseconds, are frames that several queues stored in another order
/// than that of their times: nothing was set.
const DISORDER: i64 = 50_000_000;

/// Steps that a story names; all are mended.
const NAMED: usize = 3;

/// Where the clock steps back, and by how much it is behind from there on.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    steps: Vec<(FrameId, i64)>,
    /// Whether the recording does not say when some frames were seen.
    lacks: bool,
}

impl Clock {
    /// The clock of what is told of some connections.
    pub(super) fn of<'t>(
        threads: impl Iterator<Item = &'t Thread>,
        frames: &dyn Frames,
        stop: Stop<'_>,
    ) -> Self {
        let mut ids: Vec<FrameId> = Vec::new();
        for thread in threads {
            let own = thread.conversation.frames().iter().copied();
            ids.extend(own.take_while(|id| *id <= thread.until));
        }
        ids.sort_unstable();
        Self::of_frames(heeding(ids.into_iter(), stop), frames)
    }

    /// The clock of frames in the order of the file.
    fn of_frames(ids: impl Iterator<Item = FrameId>, frames: &dyn Frames) -> Self {
        let mut steps: Vec<(FrameId, i64)> = Vec::new();
        let mut latest: Option<Time> = None;
        let (mut behind, mut lacks) = (0i64, false);
        for id in ids {
            let Some(time) = frames.frame(id).time.known() else {
                lacks = true;
                continue;
            };
            let back = latest.map_or(0, |latest| latest.since(time));
            if back > DISORDER {
                behind = behind.saturating_add(back);
                steps.push((id, behind));
                latest = Some(time);
            }
            latest = latest.max(Some(time));
        }
        Self { steps, lacks }
    }

    /// When a frame was seen, as told.
    pub(super) fn time(&self, frame: FrameId, time: Time) -> Time {
        let passed = self.steps.partition_point(|(first, _)| *first <= frame);
        let behind = passed.checked_sub(1).and_then(|at| self.steps.get(at));
        match (time.known(), behind) {
            (Some(time), Some((_, behind))) => Time(time.0.saturating_add(*behind)),
            _ => time,
        }
    }

    /// What a story says of the steps.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut before = 0;
        let mut notes = Vec::new();
        for (frame, behind) in self.steps.iter().take(NAMED) {
            let by = duration(behind - before);
            before = *behind;
            notes.push(format!(
                "The recording's clock steps back by {by} at frame {}: the order is that of the \
                 file, and the step counts as no time.",
                frame.number()
            ));
        }
        let more = self.steps.len().saturating_sub(NAMED);
        if more > 0 {
            notes.push(format!("The clock steps back {more} more times."));
        }
        if self.lacks {
            notes.push(
                "The recording does not say when frames were seen: waits of 0 are not known."
                    .into(),
            );
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::{FrameList, LinkType};

    /// Recorded times in milliseconds, and what is told of them.
    #[track_caller]
    fn check(recorded: &[i64], told: &[i64], notes: usize) {
        let mut frames = FrameList::new();
        for time in recorded {
            frames.push(Time(time * 1_000_000), 0, LinkType::RAW, Vec::new());
        }
        let ids = || (0..frames.count()).map(FrameId);
        let clock = Clock::of_frames(ids(), &frames);
        let times: Vec<i64> =
            ids().map(|id| clock.time(id, frames.frame(id).time).0 / 1_000_000).collect();
        assert_eq!(times, told);
        assert_eq!(clock.notes().len(), notes);
    }

    #[test]
    fn a_clock_that_is_set_back_goes_on_from_where_it_was() {
        check(&[0, 10, 20], &[0, 10, 20], 0);
        check(&[0, 500, 10, 20], &[0, 500, 500, 510], 1);
        check(&[0, 500, 10, 20, -3_600_000, -3_599_999], &[0, 500, 500, 510, 510, 511], 2);
        // Stored out of order: nothing was set.
        check(&[0, 30, 29, 31], &[0, 30, 29, 31], 0);
        check(&[900, 800, 700, 600, 500], &[900; 5], 4);
    }

    #[test]
    fn the_first_steps_are_named() {
        let mut frames = FrameList::new();
        for second in (0..6).rev() {
            frames.push(Time(second * 1_000_000_000), 0, LinkType::RAW, Vec::new());
        }
        let step = |frame: u32| {
            format!(
                "The recording's clock steps back by 1.00 s at frame {frame}: the order is \
                 that of the file, and the step counts as no time."
            )
        };
        let more = "The clock steps back 2 more times.".to_owned();
        let clock = Clock::of_frames((0..6).map(FrameId), &frames);
        assert_eq!(clock.notes(), [step(2), step(3), step(4), more]);
    }

    #[test]
    fn a_time_that_is_not_known_stays_so() {
        let mut frames = FrameList::new();
        frames.push(Time::UNKNOWN, 0, LinkType::RAW, Vec::new());
        let clock = Clock::of_frames([FrameId(0)].into_iter(), &frames);
        assert_eq!(clock.time(FrameId(0), Time::UNKNOWN), Time::UNKNOWN);
        let said = "The recording does not say when frames were seen: waits of 0 are not known.";
        assert_eq!(clock.notes(), [said]);
    }
}
