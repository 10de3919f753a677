//! The ribbon of what is followed: a pale band under its arrows and along the lifelines between
//! them, from the first who asked to the last who answered and back. Nothing else changes.

use wirestage_dissectors::story::{BeatId, Story};

use super::beads::Lines;
use super::columns::Columns;
use super::crowd;
use super::placed::Placed;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::side::Side;
use super::sketch::Sketch;
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

/// From the beads of an arrow to the edge of the ribbon, and the same beside the bars.
const AROUND: f32 = 4.0;
const BESIDE: f32 = 5.0;
/// How wide the edge is.
const HEM: f32 = 1.0;
/// Half the height of the ribbon under an arrow without beads.
const LEAST: f32 = 12.0;

/// Where one arrow of what is followed ends on a lifeline.
#[derive(Clone, Copy)]
struct Turn {
    column: usize,
    /// From where to where the ribbon under the arrow reaches there.
    top: f32,
    bottom: f32,
}

/// Draws the ribbon of what is followed.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    (story, plan, lines): (&Story, &Plan<'_>, &[Lines]),
    columns: &Columns,
    rows: &Rows,
    followed: Option<BeatId>,
) {
    let Some(trail) = followed.and_then(|id| story.trail(id)) else { return };
    let mut before: Option<Turn> = None;
    let mut drawn = None;
    for flight in trail.flights(story) {
        let Some((first, last)) = plan.cover(flight) else { continue };
        // From afar one arrow may stand for several.
        if drawn == Some((first, last)) {
            continue;
        }
        drawn = Some((first, last));
        for at in first..=last {
            let (Some(unit), Some(placed)) = (plan.units.get(at), rows.placed.get(at)) else {
                continue;
            };
            // Arrows of others may stand between the parts of one.
            if story.flight_of(unit.id).is_some_and(|own| own != flight) {
                continue;
            }
            let (from, to) = along(sketch, (unit, lines.get(at)), *placed, columns);
            if let Some(before) = before.filter(|before| before.column == from.column) {
                let (top, bottom) = (before.top.min(from.top), before.bottom.max(from.bottom));
                upright(sketch, columns, Turn { top, bottom, ..from });
            }
            before = Some(to);
        }
    }
}

/// The ribbon under one arrow; returns where it begins and ends.
fn along(
    sketch: &mut Sketch<'_>,
    (unit, lines): (&Unit<'_>, Option<&Lines>),
    placed: Placed,
    columns: &Columns,
) -> (Turn, Turn) {
    let above = placed.above.max(LEAST) + AROUND;
    let under = placed.under.max(LEAST) + AROUND;
    let turn = |column, y: f32| Turn { column, top: y - above, bottom: y + under };
    let ends = (turn(unit.from, placed.tail), turn(unit.to, placed.head));
    let (low, high) = (unit.from.min(unit.to), unit.from.max(unit.to));
    let (left, _) = beside(columns, low);
    let (_, right) = beside(columns, high);
    if placed.steep || (placed.head - placed.tail).abs() > AROUND {
        let (from, to) = columns.ends(unit);
        slanted(sketch, (at(from, placed.tail), at(to, placed.head)), above + under);
    } else if low != high {
        let (top, bottom) = (placed.tail - above, placed.tail + under);
        // What hangs below the arrow may reach further.
        let hung = lines.filter(|_| columns.form.hung_below);
        let hung = hung.map(|lines| crowd::rows(unit, lines, placed.tail, columns, sketch.measure));
        let arrow = Rect { left, top, right, bottom };
        let all = hung.into_iter().flatten().map(|row| row.grown(AROUND)).fold(arrow, Rect::union);
        level(sketch, Rect { top, bottom, ..all });
    }
    (ends.0, ends.1)
}

/// The ribbon along a lifeline, with all its bars.
fn upright(sketch: &mut Sketch<'_>, columns: &Columns, Turn { column, top, bottom }: Turn) {
    let (left, right) = beside(columns, column);
    level(sketch, Rect { left, top, right, bottom });
}

/// From where to where the ribbon reaches along a lifeline.
fn beside(columns: &Columns, column: usize) -> (f32, f32) {
    (columns.edge(column, Side::Left) - BESIDE, columns.edge(column, Side::Right) + BESIDE)
}

fn level(sketch: &mut Sketch<'_>, rect: Rect) {
    let plate = |rect| Shape::Plate { rect, radius: 4.0, outline: 0.0, dashed: false };
    hem(sketch, rect.grown(HEM));
    sketch.add(plate(rect), Style::Followed, About::Nothing, Layer::Ribbon);
}

/// The edge stands out by its line colour: an outline as wide as half the plate fills all of it.
fn hem(sketch: &mut Sketch<'_>, rect: Rect) {
    let inner = rect.grown(-HEM / 2.0);
    let plate = Shape::Plate { rect: inner, radius: 4.0, outline: HEM, dashed: false };
    sketch.add(plate, Style::Followed, About::Nothing, Layer::Hem);
}

fn slanted(sketch: &mut Sketch<'_>, (from, to): (Point, Point), width: f32) {
    let line = |width| Shape::Line { from, to, width, dashed: false };
    sketch.add(line(width), Style::Followed, About::Nothing, Layer::Ribbon);
}
