//! Exchanges: a question with all that was said until its answer. Questions that wait at the same
//! time share one, as they share a round trip.

use super::{Flight, Item, Writer};
use crate::story::weave::told::Told;
use crate::story::{Beat, BeatId, Level, Outcome};

/// The flights of one exchange, by position in their connection, and what was asked and answered.
struct Span {
    from: usize,
    to: usize,
    /// The last one that belongs to it: the acknowledgement with which a handshake is complete
    /// follows its answer.
    until: usize,
    label: String,
    trips: u32,
}

impl Writer<'_> {
    /// Puts the flights of each round trip of a connection below a beat of their own. What was
    /// asked in one chapter and answered in another is no exchange: no chapter holds both.
    pub(super) fn exchanges(&mut self, told: &Told) {
        for Span { from, to, until, label, trips } in self.spans(told) {
            let place = |at: usize| self.flights.get(&(told.thread.number, at)).copied();
            let flights: Vec<BeatId> = (from..=until).filter_map(place).collect();
            let (Some(first), Some(last)) = (flights.first(), place(to)) else { continue };
            let (Some(asks), Some(answers)) = (self.story.beat(*first), self.story.beat(last))
            else {
                continue;
            };
            let of_all = || flights.iter().filter_map(|id| self.story.beat(*id));
            let told_last = of_all().max_by_key(|beat| beat.ended.time).unwrap_or(answers);
            let beat = Beat {
                level: Level::Exchange,
                label,
                headline: asks.headline.clone(),
                detail: answers.headline.clone(),
                ended: told_last.ended,
                received: None,
                outcome: of_all()
                    .map(|beat| beat.outcome)
                    .find(|outcome| *outcome == Outcome::Refused)
                    .unwrap_or(Outcome::Arrived),
                bytes: of_all().map(|beat| beat.bytes).sum(),
                packets: of_all().map(|beat| beat.packets).sum(),
                round_trips: trips,
                ..asks.clone()
            };
            let exchange = self.push(beat);
            for id in flights {
                if let Some(flight) = self.at(id) {
                    flight.parent = Some(exchange);
                }
            }
        }
    }

    /// The round trips that one chapter holds, those that overlap together.
    fn spans(&self, told: &Told) -> Vec<Span> {
        let chapter = |at: usize| {
            let id = self.flights.get(&(told.thread.number, at))?;
            self.story.beat(*id)?.parent
        };
        let label = |at: usize| told.thread.items.get(at).map(|item| item.told.label.as_str());
        let confirmed = |to: usize| {
            let confirms = |flight: &Flight| {
                let mut own = flight.items.iter().filter_map(|at| told.thread.items.get(*at));
                own.all(Item::decides)
            };
            let is_next = told.flights.get(to + 1).is_some_and(confirms);
            if is_next && chapter(to + 1) == chapter(to) { to + 1 } else { to }
        };
        let mut trips: Vec<_> = told.trips.iter().filter(|trip| trip.from < trip.to).collect();
        trips.sort_by_key(|trip| (trip.from, trip.to));
        let mut spans: Vec<Span> = Vec::new();
        for trip in trips {
            let above = chapter(trip.from);
            if above.is_none() || (trip.from..=trip.to).any(|at| chapter(at) != above) {
                continue;
            }
            let counted = u32::from(trip.counts);
            match spans
                .last_mut()
                .filter(|span| trip.from <= span.until && chapter(span.to) == above)
            {
                Some(span) => {
                    span.to = span.to.max(trip.to);
                    span.until = span.until.max(confirmed(span.to));
                    span.trips += counted;
                }
                None => {
                    let (asked, answered) = (label(trip.asked), label(trip.answered));
                    let label =
                        format!("{} → {}", asked.unwrap_or_default(), answered.unwrap_or_default());
                    let (from, to) = (trip.from, trip.to);
                    spans.push(Span { from, to, until: confirmed(to), label, trips: counted });
                }
            }
        }
        spans
    }
}
