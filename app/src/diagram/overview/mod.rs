//! The overview as a picture: a row for each service, between the lifelines of its hosts.
//!
//! ```text
//!   title, fate bar │ ●────[TLS]────>│ time strip │ sentence
//! ```
//!
//! Rows that need a look stand in a band above the others. What is narrower than
//! [`ROOM_FOR_SENTENCES`] has its sentences elsewhere, and below [`ROOM_FOR_STRIP`] the strip
//! stands under the arrow.

mod arrows;
mod columns;
mod foot;
mod head;
mod row;
mod strip;

use wirestage_dissectors::limits::MAX_OVERVIEW_ROWS;
use wirestage_dissectors::overview::text::rest;
use wirestage_dissectors::overview::{Activity, Known, Report};

use self::columns::Columns;
use self::row::Placed;
use super::geometry::{Align, Rect, at};
use super::measure::MeasureText;
use super::scene::{About, Layer, Scene, Shape};
use super::sheet::Sheet;
use super::style::{Style, Type};

/// From this width on each row's sentence stands beside it.
pub const ROOM_FOR_SENTENCES: f32 = 1200.0;

/// From this width on the time strip stands beside the arrow.
pub const ROOM_FOR_STRIP: f32 = 900.0;

/// A picture of an overview is no narrower than this.
pub const NARROWEST: f32 = 420.0;

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The overview in words.
    pub report: &'a Report,
    /// The connections behind it.
    pub known: &'a Known<'a>,
    /// When its rows were busy.
    pub activity: &'a Activity,
    /// The recording's name, and how it was recorded.
    pub subtitle: &'a str,
}

/// A picture, and where its rows are.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// What is painted.
    pub scene: Scene,
    /// The rows, from the top down.
    pub rows: Vec<RowBox>,
}

/// A row that was drawn: where, and what a reader who cannot see it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct RowBox {
    /// Its place in the report.
    pub row: usize,
    /// All of it.
    pub bounds: Rect,
    /// "Row 1, Port scan: 1000 refused. One host tries …".
    pub spoken: String,
    /// What can be opened in its strip; what stands above others comes last.
    pub spots: Vec<Spot>,
}

/// A place in a strip that opens what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Where.
    pub bounds: Rect,
    /// What it opens.
    pub opens: Opens,
    /// "Connection 3, from port 40,312".
    pub spoken: String,
}

/// What a place in a strip opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// The connection in this place among the lines.
    Connection(u32),
    /// The end of that connection, where something went wrong.
    End(u32),
    /// What happened in this stretch, in nanoseconds since the first frame.
    Stretch(i64, i64),
}

/// Draws an overview that wide, in points.
#[must_use]
pub fn overview(subject: &Subject<'_>, width: f32, measure: &dyn MeasureText) -> Overview {
    let shown = subject.report.rows.get(..MAX_OVERVIEW_ROWS).unwrap_or(&subject.report.rows);
    let columns = Columns::new(subject.report, shown, width.max(NARROWEST), measure);
    let mut sheet = Sheet::new(measure);
    let top = head::title(&mut sheet, subject, &columns);
    let cards_end = head::cards(&mut sheet, &columns, top);
    let axis_end = head::axis(&mut sheet, subject, &columns, (top, cards_end));
    let mut y = cards_end.max(axis_end) + 8.0;
    let first = y;
    let mut rows = Vec::new();
    let mut band = None;
    for (index, row) in shown.iter().enumerate() {
        if band != Some(row.band) {
            y += if band.is_some() { 16.0 } else { 0.0 };
            band = Some(row.band);
            let rest = shown.iter().skip(index).take_while(|other| other.band == row.band);
            let heights = rest.map(|row| Placed::new(subject, row, &columns, measure).height);
            let height = row::TITLE + heights.sum::<f32>();
            let style = if rows.is_empty() { Style::Band } else { Style::BandAlt };
            let rect = Rect::sized(columns::OUTER, y, columns.width - 2.0 * columns::OUTER, height);
            sheet.plate(rect, 6.0, style, About::Nothing, Layer::Ground);
            let origin = at(columns.left, y + 26.0);
            sheet.text(
                (row.band.title(), Type::Chapter),
                origin,
                Align::Start,
                Style::Ink,
                About::Nothing,
            );
            y += row::TITLE;
        }
        let placed = Placed::new(subject, row, &columns, measure);
        if columns.is_strip_below {
            columns.rails(&mut sheet, (y, y + row::ARROW));
        }
        let (bounds, spots) = row::draw(&mut sheet, subject, &columns, (index, row), &placed, y);
        rows.push(RowBox { row: index, bounds, spoken: row::spoken(index, row), spots });
        y = bounds.bottom;
    }
    if !columns.is_strip_below {
        columns.rails(&mut sheet, (cards_end, y.max(first)));
    }
    if let Some(rest) = rest(subject.report) {
        let origin = at(columns.left, y + 28.0);
        sheet.text((&rest, Type::Detail), origin, Align::Start, Style::Dim, About::Nothing);
        y += 36.0;
    }
    let end = foot::draw(&mut sheet, subject, &columns, y + 24.0);
    let scene = sheet.finish(columns.width, end + columns::OUTER, top..cards_end);
    Overview { scene, rows }
}

/// A line in a style.
fn line(from: (f32, f32), to: (f32, f32), width: f32) -> Shape {
    Shape::Line { from: at(from.0, from.1), to: at(to.0, to.1), width, dashed: false }
}
