//! Connections that went the same way as one that is told: a dashed block for each such one, below
//! all arrows, between the same two lifelines.

use wirestage_dissectors::story::{Alike, Story, TrackId};

use super::badge;
use super::columns::{BESIDE, Columns};
use super::plan::Plan;
use super::rows::{self, Rows};
use super::sketch::Sketch;
use super::wording::Clock;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// Between two bands, as between those of chapters.
const GAP: f32 = 4.0;
/// From the edge of a band to a block, and from one block to the next.
const PAD: f32 = 16.0;
const BETWEEN: f32 = 12.0;
/// Inside a block, around its words.
const INSIDE: f32 = 10.0;
/// From a badge to the words beside it.
const BESIDE_BADGE: f32 = 30.0;
/// The least room for words, where two lifelines are near each other.
const LEAST: f32 = 120.0;
/// How many lines the words of a block may take.
const LINES: usize = 6;

/// A block: which connection it is like, from where to where it reaches, and what it says.
struct Block {
    like: TrackId,
    left: f32,
    right: f32,
    bold: Vec<String>,
    dim: Vec<String>,
}

impl Block {
    fn height(&self) -> f32 {
        let lines = |lines: &[String], font: Type| lines.len() as f32 * font.line_height();
        2.0 * INSIDE + lines(&self.bold, Type::Step) + lines(&self.dim, Type::Detail)
    }
}

/// All blocks of a picture.
#[derive(Default)]
pub(super) struct More(Vec<Block>);

impl More {
    /// What is to be said on the last page.
    pub(super) fn new(
        (story, alike): (&Story, &[(TrackId, Alike)]),
        plan: &Plan<'_>,
        columns: &Columns,
        (clock, measure): (Clock, &dyn MeasureText),
    ) -> Self {
        if columns.form.still || plan.page.is_some_and(|(number, of)| number < of) {
            return Self::default();
        }
        let block = |(like, others): &(TrackId, Alike)| {
            let Alike { count, bytes, times, names } = others;
            let ends = story.track(*like)?.ends;
            let column = |actor: u16| plan.cast.iter().position(|at| *at == usize::from(actor));
            let (a, b) = (column(ends[0].0)?, column(ends[1].0)?);
            let (low, high) = (a.min(b), a.max(b));
            let left = columns.edge(low, true) + BESIDE / 2.0;
            let right = columns.edge(high, false) - BESIDE / 2.0;
            let right = right.max(left + LEAST + BESIDE_BADGE + 2.0 * INSIDE);
            let room = right - left - BESIDE_BADGE - 2.0 * INSIDE;
            let bold = format!("and {count} more that went the same way");
            let from = clock.time(times.0.since(plan.start));
            let until = clock.time(times.1.since(plan.start));
            let dim = format!(
                "{bytes} each · from {from} to {until} {} · {} … {}",
                clock.unit, names.0, names.1
            );
            let bold = wrap(measure, &bold, Type::Step, room, LINES);
            Some(Block {
                like: *like,
                left,
                right,
                bold,
                dim: wrap(measure, &dim, Type::Detail, room, LINES),
            })
        };
        Self(alike.iter().filter_map(block).collect())
    }

    /// From the last band to the end of these.
    pub(super) fn height(&self) -> f32 {
        if self.0.is_empty() {
            return 0.0;
        }
        let blocks: f32 = self.0.iter().map(Block::height).sum();
        GAP + 2.0 * PAD + blocks + BETWEEN * (self.0.len() - 1) as f32
    }

    /// Draws them below the last band.
    pub(super) fn draw(&self, sketch: &mut Sketch<'_>, columns: &Columns, rows: &Rows) {
        if self.0.is_empty() {
            return;
        }
        let top = rows.end + GAP;
        let width = columns.width - 2.0 * columns.form.outer;
        let band = Rect::sized(columns.form.outer, top, width, self.height() - GAP);
        let plate = Shape::Plate { rect: band, radius: 6.0, outline: 0.0, dashed: false };
        sketch.add(plate, rows::band(rows.bands.len()), About::Nothing, Layer::Ground);
        let mut y = top + PAD;
        for block in &self.0 {
            let rect = Rect::sized(block.left, y, block.right - block.left, block.height());
            let plate = Shape::Plate { rect, radius: 4.0, outline: 1.2, dashed: true };
            let about = About::More(block.like);
            sketch.add(plate, Style::Clear, about, Layer::Lines);
            let centre = at(rect.left + INSIDE + BESIDE_BADGE / 2.0 - 3.0, y + rect.height() / 2.0);
            badge::draw(sketch, block.like, centre, About::Nothing);
            let x = rect.left + INSIDE + BESIDE_BADGE;
            let mut baseline = y + INSIDE;
            for (lines, font, style) in
                [(&block.bold, Type::Step, Style::Ink), (&block.dim, Type::Detail, Style::Dim)]
            {
                for line in lines {
                    baseline += font.line_height();
                    let origin = at(x, baseline - font.descent() - 1.0);
                    sketch.text(line, origin, Align::Start, font, (style, about));
                }
            }
            y = rect.bottom + BETWEEN;
        }
    }
}
