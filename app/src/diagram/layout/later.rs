//! What of a flight left later than its arrow stands, where time is to scale: such messages hang on
//! the packets that carried them, at their own times.

use wirestage_dissectors::story::{BeatId, Level, Story};

use super::messages::Bead;
use super::plan::{Plan, Unit};
use super::scale::Scale;
use super::segments::{Kind, Tag};

/// What goes less far down than this is seen to leave at once.
const APART: f32 = 6.0;

/// The same plan with beads moved to where they left; nothing where none did later.
pub(super) fn apart<'a>(story: &'a Story, plan: &Plan<'a>, scale: Scale) -> Option<Plan<'a>> {
    let near = scale.nanos(APART) as i64;
    let moved: Vec<(usize, Vec<Later>)> = plan
        .units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.beat.level == Level::Flight && unit.from != unit.to)
        .map(|(at, unit)| (at, later(story, unit, near)))
        .filter(|(_, later)| !later.is_empty())
        .collect();
    if moved.is_empty() {
        return None;
    }
    let mut plan = plan.clone();
    for (at, later) in moved {
        let Some(unit) = plan.units.get_mut(at) else { continue };
        let lead = unit.beads.get(unit.lead).map(|bead| bead.beat);
        unit.beads.retain(|bead| !later.iter().any(|group| group.holds(bead.beat)));
        unit.lead = unit.beads.iter().position(|bead| Some(bead.beat) == lead).unwrap_or_default();
        unit.tags.extend(later.into_iter().filter_map(|group| group.tag(story, lead)));
    }
    Some(plan)
}

/// Beads that left together.
struct Later(Vec<Bead>);

impl Later {
    fn holds(&self, beat: BeatId) -> bool {
        self.0.iter().any(|bead| bead.beat == beat)
    }

    /// What speaks for them, with a count of the others.
    fn tag(&self, story: &Story, lead: Option<BeatId>) -> Option<Tag> {
        let first = self.0.iter().find(|bead| Some(bead.beat) == lead).or(self.0.first())?;
        let beat = story.beat(first.beat)?;
        let label = match self.0.len() - 1 {
            0 => first.label.clone(),
            others => format!("{}\u{a0}+{others}", first.label),
        };
        Some(Tag {
            packet: first.beat,
            ways: (beat.from, beat.to),
            sent: beat.sent.time,
            received: beat.received.map(|moment| moment.time).filter(|_| story.both_ends),
            label,
            kind: Kind::Message { style: first.style, locked: first.locked },
        })
    }
}

/// The beads of an arrow that left visibly after it, and after each other.
fn later(story: &Story, unit: &Unit<'_>, near: i64) -> Vec<Later> {
    let mut groups: Vec<Later> = Vec::new();
    let mut begun = unit.beat.sent.time;
    for bead in &unit.beads {
        let Some(beat) = story.beat(bead.beat).filter(|beat| beat.level == Level::Message) else {
            continue;
        };
        if beat.sent.time.since(begun) > near {
            begun = beat.sent.time;
            groups.push(Later(vec![bead.clone()]));
        } else if let Some(group) = groups.last_mut() {
            group.0.push(bead.clone());
        }
    }
    groups
}
