//! A story told from further away than step by step, or from nearer.

use std::fmt::{self, Write};

use super::steps::Step;
use super::{Pen, badge, bead, bytes, lasting, packets, run};
use crate::story::Level;

impl Pen<'_> {
    /// Writes an exchange in place of its steps; it has the number of the first of them.
    pub(super) fn exchange(&mut self, exchange: Step<'_>) -> fmt::Result {
        let Step { id, beat, number } = exchange;
        let (story, width) = (self.story, self.width);
        let whose = badge(story, beat).map(|letter| format!("  {letter:<2}")).unwrap_or_default();
        let sent = self.clock.column(beat.sent.time);
        let indent = " ".repeat(7 + sent.len() + whose.len());
        let (from, to) = (self.name(beat.from), self.name(beat.to));
        let label = &beat.label;
        let row = format!("{number:>3}{whose}  {sent}  {from:width$} <─> {to:width$}  [{label}]");
        writeln!(self.out, "{row}")?;
        let said = [&beat.headline, &beat.detail].into_iter().filter(|text| !text.is_empty());
        for sentence in said {
            writeln!(self.out, "{indent}{sentence}.")?;
        }
        for (flight, _) in story.children(Some(id)) {
            for trip in run(&self.sorted.trips, flight, |trip| trip.to) {
                writeln!(self.out, "{indent}1 round trip, {}", lasting(trip.nanos))?;
            }
        }
        writeln!(self.out, "{indent}{} · {}", packets(beat.packets), bytes(beat.bytes))
    }

    /// Writes what a step is made of: its messages, or its packets as far as they are told singly.
    pub(super) fn parts(&mut self, step: Step<'_>, level: Level) -> fmt::Result {
        let (story, indent) = (self.story, 7 + self.clock.width);
        let mut told = 0;
        for (id, part) in story.children(Some(step.id)).filter(|(_, part)| part.level == level) {
            let time = self.clock.time(part.sent.time);
            let size = match part.bytes {
                0 => String::new(),
                count => format!("  {}", bytes(count)),
            };
            writeln!(self.out, "{:indent$}{time}  {}{size}", "", bead(part, 1, None))?;
            let below = indent + time.chars().count() + 4;
            for parcel in story.parcels(id) {
                writeln!(self.out, "{:below$}{}", "", parcel.label)?;
            }
            told += part.packets;
        }
        let rest = step.beat.packets.saturating_sub(told);
        if level == Level::Packet && told > 0 && rest > 0 {
            writeln!(self.out, "{:indent$}and {} more", "", packets(rest))?;
        }
        Ok(())
    }
}
