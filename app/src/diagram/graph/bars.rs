//! Bars: the places that a segment takes, at the time at which it left. In each column of pixels
//! those that touch are one, however many there are.

use super::scale::Scale;
use crate::diagram::geometry::at;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// The width of a bar, and the least that is seen of its height.
const WIDTH: f32 = 2.0;
const LEAST: f32 = 3.0;
/// The width of the two ends of a bar, where there is room for them.
const END: f32 = 6.0;
/// Bars are told apart by their ends where there are no more than this in so many points.
const FEW: f32 = 8.0;
/// And where they are at least that high.
const HIGH: f32 = 6.0;
/// No more apart in one column; what would be is one.
const MOST: usize = 32;

/// Bars, column by column.
#[derive(Debug, Default)]
pub(super) struct Bars {
    /// The column, where it lies, from the lowest place to the highest.
    found: Vec<(usize, f32, f32, f32)>,
    count: usize,
    /// Where the bars of the last column begin.
    first: usize,
}

impl Bars {
    /// Adds one.
    pub(super) fn add(&mut self, scale: &Scale, nanos: i64, (from, to): (u64, u64)) {
        if !scale.shows(nanos) {
            return;
        }
        self.count += 1;
        let (column, x) = (scale.column(nanos), scale.x(nanos));
        let (top, bottom) = (scale.y(to as f64), scale.y(from as f64));
        if self.found.last().is_none_or(|(last, ..)| *last != column) {
            self.first = self.found.len();
        }
        let is_full = self.found.len() - self.first >= MOST;
        let last = self.found.last_mut().filter(|(last, _, high, low)| {
            *last == column && (is_full || (top <= *low + 1.0 && *high <= bottom + 1.0))
        });
        match last {
            Some((_, _, high, low)) => (*high, *low) = (high.min(top), low.max(bottom)),
            None => self.found.push((column, x, top, bottom)),
        }
    }

    /// Draws them.
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, scale: &Scale, style: Style) {
        let has_room = self.count as f32 * FEW < scale.area.width();
        for (_, x, top, bottom) in &self.found {
            let x = x.clamp(scale.area.left + WIDTH / 2.0, scale.area.right - WIDTH / 2.0);
            let middle = (top + bottom) / 2.0;
            let (top, bottom) = (top.min(middle - LEAST / 2.0), bottom.max(middle + LEAST / 2.0));
            let (top, bottom) = (top.max(scale.area.top), bottom.min(scale.area.bottom));
            let line = |from, to, width| Shape::Line { from, to, width, dashed: false };
            let stem = line(at(x, top), at(x, bottom), WIDTH);
            sheet.add(stem, style, About::Nothing, Layer::Bars);
            if has_room && bottom - top >= HIGH {
                let half = (END / 2.0).min(scale.area.right - x).min(x - scale.area.left);
                for y in [top, bottom] {
                    let end = line(at(x - half, y), at(x + half, y), 1.0);
                    sheet.add(end, style, About::Nothing, Layer::Bars);
                }
            }
        }
    }
}
