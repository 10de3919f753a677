//! Passages in words, with the numbers of the steps that they name.

use std::collections::{HashMap, HashSet};

use super::{Passage, Proof};
use crate::story::{BeatId, Level, Story};

/// The numbers of the steps of a story, and the messages that passages are about.
pub struct Steps {
    numbers: HashMap<BeatId, usize>,
    passing: HashSet<BeatId>,
    /// The steps that hand something on or back whose heads are known.
    pub(super) handing: HashSet<BeatId>,
}

impl Steps {
    /// Those of a story as it is told.
    #[must_use]
    pub fn of(story: &Story) -> Self {
        let passing = story.passages.iter().flat_map(|one| [one.asked, one.handed_on]).collect();
        let heads = story.passages.iter().flat_map(|one| {
            let question = one.question.as_ref().map(|_| one.handed_on);
            [question, one.answer.as_ref().map(|answer| answer.went)]
        });
        let handing = heads.flatten().filter_map(|id| story.flight_of(id)).collect();
        Self { handing, numbers: story.steps().into_iter().zip(1..).collect(), passing }
    }

    /// `step 6 on B`, of whatever is part of that step; `None` if it is not told.
    pub(super) fn place(&self, story: &Story, id: BeatId) -> Option<String> {
        let mut at = id;
        while story.beat(at)?.level > Level::Flight {
            at = story.beat(at)?.parent?;
        }
        let number = self.numbers.get(&at)?;
        let letter = story.badge(story.beat(at)?).map(|track| format!(" on {}", track.letter()));
        Some(format!("step {number}{}", letter.unwrap_or_default()))
    }
}

/// What is said of a step that asked something which was handed on, or that handed something on: a
/// sentence each, without its stop.
#[must_use]
pub fn said(story: &Story, steps: &Steps, flight: BeatId) -> Vec<String> {
    if story.passages.is_empty() {
        return Vec::new();
    }
    let below = story.children(Some(flight)).filter(|(_, beat)| beat.level == Level::Message);
    let mut said = Vec::new();
    for (id, _) in below.filter(|(id, _)| steps.passing.contains(id)) {
        said.extend(story.came_by(id).and_then(|one| from(story, steps, one)));
        said.extend(onwards(story, steps, id));
    }
    said
}

/// Where a question went.
fn onwards(story: &Story, steps: &Steps, asked: BeatId) -> Option<String> {
    let all: Vec<&Passage> = story.passed_on(asked).collect();
    let same = all.first()?.same;
    let places = all.iter().filter_map(|one| steps.place(story, one.handed_on));
    let places: Vec<String> = places.collect();
    match (places.as_slice(), same) {
        ([], _) => None,
        (places, true) => Some(format!("Handed on as {}", places.join(", and again as "))),
        (places, false) => Some(format!("Leads to {}", places.join(" and "))),
    }
}

/// Where a question came from, and what proves it.
fn from(story: &Story, steps: &Steps, passage: &Passage) -> Option<String> {
    let before = steps.place(story, passage.asked)?;
    let who = |id: BeatId, asks: bool| {
        let beat = story.beat(id)?;
        let actor = if asks { beat.from } else { beat.to };
        story.cast.get(usize::from(actor.0)).map(|actor| actor.name.as_str())
    };
    let proof = match passage.proof {
        Proof::Id(field) => format!("both bear the same {field}"),
        Proof::HostAndName(field) | Proof::Name(field) => {
            format!("{field} names {}, who asked there", who(passage.asked, true)?)
        }
        Proof::Host => {
            format!("it came to {} there, and leaves it here", who(passage.asked, false)?)
        }
        Proof::Passed(field) => format!("{field} names one more who passed it on"),
    };
    let earlier = story.passed_on(passage.asked).filter(|one| one.attempt + 1 == passage.attempt);
    let again = earlier.filter_map(|one| steps.place(story, one.handed_on)).next();
    let again = again.map(|failed| format!(" again, for {failed} failed")).unwrap_or_default();
    let verb = if passage.same { "Hands on" } else { "Follows from" };
    Some(format!("{verb} {before}{again}: {proof}"))
}
