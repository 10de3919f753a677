//! A story as text: for a terminal, and as the source of sequence diagrams of other programs.
//!
//! ```text
//!   Story ──┬── to_text    chapters, numbered steps with arrows, and what they mean
//!           └── sequence ──┬── mermaid
//!                          └── plantuml
//! ```

mod clock;
mod levels;
mod mermaid;
mod plantuml;
mod sequence;

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use clock::Clock;
pub use mermaid::to_mermaid;
pub use plantuml::to_plantuml;

use super::passages::{Steps, handed_in_words, said};
use super::times::lasting;
use super::{
    Alike, Bead, Beat, BeatId, Idle, KeyHeld, Level, Outcome, Repeat, RoundTrip, State, Story,
    Times, Track, TrackId, suffix,
};
use crate::message::Protection;
use crate::telling::sentence;
use crate::wording::bytes;

/// The story, one line or a few for each step. Times are milliseconds since the first step.
#[must_use]
pub fn to_text(story: &Story) -> String {
    told(story, Times::Elapsed, Level::Flight)
}

/// The same, with times written as is asked, and from as near or far.
#[must_use]
pub fn told(story: &Story, times: Times, level: Level) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(story, (times, level), &mut text);
    text
}

fn write(story: &Story, (times, level): (Times, Level), out: &mut String) -> std::fmt::Result {
    let clock = Clock::of(story, times);
    writeln!(out, "{}", story.title)?;
    if !story.subtitle.is_empty() {
        writeln!(out, "{}", story.subtitle)?;
    }
    if let Some(note) = clock.note() {
        writeln!(out, "{note}")?;
    }
    writeln!(out)?;
    let width = story.cast.iter().map(|actor| actor.name.chars().count()).max().unwrap_or(0);
    for actor in &story.cast {
        let line = format!("  {:width$}  {}", actor.name, actor.address);
        writeln!(out, "{}", line.trim_end())?;
    }
    let carried = story.carried();
    if !carried.is_empty() {
        writeln!(out)?;
    }
    for line in carried {
        writeln!(out, "{line}.")?;
    }
    if story.tracks.len() > 1 {
        writeln!(out, "\nConnections")?;
        let alike: HashMap<TrackId, Alike> = story.alike().into_iter().collect();
        for (id, one) in (0..).map(TrackId).zip(&story.tracks) {
            track((id, one), alike.get(&id), clock, out)?;
        }
    }
    let what = Sorted::of(story);
    let silences: HashMap<BeatId, i64> =
        story.silences().into_iter().map(|silence| (silence.before, silence.nanos)).collect();
    let repeats: HashMap<BeatId, &Repeat> = story.repeats_by_flight().collect();
    let idles: HashMap<BeatId, Idle> =
        story.idles().into_iter().map(|idle| (idle.before, idle)).collect();
    let again = story.said_before(story.steps());
    let numbers: HashMap<BeatId, usize> = story.steps().into_iter().zip(1..).collect();
    let steps = Steps::of(story);
    let mut begun = HashSet::new();
    for (number, id) in (1..).zip(story.steps()) {
        let Some(beat) = story.beat(id) else { continue };
        if let Some((above, one)) = story.chapter_of(id).and_then(|id| Some((id, story.beat(id)?)))
            && begun.insert(above)
        {
            let below = if level > Level::Chapter { "\n" } else { "" };
            writeln!(out, "\n{}{below}", chapter(story, one))?;
        }
        if let Some(nanos) = silences.get(&id) {
            writeln!(out, "     ···  {} pass", lasting(*nanos))?;
        }
        if level == Level::Chapter {
            continue;
        }
        let around = beat.parent.and_then(|id| Some((id, story.beat(id)?)));
        if let Some((above, one)) =
            around.filter(|(_, one)| level == Level::Exchange && one.level == Level::Exchange)
        {
            if begun.insert(above) {
                levels::exchange((story, &what), (above, one), (number, width, clock), out)?;
            }
            if let Some(repeat) = repeats.get(&id) {
                more(repeat, clock, out)?;
            }
            continue;
        }
        let told = again.get(&id).and_then(|first| numbers.get(first).copied());
        flight(story, &what, (id, beat, told), (number, width, clock), out)?;
        let indent = 7 + clock.width + if story.badge(beat).is_some() { 4 } else { 0 };
        if let Some(idle) = idles.get(&id) {
            writeln!(out, "{:indent$}{}.", "", idle.told())?;
        }
        let handed = handed_in_words(story, &steps, id);
        for sentence in said(story, &steps, id).into_iter().chain(handed) {
            writeln!(out, "{:indent$}{sentence}.", "")?;
        }
        if level > Level::Flight {
            let indent = 7 + clock.width;
            levels::parts(story, (id, beat), (level, indent, clock), out)?;
        }
        if let Some(repeat) = repeats.get(&id) {
            more(repeat, clock, out)?;
        }
    }
    verdicts(story, out)?;
    writeln!(out, "\n{}", story.sum)?;
    let total = lasting(story.end().map_or(0, |end| end.since(clock.start)));
    writeln!(out, "{} · {} · {total}", packets(story.packets), bytes(story.bytes))?;
    for line in story.segments() {
        writeln!(out, "{line}")?;
    }
    for note in story.remarks() {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

/// A connection: what it is there for, and what it cost. What went the same way as another is
/// counted with that one.
fn track(
    (id, track): (TrackId, &Track),
    others: Option<&Alike>,
    clock: Clock,
    out: &mut String,
) -> std::fmt::Result {
    if track.like.is_some() {
        return Ok(());
    }
    let cost = |track: &Track| {
        let trips = match track.round_trips {
            0 => String::new(),
            count => format!("{}, ", round_trips(count)),
        };
        format!("{trips}{}, {}", packets(track.packets), bytes(track.bytes))
    };
    let letter = id.letter();
    let ports = track.ports_in_words().filter(|words| !words.contains(&track.name));
    let ports = ports.map(|words| format!(" · {words}")).unwrap_or_default();
    writeln!(
        out,
        "  {letter:<2}  {}{ports} · {} · {}",
        track.name,
        cost(track),
        clock.span(track.first.time, track.last.time)
    )?;
    if let Some(Alike { count, bytes, times: (from, until), names: (first, last) }) = others {
        let span = clock.span(*from, *until);
        writeln!(
            out,
            "      and {count} more that went the same way, {bytes} each, from {span}: \
             {first} … {last}",
        )?;
    }
    Ok(())
}

/// Why connections failed: which step ended them, the reason and what proves it.
fn verdicts(story: &Story, out: &mut String) -> std::fmt::Result {
    if story.verdicts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nVerdicts")?;
    let steps = story.steps();
    for one in &story.verdicts {
        let place = steps.iter().position(|id| *id == one.flight);
        let step = place.map_or(String::new(), |place| format!("step {}", place + 1));
        let whose = story.beat(one.flight).and_then(|beat| badge(story, beat));
        let whose = whose.map(|letter| format!("{letter} · ")).unwrap_or_default();
        writeln!(out, "  {whose}{step} · {}", one.verdict.cause)?;
        writeln!(out, "      {}.", one.verdict.sentence)?;
        for evidence in &one.verdict.evidence {
            writeln!(out, "      {evidence}")?;
        }
    }
    Ok(())
}

/// What went the same way as the exchange before it.
fn more(repeat: &Repeat, clock: Clock, out: &mut String) -> std::fmt::Result {
    let (first, last) = repeat.times();
    let span = clock.span(first, last);
    writeln!(out, "     ···  {}, {}, from {span}", repeat.told(), repeat.cost())
}

/// "A · TCP handshake · 1 round trip · 3 packets · 162 B".
fn chapter(story: &Story, beat: &Beat) -> String {
    let trips = match beat.round_trips {
        0 => String::new(),
        count => format!(" · {}", round_trips(count)),
    };
    let cost = format!("{} · {}", packets(beat.packets), bytes(beat.bytes));
    let whose = badge(story, beat).map(|letter| format!("{letter} · ")).unwrap_or_default();
    format!("{whose}{}{trips} · {cost}", beat.label)
}

/// The letter of a beat's connection, where several are told.
fn badge(story: &Story, beat: &Beat) -> Option<String> {
    story.badge(beat).map(TrackId::letter)
}

fn round_trips(count: u32) -> String {
    if count == 1 { "1 round trip".into() } else { format!("{count} round trips") }
}

/// What belongs to flights, by flight.
struct Sorted<'a> {
    states: Vec<&'a State>,
    keys: Vec<&'a KeyHeld>,
    trips: Vec<&'a RoundTrip>,
}

impl<'a> Sorted<'a> {
    fn of(story: &'a Story) -> Self {
        let mut states: Vec<_> = story.states.iter().collect();
        let mut keys: Vec<_> = story.keys.iter().collect();
        let mut trips: Vec<_> = story.trips.iter().collect();
        states.sort_by_key(|state| state.flight);
        keys.sort_by_key(|key| key.flight);
        trips.sort_by_key(|trip| trip.to);
        Self { states, keys, trips }
    }
}

/// Those of a sorted list that belong to one flight.
fn run<'s, T>(
    sorted: &'s [&'s T],
    flight: BeatId,
    of: impl Fn(&T) -> BeatId + 's,
) -> impl Iterator<Item = &'s T> {
    let first = sorted.partition_point(|one| of(one) < flight);
    let rest = sorted.get(first..).unwrap_or(&[]);
    rest.iter().copied().take_while(move |one| of(one) == flight)
}

fn flight(
    story: &Story,
    sorted: &Sorted<'_>,
    (id, beat, told): (BeatId, &Beat, Option<usize>),
    (number, width, clock): (usize, usize, Clock),
    out: &mut String,
) -> std::fmt::Result {
    let name = |actor: super::ActorId| {
        story.cast.get(usize::from(actor.0)).map_or("", |actor| actor.name.as_str())
    };
    let arrow = if beat.outcome == Outcome::Lost { "──x" } else { "──>" };
    let sent = clock.column(beat.sent.time);
    let beads = beads(story, id, beat);
    let (from, to) = (name(beat.from), name(beat.to));
    let whose = badge(story, beat).map(|letter| format!("  {letter:<2}")).unwrap_or_default();
    let indent = " ".repeat(7 + sent.len() + whose.len());
    writeln!(out, "{number:>3}{whose}  {sent}  {from:width$} {arrow} {to:width$}  {beads}")?;
    // Clocks that do not agree can say that it came before it was sent: that is no duration.
    if let Some(received) = beat.received.filter(|moment| moment.time >= beat.sent.time) {
        let late = lasting(received.time.since(beat.sent.time));
        writeln!(out, "{indent}received {late} later")?;
    }
    match told {
        Some(first) => writeln!(out, "{indent}As step {first}.")?,
        None => says(beat, &indent, out)?,
    }
    for state in run(&sorted.states, id, |state| state.flight) {
        writeln!(out, "{indent}{} is now {}", name(state.actor), state.name)?;
    }
    for key in run(&sorted.keys, id, |key| key.flight) {
        writeln!(out, "{indent}{} now holds the {}", name(key.actor), key.name)?;
    }
    for doing in story.doings(id) {
        writeln!(out, "{indent}{}'s program: {}", name(doing.actor), doing.told())?;
    }
    for trip in run(&sorted.trips, id, |trip| trip.to) {
        writeln!(out, "{indent}1 round trip, {}", lasting(trip.nanos))?;
        if let Some(words) = ends(story, trip, clock) {
            writeln!(out, "{indent}{words}")?;
        }
        if let Some(words) = trip.tried_in_words() {
            writeln!(out, "{indent}{words}")?;
        }
        if let Some(words) = trip.pondered_in_words(name(beat.from)) {
            writeln!(out, "{indent}{words}")?;
        }
    }
    Ok(())
}

/// What a step means, and where the standard says so.
fn says(beat: &Beat, indent: &str, out: &mut String) -> std::fmt::Result {
    if !beat.headline.is_empty() {
        writeln!(out, "{indent}{}", sentence(&beat.headline))?;
    }
    if !beat.detail.is_empty() {
        writeln!(out, "{indent}{}", beat.detail)?;
    }
    beat.source.map_or(Ok(()), |source| writeln!(out, "{indent}{source}"))
}

/// From when to when a round trip went, where these are not the times of its steps: a question need
/// not be the first thing that its step holds.
fn ends(story: &Story, trip: &RoundTrip, clock: Clock) -> Option<String> {
    let (asks, answers) = (story.beat(trip.from)?, story.beat(trip.to)?);
    let came = answers.received.map_or(answers.sent.time, |came| came.time);
    let [asked, answered] = [trip.asked.time, trip.answered.time].map(|time| clock.time(time));
    let [from, to] = [asks.sent.time, came].map(|time| clock.time(time));
    let is_told = asked == from && answered == to;
    (!is_told).then(|| format!("from {asked} to {answered}"))
}

/// What travels in a flight: its messages, with what says the same counted.
fn beads(story: &Story, id: BeatId, beat: &Beat) -> String {
    let said = |one: Bead| {
        let remark = one.remark.and_then(|remark| story.beat(remark));
        Some(bead(story.beat(one.first)?, one.count, remark))
    };
    let beads: Vec<String> = story.beads(id).into_iter().filter_map(said).collect();
    if beads.is_empty() { beat.label.clone() } else { beads.join(" · ") }
}

/// A message's label, in brackets that tell under which keys it travelled.
fn bead(beat: &Beat, count: usize, remark: Option<&Beat>) -> String {
    let keys = match (beat.protection, beat.protection.keys()) {
        (Protection::Opaque, _) if beat.label.starts_with("sealed") => String::new(),
        (Protection::Opaque, _) => "sealed: ".to_owned(),
        (_, Some(keys)) => format!("{keys}: "),
        (_, None) => String::new(),
    };
    let how = match beat.outcome {
        Outcome::Repeated if beat.label.ends_with("again") => String::new(),
        outcome => suffix(outcome, remark),
    };
    let times = if count > 1 { format!(" × {count}") } else { String::new() };
    format!("[{keys}{}{how}{times}]", beat.label)
}

fn packets(count: u32) -> String {
    if count == 1 { "1 packet".into() } else { format!("{count} packets") }
}
