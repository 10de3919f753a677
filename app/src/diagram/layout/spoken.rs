//! What a reader is told of an arrow who cannot see it.

use wirestage_dissectors::story::{Outcome, Story};

use super::plan::Unit;

/// One step in words: its number, its ends, what it carries and how that went.
pub(super) fn spoken(story: &Story, unit: &Unit<'_>) -> String {
    let name = |actor: u16| {
        story.cast.get(usize::from(actor)).map_or("?", |actor| actor.name.as_str()).to_owned()
    };
    let beat = unit.beat;
    let tags = unit.tags.iter().map(|tag| tag.label.as_str());
    let beads: Vec<&str> = unit.beads.iter().map(|bead| bead.label.as_str()).chain(tags).collect();
    let way = if unit.folded { "and" } else { "to" };
    let (from, to) = (name(beat.from.0), name(beat.to.0));
    let lost = match beat.outcome {
        _ if unit.lost() => " Lost on the way.",
        _ if unit.says_no() => " Says no.",
        Outcome::Refused => " Refused.",
        _ => "",
    };
    let mut spoken =
        format!("Step {}, {from} {way} {to}: {}.{lost}", unit.number, beads.join(", "));
    if !beat.headline.is_empty() {
        spoken.push(' ');
        spoken.push_str(&beat.headline);
    }
    if let Some(repeat) = story.repeat(unit.id) {
        spoken = format!("Unfold: {}, {}", repeat.told(), repeat.cost());
    }
    for doing in story.doings(unit.id) {
        let program = format!(" {}'s program: {}.", name(doing.actor.0), doing.told());
        spoken.push_str(&program);
    }
    spoken
}
