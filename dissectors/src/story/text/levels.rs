//! A story told from further away than step by step, or from nearer.

use std::fmt::Write;

use super::{Clock, Sorted, badge, bead, bytes, lasting, packets, run};
use crate::story::{Beat, BeatId, Level, Story};

/// Writes an exchange in place of its steps, which are numbered from `number` on.
pub(super) fn exchange(
    (story, sorted): (&Story, &Sorted<'_>),
    (id, beat): (BeatId, &Beat),
    (number, width, clock): (usize, usize, Clock),
    out: &mut String,
) -> std::fmt::Result {
    let name = |actor: crate::story::ActorId| {
        story.cast.get(usize::from(actor.0)).map_or("", |actor| actor.name.as_str())
    };
    let whose = badge(story, beat).map(|letter| format!("  {letter:<2}")).unwrap_or_default();
    let sent = clock.column(beat.sent.time);
    let indent = " ".repeat(7 + sent.len() + whose.len());
    let (from, to) = (name(beat.from), name(beat.to));
    let label = &beat.label;
    writeln!(out, "{number:>3}{whose}  {sent}  {from:width$} <─> {to:width$}  [{label}]")?;
    for sentence in [&beat.headline, &beat.detail].into_iter().filter(|text| !text.is_empty()) {
        writeln!(out, "{indent}{sentence}.")?;
    }
    for (flight, _) in story.children(Some(id)) {
        for trip in run(&sorted.trips, flight, |trip| trip.to) {
            writeln!(out, "{indent}1 round trip, {}", lasting(trip.nanos))?;
        }
    }
    writeln!(out, "{indent}{} · {}", packets(beat.packets), bytes(beat.bytes))
}

/// Writes what a step is made of: its messages, or its packets as far as they are told singly.
pub(super) fn parts(
    story: &Story,
    (id, beat): (BeatId, &Beat),
    (level, indent, clock): (Level, usize, Clock),
    out: &mut String,
) -> std::fmt::Result {
    let mut told = 0;
    for (part_id, part) in story.children(Some(id)).filter(|(_, part)| part.level == level) {
        let time = clock.time(part.sent.time);
        let size = match part.bytes {
            0 => String::new(),
            count => format!("  {}", bytes(count)),
        };
        writeln!(out, "{:indent$}{time}  {}{size}", "", bead(part, 1, None))?;
        let below = indent + time.chars().count() + 4;
        for parcel in story.parcels(part_id) {
            writeln!(out, "{:below$}{}", "", parcel.label)?;
        }
        told += part.packets;
    }
    let rest = beat.packets.saturating_sub(told);
    if level == Level::Packet && told > 0 && rest > 0 {
        writeln!(out, "{:indent$}and {} more", "", packets(rest))?;
    }
    Ok(())
}
