//! Beads: the messages of a flight as a reader sees them, with what says the same counted. What
//! only carries others is not shown beside them.

use std::collections::HashMap;

use super::{Beat, BeatId, Level, Outcome, Story};
use crate::ids::FrameId;
use crate::message::Protection;

/// A flight of more messages than this is summed up: what says the same is one bead, wherever in
/// the flight it stands. In a shorter one only neighbours are.
const MANY: usize = 24;

/// Messages that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bead {
    /// The first of them.
    pub first: BeatId,
    /// How many there are.
    pub count: usize,
}

/// What makes two messages say the same.
type Said<'a> = (&'a str, Protection, Outcome);

/// Leaves out what only carries messages that another protocol tells of in the same frames.
fn drop_carriers(messages: &mut Vec<(BeatId, &Beat)>) {
    let carrier = messages.iter().find(|(_, beat)| beat.carries);
    let Some(protocol) = carrier.map(|(_, beat)| beat.protocol) else { return };
    // The first frame of each that is told, with the last frame of all up to it.
    let mut told: Vec<(FrameId, FrameId)> = Vec::new();
    for (_, beat) in messages.iter().filter(|(_, beat)| beat.protocol != protocol) {
        let until = told.last().map_or(beat.ended.frame, |(_, last)| beat.ended.frame.max(*last));
        told.push((beat.sent.frame, until));
    }
    messages.retain(|(_, beat)| {
        let begun = told.partition_point(|(first, _)| *first <= beat.ended.frame);
        let last = begun.checked_sub(1).and_then(|at| told.get(at)).map(|(_, last)| *last);
        !beat.carries || last.is_none_or(|last| last < beat.sent.frame)
    });
}

impl Story {
    /// The messages of a flight, or of whatever else holds some, as beads.
    #[must_use]
    pub fn beads(&self, of: BeatId) -> Vec<Bead> {
        let below = self.children(Some(of)).filter(|(_, beat)| beat.level == Level::Message);
        let mut messages: Vec<(BeatId, &Beat)> = below.collect();
        drop_carriers(&mut messages);
        let mut beads: Vec<Bead> = Vec::new();
        let mut places: HashMap<Said<'_>, usize> = HashMap::new();
        for (id, beat) in &messages {
            let said = (beat.label.as_str(), beat.protection, beat.outcome);
            if messages.len() <= MANY {
                let is_last = |place: &usize| place + 1 == beads.len();
                if !places.get(&said).is_some_and(is_last) {
                    places.remove(&said);
                }
            }
            match places.get(&said).and_then(|place| beads.get_mut(*place)) {
                Some(bead) => bead.count += 1,
                None => {
                    places.insert(said, beads.len());
                    beads.push(Bead { first: *id, count: 1 });
                }
            }
        }
        beads
    }
}
