//! What a scenario is there to show, held against the story of its sample.

use wirestage::document::Opening;
use wirestage_dissectors::story::{BeatId, Level, Story};

use crate::{open, root};

/// A step: its sender, its bead, and a part of what is said of it.
pub type Step = (&'static str, &'static str, &'static str);

/// The arrows of a story, each as its sender, its beads, and all that is said of it.
fn arrows(story: &Story) -> Vec<(String, String, String)> {
    let flights = story.beats.iter().zip(0..).filter(|(beat, _)| beat.level == Level::Flight);
    let arrow = |(beat, at)| {
        let beat: &wirestage_dissectors::story::Beat = beat;
        let from = &story.cast[usize::from(beat.from.0)].name;
        let doings = story.doings(BeatId(at));
        let doings: String = doings.iter().map(|doing| format!(" {}.", doing.told())).collect();
        let said = format!("{}. {}{doings}", beat.headline, beat.detail);
        (from.clone(), beat.label.clone(), said)
    };
    flights.map(arrow).collect()
}

/// The story of a scenario's sample.
#[must_use]
pub fn told(scenario: &str) -> Story {
    let path = root().join("assets/recordings").join(scenario).join("recording.pcapng");
    open(&path, Opening::default()).story(None)
}

/// Holds the story of a sample against steps that must follow each other in it.
#[track_caller]
pub fn check(scenario: &str, steps: &[Step]) {
    let arrows = arrows(&told(scenario));
    let mut rest = arrows.iter();
    for (from, bead, part) in steps {
        let found = rest.any(|(sender, label, said)| {
            sender == from && label.split(" · ").any(|one| one == *bead) && said.contains(part)
        });
        assert!(found, "{scenario}: {from} [{bead}] {part:?} is not in its place: {arrows:#?}");
    }
}

/// How many arrows have that bead.
#[must_use]
pub fn count(scenario: &str, bead: &str) -> usize {
    arrows(&told(scenario))
        .iter()
        .filter(|(_, label, _)| label.split(" · ").any(|one| one == bead))
        .count()
}
