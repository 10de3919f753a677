//! What one sees, in one sentence, with what the two marks mean and what lies behind it: in the room
//! that shorter ladders leave at the right, or below all of them.

use std::ops::Range;

use super::columns::Columns;
use super::lanes;
use super::stairs::{MARKS, mark};
use crate::compare::{Comparison, Until};
use crate::diagram::geometry::{Align, Point, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::About;
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// What it keeps free above itself and below.
const ABOVE: f32 = 34.0;
const BELOW: f32 = 8.0;
/// From the stairs at its left.
const ASIDE: f32 = 10.0;
/// From one mark of the legend to the next.
const LINE: f32 = 28.0;
/// Words in longer lines than this are hard to read, and in shorter ones, too.
const WIDEST: f32 = 700.0;
const NARROWEST: f32 = 400.0;
/// How many lines the explanation may take.
const LINES: usize = 12;

/// The words in lines.
struct Words {
    claim: Vec<String>,
    explains: Vec<String>,
}

impl Words {
    fn new(comparison: &Comparison, room: f32, measure: &dyn MeasureText) -> Self {
        let room = room.min(WIDEST);
        Self {
            claim: wrap(measure, &comparison.claim, Type::Title, room, 3),
            explains: wrap(measure, &comparison.explains, Type::Detail, room, LINES),
        }
    }

    fn height(&self) -> f32 {
        Type::Title.line_height() * self.claim.len() as f32
            + LINE * MARKS.len() as f32
            + Type::Detail.line_height() * self.explains.len() as f32
            + 16.0
    }
}

/// Draws it beside or below the ladders of the last block, which end there; returns where all of it
/// ends.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    comparison: &Comparison,
    columns: &Columns,
    (ways, ends): (Range<usize>, &[f32]),
) -> f32 {
    let lowest = ends.iter().copied().fold(0.0, f32::max);
    // The ladders from each one to the last: what they leave free.
    let free = |skip: usize| {
        let way = ways.start + skip;
        let left = columns.bar(way).0 + ASIDE;
        let top = ends.iter().skip(skip).copied().fold(0.0, f32::max);
        (left, top)
    };
    let beside = (0..ends.len()).map(free).find_map(|(left, top)| {
        let words = Words::new(comparison, columns.right() - left, sheet.measure);
        let fits = lowest - top >= words.height() + ABOVE + BELOW - 24.0;
        (fits && columns.right() - left >= NARROWEST).then_some((words, left, top))
    });
    let (words, left, top) = beside.unwrap_or_else(|| {
        (Words::new(comparison, columns.room(), sheet.measure), columns.left, lowest)
    });
    let mut y = top + ABOVE;
    y = sheet.lines(&words.claim, Type::Title, at(left, y), Style::Ink, About::Nothing) + 4.0;
    y = match comparison.until {
        Until::FirstByte => marks(sheet, left, y),
        Until::Whole => signs(sheet, left, y),
    };
    y = sheet.lines(&words.explains, Type::Detail, at(left, y), Style::Dim, About::Nothing);
    lowest.max(y)
}

/// What the two marks of the stairs mean; returns where that ends.
fn marks(sheet: &mut Sheet<'_>, left: f32, mut y: f32) -> f32 {
    for (style, meaning) in MARKS {
        mark(sheet, at(left + 7.0, y - 4.5), style);
        let origin = at(left + 24.0, y);
        sheet.text((meaning, Type::Step), origin, Align::Start, style, About::Nothing);
        y += LINE;
    }
    y
}

/// What a sign means, and how it is drawn.
type Sign = (&'static str, fn(&mut Sheet<'_>, Point));

/// What the signs of the lanes mean; returns where that ends.
fn signs(sheet: &mut Sheet<'_>, left: f32, y: f32) -> f32 {
    let signs: [Sign; 3] = [
        ("a piece is handed on", |sheet, centre| lanes::piece(sheet, centre, About::Nothing)),
        ("it has come, and waits", lanes::wait),
        ("it is lost on the way", lanes::lost),
    ];
    let mut y = y;
    for (words, draw) in signs {
        draw(sheet, at(left + 12.0, y - 4.5));
        let origin = at(left + 34.0, y);
        sheet.text((words, Type::Step), origin, Align::Start, Style::Ink, About::Nothing);
        y += LINE;
    }
    y
}
