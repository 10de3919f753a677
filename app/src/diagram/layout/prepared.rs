//! What a layout asks of a story, whatever level and width are asked for: found once for all the
//! pictures of a telling, and for all the pages of one.

use std::collections::HashMap;

use wirestage_dissectors::story::passages::Steps;
use wirestage_dissectors::story::{Alike, BeatId, Silence, Story, TrackId};

use super::family::Family;

/// What is the same for all layouts of a story. It belongs to that story: with another one it
/// gives a picture of neither.
pub struct Prepared {
    /// Who is whose child.
    pub(super) family: Family,
    /// The numbers of the steps.
    pub(super) steps: Steps,
    /// Where nothing was seen for long.
    pub(super) silences: Vec<Silence>,
    /// Which connections are told as more of the same.
    pub(super) alike: Vec<(TrackId, Alike)>,
    /// Of each beat that says anything the number of what it says, within its chapter.
    sayings: Vec<Option<u32>>,
}

impl Prepared {
    /// Walks a story.
    #[must_use]
    pub fn new(story: &Story) -> Self {
        Self {
            family: Family::new(story),
            steps: Steps::of(story),
            silences: story.silences(),
            alike: story.alike(),
            sayings: sayings(story),
        }
    }

    /// Of these beats those whose sentences an earlier one of the same chapter has said word for
    /// word, each with the first that did, see [`Story::said_before`].
    pub(super) fn said_before(
        &self,
        beats: impl IntoIterator<Item = BeatId>,
    ) -> HashMap<BeatId, BeatId> {
        let mut said = HashMap::new();
        let first = |id: BeatId| {
            let saying = self.sayings.get(id.0 as usize).copied().flatten()?;
            let first = *said.entry(saying).or_insert(id);
            (first != id).then_some((id, first))
        };
        beats.into_iter().filter_map(first).collect()
    }
}

fn sayings(story: &Story) -> Vec<Option<u32>> {
    let mut known = HashMap::new();
    let mut sayings = Vec::with_capacity(story.beats.len());
    for (id, beat) in (0..).map(BeatId).zip(&story.beats) {
        let says = (beat.headline.as_str(), beat.detail.as_str());
        let next = known.len() as u32;
        let number = || *known.entry((story.chapter_of(id), says)).or_insert(next);
        sayings.push((says != ("", "")).then(number));
    }
    sayings
}
