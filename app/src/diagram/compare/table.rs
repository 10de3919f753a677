//! The ledger: one row for each measure, and for each way what had passed when the request left
//! above what had when the first byte of the answer came, each with its bar. They bear the marks
//! and the colours of the two stairs. Bars of a row share one scale from zero. None is praised:
//! what is saved has its price, which stands in the last row.

use super::columns::Columns;
use super::stairs::mark;
use super::{Block, about, line};
use crate::compare::{Cell, Row};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// How high a row is, and how high its bars are.
const ROW: f32 = 32.0;
const BAR: f32 = 11.0;
/// What the lower of two bars adds to a row.
const SECOND: f32 = 19.0;
/// What numbers take left of their bars, with a mark before them, and what lies between.
const NUMBERS: f32 = 74.0;
const GAP: f32 = 12.0;
/// From the edge of a column to the middle of a mark.
const MARK: f32 = 8.0;
/// What is not there at all is seen all the same.
const LEAST: f32 = 3.0;
/// How thick the outline of a bar in the colour of a stair is.
const OUTLINE: f32 = 1.2;
/// How many lines words may take that are no number.
const LINES: usize = 3;

/// Draws the ledger of a block below `top`; returns where it ends.
pub(super) fn draw(sheet: &mut Sheet<'_>, block: &Block<'_>, columns: &Columns, top: f32) -> f32 {
    const PAD: f32 = 4.0;
    let heights: Vec<f32> =
        block.rows.iter().map(|row| height(sheet, block, row, columns)).collect();
    let all: f32 = heights.iter().sum();
    let rect =
        Rect::sized(columns.outer, top, columns.width - 2.0 * columns.outer, all + 2.0 * PAD);
    sheet.plate(rect, 8.0, Style::Band, About::Nothing, Layer::Ground);
    let mut y = top + PAD;
    for (number, (row, height)) in block.rows.iter().zip(&heights).enumerate() {
        if number > 0 {
            let (from, to) = ((columns.left, y), (columns.width - columns.left, y));
            sheet.add(line(from, to, 1.0), Style::Rail, About::Nothing, Layer::Rails);
        }
        let middle = y + ROW / 2.0;
        let origin = at(columns.left, middle + Type::Step.cap_height() / 2.0);
        sheet.text((&*row.name, Type::Step), origin, Align::Start, Style::Ink, About::Nothing);
        for (way, ..) in block.all() {
            let Some(cell) = row.cells.get(way) else { continue };
            match (cell.share, &cell.before) {
                (Some(share), Some(before)) => {
                    let first = (&*before.text, before.share, Style::RoundTrip);
                    measured(sheet, (way, first), columns, middle);
                    let second = (&*cell.text, share, Style::Application);
                    measured(sheet, (way, second), columns, middle + SECOND);
                }
                (Some(share), None) => {
                    measured(sheet, (way, (&*cell.text, share, Style::Flow)), columns, middle);
                }
                (None, _) => told(sheet, (way, cell), columns, middle),
            }
        }
        y += height;
    }
    y + PAD
}

/// How high a row is: its words may take several lines.
fn height(sheet: &Sheet<'_>, block: &Block<'_>, row: &Row, columns: &Columns) -> f32 {
    let cells = || block.all().filter_map(|(way, ..)| Some((way, row.cells.get(way)?)));
    if cells().any(|(_, cell)| cell.before.is_some()) {
        return ROW + SECOND;
    }
    let lines = cells().map(|(way, cell)| lines(sheet, (way, cell), columns).len());
    ROW + Type::Detail.line_height() * lines.max().unwrap_or(1).saturating_sub(1) as f32
}

fn lines(sheet: &Sheet<'_>, (way, cell): (usize, &Cell), columns: &Columns) -> Vec<String> {
    if cell.share.is_some() {
        return vec![cell.text.clone()];
    }
    let (left, right) = columns.bar(way);
    wrap(sheet.measure, &cell.text, Type::Detail, right - left - 8.0, LINES)
}

/// A number with its bar. One of two bears the mark of its stair, and its bar the colour.
fn measured(
    sheet: &mut Sheet<'_>,
    (way, (text, share, style)): (usize, (&str, f32, Style)),
    columns: &Columns,
    middle: f32,
) {
    let (left, right) = columns.bar(way);
    let font = Type::Detail;
    let origin = at(left + NUMBERS, middle + font.cap_height() / 2.0);
    sheet.text((text, font), origin, Align::End, Style::Ink, about(way));
    let from = left + NUMBERS + GAP;
    let to = from + ((right - from) * share).max(LEAST);
    let rect = Rect { left: from, top: middle - BAR / 2.0, right: to, bottom: middle + BAR / 2.0 };
    let outline = if style == Style::Flow { 0.0 } else { OUTLINE };
    sheet.add(
        Shape::Plate { rect, radius: 2.0, outline, dashed: false },
        style,
        about(way),
        Layer::Front,
    );
    if style != Style::Flow {
        mark(sheet, at(left + MARK, middle), style);
    }
}

/// Words that are no number; a price stands out.
fn told(sheet: &mut Sheet<'_>, (way, cell): (usize, &Cell), columns: &Columns, middle: f32) {
    let (left, _) = columns.bar(way);
    let style = if cell.is_price { Style::Early } else { Style::Dim };
    let lines = lines(sheet, (way, cell), columns);
    let origin = at(left + 8.0, middle + Type::Detail.cap_height() / 2.0);
    sheet.lines(&lines, Type::Detail, origin, style, about(way));
}
