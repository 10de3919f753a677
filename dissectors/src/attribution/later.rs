//! What is still to come of a connection, also where that is not its flow.

use super::Attribution;
use crate::engine::later::{Coming, Filling, Later};
use crate::engine::session::Ending;
use crate::ids::{Direction, FrameId};
use crate::survey::Survey;

/// What comes in a connection that may be more, or less, than one flow.
pub(crate) struct OfConnection<'a> {
    pub(crate) survey: &'a Survey,
    pub(crate) attribution: &'a Attribution,
}

impl Later for OfConnection<'_> {
    fn next_data(&self, frame: FrameId, direction: Direction) -> Coming {
        self.survey.next_data(frame, direction)
    }

    fn filling(&self, frame: FrameId, direction: Direction, seq: u32) -> Filling {
        self.survey.filling(frame, direction, seq)
    }

    fn carries_soon(&self, frame: FrameId, direction: Direction, seq: u32) -> Option<u32> {
        self.survey.carries_soon(frame, direction, seq)
    }

    fn is_last_data(&self, frame: FrameId, direction: Direction) -> bool {
        self.attribution
            .is_last_data(frame, direction)
            .unwrap_or_else(|| self.survey.is_last_data(frame, direction))
    }

    fn goes_on(&self, frame: FrameId, direction: Direction) -> bool {
        self.attribution
            .goes_on(frame, direction, self.survey)
            .unwrap_or_else(|| self.survey.goes_on(frame, direction))
    }

    fn end(&self, frame: FrameId, direction: Direction) -> Option<u32> {
        self.survey.end(frame, direction)
    }

    fn ending(&self, frame: FrameId, direction: Direction) -> Ending {
        self.survey.ending(frame, direction)
    }
}
