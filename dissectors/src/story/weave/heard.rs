//! What was heard beside what is told: which frames messages lie in, what only says again what was
//! said before, and acknowledgements that may ride along.

use super::gather::Item;
use crate::engine::tcp::SegmentKind;
use crate::ids::{Both, FrameId};
use crate::limits::MAX_STORY_MESSAGES;
use crate::message::Message;

/// What was heard beside what is told.
#[derive(Default)]
pub(super) struct Heard {
    /// Which frames messages lie in, by direction.
    pub(super) covered: Both<Covered>,
    /// Frames whose data says again what was said before.
    pub(super) repeated: Vec<FrameId>,
    /// Acknowledgements that belong to no chapter of their own.
    pub(super) acknowledgements: Vec<Item>,
}

impl Heard {
    /// Takes a segment: gives back its item where that is told whatever else is.
    pub(super) fn segment(&mut self, message: &Message, item: Option<Item>) -> Option<Item> {
        if message.kind().is_some_and(SegmentKind::says_nothing_new) {
            self.repeated.push(message.done);
        }
        let item = item?;
        if !item.told.chapter.title.is_empty() || item.told.weight > 0 {
            return Some(item);
        }
        if self.acknowledgements.len() < MAX_STORY_MESSAGES {
            self.acknowledgements.push(item);
        }
        None
    }
}

/// Which frames of one direction lie in messages, told or not.
#[derive(Default)]
pub(super) struct Covered {
    /// First and last frame of runs.
    runs: Vec<(FrameId, FrameId)>,
    /// How many of the runs have begun, once frames are asked for.
    begun: usize,
    /// The last frame of those.
    end: Option<FrameId>,
}

impl Covered {
    /// Messages mostly come in order, so that one run grows instead of many.
    pub(super) fn add(&mut self, start: FrameId, end: FrameId) {
        match self.runs.last_mut() {
            Some((first, last)) if *first <= start && start <= *last => *last = end.max(*last),
            _ => self.runs.push((start, end)),
        }
    }

    pub(super) fn sort(&mut self) {
        self.runs.sort_unstable();
    }

    /// Whether a frame lies in a run; frames must come in order.
    pub(super) fn holds(&mut self, frame: FrameId) -> bool {
        while let Some((_, end)) = self.runs.get(self.begun).filter(|(start, _)| *start <= frame) {
            self.end = self.end.max(Some(*end));
            self.begun += 1;
        }
        self.end >= Some(frame)
    }
}
