//! When what stands at its first frame was whole: said where that is much later, or where its
//! connection goes on with something else meanwhile, which stands after it.
//!
//! ```text
//!   server   ──── content ─────────────────┐  a step, at its first frame
//!   client        └─ WINDOW_UPDATE ─┘      │  the next one, though the content was not whole
//! ```

use super::Writer;
use crate::ids::{Direction, FrameId};
use crate::maps::FastMap;
use crate::story::steps::AT_ONCE;
use crate::story::weave::told::Told;
use crate::story::{Beat, Moment};
use crate::wording::span;

/// When the steps of each connection begin.
pub(super) struct Begun {
    /// In the order in which they are told, by connection.
    steps: FastMap<usize, Vec<Moment>>,
    /// Whether the two ends were recorded: the order is that of the clock then, else of the file.
    both_ends: bool,
}

impl Begun {
    /// Of steps in the order in which they are told, with the connection of each.
    pub(super) fn of(told: impl Iterator<Item = (usize, Moment)>, both_ends: bool) -> Self {
        let mut steps: FastMap<usize, Vec<Moment>> = FastMap::default();
        for (thread, moment) in told {
            steps.entry(thread).or_default().push(moment);
        }
        Self { steps, both_ends }
    }

    /// Whether a connection goes on with another step after this moment and before that one.
    fn between(&self, thread: usize, (after, before): (Moment, Moment)) -> bool {
        let is_before = |one: &Moment, other: &Moment| match self.both_ends {
            true => one.time < other.time,
            false => one.frame < other.frame,
        };
        let steps = self.steps.get(&thread).map(Vec::as_slice).unwrap_or_default();
        let next = steps.partition_point(|one| !is_before(&after, one));
        steps.get(next).is_some_and(|next| is_before(next, &before))
    }
}

impl Writer<'_> {
    /// Says of a beat when it was whole, where its last bytes came in this frame and that is worth
    /// saying.
    pub(super) fn whole_at(
        &self,
        beat: Beat,
        (told, direction): (&Told, Direction),
        last: FrameId,
    ) -> Beat {
        let whole = told.vantage.sent(last, direction, self.context);
        let lasted = whole.time.since(beat.sent.time);
        let is_interrupted =
            lasted > 0 && self.begun.between(told.thread.number, (beat.sent, whole));
        if lasted <= AT_ONCE && !is_interrupted {
            return beat;
        }
        let detail =
            format!("{} Its last byte follows {} after its first.", beat.detail, span(lasted));
        Beat { detail: detail.trim_start().to_owned(), ..beat }
    }
}
