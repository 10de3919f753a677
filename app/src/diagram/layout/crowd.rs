//! Crowded lifelines: an arrow between two of them is too short for words, so its beads hang on a
//! string below it, across other lifelines, tied to its tail by a spine.
//!
//! ```text
//!      │      │ ●┬───> │      │     number near the tail, where there is room; head at the other end
//!      │      │  └[SYN]─[...] │     beads on their string, lines below each other
//!      │      │  its sentence │
//! ```

use super::badge;
use super::bead;
use super::beads::{GAP, LINE_GAP, Line, Lines, NOTE};
use super::columns::Columns;
use super::lifelines;
use super::placed::{LOOP_DROP, Placed};
use super::plan::Unit;
use super::sketch::{self, Sketch};
use super::{arrows, beads};
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

use wirestage_dissectors::story::Outcome;

/// How far an arrow with its number reaches above itself.
pub(super) const ABOVE: f32 = 11.0;
/// From an arrow to the first line of its beads.
const FIRST: f32 = 13.0;
/// From the tail to the spine, where no number stands on the arrow.
const SPINE: f32 = 8.0;
/// From a number to the beads behind it.
const BEHIND: f32 = 6.0;
/// How high a line is that holds a number only.
const NUMBER: f32 = 20.0;
/// How far a message to oneself reaches from its lifeline.
const LOOP: f32 = 24.0;
/// Half the height of a block that folds a conversation.
const BLOCK: f32 = 9.0;

/// What stands before the first bead of an arrow.
pub(super) fn lead(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> f32 {
    if is_numbered_below(unit, columns) { number(unit, measure) + BEHIND } else { 0.0 }
}

/// Whether an arrow is too short for its number. A message to oneself always is.
fn is_numbered_below(unit: &Unit<'_>, columns: &Columns) -> bool {
    columns.numbered_below || unit.from == unit.to
}

/// The width of a number with the letter of its connection.
fn number(unit: &Unit<'_>, measure: &dyn MeasureText) -> f32 {
    sketch::number_width(&unit.number, false, measure) + badge::width(unit.badge, measure)
}

/// From an arrow to the first line of its beads.
pub(super) fn lowered(unit: &Unit<'_>) -> f32 {
    let looped = if unit.from == unit.to { LOOP_DROP / 2.0 } else { 0.0 };
    let refused = if unit.refused() { lifelines::CROSS } else { 0.0 };
    FIRST + looped + refused
}

/// From an arrow to the end of what hangs below it, sentence apart.
pub(super) fn below(first: f32, lines: &[Line], notes: usize) -> f32 {
    let heights = lines.iter().map(|line| line.height + LINE_GAP).sum::<f32>();
    first + heights.max(NUMBER + LINE_GAP) - LINE_GAP + NOTE * notes as f32
}

/// Which way an arrow leaves: 1 to the right.
fn way(unit: &Unit<'_>, columns: &Columns) -> f32 {
    if unit.from == unit.to {
        return beads::loop_side(unit.from, columns).sign();
    }
    (columns.rail(unit.to) - columns.rail(unit.from)).signum()
}

/// Where the spine goes down: under the number, or beside the tail where that stands lower.
fn spine(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> f32 {
    let tail = if unit.from == unit.to {
        columns.edge(unit.from, beads::loop_side(unit.from, columns))
    } else {
        columns.ends(unit).0
    };
    let number = columns.before_number + sketch::number_width(&unit.number, false, measure) / 2.0;
    let far = if is_numbered_below(unit, columns) { SPINE } else { number };
    tail + way(unit, columns) * far
}

/// The lines of beads below an arrow that leaves at a height, the number before the first one.
pub(super) fn rows(
    unit: &Unit<'_>,
    lines: &Lines,
    tail: f32,
    columns: &Columns,
    measure: &dyn MeasureText,
) -> Vec<Rect> {
    let (left, room) = columns.under(unit);
    let right = left + room;
    let way = way(unit, columns);
    let half = sketch::number_width(&unit.number, false, measure) / 2.0;
    let spine = spine(unit, columns, measure);
    let lead = lead(unit, columns, measure);
    let looped = if unit.from == unit.to { LOOP_DROP / 2.0 } else { 0.0 };
    let mut y = tail + looped + lines.lowered.unwrap_or(FIRST);
    let count = lines.lines.len().max(usize::from(lead > 0.0));
    let row = |number: usize| {
        let line = lines.lines.get(number);
        let before = if number == 0 { lead } else { 0.0 };
        let width = before + line.map_or(-BEHIND, |line| line.width);
        // As near to the tail as there is room.
        let wanted = if way > 0.0 { spine - half } else { spine + half - width };
        let start = wanted.min(right - width).max(left);
        let rect = Rect::sized(start, y, width, line.map_or(NUMBER, |line| line.height));
        y = rect.bottom + LINE_GAP;
        rect
    };
    (0..count).map(row).collect()
}

/// Draws an arrow and what hangs below it; returns what all of it covers.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    lines: &Lines,
    (columns, ground): (&Columns, Style),
) -> Rect {
    let about = About::Beat(unit.id);
    let (tail, mut covered) = arrow(sketch, unit, placed, columns);
    let way = way(unit, columns);
    let wide = number(unit, sketch.measure);
    let disc = sketch::number_width(&unit.number, false, sketch.measure);
    let numbered_below = is_numbered_below(unit, columns);
    let spine = at(spine(unit, columns, sketch.measure), tail.y);
    if !numbered_below {
        numbers(sketch, unit, spine, way);
        covered = covered.union(Rect::around(spine, 2.0 * wide - disc, 2.0 * ABOVE));
    }
    let lead = lead(unit, columns, sketch.measure);
    let rows = rows(unit, lines, tail.y, columns, sketch.measure);
    for (number, rect) in rows.iter().enumerate() {
        let before = if number == 0 { lead } else { 0.0 };
        let middle = rect.centre().y;
        let mut x = if way > 0.0 { rect.left + before } else { rect.left };
        for hung in lines.lines.get(number).iter().flat_map(|line| &line.beads) {
            let centre = at(x + hung.width / 2.0, middle);
            bead::draw(sketch, hung, Rect::around(centre, hung.width, hung.height()));
            x += hung.width + GAP;
        }
        if before > 0.0 {
            let end = if way > 0.0 { rect.left + disc / 2.0 } else { rect.right - disc / 2.0 };
            numbers(sketch, unit, at(end, middle), way);
        }
        // The string reaches to the spine.
        let (from, to) = (rect.left.min(spine.x) + 1.0, rect.right.max(spine.x) - 1.0);
        sketch.line((at(from, middle), at(to, middle)), 1.0, false, Style::Dim, about);
        covered = covered.union(*rect);
    }
    let strung = rows.last().map(|row| row.centre().y);
    let y = rows.last().map_or(tail.y + FIRST, |row| row.bottom + LINE_GAP);
    let left = columns.under(unit).0;
    if let Some(end) = strung {
        let from = at(spine.x, spine.y + if unit.folded { BLOCK } else { 0.0 });
        sketch.line((from, at(spine.x, end)), 1.0, false, Style::Dim, about);
    }
    let mut baseline = y + NOTE - 8.0;
    for note in &lines.note {
        let origin = at(left, baseline);
        columns.clear(sketch, (note, Type::Detail), origin, (ground, about));
        sketch.text(note, origin, Align::Start, Type::Detail, (Style::Dim, about));
        baseline += NOTE;
    }
    covered
}

/// The number of a step, and behind it the letter of its connection.
fn numbers(sketch: &mut Sketch<'_>, unit: &Unit<'_>, centre: Point, way: f32) {
    let about = About::Beat(unit.id);
    sketch.number(&unit.number, centre, false, about);
    if let Some(track) = unit.badge {
        let disc = sketch::number_width(&unit.number, false, sketch.measure);
        let away = badge::away(track, disc, sketch.measure);
        badge::draw(sketch, track, at(centre.x + way * away, centre.y), about);
    }
}

/// The arrow itself; returns where it leaves.
fn arrow(
    sketch: &mut Sketch<'_>,
    unit: &Unit<'_>,
    placed: Placed,
    columns: &Columns,
) -> (Point, Rect) {
    let about = About::Beat(unit.id);
    let failed = unit.refused() || unit.beat.outcome == Outcome::Lost;
    let style = if failed { Style::Failure } else { Style::Flow };
    let width = if unit.quiet { 1.0 } else { 1.5 };
    let dashed = unit.beat.outcome == Outcome::Repeated;
    let y = placed.tail;
    if unit.from == unit.to {
        let side = beads::loop_side(unit.from, columns);
        let (near, way) = (columns.edge(unit.from, side), side.sign());
        let (out, upper) = (at(near, y), at(near + way * LOOP, y));
        let (back, lower) = (at(near, placed.head), at(near + way * LOOP, placed.head));
        let to_head = arrows::short_of(lower, back, arrows::HEAD.0 - 1.0);
        for line in [(out, upper), (upper, lower), (lower, to_head)] {
            sketch.line(line, width, false, style, about);
        }
        sketch.add(arrows::tip(lower, back, unit.quiet), style, about, Layer::Lines);
        return (out, Rect::spanning(out, lower).grown(6.0));
    }
    let (from, to) = columns.ends(unit);
    let (tail, head) = (at(from, y), at(to, y));
    if unit.folded {
        let rect = Rect::around(at(from.midpoint(to), y), (to - from).abs() - 8.0, 2.0 * BLOCK);
        let plate = Shape::Plate { rect, radius: 4.0, outline: 1.2, dashed: true };
        sketch.add(plate, Style::Clear, about, Layer::Lines);
        return (tail, rect);
    }
    if unit.lost() {
        let cut = tail.towards(head, 0.6);
        sketch.line((tail, cut), width, dashed, style, about);
        sketch.add(Shape::Cross { centre: cut, arm: 6.0 }, style, about, Layer::Lines);
    } else {
        let to_head = arrows::short_of(tail, head, arrows::HEAD.0 - 1.0);
        sketch.line((tail, to_head), width, dashed, style, about);
        sketch.add(arrows::tip(tail, head, unit.quiet), style, about, Layer::Lines);
    }
    (tail, Rect::spanning(tail, head).grown(6.0))
}
