//! Lanes beside a ladder: when each piece of an answer could be handed on, and how long what had
//! come lay there for want of something before it.

use super::columns::Columns;
use super::scale::Scale;
use super::{Block, about, line};
use crate::compare::{Answer, Until};
use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::hatch::hatch;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// How wide what came is, and how high a piece that was handed on.
const BLOCK: f32 = 22.0;
const PIECE: f32 = 8.0;

/// Draws the lanes of a block, where times are to scale.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    (columns, scale): (&Columns, &Scale),
    top: f32,
) {
    if block.comparison.until != Until::Whole || !scale.is_time() {
        return;
    }
    for (at, way, ladder) in block.all() {
        for (number, answer) in way.answers.iter().enumerate() {
            let x = columns.lane(at, number);
            let end = top + scale.at(ladder.end);
            sheet.add(line((x, top), (x, end), 1.0), Style::Rail, About::Nothing, Layer::Rails);
            let name = crate::diagram::measure::elide(
                sheet.measure,
                &answer.name,
                Type::State,
                BLOCK + 8.0,
            );
            let origin = self::at(x, top - 12.0);
            sheet.text((&name, Type::State), origin, Align::Middle, Style::Dim, about(at));
            lane(sheet, answer, (x, about(at)), |nanos| top + scale.at(nanos));
        }
    }
}

/// What came of one answer: hatched while it waits, and a block where it is handed on.
fn lane(
    sheet: &mut Sheet<'_>,
    answer: &Answer,
    (x, about): (f32, About),
    place: impl Fn(i64) -> f32,
) {
    let left = x - BLOCK / 2.0;
    // What waits together is one plate, from the first that came.
    let mut waits: Vec<(i64, i64)> = Vec::new();
    for part in &answer.pieces {
        match waits
            .last_mut()
            .filter(|(_, until)| part.came <= *until && part.handed_on > part.came)
        {
            Some((_, until)) => *until = part.handed_on.max(*until),
            None if part.handed_on > part.came => waits.push((part.came, part.handed_on)),
            None => {}
        }
    }
    for (came, until) in waits {
        let (from, to) = (place(came), place(until));
        let rect = Rect { left, top: from, right: left + BLOCK, bottom: to };
        for shape in hatch(rect) {
            sheet.add(shape, Style::Failure, about, Layer::Lines);
        }
    }
    let mut handed: Vec<i64> = answer.pieces.iter().map(|part| part.handed_on).collect();
    handed.sort_unstable();
    // What is handed on at once is one block.
    let mut last = f32::NEG_INFINITY;
    for y in handed.into_iter().map(place) {
        if y - last > PIECE {
            piece(sheet, at(x, y), about);
            last = y;
        }
    }
}

/// A piece that is handed on.
pub(super) fn piece(sheet: &mut Sheet<'_>, centre: Point, about: About) {
    let rect = Rect::around(centre, BLOCK, PIECE);
    sheet.plate(rect, 2.0, Style::Best, about, Layer::Front);
}

/// A piece of the time in which something waits, for the legend.
pub(super) fn wait(sheet: &mut Sheet<'_>, centre: Point) {
    for shape in hatch(Rect::around(centre, BLOCK, 14.0)) {
        sheet.add(shape, Style::Failure, About::Nothing, Layer::Lines);
    }
}

/// A packet that never comes, for the legend.
pub(super) fn lost(sheet: &mut Sheet<'_>, centre: Point) {
    let (from, to) = (at(centre.x - BLOCK / 2.0, centre.y), at(centre.x + 6.0, centre.y));
    let line = Shape::Line { from, to, width: 1.5, dashed: true };
    sheet.add(line, Style::Failure, About::Nothing, Layer::Lines);
    sheet.add(Shape::Cross { centre: to, arm: 4.0 }, Style::Failure, About::Nothing, Layer::Lines);
}
