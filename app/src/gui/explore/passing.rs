//! Which steps of a story hold nothing that passes the filter: the diagram draws them paler, so
//! that one sees among all that happened what was looked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use wirestage_dissectors::filter::RowSet;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::story::{Beat, BeatId, Level, Story};

use super::filtering::Passed;

/// What was found for a story and a filter.
pub(super) struct Passing {
    story: Arc<Story>,
    expression: String,
    rows: u32,
    /// The flights, messages and packets none of whose frames passes.
    pub(super) pale: Arc<BTreeSet<BeatId>>,
}

impl Passing {
    /// Looks through a story: what is still sought for may pass yet, so that nothing is pale before
    /// the search has ended.
    pub(super) fn of(story: &Arc<Story>, passed: &Passed) -> Option<Self> {
        passed.took?;
        let (expression, rows) = (passed.expression.clone(), passed.rows.len());
        let pale = Arc::new(pale(story, &passed.rows));
        Some(Self { story: Arc::clone(story), expression, rows, pale })
    }

    /// Whether it was found for these.
    pub(super) fn is_of(&self, story: &Arc<Story>, passed: &Passed) -> bool {
        let is_same = self.expression == passed.expression && self.rows == passed.rows.len();
        is_same && passed.took.is_some() && Arc::ptr_eq(&self.story, story)
    }
}

/// The beats below the exchanges none of whose frames is among the rows.
fn pale(story: &Story, rows: &RowSet) -> BTreeSet<BeatId> {
    let mut pale = BTreeSet::new();
    // The frames of the last flight that pass: its packets follow it, and its messages.
    let mut passing: Vec<FrameId> = Vec::new();
    for (at, beat) in story.beats.iter().enumerate() {
        if beat.level == Level::Flight {
            let below = story.beats.get(at + 1..).unwrap_or_default().iter();
            let below = below.take_while(|beat| beat.level > Level::Flight);
            let frames = below.flat_map(ends).chain(ends(beat));
            passing.clear();
            passing.extend(frames.filter(|frame| rows.contains(*frame)));
            passing.sort_unstable();
        }
        let passes = match beat.level {
            Level::Chapter | Level::Exchange => true,
            Level::Flight => !passing.is_empty(),
            Level::Message | Level::Packet => {
                let first = passing.partition_point(|frame| *frame < beat.sent.frame);
                passing.get(first).is_some_and(|frame| *frame <= beat.ended.frame)
            }
        };
        if !passes {
            pale.insert(BeatId(at as u32));
        }
    }
    pale
}

fn ends(beat: &Beat) -> [FrameId; 2] {
    [beat.sent.frame, beat.ended.frame]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::document::{Document, Progress};

    #[test]
    fn what_holds_no_frame_that_passes_is_pale_at_every_level_below_exchanges() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/recordings");
        let path = assets.join("tls13-full/recording.pcapng");
        let document = Document::open(&path, &Progress::new()).unwrap();
        let story = document.story(None);
        let (_, request) = story
            .level(Level::Message)
            .find(|(_, beat)| beat.label.contains("GET"))
            .expect("a request was sent");
        let mut rows = RowSet::new();
        rows.insert(request.sent.frame);
        let pale = pale(&story, &rows);
        let holds =
            |beat: &Beat| (beat.sent.frame..=beat.ended.frame).contains(&request.sent.frame);
        for (at, beat) in story.beats.iter().enumerate() {
            // One connection: what spans the frame holds it, or the acknowledgement beside it.
            let is_pale = pale.contains(&BeatId(at as u32));
            if !holds(beat) && beat.level >= Level::Flight {
                assert!(is_pale, "{} holds no such frame", beat.label);
            }
            if beat.level < Level::Flight || beat.sent.frame == request.sent.frame {
                assert!(!is_pale, "{} holds it", beat.label);
            }
        }
        assert!(!pale.is_empty());
    }
}
