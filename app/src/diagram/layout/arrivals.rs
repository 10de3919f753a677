//! What came to a receiver in one go, and what was missing by then: brackets beside its lifeline,
//! where time is to scale.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{ActorId, Arrival, Level, Story, Transfer};

use super::board::Board;
use super::columns::Columns;
use super::placed::Measures;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::About;
use crate::diagram::style::{Style, Type};

/// Fewer segments than this need no brackets, unless something happened to them.
const FEW: usize = 10;
/// From the place of a label back to the line of its bracket, and on to its words.
const LINE: f32 = 3.0;
pub(super) const WORDS: f32 = 8.0;
/// The least height of a bracket.
const LEAST: f32 = 6.0;
/// From one line of words to the next.
const LEADING: f32 = 16.0;
/// From the middle of a bracket to its words at most.
const REACH: f32 = 48.0;

/// A bracket.
pub(super) struct Bracket {
    /// The receiver's column, and the sender's.
    pub(super) column: usize,
    other: usize,
    first: Time,
    last: Time,
    missing: bool,
    pub(super) words: String,
}

/// Where a bracket stands: its ends, and the baseline of its words.
#[derive(Clone, Copy)]
pub(super) struct Place {
    top: f32,
    end: f32,
    baseline: f32,
}

/// The brackets of what is drawn, in the order of coming.
pub(super) fn of(story: &Story, plan: &Plan<'_>) -> Vec<Bracket> {
    if !plan.units.iter().any(|unit| unit.beat.level == Level::Flight) {
        return Vec::new();
    }
    let column = |actor: ActorId| plan.cast.iter().position(|at| *at == usize::from(actor.0));
    let (start, end) = plan.shown();
    // What was sent again is told by its arrow.
    let is_shown = |one: &Arrival| !one.is_again && start <= one.first && one.last <= end;
    let of_one = |transfer: &Transfer| {
        let told = transfer.has_trouble() || transfer.segments.len() >= FEW;
        let ends = column(transfer.to).zip(column(transfer.from)).filter(|(to, from)| to != from);
        let arrivals = ends.filter(|_| told).map(|ends| (ends, transfer.arrivals()));
        let ((column, other), arrivals) = arrivals?;
        let brackets = arrivals.into_iter().filter(is_shown).map(move |one| Bracket {
            column,
            other,
            first: one.first,
            last: one.last,
            missing: one.is_missing,
            words: one.label(),
        });
        Some(brackets)
    };
    story.transfers.iter().filter_map(of_one).flatten().collect()
}

/// Whether there is a place for them: outside of the outermost lifelines.
fn fits(bracket: &Bracket, columns: &Columns) -> bool {
    columns.outside(bracket.column)
}

/// Places the brackets, each below the one before it.
pub(super) fn place(rows: &mut Rows, measures: &Measures<'_>, board: &mut Board) {
    let mut floor = f32::NEG_INFINITY;
    let mut last = None;
    for bracket in measures.arrivals {
        if !fits(bracket, measures.columns) {
            rows.arrivals.push(None);
            continue;
        }
        if last.replace((bracket.column, bracket.other)) != Some((bracket.column, bracket.other)) {
            floor = f32::NEG_INFINITY;
        }
        let place = free(bracket, floor, rows, measures, board);
        if let Some((place, rect)) = place {
            board.take(rect);
            floor = place.baseline + LEADING;
        }
        if place.is_none() {
            rows.leave_out(&bracket.words);
        }
        rows.arrivals.push(place.map(|(place, _)| place));
    }
}

fn free(
    bracket: &Bracket,
    floor: f32,
    rows: &Rows,
    measures: &Measures<'_>,
    board: &Board,
) -> Option<(Place, Rect)> {
    let (top, end) = (rows.at(bracket.first), rows.at(bracket.last));
    let (top, end) = if end - top < LEAST {
        let middle = top.midpoint(end);
        (middle - LEAST / 2.0, middle + LEAST / 2.0)
    } else {
        (top, end)
    };
    let font = Type::State;
    let wanted = top.midpoint(end) + font.cap_height() / 2.0;
    let first = wanted.max(floor);
    let reach = REACH.max((end - top) / 2.0);
    let (x, way) = beside(bracket, measures.columns);
    let width = measures.measure.width(&bracket.words, font);
    let rect = |baseline: f32| {
        let (above, below) = (baseline - font.ascent(), baseline + font.descent());
        let (left, right) = (x.min(x + way * (WORDS + width)), x.max(x + way * (WORDS + width)));
        Rect { left, top: above, right, bottom: below }
    };
    let tries = (0..).map(|count| first + 4.0 * count as f32);
    let mut tries = tries.take_while(|baseline| baseline - wanted <= reach);
    let baseline = tries.find(|baseline| board.is_clear(rect(*baseline)))?;
    Some((Place { top, end, baseline }, rect(baseline)))
}

/// Where a bracket begins, and which way its words go.
fn beside(bracket: &Bracket, columns: &Columns) -> (f32, f32) {
    let side = columns.label_side(bracket.column, bracket.other);
    let (x, _) = columns.label(bracket.column, side);
    (x, side.sign())
}

/// Draws the brackets that found a place.
pub(super) fn draw(sketch: &mut Sketch<'_>, brackets: &[Bracket], columns: &Columns, rows: &Rows) {
    for (bracket, place) in brackets.iter().zip(&rows.arrivals) {
        let Some(Place { top, end, baseline }) = *place else { continue };
        let (x, way) = beside(bracket, columns);
        let line = x - way * LINE;
        let (ends, style) = if bracket.missing {
            // A line across that of what came would be read with it.
            let y = top.midpoint(end);
            ((at(line + way * LINE / 2.0, y), at(x + way * LINE, y)), Style::Failure)
        } else {
            ((at(line, top), at(line, end)), Style::Dim)
        };
        sketch.line(ends, 1.2, false, style, About::Nothing);
        let (origin, align) =
            (at(x + way * WORDS, baseline), if way < 0.0 { Align::End } else { Align::Start });
        sketch.text(&bracket.words, origin, align, Type::State, (style, About::Nothing));
    }
}

/// The widest words of a column.
pub(super) fn widest(brackets: &[Bracket], column: usize, measure: &dyn MeasureText) -> f32 {
    let own = brackets.iter().filter(|bracket| bracket.column == column);
    let widths = own.map(|bracket| measure.width(&bracket.words, Type::State) + WORDS);
    widths.fold(0.0, f32::max).ceil()
}
