//! Where everything is from left to right: titles, times, brackets, lifelines, sentences.

use std::collections::HashMap;

use wirestage_dissectors::story::{BeatId, Story};

use super::form::Form;
use super::plan::{Plan, Unit};
use super::room::Room;
use super::side::Side;
use super::sketch::Sketch;
use super::wording::{self, Clock};
use super::{arrivals, beads, ties};
use crate::diagram::geometry::{Point, Rect};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The width of one round trip's bracket with its label, and without.
pub(super) const LANE: f32 = 24.0;
pub(super) const BARE_LANE: f32 = 12.0;
/// From a lifeline, or the bar on it, to the labels beside it.
pub(super) const BESIDE: f32 = 12.0;
/// From a sentence's left edge to its words: the disc with its number comes first.
pub(super) const HANGING: f32 = 32.0;
/// From a lifeline to the end of an arrow: half a bar.
pub(super) const BAR: f32 = 4.0;
/// How wide sentences are at most: longer lines are hard to read back from.
pub(super) const WIDEST_TEXT: f32 = 560.0;
/// How wide what hangs below an arrow is, where the outermost lifelines leave so much.
const BLOCK: f32 = 320.0;
/// Between two cards.
pub(super) const BETWEEN_CARDS: f32 = 12.0;

/// What stands beside lifelines where time is to scale.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    pub(super) ties: &'a [ties::Tie],
    pub(super) arrivals: &'a [arrivals::Bracket],
    /// Whether there is a curve.
    pub(super) curve: bool,
    /// How wide the lanes of streams are, which stand beside the lifelines on any axis; 0 for none.
    pub(super) streams: f32,
}

/// The columns of a picture.
pub(super) struct Columns {
    pub(super) form: Form,
    /// The width of the picture.
    pub(super) width: f32,
    /// Where chapter titles begin, and how wide they may be.
    pub(super) title: f32,
    pub(super) title_width: f32,
    /// Where the brackets of chapters begin that share a band.
    pub(super) scopes: Option<f32>,
    /// Where times end.
    pub(super) clock: Option<f32>,
    /// Where the curve of what is under way begins.
    pub(super) curve: Option<f32>,
    /// Where the lanes of streams begin and end.
    pub(super) streams: Option<(f32, f32)>,
    /// Where the brackets of round trips begin, and from one to the next.
    pub(super) brackets: f32,
    pub(super) lane: f32,
    /// The lifelines.
    pub(super) rails: Vec<f32>,
    /// How far bars reach to the left and to the right of each lifeline, beyond the one on it.
    pub(super) bars: Vec<(f32, f32)>,
    /// How far they reach at the tail and the head of each arrow, where arrows are level.
    pub(super) at_ends: HashMap<BeatId, (f32, f32)>,
    /// Whether names of states and keys stand between the outermost lifelines.
    pub(super) inside: bool,
    /// How wide a label beside a lifeline may be: left of the first, right of the last.
    pub(super) label_left: f32,
    pub(super) label_right: f32,
    /// The width of the cards of the cast.
    pub(super) card: f32,
    /// Where sentences begin and how wide they may be, discs included.
    pub(super) steps: Option<(f32, f32)>,
    /// From the end of an arrow to its number, and from its beads to its head.
    pub(super) before_number: f32,
    pub(super) before_head: f32,
    /// Whether numbers stand below their arrows as well, where these are too short for them.
    pub(super) numbered_below: bool,
}

impl Columns {
    /// Gives out the room of a picture.
    pub(super) fn new(
        story: &Story,
        plan: &Plan<'_>,
        (form, asked): (Form, u32),
        (lanes, scopes, beside): (usize, usize, Beside<'_>),
        clock: Clock,
        measure: &dyn MeasureText,
    ) -> Self {
        Room { story, plan, form, asked: asked as f32, beside, clock, measure }
            .give_out(lanes, scopes)
    }

    /// Whether there is room for words outside of a lifeline: of the outermost ones, unless names
    /// stand between them.
    pub(super) fn outside(&self, column: usize) -> bool {
        !self.inside && self.rails.len() > 1 && (column == 0 || column + 1 == self.rails.len())
    }

    /// The lifeline of a column.
    pub(super) fn rail(&self, column: usize) -> f32 {
        self.rails.get(column).copied().unwrap_or_default()
    }

    /// Where arrows begin and end on one side of a lifeline: beside its bars, never across them.
    pub(super) fn edge(&self, column: usize, side: Side) -> f32 {
        let (to_left, to_right) = self.bars.get(column).copied().unwrap_or_default();
        match side {
            Side::Left => self.rail(column) - (BAR + to_left),
            Side::Right => self.rail(column) + (BAR + to_right),
        }
    }

    /// Where an arrow begins and ends: beside the bars that are there at its height, where the way
    /// down is order. In a picture to scale the frames of one arrow lie far apart, and all keep the
    /// same distance.
    pub(super) fn ends(&self, unit: &Unit<'_>) -> (f32, f32) {
        let side = Side::towards(unit.from, unit.to);
        let Some((tail, head)) = self.at_ends.get(&unit.id) else {
            return (self.edge(unit.from, side), self.edge(unit.to, side.other()));
        };
        let way = side.sign();
        (self.rail(unit.from) + way * (BAR + tail), self.rail(unit.to) - way * (BAR + head))
    }

    /// On which side of a column labels stand, for an arrow that comes from or goes to another
    /// column: on the outside, away from the arrow, or above and below the arrow where all labels
    /// stand between the lifelines.
    pub(super) fn label_side(&self, column: usize, other: usize) -> Side {
        if self.inside {
            return match other == column {
                true => beads::loop_side(column, self),
                false => Side::towards(column, other),
            };
        }
        match column {
            0 => Side::Left,
            at if at + 1 == self.rails.len() => Side::Right,
            // A message to oneself hangs on the right, and leaves the left to its labels.
            at if other >= at => Side::Left,
            _ => Side::Right,
        }
    }

    /// Where a label beside a lifeline begins, and how wide it may be.
    pub(super) fn label(&self, column: usize, side: Side) -> (f32, f32) {
        let edge = self.edge(column, side) + side.sign() * (BESIDE - BAR);
        (edge, self.label_width(column, side))
    }

    fn label_width(&self, column: usize, side: Side) -> f32 {
        match side {
            Side::Left if column == 0 && !self.inside => self.label_left,
            Side::Right if column + 1 == self.rails.len() && !self.inside => self.label_right,
            _ => self.free_beside(column, side) - 2.0 * BESIDE,
        }
    }

    /// The room beside a lifeline, to the next one or to the edge of the picture.
    pub(super) fn free_beside(&self, column: usize, side: Side) -> f32 {
        let here = self.edge(column, side);
        match (side, column) {
            (Side::Left, 0) => here - self.title,
            (Side::Left, _) => here - self.edge(column - 1, Side::Right) - BESIDE,
            (Side::Right, _) if column + 1 < self.rails.len() => {
                self.edge(column + 1, Side::Left) - here - BESIDE
            }
            (Side::Right, _) if self.rails.len() == 1 => self.label_right,
            (Side::Right, _) => self.width - self.form.outer - here - BESIDE,
        }
    }

    /// Where a sentence stands under an arrow, and how wide it may be.
    pub(super) fn under(&self, unit: &Unit<'_>) -> (f32, f32) {
        let (low, high) = (unit.from.min(unit.to), unit.from.max(unit.to));
        let last = self.rails.len().saturating_sub(1);
        if self.form.crowded && last > 0 {
            let (first, end) = (self.above(), self.edge(last, Side::Left) - BESIDE);
            let left = (self.edge(low, Side::Right) + BESIDE).min(end - BLOCK).max(first);
            return (left, (end - left).min(WIDEST_TEXT));
        }
        let (from, to) = if low == high && last > 0 {
            (low.min(last - 1), low.min(last - 1) + 1)
        } else {
            (low, high)
        };
        let left = self.edge(from, Side::Right) + BESIDE;
        let right =
            if from == to { left + self.label_right } else { self.edge(to, Side::Left) - BESIDE };
        (left, (right - left).min(WIDEST_TEXT))
    }

    /// Where titles begin that stand above their arrows: right of the first lifeline.
    pub(super) fn above(&self) -> f32 {
        self.edge(0, Side::Right) + BESIDE
    }

    /// Keeps the lifelines out of a text that crosses them.
    pub(super) fn clear(
        &self,
        sketch: &mut Sketch<'_>,
        (text, font): (&str, Type),
        origin: Point,
        (ground, about): (Style, About),
    ) {
        let width = sketch.measure.width(text, font);
        let (left, right) = (origin.x - 4.0, origin.x + width + 4.0);
        let crossed = |column: usize| {
            self.edge(column, Side::Right) > left && self.edge(column, Side::Left) < right
        };
        if (0..self.rails.len()).any(crossed) {
            let (top, bottom) = (origin.y - font.ascent() - 2.0, origin.y + font.descent() + 2.0);
            let rect = Rect { left, top, right, bottom };
            let plate = Shape::Plate { rect, radius: 2.0, outline: 0.0, dashed: false };
            sketch.add(plate, ground, about, Layer::Lines);
        }
    }

    /// The row that the card of each lifeline stands in, from the top: one row, where there is
    /// room.
    pub(super) fn stacked(&self) -> Vec<usize> {
        if !self.form.crowded {
            return vec![0; self.rails.len()];
        }
        let mut ends: Vec<f32> = Vec::new();
        let row = |column: usize| {
            let middle = self.card_middle(column);
            let (left, right) = (middle - self.card / 2.0, middle + self.card / 2.0);
            let free = ends.iter().position(|end| end + BETWEEN_CARDS / 2.0 <= left);
            let row = free.unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = right,
                None => ends.push(right),
            }
            row
        };
        (0..self.rails.len()).map(row).collect()
    }

    /// The middle of a card: over its lifeline, or as near as the picture's edge allows.
    pub(super) fn card_middle(&self, column: usize) -> f32 {
        let half = self.card / 2.0 + card_margin(self.form);
        self.rail(column).clamp(half, (self.width - half).max(half))
    }
}

/// From the edge of the picture to the nearest card.
pub(super) fn card_margin(form: Form) -> f32 {
    form.outer + if form.titles_above { 8.0 } else { 0.0 }
}

/// `3 packets · 222 B`.
pub(super) fn cost(packets: u32, bytes: u64) -> String {
    format!("{} · {}", wording::counted(packets, "packet"), wording::bytes(bytes))
}
