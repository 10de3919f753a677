//! One row: its title and fate bar at the left, the arrow, the strip, its sentence at the right.

use wirestage_dissectors::overview::{Counts, Row};
use wirestage_dissectors::wording::duration;

use super::columns::Columns;
use super::{Spot, Subject, arrows, line, strip};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// The height of a band's title.
pub(super) const TITLE: f32 = 40.0;
/// Above and below what a row holds.
const PAD: f32 = 14.0;
/// How low a row may be: its arrow, with beads under it.
const LOWEST: f32 = 68.0;
/// How high a strip is, and how far below the arrow it begins where it stands under it.
const STRIP: f32 = 56.0;
const BELOW: f32 = 84.0;
/// How high the arrow of a row stands, with its beads.
pub(super) const ARROW: f32 = PAD + BELOW - 8.0;

/// The texts of a row in lines that fit, and how high they make it.
pub(super) struct Placed {
    title: Vec<String>,
    sum: Vec<String>,
    /// How long its servers took to accept.
    trip: Vec<String>,
    fates: Vec<String>,
    headline: Vec<String>,
    detail: Vec<String>,
    /// How much lower than usual the beads under its arrow reach.
    below: f32,
    pub(super) height: f32,
}

impl Placed {
    pub(super) fn new(
        subject: &Subject<'_>,
        row: &Row,
        columns: &Columns,
        measure: &dyn MeasureText,
    ) -> Self {
        let room = columns.titles;
        let title = wrap(measure, &row.title, Type::Step, room, 3);
        let sum = wrap(measure, &parts_whole(&row.sum), Type::Detail, room, 4);
        let trip = accepted(subject, row).unwrap_or_default();
        let trip = wrap(measure, &trip, Type::Detail, room, 2);
        let fates = wrap(measure, &row.fates, Type::Detail, room, 4);
        let width = columns.sentences.map_or(0.0, |(from, to)| to - from - 28.0);
        let words = |text: &str, font, lines| match width > 0.0 {
            true => wrap(measure, text, font, width, lines),
            false => Vec::new(),
        };
        let (headline, detail) =
            (words(&row.headline, Type::Step, 3), words(&row.detail, Type::Detail, 8));
        let left =
            18.0 * title.len() as f32 + 16.0 * (sum.len() + trip.len() + fates.len()) as f32 + 14.0;
        let right = 18.0 * headline.len() as f32 + 16.0 * detail.len() as f32;
        let below = arrows::below(columns, row, measure);
        let middle = below + if columns.is_strip_below { BELOW + STRIP } else { LOWEST };
        let height = left.max(right).max(middle) + 2.0 * PAD;
        Self { title, sum, trip, fates, headline, detail, below, height }
    }
}

/// The same with numbers that stay with what they count: a line ends between two parts.
fn parts_whole(text: &str) -> String {
    text.replace(' ', "\u{a0}").replace("·\u{a0}", "· ")
}

/// How long it took from SYN to SYN-ACK: the median of the connections of which it is known.
fn accepted(subject: &Subject<'_>, row: &Row) -> Option<String> {
    let lines = subject.known.lines;
    let lines = row.service.places.iter().filter_map(|place| lines.get(*place as usize));
    let mut all: Vec<i64> = lines.filter_map(|line| line.round_trip).collect();
    all.sort_unstable();
    let median = duration(*all.get(all.len() / 2)?).replace(' ', "\u{a0}");
    Some(match all.len() {
        1 => format!("SYN answered after {median}"),
        _ => format!("SYN answered after {median}, median"),
    })
}

/// Draws a row from `top` down; returns all of it.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    subject: &Subject<'_>,
    columns: &Columns,
    (index, row): (usize, &Row),
    placed: &Placed,
    top: f32,
) -> (Rect, Vec<Spot>) {
    let about = About::Row(index as u32);
    let (outer, right) = (super::columns::OUTER, columns.width - super::columns::OUTER);
    let bounds = Rect { left: outer, top, right, bottom: top + placed.height };
    // The row itself, so that one can point at it anywhere.
    sheet.add(
        line((columns.left, top), (columns.width - columns.left, top), 1.0),
        Style::Rail,
        About::Nothing,
        Layer::Ground,
    );
    let is_trouble = row.service.counts.troubled() > 0;
    let x = columns.left;
    let mut y = sheet.lines(&placed.title, Type::Step, at(x, top + PAD + 11.0), Style::Ink, about);
    y = sheet.lines(&placed.sum, Type::Detail, at(x, y), Style::Dim, about);
    y = sheet.lines(&placed.trip, Type::Detail, at(x, y), Style::RoundTrip, about);
    bar(sheet, &row.service.counts, (x, y - 5.0, columns.titles - 40.0), About::Nothing);
    let tone = if is_trouble { Style::Failure } else { Style::Dim };
    sheet.lines(&placed.fates, Type::Detail, at(x, y + 14.0), tone, about);

    arrows::draw(sheet, columns, (index, row), top + PAD + 26.0);
    let from = if columns.is_strip_below { top + PAD + BELOW + placed.below } else { top + PAD };
    let spots = strip::draw(sheet, subject, columns, (index, row), (from, from + STRIP));

    if let Some((from, _)) = columns.sentences {
        number(sheet, index, at(from + 10.0, top + PAD + 7.0), about);
        let x = from + 28.0;
        let y =
            sheet.lines(&placed.headline, Type::Step, at(x, top + PAD + 11.0), Style::Ink, about);
        sheet.lines(&placed.detail, Type::Detail, at(x, y), Style::Dim, about);
    }
    (bounds, spots)
}

/// The disc with a row's number.
pub(super) fn number(
    sheet: &mut Sheet<'_>,
    index: usize,
    centre: crate::diagram::geometry::Point,
    about: About,
) {
    const RADIUS: f32 = 9.5;
    let text = (index + 1).to_string();
    let rect = Rect::around(centre, 2.0 * RADIUS, 2.0 * RADIUS);
    sheet.plate(rect, RADIUS, Style::Step, about, Layer::Front);
    let origin = at(centre.x, centre.y + Type::Number.cap_height() / 2.0);
    sheet.text((&text, Type::Number), origin, Align::Middle, Style::Step, about);
}

/// A bar that shows what part of the connections came to which fate: those to be looked at first.
pub(super) fn bar(
    sheet: &mut Sheet<'_>,
    counts: &Counts,
    (x, y, width): (f32, f32, f32),
    about: About,
) {
    const HEIGHT: f32 = 5.0;
    const GAP: f32 = 2.0;
    /// What is there can be seen, however little it is.
    const LEAST: f32 = 3.0;
    let (total, troubled) = (counts.total().max(1) as f32, counts.troubled() as f32);
    let share = |count: f32| {
        if count == 0.0 { 0.0 } else { (count / total * width).clamp(LEAST, width) }
    };
    let bad = if troubled < total { share(troubled).min(width - LEAST - GAP) } else { width };
    let mut piece = |from: f32, to: f32, style| {
        sheet.add(line((from, y), (to, y), HEIGHT), style, about, Layer::Front);
    };
    if troubled > 0.0 {
        piece(x, x + bad, Style::Failure);
    }
    if troubled < total {
        let from = if troubled > 0.0 { x + bad + GAP } else { x };
        piece(from, x + width, Style::Flow);
    }
}

/// A bead: its words on a plate, rounded and locked where they are sealed.
pub(super) fn bead(
    sheet: &mut Sheet<'_>,
    bead: &wirestage_dissectors::overview::Bead,
    (left, middle): (f32, f32),
    about: About,
) -> f32 {
    let width = bead_width(sheet.measure, bead);
    let rect = Rect::sized(left, middle - 12.0, width, 24.0);
    let (style, radius) = match (bead.is_trouble, bead.is_sealed) {
        (true, _) => (Style::Failure, 4.0),
        (false, true) => (Style::Opaque, 12.0),
        (false, false) => (Style::Clear, 4.0),
    };
    let plate = Shape::Plate { rect, radius, outline: 1.5, dashed: false };
    sheet.add(plate, style, about, Layer::Front);
    let mut x = left + 9.0;
    if bead.is_sealed {
        let origin = at(x, middle - 6.0);
        sheet.add(Shape::Lock { origin, scale: 1.0 }, style, about, Layer::Front);
        x += 15.0;
    }
    let origin = at(x, middle + Type::Bead.cap_height() / 2.0);
    let text = (bead.label.as_str(), Type::Bead);
    sheet.text(text, origin, Align::Start, Style::Ink, about);
    width
}

/// How wide a bead is.
pub(super) fn bead_width(
    measure: &dyn MeasureText,
    bead: &wirestage_dissectors::overview::Bead,
) -> f32 {
    let lock = if bead.is_sealed { 15.0 } else { 0.0 };
    measure.width(&bead.label, Type::Bead) + 18.0 + lock
}

/// What a reader is told of a row who cannot see it.
pub(super) fn spoken(index: usize, row: &Row) -> String {
    let Row { title, sum, fates, headline, detail, .. } = row;
    format!("Row {}, {title}: {sum}. {fates}. {headline}. {detail}", index + 1)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::FontMeasure;

    #[test]
    fn a_line_ends_between_two_parts() {
        let measure = FontMeasure::default();
        let text = parts_whole("192.168.1.200:20000 · 20 connections · 17 kB");
        let width = measure.width("192.168.1.200:20000 · 20 ", Type::Detail);
        let lines = wrap(&measure, &text, Type::Detail, width, 4);
        let lines: Vec<String> = lines.iter().map(|line| line.replace('\u{a0}', " ")).collect();
        assert_eq!(lines, ["192.168.1.200:20000 ·", "20 connections · 17 kB"]);
    }
}
