//! Connections that went the same way as one that is told: a dashed block for each such one,
//! between the same two lifelines. In order it stands where that one ends; where time is to scale,
//! others go on there, and all blocks stand below the last arrow.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{Alike, Story, TrackId};

use super::Axis;
use super::badge;
use super::columns::{BESIDE, Columns};
use super::plan::{Chapter, Plan};
use super::rows::Rows;
use super::side::Side;
use super::sketch::Sketch;
use super::wording::Clock;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

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

/// A block: which connection it is like, the chapter that it stands below, from where to where it
/// reaches, and what it says.
struct Block {
    like: TrackId,
    below: usize,
    left: f32,
    right: f32,
    bold: Vec<String>,
    dim: Vec<String>,
}

/// All blocks of a picture.
#[derive(Default)]
pub(super) struct More(Vec<Block>);

impl More {
    /// What is to be said on this page.
    pub(super) fn new(
        (story, alike): (&Story, &[(TrackId, Alike)]),
        (plan, axis): (&Plan<'_>, Axis),
        columns: &Columns,
        (clock, measure): (Clock, &dyn MeasureText),
    ) -> Self {
        let is_last = plan.page.is_none_or(|(number, of)| number == of);
        if columns.form.still || plan.chapters.is_empty() {
            return Self::default();
        }
        let began = |chapter: &Chapter| {
            let units = plan.units.get(chapter.units.clone()).unwrap_or_default();
            units.iter().map(|unit| unit.beat.sent.time).min()
        };
        // Behind the one that they are like, and behind what had begun before them.
        let below = |like: &TrackId, first: Time| match axis {
            Axis::Order => {
                let all = || plan.chapters.iter().enumerate();
                let (closes, _) = all().find(|(_, chapter)| chapter.closes.contains(like))?;
                let begun =
                    all().filter(|(_, chapter)| began(chapter).is_some_and(|it| it < first));
                Some(begun.map(|(at, _)| at).fold(closes, usize::max))
            }
            Axis::Time => is_last.then(|| plan.chapters.len() - 1),
        };
        let block = |(like, others): &(TrackId, Alike)| {
            let Alike { count, bytes, times, names } = others;
            let below = below(like, times.0)?;
            let ends = story.track(*like)?.ends;
            let column = |actor: u16| plan.cast.iter().position(|at| *at == usize::from(actor));
            let (a, b) = (column(ends[0].0)?, column(ends[1].0)?);
            let (low, high) = (a.min(b), a.max(b));
            let left = columns.edge(low, Side::Right) + BESIDE / 2.0;
            let right = columns.edge(high, Side::Left) - BESIDE / 2.0;
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
                below,
                left,
                right,
                bold,
                dim: wrap(measure, &dim, Type::Detail, room, LINES),
            })
        };
        Self(alike.iter().filter_map(block).collect())
    }

    fn below(&self, chapter: usize) -> impl Iterator<Item = &Block> {
        self.0.iter().filter(move |block| block.below == chapter)
    }

    /// How high the band of those is that stand below a chapter; nothing where none does.
    pub(super) fn height(&self, chapter: usize) -> f32 {
        let blocks: f32 = self.below(chapter).map(|block| block.height() + BETWEEN).sum();
        if blocks > 0.0 { 2.0 * PAD + blocks - BETWEEN } else { 0.0 }
    }

    /// Draws those below a chapter, in their band.
    pub(super) fn draw(&self, sketch: &mut Sketch<'_>, rows: &Rows) {
        for (chapter, top) in &rows.more {
            let mut y = top + PAD;
            for block in self.below(*chapter) {
                block.draw(sketch, y);
                y += block.height() + BETWEEN;
            }
        }
    }
}

impl Block {
    fn height(&self) -> f32 {
        let lines = |lines: &[String], font: Type| lines.len() as f32 * font.line_height();
        2.0 * INSIDE + lines(&self.bold, Type::Step) + lines(&self.dim, Type::Detail)
    }

    fn draw(&self, sketch: &mut Sketch<'_>, top: f32) {
        let rect = Rect::sized(self.left, top, self.right - self.left, self.height());
        let plate = Shape::Plate { rect, radius: 4.0, outline: 1.2, dashed: true };
        let about = About::More(self.like);
        sketch.add(plate, Style::Clear, about, Layer::Lines);
        let centre = at(rect.left + INSIDE + BESIDE_BADGE / 2.0 - 3.0, top + rect.height() / 2.0);
        badge::draw(sketch, self.like, centre, About::Nothing);
        let x = rect.left + INSIDE + BESIDE_BADGE;
        let mut baseline = top + INSIDE;
        for (lines, font, style) in
            [(&self.bold, Type::Step, Style::Ink), (&self.dim, Type::Detail, Style::Dim)]
        {
            for line in lines {
                baseline += font.line_height();
                let origin = at(x, baseline - font.descent() - 1.0);
                sketch.text(line, origin, Align::Start, font, (style, about));
            }
        }
    }
}
