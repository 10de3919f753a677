//! Silences: a gap across the lifelines, as wide as they stand, with its length.

use wirestage_dissectors::story::{Level, Repeat, Silence, Story, Track};

use super::columns::Columns;
use super::plan::Plan;
use super::rows::Rows;
use super::side::Side;
use super::sketch::Sketch;
use super::wording::Clock;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The height of a gap.
pub(super) const HEIGHT: f32 = 24.0;
/// From the outermost lifelines to the ends of a gap, where nothing stands beside them.
const BEYOND: f32 = 8.0;

/// How long nothing was seen before each arrow, in nanoseconds, where that was unusually long.
pub(super) fn before_each(
    story: &Story,
    silences: &[Silence],
    plan: &Plan<'_>,
) -> Vec<Option<i64>> {
    let mut found = vec![None; plan.units.len()];
    for silence in silences {
        let Some((first, _)) = plan.cover(silence.before) else { continue };
        let flight = story.beat(silence.before).map(|beat| beat.sent.frame);
        let unit = plan.units.get(first);
        // What is folded tells of no silence within.
        let begins = unit.is_some_and(|unit| {
            unit.beat.level >= Level::Flight || Some(unit.beat.sent.frame) == flight
        });
        if let Some(place) = found.get_mut(first).filter(|_| begins) {
            *place = Some(silence.nanos);
        }
    }
    found
}

/// The pieces of a stretch that no gap covers.
pub(super) fn around(rows: &Rows, (top, end): (f32, f32)) -> Vec<(f32, f32)> {
    let mut pieces = Vec::new();
    let mut from = top;
    for gap in rows.gaps.iter().filter(|gap| gap.silent) {
        let (first, last) = (gap.y - HEIGHT / 2.0, gap.y + HEIGHT / 2.0);
        if last > from && first < end {
            pieces.push((from, first));
            from = last;
        }
    }
    pieces.push((from, end));
    pieces.retain(|(top, end)| top < end);
    pieces
}

/// Draws the gaps: lifelines end above them and begin again below.
/// What is told as more of the same and falls into one, where time is to scale, is counted there:
/// exchanges, or whole connections.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    (repeats, tracks): (&[Repeat], &[Track]),
    columns: &Columns,
    rows: &Rows,
    clock: Clock,
) {
    let Some(last) = columns.rails.len().checked_sub(1) else { return };
    let reach = |column: usize, side: Side| {
        let alone = last == 0 && side == Side::Right;
        if columns.inside && !alone {
            columns.edge(column, side) + side.sign() * BEYOND
        } else {
            let (edge, width) = columns.label(column, side);
            edge + side.sign() * width
        }
    };
    let (left, beside) = (reach(0, Side::Left), reach(last, Side::Right));
    // Lanes pause with the lifelines.
    let right = columns.streams.map_or(beside, |(_, end)| end);
    let other = if last == 0 { beside } else { columns.rail(last) };
    let middle = columns.rail(0).midpoint(other);
    for gap in rows.gaps.iter().filter(|gap| gap.silent) {
        let y = gap.y;
        let (top, end) = (y - HEIGHT / 2.0, y + HEIGHT / 2.0);
        let rect = Rect { left, top, right, bottom: end };
        let plate = Shape::Plate { rect, radius: 0.0, outline: 0.0, dashed: false };
        sketch.add(plate, Style::Paper, About::Nothing, Layer::Lines);
        for edge in [top, end] {
            let line = (at(left, edge), at(right, edge));
            sketch.line(line, 1.0, true, Style::Faint, About::Nothing);
        }
        let within = |one: &&Repeat| {
            let sent = one.beat.sent.time;
            gap.times.0 <= sent && sent <= gap.times.1
        };
        let more: u32 = repeats.iter().filter(within).map(|one| one.count).sum();
        let goes_on = |track: &&Track| gap.meets((track.first.time, track.last.time));
        let others = tracks.iter().filter(|track| track.like.is_some()).filter(goes_on).count();
        let span = clock.span(gap.nanos());
        let words = match (more, others) {
            (0, 0) => format!("{span} pass"),
            (0, 1) => format!("{span} with 1 more connection"),
            (0, others) => format!("{span} with {others} more connections"),
            (more, _) => format!("{span} with {more} more like this"),
        };
        let origin = at(middle, y + Type::Detail.cap_height() / 2.0);
        let style = (Style::Dim, About::Nothing);
        sketch.text(&words, origin, Align::Middle, Type::Detail, style);
    }
}
