//! What of a flight left at another time than its arrow stands at, where time is to scale: such
//! messages hang on the packets that carried them, at their own times. An acknowledgement alone
//! stays unnamed there: its thin arrow says as much.

use std::collections::HashSet;

use wirestage_dissectors::ids::Time;
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
    let moved: Vec<(usize, Moved)> = plan
        .units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.beat.level == Level::Flight && unit.from != unit.to)
        .filter_map(|(at, unit)| Some((at, Moved::new(story, unit, near)?)))
        .collect();
    if moved.is_empty() {
        return None;
    }
    let mut plan = plan.clone();
    for (at, Moved { stay, apart }) in moved {
        let Some(unit) = plan.units.get_mut(at) else { continue };
        let lead = unit.beads.get(unit.lead).map(|bead| bead.beat);
        unit.beads = stay;
        unit.lead = unit.beads.iter().position(|bead| Some(bead.beat) == lead).unwrap_or_default();
        unit.tags.extend(apart.into_iter().filter_map(|group| group.tag(story, lead)));
    }
    Some(plan)
}

/// Beads that left together.
struct Later(Vec<Bead>);

impl Later {
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

/// The beads of an arrow: those that left with it, and those that left visibly before or after it,
/// and after each other.
struct Moved {
    stay: Vec<Bead>,
    apart: Vec<Later>,
}

impl Moved {
    /// Nothing where all of them left with it.
    fn new(story: &Story, unit: &Unit<'_>, near: i64) -> Option<Self> {
        let alone = alone(story, unit.id);
        let start = unit.beat.sent.time;
        let mut found = Self { stay: Vec::new(), apart: Vec::new() };
        let mut begun = start;
        let mut has_moved = false;
        for bead in unit.beads.iter().flat_map(|bead| in_time(story, bead, near)) {
            let is_message = story.beat(bead.beat).is_some_and(|beat| beat.level == Level::Message);
            let (early, late) = (start.since(bead.sent) > near, bead.sent.since(begun) > near);
            let mut places = found.apart.iter_mut();
            match () {
                () if !is_message => found.stay.push(bead),
                () if (early || bead.sent.since(start) > near) && alone.contains(&bead.sent) => {
                    has_moved = true;
                }
                () if early || late => {
                    let with = |group: &&mut Later| {
                        let sent = group.0.first().map(|first| first.sent);
                        sent.is_some_and(|sent| bead.sent.since(sent).abs() <= near)
                    };
                    begun = begun.max(bead.sent);
                    match places.rfind(with) {
                        Some(group) => group.0.push(bead),
                        None => found.apart.push(Later(vec![bead])),
                    }
                }
                () if begun > start => match found.apart.last_mut() {
                    Some(group) => group.0.push(bead),
                    None => found.stay.push(bead),
                },
                () => found.stay.push(bead),
            }
        }
        (has_moved || !found.apart.is_empty()).then_some(found)
    }
}

/// When the acknowledgements of a flight left that are all that their packets say.
fn alone(story: &Story, flight: BeatId) -> HashSet<Time> {
    let packets = story.children(Some(flight)).filter(|(_, beat)| beat.is_bare_acknowledgement());
    packets.map(|(_, beat)| beat.sent.time).collect()
}

/// A bead that counts several messages as as many as left at visibly different times.
fn in_time(story: &Story, bead: &Bead, near: i64) -> Vec<Bead> {
    let mut parts: Vec<(Bead, usize)> = Vec::new();
    for id in &bead.also {
        let Some(beat) = story.beat(*id) else { continue };
        let sent = beat.sent.time;
        match parts.last_mut().filter(|(part, _)| sent.since(part.sent).abs() <= near) {
            Some((_, count)) => *count += 1,
            None => {
                let label = beat.label.clone();
                parts.push((Bead { beat: *id, sent, label, also: Vec::new(), ..bead.clone() }, 1));
            }
        }
    }
    if parts.len() < 2 {
        return vec![bead.clone()];
    }
    let named = |(part, count): (Bead, usize)| match count {
        1 => part,
        count => Bead { label: super::messages::times(&part.label, count), ..part },
    };
    parts.into_iter().map(named).collect()
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

    #[test]
    fn what_left_before_its_arrow_hangs_where_it_left_and_a_bare_acknowledgement_on_nothing() {
        check(&[("Ticket", -80), ("Answer", 0)], Some((&["Answer"], &["Ticket"])));
        check(&[("Ticket", -1), ("Answer", 0)], None);
        let mut author = Author::default();
        let ends = (author.actor("Client", "a"), author.actor("Server", "b"));
        let chapter = author.chapter("Data", 0, 1, 1);
        let tcp = |label| (label, ProtocolId::of("tcp"), Protection::Clear);
        let named = [tcp("ACK"), tcp("ACK"), tcp("20 bytes")];
        let flight = author.flight(Some(chapter), ends, (200, None), ("Sends", ""), &named);
        let place = flight.0 as usize;
        for (at, time) in [(1, 0), (2, 200), (3, 200)] {
            author.story.beats[place + at].sent.time = Time(time * 1_000);
        }
        for (time, label) in [(0, "frame 1: ACK"), (200, "frame 2: ACK, 20 B")] {
            let mut packet = author.story.beats[place + 1].clone();
            (packet.level, packet.label) = (Level::Packet, label.to_owned());
            packet.sent.time = Time(time * 1_000);
            author.story.beats.push(packet);
        }
        for time in [300, 400] {
            author.flight(Some(chapter), ends, (time, None), ("Goes on", ""), &named[2..]);
        }
        let family = Family::new(&author.story);
        let request = Request { axis: Axis::Time, ..Request::default() };
        let plan = Plan::new(&author.story, &family, &request);
        assert_eq!(plan.units[0].beads[0].label.replace('\u{a0}', " "), "ACK × 2");
        let plan = apart(&author.story, &plan, Scale::new(&plan)).expect("one left before");
        let beads: Vec<&str> = plan.units[0].beads.iter().map(|bead| bead.label.as_str()).collect();
        assert_eq!(beads, ["ACK", "20 bytes"]);
        assert!(plan.units[0].tags.is_empty(), "its thin arrow says as much");
    }
}
