//! The head of a comparison: what is compared, and above each ladder its name with its figures.

use super::columns::Columns;
use super::{Block, about};
use crate::compare::{Comparison, Until, Way};
use crate::diagram::geometry::{Align, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::About;
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// From the names to the figures, and from those to the ladders.
const FIGURE: f32 = 40.0;
const BELOW: f32 = 50.0;
/// How many lines a name may take, and what it rests on.
const NAMES: usize = 3;
const UNDERS: usize = 3;
/// What names keep free at either side of their column.
const FREE: f32 = 6.0;

/// Draws the title; returns where it ends.
pub(super) fn title(sheet: &mut Sheet<'_>, comparison: &Comparison, columns: &Columns) -> f32 {
    let room = columns.room();
    let title = wrap(sheet.measure, &comparison.title, Type::Title, room, 3);
    let origin = at(columns.left, 46.0);
    let y = sheet.lines(&title, Type::Title, origin, Style::Ink, About::Nothing);
    let subtitle = wrap(sheet.measure, &comparison.subtitle, Type::Subtitle, room, 4);
    let origin = at(columns.left, y - 2.0);
    sheet.lines(&subtitle, Type::Subtitle, origin, Style::Dim, About::Nothing) + 14.0
}

/// The head of a column in lines.
struct Lines {
    name: Vec<String>,
    under: Vec<String>,
}

/// Draws the heads of a block below `top`; returns where its ladders begin, and where its heads do.
pub(super) fn columns(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    columns: &Columns,
    top: f32,
) -> (f32, f32) {
    let room = |way: usize| {
        let (left, right) = columns.bar(way);
        right - left - 2.0 * FREE
    };
    let lines = |(at, way): (usize, &Way)| Lines {
        name: wrap(sheet.measure, &way.name, Type::Chapter, room(at), NAMES),
        under: wrap(sheet.measure, &way.under, Type::Detail, room(at), UNDERS),
    };
    let heads: Vec<(usize, &Way, Lines)> =
        block.all().map(|(at, way, _)| (at, way, lines((at, way)))).collect();
    let high = |one: &Lines| {
        Type::Chapter.line_height() * one.name.len() as f32
            + Type::Detail.line_height() * one.under.len() as f32
    };
    let names = heads.iter().map(|(.., lines)| high(lines)).fold(0.0, f32::max);
    let figures = top + 16.0 + names + FIGURE;
    for (at, way, lines) in &heads {
        let x = columns.middle(*at);
        let mut y = top + 16.0;
        let named = lines.name.iter().map(|line| (line, Type::Chapter, Style::Ink));
        let under = lines.under.iter().map(|line| (line, Type::Detail, Style::Dim));
        for (line, font, style) in named.chain(under) {
            sheet.text((line, font), self::at(x, y), Align::Middle, style, about(*at));
            y += font.line_height();
        }
        match block.comparison.until {
            Until::FirstByte => figure(sheet, (*at, way), (x, figures)),
            Until::Whole => held_up(sheet, (*at, way), (x, figures)),
        }
    }
    let labels = match block.comparison.until {
        Until::FirstByte => [
            ("Round trips", Type::Step, Style::Ink, -20.0),
            ("before the request", Type::Detail, Style::RoundTrip, -2.0),
            ("+ for the answer", Type::Detail, Style::Application, 14.0),
        ],
        Until::Whole => [
            ("Held up", Type::Step, Style::Ink, -20.0),
            ("answers that wait", Type::Detail, Style::Failure, -2.0),
            ("for what was lost", Type::Detail, Style::Failure, 14.0),
        ],
    };
    for (words, font, style, down) in labels {
        let origin = at(columns.left, figures - 8.0 + down);
        sheet.text((words, font), origin, Align::Start, style, About::Nothing);
    }
    (figures + BELOW, top)
}

/// How many answers of a way wait for what was lost, of how many.
fn held_up(sheet: &mut Sheet<'_>, (way, one): (usize, &Way), (x, y): (f32, f32)) {
    let (held, all) = one.held_up();
    let words = format!("{held} of {all}");
    let style = if held > 1 { Style::Failure } else { Style::Ink };
    sheet.text((&words, Type::Display), at(x, y), Align::Middle, style, about(way));
}

/// The figures of a way: round trips before the request, and for the answer.
fn figure(sheet: &mut Sheet<'_>, (way, one): (usize, &Way), (x, y): (f32, f32)) {
    let about = about(way);
    let Some(ledger) = one.ledger else {
        let words = ("no answer", Type::Chapter);
        return sheet.text(words, at(x, y - 6.0), Align::Middle, Style::Dim, about);
    };
    let before = ledger.until_request.round_trips.to_string();
    let answer = ledger.for_the_answer().to_string();
    let parts = [
        (before.as_str(), Style::RoundTrip),
        ("+", Style::Dim),
        (answer.as_str(), Style::Application),
    ];
    const GAP: f32 = 10.0;
    let wide = |words: &str| sheet.measure.width(words, Type::Display);
    let widths = parts.map(|(words, _)| wide(words));
    let whole: f32 = widths.iter().sum::<f32>() + 2.0 * GAP;
    let mut from = x - whole / 2.0;
    for ((words, style), width) in parts.into_iter().zip(widths) {
        sheet.text((words, Type::Display), at(from, y), Align::Start, style, about);
        from += width + GAP;
    }
}
