//! Ties from a first try to its second, along the lifeline that sent both, with the time between;
//! where time is to scale.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{ActorId, Story};

use super::columns::Columns;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use super::wording::Clock;
use crate::diagram::geometry::{Align, Point, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From the end of an arrow to the first tie, and from one to the next beside it.
const FIRST: f32 = 5.0;
const NEXT: f32 = 4.0;
/// How many stand side by side; more share the last place.
const LANES: usize = 4;

/// A second try of what was sent before.
pub(super) struct Tie {
    /// The column that sent both, and the one it sent them to.
    pub(super) column: usize,
    pub(super) other: usize,
    pub(super) first: Time,
    pub(super) again: Time,
    lane: usize,
    about: About,
    /// What is said of it.
    pub(super) words: String,
}

/// The ties of what is drawn, in the order of the second tries.
pub(super) fn of(story: &Story, plan: &Plan<'_>, clock: Clock) -> Vec<Tie> {
    let column = |actor: ActorId| plan.cast.iter().position(|at| *at == usize::from(actor.0));
    let repeats = story.links.iter().filter(|link| link.relation == Relation::Repeats);
    let mut ties: Vec<Tie> = repeats
        .filter_map(|link| {
            plan.cover(link.from).zip(plan.cover(link.to))?;
            let (beat, first) = (story.beat(link.from)?, story.beat(link.to)?);
            let (column, other) = (column(beat.from)?, column(beat.to)?);
            let (first, again) = (first.sent.time, beat.sent.time);
            let words = format!("{} later", clock.span(again.since(first)));
            let about = About::Beat(link.from);
            let drawn = column != other && first < again;
            drawn.then_some(Tie { column, other, first, again, lane: 0, about, words })
        })
        .collect();
    ties.sort_by_key(|tie| (tie.again, tie.first));
    ties.dedup_by_key(|tie| (tie.column, tie.first, tie.again));
    let mut until: Vec<(usize, [Time; LANES])> = Vec::new();
    for tie in &mut ties {
        let at = until.iter().position(|(column, _)| *column == tie.column).unwrap_or_else(|| {
            until.push((tie.column, [Time(i64::MIN); LANES]));
            until.len() - 1
        });
        let Some((_, lanes)) = until.get_mut(at) else { continue };
        tie.lane = lanes.iter().position(|end| *end <= tie.first).unwrap_or(LANES - 1);
        if let Some(end) = lanes.get_mut(tie.lane) {
            *end = tie.again;
        }
    }
    ties
}

impl Tie {
    /// Where it begins and ends.
    pub(super) fn ends(&self, columns: &Columns, rows: &Rows) -> (Point, Point) {
        let right = self.other > self.column;
        let way = if right { 1.0 } else { -1.0 };
        let x = columns.edge(self.column, right) + way * (FIRST + NEXT * self.lane as f32);
        (at(x, rows.at(self.first)), at(x, rows.at(self.again)))
    }
}

/// Draws the ties, with what is said of them beside the second try.
pub(super) fn draw(sketch: &mut Sketch<'_>, ties: &[Tie], columns: &Columns, rows: &Rows) {
    for (tie, place) in ties.iter().zip(&rows.ties) {
        let (from, to) = tie.ends(columns, rows);
        let line = Shape::Line { from, to, width: 1.0, dashed: true };
        sketch.add(line, Style::Failure, tie.about, Layer::Raised);
        if let Some(baseline) = place {
            let left = columns.labels_left(tie.column, tie.other);
            let (x, _) = columns.label(tie.column, left);
            let align = if left { Align::End } else { Align::Start };
            let style = (Style::Failure, tie.about);
            sketch.text(&tie.words, at(x, *baseline), align, Type::State, style);
        }
    }
}
