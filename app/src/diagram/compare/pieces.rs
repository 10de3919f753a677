//! What is drawn of a way on which several answers take turns: the requests, each packet that
//! brings a piece of an answer, and what was lost.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{ActorId, Beat, BeatId, Ledger, Level, Outcome, Story};

use super::plan::{Arrow, Bead, Ladder};
use crate::compare::{Way, short};
use crate::diagram::layout::style_of;

/// Packets that leave within so many nanoseconds of each other are one arrow: nobody sees them
/// apart.
const AT_ONCE: i64 = 2_000_000;

/// Packets nearer to each other than this do not stretch the whole picture: their beads move along
/// their arrows.
const LEAST: i64 = 8_000_000;

/// The ladder of a way, from its first request until its last answer is whole.
pub(super) fn ladder(way: &Way) -> Ladder {
    let (Some(ledger), false) = (way.ledger, way.answers.is_empty()) else {
        return Ladder::of(way);
    };
    let story = &way.story;
    let end = way.answers.iter().map(|answer| answer.whole).max().unwrap_or(0);
    let mut arrows: Vec<Arrow> = requests(story, &ledger).into_iter().collect();
    let mut pieces: Vec<(&str, BeatId)> = Vec::new();
    for answer in &way.answers {
        pieces.extend(answer.pieces.iter().map(|part| (answer.name.as_str(), part.beat)));
    }
    let sent = |id: BeatId| story.beat(id).map(|beat| beat.sent.frame);
    pieces.sort_by_key(|(_, id)| sent(*id));
    for (name, id) in pieces {
        let Some(beat) = story.beat(id) else { continue };
        let again = story.beats.iter().any(|other| is_again(other, beat));
        add(&mut arrows, arrow((story, &ledger), beat, name.to_owned(), again));
    }
    arrows.extend(story.beats.iter().filter_map(|beat| {
        let lost = beat.level == Level::Packet && beat.outcome == Outcome::Lost;
        let sent = beat.sent.time.since(ledger.asked.time);
        let is_own = lost && beat.track == way.track && (0..=end).contains(&sent);
        let forward = Some(beat.from) == asker(story, &ledger);
        is_own.then_some(Arrow { forward, sent, received: None, beads: Vec::new() })
    }));
    arrows.sort_by_key(|arrow| arrow.sent);
    let apart = apart(&arrows);
    let (asked, answered) = (None, None);
    let trips = Vec::new();
    Ladder { arrows, asked, answered, end, slants: story.both_ends, trips, apart }
}

fn asker(story: &Story, ledger: &Ledger) -> Option<ActorId> {
    story.beat(ledger.request).map(|beat| beat.from)
}

/// Whether the packet of that beat says again what an earlier one said.
fn is_again(other: &Beat, beat: &Beat) -> bool {
    other.level == Level::Message
        && other.outcome == Outcome::Repeated
        && (other.sent.frame, other.from) == (beat.sent.frame, beat.from)
}

/// The requests, which leave at once or nearly so.
fn requests(story: &Story, ledger: &Ledger) -> Option<Arrow> {
    let first = story.beat(ledger.request)?;
    let whose = |beat: &Beat| (beat.track, beat.from, beat.protocol);
    let asks = |beat: &&Beat| {
        let since = beat.sent.time.since(first.sent.time);
        beat.level == Level::Message
            && whose(beat) == whose(first)
            && (0..=AT_ONCE).contains(&since)
            && story.lanes.iter().any(|lane| lane.name == short(&beat.label))
    };
    let asked = story.beats.iter().filter(asks).map(|beat| short(&beat.label).to_owned());
    let names: Vec<String> = asked.collect();
    let mut one = arrow((story, ledger), first, String::new(), false);
    for bead in &mut one.beads {
        bead.names.clone_from(&names);
    }
    Some(one)
}

/// The arrow of one message.
fn arrow((story, ledger): (&Story, &Ledger), beat: &Beat, name: String, again: bool) -> Arrow {
    let since = |time: Time| time.since(ledger.asked.time).max(0);
    let bead = Bead {
        names: vec![name],
        style: style_of(beat),
        locked: beat.protection.is_secret(),
        repeated: again,
        speaks: None,
    };
    Arrow {
        forward: Some(beat.from) == asker(story, ledger),
        sent: since(beat.sent.time),
        received: beat.received.map(|came| since(came.time)),
        beads: vec![bead],
    }
}

/// Adds an arrow, or its beads to the one before where both left at once.
fn add(arrows: &mut Vec<Arrow>, arrow: Arrow) {
    let last = arrows
        .last_mut()
        .filter(|last| last.forward == arrow.forward && arrow.sent - last.sent <= AT_ONCE);
    let Some(last) = last else { return arrows.push(arrow) };
    for bead in arrow.beads {
        match last.beads.last_mut().filter(|one| one.repeated == bead.repeated) {
            Some(one) => one.names.extend(bead.names),
            None => last.beads.push(bead),
        }
    }
}

/// The shortest time from one arrow with beads to the next of the same side.
fn apart(arrows: &[Arrow]) -> Option<i64> {
    let gaps = [true, false].into_iter().filter_map(|forward| {
        let own = arrows.iter().filter(|one| one.forward == forward && !one.beads.is_empty());
        let sent: Vec<i64> = own.map(|arrow| arrow.sent).collect();
        sent.iter().zip(sent.iter().skip(1)).map(|(one, next)| next - one).min()
    });
    gaps.min().map(|gap| gap.max(LEAST))
}
