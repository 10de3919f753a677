//! How many bytes were under way: a curve in the left margin that shares the time axis, in steps.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{Level, Story, Transfer};

use super::columns::Columns;
use super::plan::Plan;
use super::rows::Rows;
use super::sketch::Sketch;
use super::wording;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The width of the curve at its widest.
pub(super) const WIDTH: f32 = 72.0;
/// Fewer segments than this make no curve.
const LEAST: usize = 6;
/// From the numbers at its top to its first step.
const ABOVE: f32 = 8.0;
/// How long a tick is, and from one to the next at least.
const TICK: f32 = 4.0;
const APART: f32 = 22.0;
/// Steps that are nearer than this are one.
const FINE: f32 = 0.5;
/// What stands on the curve, or above it.
const NAME: &str = "in flight";

/// What has a curve: of one connection the end that sent most.
pub(super) fn of<'a>(story: &'a Story, plan: &Plan<'_>) -> Option<&'a Transfer> {
    let drawn = plan.units.iter().any(|unit| unit.beat.level == Level::Flight);
    let one = story.tracks.len() <= 1 && drawn;
    let bytes = |transfer: &&Transfer| transfer.in_flight.iter().map(|(_, bytes)| *bytes).max();
    let most = story.transfers.iter().filter(|_| one).max_by_key(bytes)?;
    Some(most).filter(|transfer| transfer.segments.len() >= LEAST)
}

/// The steps: from where to where, and how many bytes.
fn steps(transfer: &Transfer, rows: &Rows, (start, end): (Time, Time)) -> Vec<(f32, f32, u64)> {
    let all = &transfer.in_flight;
    let mut found: Vec<(f32, f32, u64)> = Vec::new();
    for (at, (time, bytes)) in all.iter().enumerate() {
        let until = all.get(at + 1).map_or(end, |(next, _)| *next).min(end);
        if until <= start || *time >= end || *bytes == 0 {
            continue;
        }
        let (top, bottom) = (rows.at((*time).max(start)), rows.at(until));
        match found.last_mut() {
            Some((first, last, before)) if bottom - *first < FINE => {
                (*last, *before) = (bottom, (*before).max(*bytes));
            }
            _ => found.push((top, bottom, *bytes)),
        }
    }
    found
}

/// Draws it.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    transfer: Option<&Transfer>,
    plan: &Plan<'_>,
    columns: &Columns,
    rows: &Rows,
) {
    let (Some(transfer), Some(left)) = (transfer, columns.curve) else { return };
    let Some(span) = rows.span() else { return };
    let shown = plan.shown();
    let shown = (shown.0.max(span.0), shown.1.min(span.1));
    let steps = steps(transfer, rows, shown);
    let most = transfer.in_flight.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0).max(1);
    let wide = |bytes: u64| (WIDTH * (bytes as f64 / most as f64) as f32).max(1.0);
    for (top, end, bytes) in &steps {
        // No gap shows between two steps.
        let rect = Rect::sized(left, *top, wide(*bytes), end - top + FINE);
        let plate = Shape::Plate { rect, radius: 0.0, outline: 0.0, dashed: false };
        sketch.add(plate, Style::Rail, About::Nothing, Layer::Lines);
    }
    let (top, end) = (rows.at(shown.0), rows.at(shown.1));
    sketch.line((at(left, top), at(left, end)), 1.0, false, Style::Flow, About::Nothing);
    let y = top - ABOVE;
    ticks(sketch, most, left, (top, end));
    name(sketch, &steps, (left, y, &wide), rows);
}

/// How many bytes a width stands for: ticks with round numbers, above the curve and below it, where
/// a long one is read as well.
fn ticks(sketch: &mut Sketch<'_>, most: u64, left: f32, (top, end): (f32, f32)) {
    let scale = f64::from(WIDTH) / most as f64;
    let step = wording::round_step(f64::from(APART) / scale);
    let (unit, name) = wording::unit_of_bytes(most);
    let last = (most as f64 / step).floor() * step;
    let style = (Style::Faint, About::Nothing);
    let below = end + TICK + Type::Clock.ascent() + 2.0;
    for bytes in wording::multiples(step, 0.0..=most as f64) {
        let x = left + (bytes * scale) as f32;
        let number = format!("{}", (bytes / unit * 1e3).round() / 1e3);
        let text = if bytes >= last { format!("{number} {name}") } else { number };
        for (edge, out, baseline) in [(top, -TICK, top - ABOVE), (end, TICK, below)] {
            let line = (at(x, edge), at(x, edge + out));
            sketch.line(line, 1.0, false, Style::Rail, About::Nothing);
            // The number stands on its tick, and the unit behind it.
            let half =
                sketch.measure.width(text.split(' ').next().unwrap_or_default(), Type::Clock);
            let origin = at(x - half / 2.0, baseline);
            sketch.text(&text, origin, Align::Start, Type::Clock, style);
        }
    }
}

/// Names the curve where it is wide enough, or beside it.
fn name(
    sketch: &mut Sketch<'_>,
    steps: &[(f32, f32, u64)],
    (left, numbers, wide): (f32, f32, &dyn Fn(u64) -> f32),
    rows: &Rows,
) {
    let font = Type::State;
    let (width, height) = (sketch.measure.width(NAME, font), font.line_height() + 4.0);
    // The tallest stretch on which it stands whole, within one band.
    let mut best: Option<(f32, f32)> = None;
    let mut open: Option<(f32, f32)> = None;
    for (top, end, bytes) in steps {
        open = match open {
            _ if wide(*bytes) < width + 8.0 => None,
            Some((first, last)) if top - last < FINE => Some((first, *end)),
            _ => Some((*top, *end)),
        };
        let clipped = open.and_then(|(first, last)| {
            let band = rows.bands.iter().find(|(top, end)| *top <= first && first < *end)?;
            Some((first, last.min(band.1)))
        });
        let tall = |stretch: Option<(f32, f32)>| stretch.map_or(0.0, |(top, end)| end - top);
        if tall(clipped) > tall(best) {
            best = clipped;
        }
    }
    if let Some((top, end)) = best.filter(|(top, end)| end - top >= height) {
        let origin = at(left + 6.0, top.midpoint(end) + font.cap_height() / 2.0);
        sketch.text(NAME, origin, Align::Start, font, (Style::Ink, About::Nothing));
    } else {
        let origin = at(left + WIDTH, numbers - Type::Clock.line_height());
        sketch.text(NAME, origin, Align::End, font, (Style::Dim, About::Nothing));
    }
}
