//! A comparison as a picture: one small ladder for each way, side by side on one axis of time, and
//! below them what each cost.
//!
//! ```text
//!            TLS 1.2        TLS 1.3              plan     what of each story is drawn
//!             3 + 1          2 + 1               columns  where from left to right
//!   0 ms     │ ──> │        │ ──> │              scale    where from top to bottom
//!            │ <── │        │ <──●┊────          ladder, stairs
//!            │ ──> │        │ ──>┊│
//!   packets    9 ▭▭▭▭▭▭      8 ▭▭▭▭▭             table
//!             11 ▭▭▭▭▭▭▭▭   12 ▭▭▭▭▭▭▭▭▭
//! ```
//!
//! Each way begins at its own first packet and ends with the first byte of its answer; where
//! several answers share a connection, it begins with their requests and ends when all are whole
//! (pieces, lanes). What does not fit side by side goes on in further blocks, at the same scale.

mod bead;
mod claim;
mod columns;
mod foot;
mod head;
mod ladder;
mod lanes;
mod pieces;
mod plan;
mod scale;
mod stairs;
mod steps;
mod table;

use self::columns::Columns;
use self::plan::Ladder;
use self::scale::Scale;
use super::geometry::Rect;
use super::measure::MeasureText;
use super::scene::{About, Scene, Shape};
use super::sheet::Sheet;
use crate::compare::{Comparison, Row, Until, Way, rows};

/// Six ladders stand side by side from this width on.
pub const USUAL_WIDTH: u32 = 1640;

/// A picture of a comparison is no narrower than this.
pub const NARROWEST: f32 = 420.0;

/// What stands level in the ladders of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum By {
    /// The same time since the first packet, to scale; where both ends were recorded
    #[default]
    Time,
    /// The same step; what one does without is a gap
    Meaning,
}

/// A picture, and where its ways are.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What is painted.
    pub scene: Scene,
    /// The ways, in their order.
    pub ways: Vec<WayBox>,
}

/// A way that was drawn: where, and what a reader who cannot see it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct WayBox {
    /// Its head and its ladder.
    pub bounds: Rect,
    /// "TLS 1.2, over TCP: 3 + 1 round trips; packets 9 of 11; …".
    pub spoken: String,
}

/// How wide a comparison of so many ways is drawn where nobody asks for a width.
#[must_use]
pub const fn usual_width(ways: usize) -> u32 {
    match ways {
        0..=2 => 900,
        3 => 1080,
        4 => 1240,
        _ => USUAL_WIDTH,
    }
}

/// Draws a comparison that wide, in points, with that level.
#[must_use]
pub fn compare(
    comparison: &Comparison,
    (width, by): (f32, By),
    measure: &dyn MeasureText,
) -> Picture {
    let ladders: Vec<Ladder> = match comparison.until {
        Until::FirstByte => comparison.ways.iter().map(Ladder::of).collect(),
        Until::Whole => comparison.ways.iter().map(pieces::ladder).collect(),
    };
    let measures = rows(comparison);
    let lanes = match comparison.until {
        Until::FirstByte => 0,
        Until::Whole => comparison.ways.iter().map(|way| way.answers.len()).max().unwrap_or(0),
    };
    let columns = Columns::new(comparison.ways.len(), lanes, width.max(NARROWEST));
    let scale = Scale::new(&ladders, by);
    let mut sheet = Sheet::new(measure);
    let mut y = head::title(&mut sheet, comparison, &columns);
    let top = y;
    let mut ways = Vec::new();
    let mut cast = top..top;
    for block in columns.blocks() {
        let part = Block { comparison, ladders: &ladders, rows: &measures, ways: block.clone() };
        let (begins, figures) = head::columns(&mut sheet, &part, &columns, y);
        if cast.is_empty() {
            cast = y..begins;
        }
        let ends = ladder::draw(&mut sheet, &part, (&columns, &scale), begins);
        lanes::draw(&mut sheet, &part, (&columns, &scale), begins);
        stairs::ruler(&mut sheet, &part, (&columns, &scale), begins);
        stairs::draw(&mut sheet, &part, (&columns, &scale), begins);
        let is_last = block.end == comparison.ways.len();
        let lowest = ends.iter().copied().fold(begins, f32::max);
        for (way, end) in block.clone().zip(&ends) {
            let (left, right) = columns.around(way);
            let bounds = Rect { left, top: figures, right, bottom: *end };
            ways.push(WayBox { bounds, spoken: spoken(way, comparison, &measures) });
        }
        y = if is_last {
            claim::draw(&mut sheet, comparison, &columns, (block, &ends))
        } else {
            lowest
        };
        y = table::draw(&mut sheet, &part, &columns, y + 24.0) + 24.0;
    }
    let end = foot::draw(&mut sheet, comparison, &ladders, &columns, y);
    Picture { scene: sheet.finish(columns.width, end + columns.outer, cast), ways }
}

/// Ways that stand side by side, with everything that is drawn of them.
struct Block<'a> {
    comparison: &'a Comparison,
    ladders: &'a [Ladder],
    rows: &'a [Row],
    ways: std::ops::Range<usize>,
}

impl<'a> Block<'a> {
    /// Each way of the block, by position, with its ladder.
    fn all(&self) -> impl Iterator<Item = (usize, &'a Way, &'a Ladder)> + use<'a> {
        let both = self.comparison.ways.iter().zip(self.ladders).enumerate();
        let ways = self.ways.clone();
        both.filter(move |(at, _)| ways.contains(at)).map(|(at, (way, ladder))| (at, way, ladder))
    }
}

/// What a reader is told of a way who cannot see it.
fn spoken(at: usize, comparison: &Comparison, rows: &[Row]) -> String {
    let Some(way) = comparison.ways.get(at) else { return String::new() };
    let (held, all) = way.held_up();
    let trips = match (way.ledger, comparison.until) {
        (None, _) => "no answer".to_owned(),
        (Some(ledger), Until::FirstByte) => format!("{} round trips", ledger.round_trips()),
        (Some(_), Until::Whole) => format!("{held} of {all} answers held up"),
    };
    let measures = rows.iter().filter_map(|row| Some((&row.name, row.cells.get(at)?)));
    let measures: Vec<String> =
        measures.map(|(name, cell)| format!("{} {}", name.to_lowercase(), cell.words())).collect();
    let under = if way.under.is_empty() { String::new() } else { format!(", {}", way.under) };
    format!("{}{under}: {trips}; {}", way.name, measures.join("; "))
}

/// A line.
fn line(from: (f32, f32), to: (f32, f32), width: f32) -> Shape {
    let at = super::geometry::at;
    Shape::Line { from: at(from.0, from.1), to: at(to.0, to.1), width, dashed: false }
}

/// What a way is about, for whoever points at it.
fn about(way: usize) -> About {
    About::Row(u32::try_from(way).unwrap_or(u32::MAX))
}
