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
mod steps;

use std::collections::HashMap;
use std::fmt::{self, Write};

use clock::Clock;
pub use mermaid::to_mermaid;
pub use plantuml::to_plantuml;

use super::times::lasting;
use super::{
    ActorId, Alike, Bead, Beat, BeatId, KeyHeld, Level, Outcome, RoundTrip, State, Story, Times,
    Track, TrackId, suffix,
};
use crate::message::Protection;
use crate::wording::{bytes, counted};

/// The story, one line or a few for each step. Times are milliseconds since the first step.
#[must_use]
pub fn to_text(story: &Story) -> String {
    told(story, Times::Elapsed, Level::Flight)
}

/// The same, with times written as is asked, and from as near or far.
#[must_use]
pub fn told(story: &Story, times: Times, level: Level) -> String {
    let names = story.cast.iter().map(|actor| actor.name.chars().count());
    let mut pen = Pen {
        story,
        sorted: Sorted::of(story),
        clock: Clock::of(story, times),
        width: names.max().unwrap_or(0),
        out: String::new(),
    };
    // Writing to a string cannot fail.
    let _ = pen.write(level);
    pen.out
}

/// What writes a story.
struct Pen<'a> {
    story: &'a Story,
    sorted: Sorted<'a>,
    clock: Clock,
    /// How wide the longest name of the cast is.
    width: usize,
    out: String,
}

impl<'a> Pen<'a> {
    fn write(&mut self, level: Level) -> fmt::Result {
        self.head()?;
        self.cast()?;
        self.connections()?;
        self.steps(level)?;
        self.verdicts()?;
        self.foot()
    }

    /// What it is about, and how times are to be read.
    fn head(&mut self) -> fmt::Result {
        let story = self.story;
        writeln!(self.out, "{}", story.title)?;
        if !story.subtitle.is_empty() {
            writeln!(self.out, "{}", story.subtitle)?;
        }
        if let Some(note) = self.clock.note() {
            writeln!(self.out, "{note}")?;
        }
        Ok(())
    }

    /// Who speaks, and through which tunnels.
    fn cast(&mut self) -> fmt::Result {
        writeln!(self.out)?;
        let width = self.width;
        for actor in &self.story.cast {
            let line = format!("  {:width$}  {}", actor.name, actor.address);
            writeln!(self.out, "{}", line.trim_end())?;
        }
        let carried = self.story.carried();
        if !carried.is_empty() {
            writeln!(self.out)?;
        }
        for line in carried {
            writeln!(self.out, "{line}.")?;
        }
        Ok(())
    }

    /// The connections, where there are several.
    fn connections(&mut self) -> fmt::Result {
        let story = self.story;
        if story.tracks.len() < 2 {
            return Ok(());
        }
        writeln!(self.out, "\nConnections")?;
        let alike: HashMap<TrackId, Alike> = story.alike().into_iter().collect();
        for (id, one) in (0..).map(TrackId).zip(&story.tracks) {
            self.track(id, one, alike.get(&id))?;
        }
        Ok(())
    }

    /// A connection: what it is there for, and what it cost. What went the same way as another is
    /// counted with that one.
    fn track(&mut self, id: TrackId, track: &Track, others: Option<&Alike>) -> fmt::Result {
        if track.like.is_some() {
            return Ok(());
        }
        let trips = match track.round_trips {
            0 => String::new(),
            count => format!("{}, ", round_trips(count)),
        };
        let cost = format!("{trips}{}, {}", packets(track.packets), bytes(track.bytes));
        let letter = id.letter();
        let ports = track.ports_in_words().filter(|words| !words.contains(&track.name));
        let ports = ports.map(|words| format!(" · {words}")).unwrap_or_default();
        let span = self.clock.span(track.first.time, track.last.time);
        writeln!(self.out, "  {letter:<2}  {}{ports} · {cost} · {span}", track.name)?;
        if let Some(Alike { count, bytes, times: (from, until), names: (first, last) }) = others {
            let span = self.clock.span(*from, *until);
            writeln!(
                self.out,
                "      and {count} more that went the same way, {bytes} each, from {span}: \
                 {first} … {last}",
            )?;
        }
        Ok(())
    }

    /// Why connections failed: which step ended them, the reason and what proves it.
    fn verdicts(&mut self) -> fmt::Result {
        let story = self.story;
        if story.verdicts.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nVerdicts")?;
        let steps = story.steps();
        for one in &story.verdicts {
            let place = steps.iter().position(|id| *id == one.flight);
            let step = place.map_or(String::new(), |place| format!("step {}", place + 1));
            let whose = story.beat(one.flight).and_then(|beat| badge(story, beat));
            let whose = whose.map(|letter| format!("{letter} · ")).unwrap_or_default();
            writeln!(self.out, "  {whose}{step} · {}", one.verdict.cause)?;
            writeln!(self.out, "      {}.", one.verdict.sentence)?;
            for evidence in &one.verdict.evidence {
                writeln!(self.out, "      {evidence}")?;
            }
        }
        Ok(())
    }

    /// The sum, what it took, and what a reader must know.
    fn foot(&mut self) -> fmt::Result {
        let story = self.story;
        writeln!(self.out, "\n{}", story.sum)?;
        let total = lasting(story.end().map_or(0, |end| end.since(self.clock.start)));
        writeln!(self.out, "{} · {} · {total}", packets(story.packets), bytes(story.bytes))?;
        for line in story.segments() {
            writeln!(self.out, "{line}")?;
        }
        for note in story.remarks() {
            writeln!(self.out, "{note}")?;
        }
        Ok(())
    }

    /// What somebody is called.
    fn name(&self, actor: ActorId) -> &'a str {
        self.story.cast.get(usize::from(actor.0)).map_or("", |actor| actor.name.as_str())
    }
}

/// "A · TCP handshake · 1 round trip · 3 packets · 162 B".
fn chapter(story: &Story, (id, beat): (BeatId, &Beat)) -> String {
    let trips = match beat.round_trips {
        0 => String::new(),
        count => format!(" · {}", round_trips(count)),
    };
    let cost = format!("{} · {}", packets(beat.packets), bytes(beat.bytes));
    let whose = badge(story, beat).map(|letter| format!("{letter} · ")).unwrap_or_default();
    let elsewhere = story.spilled(id).map(|said| format!(" · {said}")).unwrap_or_default();
    format!("{whose}{}{trips} · {cost}{elsewhere}", beat.label)
}

/// The letter of a beat's connection, where several are told.
fn badge(story: &Story, beat: &Beat) -> Option<String> {
    story.badge(beat).map(TrackId::letter)
}

fn round_trips(count: u32) -> String {
    counted(count.into(), "round trip")
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
    counted(count.into(), "packet")
}
