//! The steps of a story, numbered, with what lies between them and what they mean.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write};

use super::{Pen, badge, beads, chapter, run};
use crate::story::passages::{Steps, handed_in_words, said};
use crate::story::times::lasting;
use crate::story::{Beat, BeatId, Idle, Level, Outcome, Repeat, RoundTrip, Story};
use crate::telling::sentence;

/// What stands between steps, and where they say what was said before.
struct Around<'a> {
    /// How long nothing was said before a step, in nanoseconds.
    silences: HashMap<BeatId, i64>,
    repeats: HashMap<BeatId, &'a Repeat>,
    idles: HashMap<BeatId, Idle>,
    /// The numbers of the steps that said the same before.
    said_before: HashMap<BeatId, usize>,
    steps: Steps,
}

impl<'a> Around<'a> {
    fn of(story: &'a Story) -> Self {
        let numbers: HashMap<BeatId, usize> = story.steps().into_iter().zip(1..).collect();
        let again = story.said_before(story.steps()).into_iter();
        let again = again.filter_map(|(id, first)| Some((id, *numbers.get(&first)?)));
        Self {
            silences: story.silences().into_iter().map(|one| (one.before, one.nanos)).collect(),
            repeats: story.repeats_by_flight().collect(),
            idles: story.idles().into_iter().map(|idle| (idle.before, idle)).collect(),
            said_before: again.collect(),
            steps: Steps::of(story),
        }
    }
}

/// A step: which one, and its number.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) id: BeatId,
    pub(super) beat: &'a Beat,
    pub(super) number: usize,
}

impl<'a> Pen<'a> {
    pub(super) fn steps(&mut self, level: Level) -> fmt::Result {
        let story = self.story;
        let around = Around::of(story);
        let mut begun = HashSet::new();
        for (number, id) in (1..).zip(story.steps()) {
            let Some(beat) = story.beat(id) else { continue };
            let step = Step { id, beat, number };
            if let Some((above, one)) =
                story.chapter_of(id).and_then(|id| Some((id, story.beat(id)?)))
                && begun.insert(above)
            {
                let below = if level > Level::Chapter { "\n" } else { "" };
                writeln!(self.out, "\n{}{below}", chapter(story, (above, one)))?;
            }
            if let Some(nanos) = around.silences.get(&id) {
                writeln!(self.out, "     ···  {} pass", lasting(*nanos))?;
            }
            if level == Level::Chapter {
                continue;
            }
            let exchange = beat.parent.and_then(|id| Some((id, story.beat(id)?)));
            match exchange
                .filter(|(_, one)| level == Level::Exchange && one.level == Level::Exchange)
            {
                Some((above, one)) if begun.insert(above) => {
                    self.exchange(Step { id: above, beat: one, number })?;
                }
                // It was written with its first step.
                Some(_) => {}
                None => self.step(step, level, &around)?,
            }
            if let Some(repeat) = around.repeats.get(&id) {
                self.more(repeat)?;
            }
        }
        Ok(())
    }

    /// A step with all that is told of it, as near as is asked for.
    fn step(&mut self, step: Step<'a>, level: Level, around: &Around<'_>) -> fmt::Result {
        let Step { id, beat, .. } = step;
        let story = self.story;
        self.flight(step, around.said_before.get(&id).copied())?;
        let indent = 7 + self.clock.width + if story.badge(beat).is_some() { 4 } else { 0 };
        if let Some(idle) = around.idles.get(&id) {
            writeln!(self.out, "{:indent$}{}.", "", idle.told())?;
        }
        let handed = handed_in_words(story, &around.steps, id);
        for sentence in said(story, &around.steps, id).into_iter().chain(handed) {
            writeln!(self.out, "{:indent$}{sentence}.", "")?;
        }
        if level > Level::Flight { self.parts(step, level) } else { Ok(()) }
    }

    /// What went the same way as the exchange before it.
    fn more(&mut self, repeat: &Repeat) -> fmt::Result {
        let (first, last) = repeat.times();
        let span = self.clock.span(first, last);
        writeln!(self.out, "     ···  {}, {}, from {span}", repeat.told(), repeat.cost())
    }

    /// The arrow of a step, what it means, and what follows from it; `said_before` is the step
    /// that means the same.
    fn flight(&mut self, step: Step<'a>, said_before: Option<usize>) -> fmt::Result {
        let Step { id, beat, number } = step;
        let (story, width) = (self.story, self.width);
        let arrow = if beat.outcome == Outcome::Lost { "──x" } else { "──>" };
        let sent = self.clock.column(beat.sent.time);
        let beads = beads(story, id, beat);
        let (from, to) = (self.name(beat.from), self.name(beat.to));
        let whose = badge(story, beat).map(|letter| format!("  {letter:<2}")).unwrap_or_default();
        let indent = " ".repeat(7 + sent.len() + whose.len());
        let row = format!("{number:>3}{whose}  {sent}  {from:width$} {arrow} {to:width$}  {beads}");
        writeln!(self.out, "{row}")?;
        // Clocks that do not agree can say that it came before it was sent: that is no duration.
        let received = beat.received.filter(|_| !beat.is_from_midway());
        if let Some(received) = received.filter(|moment| moment.time >= beat.sent.time) {
            let late = lasting(received.time.since(beat.sent.time));
            writeln!(self.out, "{indent}received {late} later")?;
        }
        match said_before {
            Some(first) => writeln!(self.out, "{indent}As step {first}.")?,
            None => self.says(beat, &indent)?,
        }
        for state in run(&self.sorted.states, id, |state| state.flight) {
            writeln!(self.out, "{indent}{} is now {}", self.name(state.actor), state.name)?;
        }
        for key in run(&self.sorted.keys, id, |key| key.flight) {
            writeln!(self.out, "{indent}{} now holds the {}", self.name(key.actor), key.name)?;
        }
        for doing in story.doings(id) {
            let name = self.name(doing.actor);
            writeln!(self.out, "{indent}{name}'s program: {}", doing.told())?;
        }
        for trip in run(&self.sorted.trips, id, |trip| trip.to) {
            // What waits beside another round trip adds none to the cost.
            let what = if trip.counts { "1 round trip," } else { "answered after" };
            writeln!(self.out, "{indent}{what} {}", lasting(trip.nanos))?;
            let words = [
                self.ends(trip),
                trip.tried_in_words(),
                trip.pondered_in_words(self.name(beat.from)),
            ];
            for words in words.into_iter().flatten() {
                writeln!(self.out, "{indent}{words}")?;
            }
        }
        Ok(())
    }

    /// What a step means, and where the standard says so.
    fn says(&mut self, beat: &Beat, indent: &str) -> fmt::Result {
        if !beat.headline.is_empty() {
            writeln!(self.out, "{indent}{}", sentence(&beat.headline))?;
        }
        if !beat.detail.is_empty() {
            writeln!(self.out, "{indent}{}", beat.detail)?;
        }
        beat.source.map_or(Ok(()), |source| writeln!(self.out, "{indent}{source}"))
    }

    /// From when to when a round trip went, if these are not the times of its steps: a question
    /// need not be the first thing that its step holds.
    fn ends(&self, trip: &RoundTrip) -> Option<String> {
        let (asks, answers) = (self.story.beat(trip.from)?, self.story.beat(trip.to)?);
        let came = answers.received.map_or(answers.sent.time, |came| came.time);
        let written = |time| self.clock.time(time);
        let [asked, answered] = [trip.asked.time, trip.answered.time].map(written);
        let [from, to] = [asks.sent.time, came].map(written);
        let is_told = asked == from && answered == to;
        (!is_told).then(|| format!("from {asked} to {answered}"))
    }
}
