//! What of a flight left later than its arrow stands, where time is to scale: such messages hang on
//! the packets that carried them, at their own times.

use wirestage_dissectors::story::{BeatId, Level, Story};

use super::messages::Bead;
use super::plan::{Plan, Unit};
use super::scale::Scale;
use super::segments::{Kind, Tag};

/// What goes less far down than this is seen to leave at once.
const APART: f32 = 6.0;

/// The same plan with beads moved to where they left; `None` if none did later.
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

#[cfg(test)]
mod tests {
    use wirestage_dissectors::ids::{ProtocolId, Time};
    use wirestage_dissectors::message::Protection;

    use super::super::family::Family;
    use super::super::{Axis, Request};
    use super::*;
    use crate::diagram::tests::fixture::Author;

    /// The beads of a flight whose messages left at these times, in microseconds, and the words
    /// that hang on its packets; nothing where none does. Another arrow leaves each hundred
    /// microseconds.
    #[track_caller]
    fn check(messages: &[(&str, i64)], expected: Option<(&[&str], &[&str])>) {
        let mut author = Author::default();
        let ends = (author.actor("Client", "a"), author.actor("Server", "b"));
        let chapter = author.chapter("Data", 0, 1, 1);
        let named: Vec<_> = messages
            .iter()
            .map(|(label, _)| (*label, ProtocolId::of("tls"), Protection::Clear))
            .collect();
        let flight = author.flight(Some(chapter), ends, (0, None), ("Sends", ""), named.as_slice());
        for time in [100, 200, 300] {
            author.flight(Some(chapter), ends, (time, None), ("Goes on", ""), &named[..1]);
        }
        for (place, (_, time)) in messages.iter().enumerate() {
            author.story.beats[flight.0 as usize + 1 + place].sent.time = Time(time * 1_000);
        }
        let family = Family::new(&author.story);
        let request = Request { axis: Axis::Time, ..Request::default() };
        let plan = Plan::new(&author.story, &family, &request);
        let apart = apart(&author.story, &plan, Scale::new(&plan));
        let found = apart.map(|plan| {
            let unit = &plan.units[0];
            let beads = unit.beads.iter().map(|bead| bead.label.clone());
            let tags = unit.tags.iter().map(|tag| tag.label.replace('\u{a0}', " "));
            (beads.collect::<Vec<_>>(), tags.collect::<Vec<_>>())
        });
        let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, expected.map(|(beads, tags)| (words(beads), words(tags))));
    }

    #[test]
    fn what_leaves_at_once_stays_on_its_arrow() {
        check(&[("ServerHello", 0), ("Certificate", 1), ("Finished", 2)], None);
    }

    #[test]
    fn what_leaves_later_hangs_where_it_left() {
        check(
            &[("ServerHello", 0), ("Certificate", 40), ("Finished", 80)],
            Some((&["ServerHello"], &["Certificate", "Finished"])),
        );
        // What leaves together is counted with the first of it.
        check(
            &[("ServerHello", 0), ("Certificate", 40), ("Finished", 41)],
            Some((&["ServerHello"], &["Certificate +1"])),
        );
    }
}
