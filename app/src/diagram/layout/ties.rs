//! Ties from a first try to its second, along the lifeline that sent both, with the time between;
//! where time is to scale.
//!
//! They stand outside of the outermost lifelines, beyond the names of states, where there is room:
//! there they cross no arrow. Those that overlap in time stand side by side.

use std::collections::HashMap;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{ActorId, BeatId, Level, RunKind, Story};

use super::board::Board;
use super::columns::Columns;
use super::labels;
use super::placed::Measures;
use super::plan::Plan;
use super::rows::Rows;
use super::side::Side;
use super::sketch::Sketch;
use super::wording::Clock;
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// Between lifelines: from the end of an arrow to the first tie, and from one to the next.
const FIRST: f32 = 5.0;
const NEXT: f32 = 4.0;
/// Outside: from the labels beside a lifeline to the first tie, and from one to the next, which
/// leaves room for words.
const BEYOND: f32 = 10.0;
const LANE: f32 = 20.0;
/// How many stand side by side; more share the last place.
const LANES: usize = 4;
/// Around words along a tie, and from one place that is tried to the next.
const AROUND: f32 = 12.0;
/// From words along a tie to its line.
const OFF: f32 = 4.0;
/// From words beside a second try to the number of a sentence.
const GAP: f32 = 8.0;
const ALONG: f32 = 8.0;

/// A second try of what was sent before.
pub(super) struct Tie {
    /// The column that sent both, and the one it sent them to.
    pub(super) column: usize,
    other: usize,
    first: Time,
    again: Time,
    lane: usize,
    about: About,
    /// What is said of it.
    words: String,
}

/// Where the words of a tie stand.
#[derive(Clone, Copy)]
pub(super) enum Words {
    /// Along it, from bottom to top.
    Along(Point),
    /// Beside its second try, on the side of the tie or on that of the arrows.
    Beside(f32),
    Within(f32),
}

/// The ties of what is drawn, in the order of the second tries.
pub(super) fn of(story: &Story, plan: &Plan<'_>, clock: Clock) -> Vec<Tie> {
    let column = |actor: ActorId| plan.cast.iter().position(|at| *at == usize::from(actor.0));
    let named = runs(story);
    let repeats = story.links.iter().filter(|link| link.relation == Relation::Repeats);
    let mut ties: Vec<Tie> = repeats
        .filter_map(|link| {
            let (_, (shown, _)) = plan.cover(link.from).zip(plan.cover(link.to))?;
            let first_try = plan.units.get(shown)?;
            let (beat, first) = (story.beat(link.from)?, story.beat(link.to)?);
            let (column, other) = (column(beat.from)?, column(beat.to)?);
            let (first, again) = (first.sent.time, beat.sent.time);
            let after = clock.span(again.since(first));
            let words = match named.get(&link.from) {
                // A packet by itself goes by the number that it has in the picture.
                _ if first_try.beat.level == Level::Packet => {
                    format!("{} again, after {after}", first_try.number)
                }
                // What was sent again with the one before it is told with that.
                Some(None) => return None,
                Some(Some(label)) => format!("{label}, after {after}"),
                None => format!("again, after {after}"),
            };
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

/// What is said of second tries by their packets; nothing of those that another one speaks for.
fn runs(story: &Story) -> HashMap<BeatId, Option<String>> {
    let mut found = HashMap::new();
    for transfer in &story.transfers {
        let tries = |run: &RunKind| matches!(run, RunKind::Again | RunKind::AgainLost);
        for run in transfer.runs().iter().filter(|run| tries(&run.kind)) {
            let own = transfer.segments.get(run.first..=run.last).unwrap_or_default();
            let own = own.iter().filter(|one| one.again.is_some());
            let packets = own.filter_map(|one| one.beat).enumerate();
            found.extend(
                packets.map(|(at, packet)| {
                    (packet, (at == 0).then(|| format!("{} again", run.numbers)))
                }),
            );
        }
    }
    found
}

/// How wide the ties of a column are that stand outside.
pub(super) fn width(ties: &[Tie], column: usize) -> f32 {
    let lanes = ties.iter().filter(|tie| tie.column == column).map(|tie| tie.lane + 1).max();
    lanes.map_or(0.0, |lanes| BEYOND + lanes as f32 * LANE)
}

impl Tie {
    /// The side of its lifeline that is the edge of the picture, where it stands outside.
    const fn outer_side(&self) -> Side {
        if self.column == 0 { Side::Left } else { Side::Right }
    }

    fn x(&self, columns: &Columns) -> f32 {
        if columns.outside(self.column) {
            let side = self.outer_side();
            let (edge, width) = columns.label(self.column, side);
            return edge + side.sign() * (width + BEYOND + LANE * self.lane as f32);
        }
        let side = Side::towards(self.column, self.other);
        columns.edge(self.column, side) + side.sign() * (FIRST + NEXT * self.lane as f32)
    }

    /// Its lines: along the lifeline, and outside also from there to both tries.
    pub(super) fn lines(&self, columns: &Columns, rows: &Rows) -> Vec<(Point, Point)> {
        let x = self.x(columns);
        let (top, end) = (rows.at(self.first), rows.at(self.again));
        let mut lines = vec![(at(x, top), at(x, end))];
        if columns.outside(self.column) {
            let edge = columns.edge(self.column, self.outer_side());
            lines.extend([top, end].map(|y| (at(x, y), at(edge, y))));
        }
        lines
    }
}

/// Finds room for the words of all ties.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    for tie in measures.ties {
        let along = along(tie, rows, measures, board);
        let place = match along {
            Some((origin, rect)) => {
                board.take(rect);
                Some(Words::Along(origin))
            }
            None => {
                let outer = beside(tie, false, rows, measures, board);
                let found = outer.map(|(y, rect)| (Words::Beside(y), rect)).or_else(|| {
                    let (y, rect) = beside(tie, true, rows, measures, board)?;
                    Some((Words::Within(y), rect))
                });
                found.map(|(words, rect)| {
                    board.take(rect);
                    words
                })
            }
        };
        if place.is_none() {
            rows.leave_out(&tie.words);
        }
        rows.ties.push(place);
    }
}

/// Along the tie, on its far side: between lifelines that is where its arrows leave.
fn along(tie: &Tie, rows: &Rows, measures: &Measures<'_>, board: &Board) -> Option<(Point, Rect)> {
    let columns = measures.columns;
    let font = Type::State;
    let length = measures.measure.width(&tie.words, font);
    let (top, end) = (rows.at(tie.first), rows.at(tie.again));
    let x = tie.x(columns);
    // A text that is read from bottom to top stands left of its origin.
    let outside = columns.outside(tie.column);
    let side = if outside { tie.outer_side() } else { Side::towards(tie.column, tie.other) };
    let x = match side {
        Side::Left => x - font.descent() - OFF,
        Side::Right => x + font.ascent() + OFF,
    };
    let rect = |middle: f32| Rect {
        left: x - font.ascent(),
        top: middle - length / 2.0,
        right: x + font.descent(),
        bottom: middle + length / 2.0,
    };
    // From the middle on, within one band.
    let (centre, room) = (top.midpoint(end), (end - top - length - AROUND) / 2.0);
    let tries = (0..).map(|count| count as f32 * ALONG).take_while(|by| *by <= room);
    let mut tries = tries.flat_map(|by| [centre - by, centre + by]);
    let is_within = |rect: &Rect| {
        rows.bands.iter().any(|(top, end)| *top + 2.0 <= rect.top && rect.bottom <= *end - 2.0)
    };
    tries.find_map(|middle| {
        let rect = rect(middle);
        (is_within(&rect) && board.is_clear(rect.grown(OFF))).then_some((at(x, middle), rect))
    })
}

/// Where words beside a second try begin, and on which side of its lifeline.
fn foot(tie: &Tie, within: bool, columns: &Columns) -> (f32, Side) {
    let side = columns.label_side(tie.column, tie.other);
    let side = if within { side.other() } else { side };
    (columns.label(tie.column, side).0, side)
}

/// Beside the second try.
fn beside(
    tie: &Tie,
    within: bool,
    rows: &Rows,
    measures: &Measures<'_>,
    board: &Board,
) -> Option<(f32, Rect)> {
    let columns = measures.columns;
    let (x, side) = foot(tie, within, columns);
    let width = measures.measure.width(&tie.words, Type::State);
    let (low, high) = side.stretch(x, width);
    let rect = |y: f32| {
        let (top, bottom) = (y - Type::State.ascent(), y + Type::State.descent());
        Rect { left: low, top, right: high, bottom }
    };
    let end = columns.steps.map_or(columns.width - columns.form.margin(), |(left, _)| left - GAP);
    let inside = low >= columns.brackets && high <= end;
    let first = rows.at(tie.again) + 4.0;
    // Words that touch a number would be read with it.
    let apart = |rect: Rect| Rect { left: rect.left - OFF, right: rect.right + OFF, ..rect };
    let found = labels::nearest(first).find(|y| inside && board.is_clear(apart(rect(*y))))?;
    Some((found, rect(found)))
}

/// Draws the ties, with what is said of them.
pub(super) fn draw(sketch: &mut Sketch<'_>, ties: &[Tie], columns: &Columns, rows: &Rows) {
    for (tie, place) in ties.iter().zip(&rows.ties) {
        for (from, to) in tie.lines(columns, rows) {
            let line = Shape::Line { from, to, width: 1.0, dashed: true };
            // What runs along the lifeline speaks for all.
            let about = if from.x == to.x { tie.about } else { About::Nothing };
            sketch.add(line, Style::Failure, about, Layer::Raised);
        }
        match place {
            Some(Words::Along(origin)) => {
                sketch.upright(&tie.words, *origin, Type::State, Style::Failure);
            }
            Some(Words::Beside(baseline) | Words::Within(baseline)) => {
                let within = matches!(place, Some(Words::Within(_)));
                let (x, side) = foot(tie, within, columns);
                let style = (Style::Failure, tie.about);
                sketch.text(&tie.words, at(x, *baseline), side.align(), Type::State, style);
            }
            None => {}
        }
    }
}
