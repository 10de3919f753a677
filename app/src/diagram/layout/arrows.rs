//! Arrows: a line, its head, its number near the tail, and the beads on it.

use super::beads::{self, LOOP, beside};
use super::columns::{BEFORE_NUMBER, Columns};
use super::plan::{Plan, Unit};
use super::rows::Placed;
use super::sketch::{self, Sketch};
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{Outcome, Story};

/// From a lifeline to the end of an arrow: half a bar.
const BAR: f32 = 4.0;
/// From a lifeline to the tie between a first try and its repetition.
const TIE: f32 = 18.0;
/// The length of a head and half its width.
const HEAD: (f32, f32) = (9.0, 4.5);

/// Draws an arrow; returns what it covers with all that is on it.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    rows: &beads::Rows,
    columns: &Columns,
) -> Rect {
    if unit.from == unit.to {
        return to_oneself(sketch, unit, placed, rows, columns);
    }
    let about = About::Beat(unit.id);
    let (from, to) = (columns.rail(unit.from), columns.rail(unit.to));
    let way = (to - from).signum();
    let (tail, head) = (at(from + way * BAR, placed.tail), at(to - way * BAR, placed.head));
    let style = match unit.beat.outcome {
        Outcome::Lost | Outcome::Refused => Style::Failure,
        _ => Style::Flow,
    };
    let width = if unit.quiet { 1.0 } else { 1.5 };
    let dashed = unit.beat.outcome == Outcome::Repeated;
    let beads = beads::draw(sketch, unit, rows, columns, (tail, head));
    let mut end = head;
    if unit.lost() {
        // Half the way, or as far as its beads need.
        let beads =
            beads.map_or(
                0.0,
                |beads| {
                    if way > 0.0 { beads.right - tail.x } else { tail.x - beads.left }
                },
            );
        end = tail.towards(head, ((beads + 24.0) / (head.x - tail.x).abs().max(1.0)).max(0.5));
        sketch.line((tail, end), width, dashed, style, about);
        sketch.add(Shape::Cross { centre: end, arm: 6.0 }, style, about, Layer::Lines);
    } else {
        let neck = short_of(tail, head, HEAD.0 - 1.0);
        let start = if unit.both_ways { short_of(head, tail, HEAD.0 - 1.0) } else { tail };
        sketch.line((start, neck), width, dashed, style, about);
        sketch.add(tip(tail, head, unit.quiet), style, about, Layer::Lines);
        if unit.both_ways {
            sketch.add(tip(head, tail, unit.quiet), style, about, Layer::Lines);
        }
    }
    let mut covered = Rect::spanning(tail, end).grown(6.0);
    if let Some(beads) = beads {
        covered = covered.union(beads);
    }
    let number = sketch::number_width(&unit.number, unit.quiet, sketch.measure);
    let share = (BEFORE_NUMBER + number / 2.0 - BAR) / (head.x - tail.x).abs().max(1.0);
    let disc = tail.towards(head, share);
    sketch.number(&unit.number, disc, unit.quiet, about);
    covered.union(Rect::around(disc, number, 20.0))
}

/// A message to oneself: out, down, and back.
fn to_oneself(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    rows: &beads::Rows,
    columns: &Columns,
) -> Rect {
    let about = About::Beat(unit.id);
    let rail = columns.rail(unit.from);
    let (_, way) = beside(unit.from, columns);
    let (near, far) = (rail + way * BAR, rail + way * LOOP);
    let (out, back) = (at(near, placed.tail), at(near, placed.head));
    let (upper, lower) = (at(far, placed.tail), at(far, placed.head));
    for line in [(out, upper), (upper, lower), (lower, short_of(lower, back, HEAD.0 - 1.0))] {
        sketch.line(line, 1.5, false, Style::Flow, about);
    }
    sketch.add(tip(lower, back, unit.quiet), Style::Flow, about, Layer::Lines);
    let middle = out.y.midpoint(back.y);
    let level = (at(near, middle), at(far, middle));
    let disc = at(far, middle);
    sketch.number(&unit.number, disc, true, about);
    let covered = Rect::spanning(out, lower).grown(8.0);
    beads::draw(sketch, unit, rows, columns, level).map_or(covered, |beads| covered.union(beads))
}

/// Ties a repetition to its first try, along the lifeline that sent both.
pub(super) fn repetitions(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    placed: &[Placed],
    columns: &Columns,
) {
    for link in story.links.iter().filter(|link| link.relation == Relation::Repeats) {
        let ends = plan.cover(link.to).zip(plan.cover(link.from));
        let Some(((_, first), (again, _))) = ends else { continue };
        let units = plan.units.get(first).zip(plan.units.get(again));
        let places = placed.get(first).zip(placed.get(again));
        let (Some((unit, later)), Some((first, again))) = (units, places) else { continue };
        if unit.from != later.from || unit.to == unit.from || again.tail <= first.tail {
            continue;
        }
        let way = (columns.rail(unit.to) - columns.rail(unit.from)).signum();
        let x = columns.rail(unit.from) + way * TIE;
        let line = (at(x, first.tail), at(x, again.tail));
        sketch.line(line, 1.0, true, Style::Failure, About::Beat(later.id));
    }
}

/// The place a little before `to`, coming from `from`.
fn short_of(from: Point, to: Point, by: f32) -> Point {
    let length = (to.x - from.x).hypot(to.y - from.y).max(1.0);
    to.towards(from, by / length)
}

/// An arrow's head at `to`, coming from `from`.
fn tip(from: Point, to: Point, small: bool) -> Shape {
    let shrink = if small { 0.8 } else { 1.0 };
    let length = (to.x - from.x).hypot(to.y - from.y).max(1.0);
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let (back, half) = (HEAD.0 * shrink, HEAD.1 * shrink);
    let base = at(to.x - dx * back, to.y - dy * back);
    Shape::Head([
        to,
        at(base.x - dy * half, base.y + dx * half),
        at(base.x + dy * half, base.y - dx * half),
    ])
}
