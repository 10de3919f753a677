//! The ruler at the left, and the two stairs through all columns: where the request leaves, and
//! where the first byte of the answer comes. Each has its colour, its mark and its words.

use super::columns::{Columns, GUTTER};
use super::plan::Ladder;
use super::scale::Scale;
use super::{Block, line};
use crate::diagram::geometry::{Align, Point, at};
use crate::diagram::layout::{multiples, round_step};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// From one time of the ruler to the next at least.
const APART: f32 = 60.0;
/// From the ruler to the first bar.
const BESIDE: f32 = 14.0;
/// How wide a stair is.
const WIDTH: f32 = 2.0;
/// Half of what lies between the two stairs where both go down between two columns.
const ASIDE: f32 = 3.0;
/// Steps lower than this are slopes: nobody sees a step of two points.
const STEP: f32 = 10.0;

/// Draws the times at the left, and a thin line at each through the bars.
pub(super) fn ruler(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    (columns, scale): (&Columns, &Scale),
    top: f32,
) {
    let Some(least) = scale.nanos(APART) else {
        let words = ("not to scale", Type::Detail);
        let origin = at(columns.left, top + 26.0);
        return sheet.text(words, origin, Align::Start, Style::Dim, About::Nothing);
    };
    let longest = block.all().map(|(_, _, ladder)| ladder.end).max().unwrap_or(0) as f64;
    let step = round_step(least);
    let x = columns.first() - BESIDE;
    let down = |nanos: f64| scale.at(nanos as i64);
    let ticks: Vec<f64> = multiples(step, 0.0..=longest).collect();
    let end = down(longest);
    sheet.add(line((x, top), (x, top + end), 1.0), Style::Rail, About::Nothing, Layer::Lines);
    for (number, nanos) in ticks.iter().enumerate() {
        let y = top + down(*nanos);
        sheet.add(line((x - 5.0, y), (x, y), 1.0), Style::Rail, About::Nothing, Layer::Lines);
        let is_last = number + 1 == ticks.len();
        let words = words(*nanos, step, is_last);
        let origin = at(x - 9.0, y + Type::Clock.cap_height() / 2.0);
        sheet.text((&words, Type::Clock), origin, Align::End, Style::Faint, About::Nothing);
        for (way, _, ladder) in block.all() {
            if number > 0 && *nanos < ladder.end as f64 {
                let (client, server) = columns.rails(way);
                let across = line((client, y), (server, y), 1.0);
                sheet.add(across, Style::Rail, About::Nothing, Layer::Rails);
            }
        }
    }
}

/// A round time, in the unit of the step; the last one says which that is.
fn words(nanos: f64, step: f64, is_last: bool) -> String {
    let (unit, name) = if step >= 1e9 {
        (1e9, "s")
    } else if step >= 1e6 {
        (1e6, "ms")
    } else {
        (1e3, "µs")
    };
    let number = (nanos / unit * 1e3).round() / 1e3;
    if is_last { format!("{number} {name}") } else { number.to_string() }
}

/// One of the two stairs.
struct Stair {
    style: Style,
    words: &'static str,
    time: fn(&Ladder) -> Option<i64>,
    /// Where its steps stand beside those of the other.
    aside: f32,
}

const STAIRS: [Stair; 2] = [
    Stair {
        style: Style::RoundTrip,
        words: "request leaves",
        time: |ladder| ladder.asked,
        aside: -ASIDE,
    },
    Stair {
        style: Style::Application,
        words: "first byte",
        time: |ladder| ladder.answered,
        aside: ASIDE,
    },
];

/// Draws both stairs.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    (columns, scale): (&Columns, &Scale),
    top: f32,
) {
    if !scale.is_time() {
        return;
    }
    for stair in STAIRS {
        let mut before: Option<Point> = None;
        let mut is_named = false;
        for (way, _, ladder) in block.all() {
            let Some(time) = (stair.time)(ladder) else {
                before = None;
                continue;
            };
            let y = top + scale.at(time);
            let (left, right) = columns.bar(way);
            let (client, server) = columns.rails(way);
            let from = at(left, y);
            if let Some(before) = before {
                step(sheet, (before, from), &stair);
            }
            stroke(sheet, from, at(right, y), stair.style);
            mark(sheet, at(client, y), stair.style);
            let room = server - client - 2.0 * BESIDE;
            let named = (stair.words, Type::Number);
            if !is_named && y > top + 40.0 && sheet.measure.width(named.0, named.1) < room {
                let origin = at(server - 6.0, y - 6.0);
                sheet.text(named, origin, Align::End, stair.style, About::Nothing);
                is_named = true;
            }
            before = Some(at(right, y));
        }
    }
}

/// From one column to the next.
fn step(sheet: &mut Sheet<'_>, (from, to): (Point, Point), stair: &Stair) {
    if (from.y - to.y).abs() < STEP {
        return stroke(sheet, from, to, stair.style);
    }
    let x = from.x + GUTTER / 2.0 + stair.aside;
    stroke(sheet, from, at(x + WIDTH / 2.0, from.y), stair.style);
    stroke(sheet, at(x, from.y), at(x, to.y), stair.style);
    stroke(sheet, at(x - WIDTH / 2.0, to.y), to, stair.style);
}

fn stroke(sheet: &mut Sheet<'_>, from: Point, to: Point, style: Style) {
    let shape = Shape::Line { from, to, width: WIDTH, dashed: false };
    sheet.add(shape, style, About::Nothing, Layer::Raised);
}

/// The mark of a stair: a disc where the request leaves, a diamond where the answer comes.
pub(super) fn mark(sheet: &mut Sheet<'_>, centre: Point, style: Style) {
    const RADIUS: f32 = 3.5;
    let shape = match style {
        // As wide an outline as its radius fills it in the colour of the line.
        Style::RoundTrip => {
            Shape::Disc { centre, radius: RADIUS, outline: 2.0 * RADIUS, hollow: false }
        }
        _ => Shape::Regular { centre, radius: RADIUS, corners: 4, outline: 1.6 * RADIUS },
    };
    sheet.add(shape, style, About::Nothing, Layer::Front);
}

/// What the two marks mean, for the legend.
pub(super) const MARKS: [(Style, &str); 2] = [
    (Style::RoundTrip, "the request leaves"),
    (Style::Application, "the first byte of the answer arrives"),
];

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn times_have_the_unit_of_their_step() {
        assert_eq!(words(0.0, 50e6, false), "0");
        assert_eq!(words(150e6, 50e6, true), "150 ms");
        assert_eq!(words(2e9, 1e9, true), "2 s");
        assert_eq!(words(500e3, 250e3, false), "500");
    }
}
