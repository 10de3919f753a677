//! Which frame completes what another one began.
//!
//! A message that spans several frames is shown at the frame that completes it; the others only
//! name that frame. As that lies ahead, it takes a sweep before the one that describes.

use crate::bits::Bits;
use crate::ids::FrameId;
use crate::survey::Survey;

/// For each frame with payload, the frame that completes it: four bytes a frame.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    by_frame: Vec<FrameId>,
}

impl Completions {
    /// Looks from the last frame to the first: of each direction of a flow, the next frame that
    /// completes a message completes what came before it.
    #[must_use]
    pub fn new(survey: &Survey, completing: &Bits) -> Self {
        let count = survey.frame_count();
        let mut by_frame = vec![FrameId::NONE; count as usize];
        let mut next = vec![[FrameId::NONE; 2]; survey.flows().len()];
        for id in (0..count).rev().map(FrameId) {
            let Some(row) = survey.row(id) else { continue };
            let ways = next.get_mut(row.flow.index());
            let Some(next) = ways.and_then(|ways| ways.get_mut(row.direction().index())) else {
                continue;
            };
            if completing.contains(id.0) {
                *next = id;
            } else if row.data_len() > 0
                && let Some(place) = by_frame.get_mut(id.index())
            {
                *place = *next;
            }
        }
        Self { by_frame }
    }

    /// The later frame that completes what this one holds a part of.
    #[must_use]
    pub fn of(&self, frame: FrameId) -> Option<FrameId> {
        self.by_frame.get(frame.index())?.some()
    }
}
