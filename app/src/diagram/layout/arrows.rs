//! Arrows: a line, its head, its number near the tail, and the beads on it. A flight that does not
//! fit goes on over more lines, each an arrow with its own head, tied at the tail by one spine.

use super::badge;
use super::beads::{self, LOOP, loop_side};
use super::columns::Columns;
use super::placed::Placed;
use super::plan::{Plan, Unit};
use super::side::Side;
use super::sketch::{self, Sketch};
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::Style;

use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{Outcome, Story};

/// From the end of an arrow to the tie between a first try and its repetition: between the lifeline
/// and whatever stands beside it.
const TIE: f32 = 5.0;
/// The length of a head and half its width.
pub(super) const HEAD: (f32, f32) = (9.0, 4.5);
/// From the beads of what is lost to its cross.
const CUT: f32 = 24.0;

/// Draws an arrow, or what is on it only where its first packet shows it; returns what it covers
/// with all that is on it.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    (placed, shown): (Placed, bool),
    lines: &beads::Lines,
    columns: &Columns,
) -> Rect {
    if unit.from == unit.to {
        return to_oneself(sketch, unit, placed, lines, columns);
    }
    let about = About::Beat(unit.id);
    let (from, to) = columns.ends(unit);
    let way = (to - from).signum();
    let (tail, head) = (at(from, placed.tail), at(to, placed.head));
    let small = unit.quiet || columns.form.still;
    let number = sketch::number_width(&unit.number, small, sketch.measure);
    let shift = placed.solved.map_or(Some(0.0), |solved| solved.number);
    let near = columns.before_number + number / 2.0 + shift.unwrap_or_default();
    let share = near / (head.x - tail.x).abs().max(1.0);
    let lift = placed.solved.map_or(0.0, |solved| solved.lift);
    let beside = |far: f32| {
        let on_line = tail.towards(head, far);
        at(on_line.x, on_line.y + lift)
    };
    let disc = beside(share);
    if let Some(track) = unit.badge.filter(|_| shift.is_some()) {
        let away = near + badge::away(track, number, sketch.measure);
        let centre = beside(away / (head.x - tail.x).abs().max(1.0));
        badge::draw(sketch, track, centre, about);
    }
    if unit.folded {
        let mut covered = beads::block(sketch, unit, lines, columns, placed.tail);
        for beads in beads::draw(sketch, unit, lines, columns, (tail, head)) {
            covered = covered.union(beads);
        }
        sketch.number(&unit.number, disc, small, about);
        return covered;
    }
    let failed = unit.refused() || unit.beat.outcome == Outcome::Lost;
    let style = if failed { Style::Failure } else { Style::Flow };
    let width = if unit.quiet { 1.0 } else { 1.5 };
    let dashed = unit.beat.outcome == Outcome::Repeated;
    let hung = beads::draw(sketch, unit, lines, columns, (tail, head));
    let badge = badge::width(unit.badge, sketch.measure);
    let mut covered = Rect::around(disc, number + 2.0 * badge, 20.0);
    for line in 0..lines.count() {
        let down = lines.down(line, (head.y - tail.y).abs());
        // The first line leaves the lifeline, all others the spine.
        let start = if line == 0 { tail } else { at(disc.x, disc.y + down) };
        let end = at(head.x, head.y + down);
        let beads = hung.get(line).copied();
        let drawn = if shown {
            end
        } else if unit.lost() {
            // Half the way, or as far as its beads need.
            let of_beads = |rect: Rect| {
                if way > 0.0 { rect.right - start.x } else { start.x - rect.left }
            };
            let far = (beads.map_or(0.0, of_beads) + CUT) / (end.x - start.x).abs().max(1.0);
            let cut = start.towards(end, far.max(0.5));
            sketch.line((start, cut), width, dashed, style, about);
            sketch.add(Shape::Cross { centre: cut, arm: 6.0 }, style, about, Layer::Lines);
            cut
        } else {
            sketch.line((start, short_of(start, end, HEAD.0 - 1.0)), width, dashed, style, about);
            sketch.add(tip(start, end, unit.quiet), style, about, Layer::Lines);
            end
        };
        covered = covered.union(Rect::spanning(start, drawn).grown(6.0));
        if let Some(beads) = beads {
            covered = covered.union(beads);
        }
    }
    if lines.count() > 1 && !shown {
        let last = disc.y + lines.further((head.y - tail.y).abs());
        sketch.line((disc, at(disc.x, last)), width, dashed, style, about);
    }
    if shift.is_some() {
        sketch.number(&unit.number, disc, small, about);
    }
    covered
}

/// A message to oneself: out, down, and back.
fn to_oneself(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    lines: &beads::Lines,
    columns: &Columns,
) -> Rect {
    let about = About::Beat(unit.id);
    let side = loop_side(unit.from, columns);
    let (near, way) = (columns.edge(unit.from, side), side.sign());
    let far = near + way * LOOP;
    let (out, back) = (at(near, placed.tail), at(near, placed.head));
    let (upper, lower) = (at(far, placed.tail), at(far, placed.head));
    let style = if unit.refused() || unit.lost() { Style::Failure } else { Style::Flow };
    for line in [(out, upper), (upper, lower), (lower, short_of(lower, back, HEAD.0 - 1.0))] {
        sketch.line(line, 1.5, false, style, about);
    }
    sketch.add(tip(lower, back, unit.quiet), style, about, Layer::Lines);
    let middle = placed.tail + (placed.head - placed.tail - lines.further(0.0)) / 2.0;
    let level = (at(near, middle), at(far, middle));
    let mut covered = Rect::spanning(out, lower).grown(8.0);
    for (line, beads) in beads::draw(sketch, unit, lines, columns, level).into_iter().enumerate() {
        let y = middle + lines.down(line, 0.0);
        let side = if way > 0.0 { beads.right - 4.0 } else { beads.left + 4.0 };
        sketch.line((at(far, y), at(side, y)), 1.0, false, style, about);
        covered = covered.union(beads);
    }
    if placed.solved.is_none_or(|solved| solved.number.is_some()) {
        sketch.number(&unit.number, at(far, middle), true, about);
        if let Some(track) = unit.badge {
            let number = sketch::number_width(&unit.number, true, sketch.measure);
            let away = badge::away(track, number, sketch.measure);
            badge::draw(sketch, track, at(far + way * away, middle), about);
        }
    }
    covered
}

/// A line with a head at its end.
pub(super) fn headed(
    sketch: &mut Sketch<'_>,
    (from, to): (Point, Point),
    (width, small): (f32, bool),
    (style, about, layer): (Style, About, Layer),
) {
    let to_head = short_of(from, to, HEAD.0 - 1.0);
    sketch.add(Shape::Line { from, to: to_head, width, dashed: false }, style, about, layer);
    sketch.add(tip(from, to, small), style, about, layer);
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
        if unit.folded || later.folded {
            continue;
        }
        let side = Side::towards(unit.from, unit.to);
        let x = columns.edge(unit.from, side) + side.sign() * TIE;
        let line = (at(x, first.tail), at(x, again.tail));
        sketch.line(line, 1.0, true, Style::Failure, About::Beat(later.id));
    }
}

/// The place a little before `to`, coming from `from`.
pub(super) fn short_of(from: Point, to: Point, by: f32) -> Point {
    let length = (to.x - from.x).hypot(to.y - from.y).max(1.0);
    to.towards(from, by / length)
}

/// An arrow's head at `to`, coming from `from`.
pub(super) fn tip(from: Point, to: Point, small: bool) -> Shape {
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
