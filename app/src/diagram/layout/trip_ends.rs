//! When round trips begin and end, where their brackets stand between arrows that show other times:
//! the clock of an arrow is that of its first message, and a question may be a later one.
//!
//! ```text
//!   1.335   Finished · GET ──>          the arrow left at 1.335,
//!   1.618                               its question at 1.618
//!   3.208          <── 200 OK
//! ```

use wirestage_dissectors::ids::Time;

use super::margin::Bracket;
use super::plan::Plan;
use super::rows::Rows;
use super::wording::Clock;
use crate::diagram::style::Type;

/// A time that stands below that of an arrow.
pub(super) struct Named {
    /// Which arrow, by position.
    pub(super) unit: usize,
    /// From the time of the arrow down.
    pub(super) down: f32,
    pub(super) text: String,
}

/// The ends of brackets, where time is order.
#[derive(Default)]
pub(super) struct Ends {
    named: Vec<Named>,
    /// The brackets of which an end is told by no time, by position.
    untold: Vec<usize>,
}

impl Ends {
    /// Finds the ends that need a time of their own, and those of them that there is room for.
    pub(super) fn of(brackets: &[Bracket], plan: &Plan<'_>, rows: &Rows, clock: Clock) -> Self {
        let mut ends = Self::default();
        let tails = || rows.placed.iter().map(|placed| placed.tail);
        for (number, bracket) in brackets.iter().enumerate().filter(|(_, one)| !one.opens) {
            let (asked, answered) = bracket.times;
            for (unit, time) in [(bracket.from, asked), (bracket.to, answered)] {
                let told = |time: Time| clock.time(time.since(plan.start));
                let shown = plan.units.get(unit).map(|unit| told(unit.beat.sent.time));
                let text = told(time);
                let is_named = |one: &Named| one.unit == unit && one.text == text;
                if shown.as_ref() == Some(&text) || ends.named.iter().any(is_named) {
                    continue;
                }
                let before = ends.named.iter().filter(|one| one.unit == unit).count();
                let down = Type::Clock.line_height() * (before + 1) as f32;
                let Some(tail) = rows.placed.get(unit).map(|placed| placed.tail) else { continue };
                let place = tail + down;
                let is_free = |other: f32| {
                    other <= tail || (other - place).abs() >= Type::Clock.line_height()
                };
                if tails().all(is_free) {
                    ends.named.push(Named { unit, down, text });
                } else {
                    ends.untold.push(number);
                }
            }
        }
        ends
    }

    /// Those that there is room for.
    pub(super) fn named(&self) -> &[Named] {
        &self.named
    }

    /// Whether both ends of a bracket can be read off, so that its length is what they are apart.
    pub(super) fn tell(&self, bracket: usize) -> bool {
        !self.untold.contains(&bracket)
    }
}
