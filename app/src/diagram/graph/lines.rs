//! Curves that hold their value until the next change. In each column of pixels a curve begins
//! somewhere, goes as far down and up as it does, and ends somewhere: more nobody sees.

use super::scale::Scale;
use crate::diagram::geometry::{Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// Overlap of areas that lie side by side, so that no gap shows between them.
const FINE: f32 = 0.5;

/// How a curve is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) style: Style,
    pub(super) width: f32,
    pub(super) layer: Layer,
}

/// What a curve does in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    x: f32,
    least: f64,
    most: f64,
    last: f64,
}

/// A curve, column by column.
#[derive(Debug, Default)]
pub(super) struct Curve {
    columns: Vec<Column>,
    /// Its value before the stretch that is shown.
    before: Option<f64>,
    place: Option<usize>,
}

impl Curve {
    /// The curve of values over time, given in order. What it is before the first of them is not
    /// known.
    pub(super) fn of(scale: &Scale, values: impl Iterator<Item = (i64, f64)>) -> Self {
        let mut curve = Self::default();
        for (nanos, value) in values {
            if nanos < scale.stretch.0 {
                curve.before = Some(value);
            } else if scale.shows(nanos) {
                curve.add(scale, (nanos, value));
            }
        }
        curve
    }

    /// The same curve, which had that value before.
    pub(super) fn after(mut self, value: f64) -> Self {
        self.before.get_or_insert(value);
        self
    }

    fn add(&mut self, scale: &Scale, (nanos, value): (i64, f64)) {
        let place = scale.column(nanos);
        // Clocks may go back.
        let is_same = self.place.is_some_and(|known| place <= known);
        match self.columns.last_mut().filter(|_| is_same) {
            Some(column) => {
                column.least = column.least.min(value);
                column.most = column.most.max(value);
                column.last = value;
            }
            None => {
                let x = scale.x(nanos);
                self.columns.push(Column { x, least: value, most: value, last: value });
                self.place = Some(place);
            }
        }
    }

    /// Each step: from where to where it holds which value, and how far the curve goes at its
    /// beginning.
    fn steps(&self, scale: &Scale) -> impl Iterator<Item = (f32, f32, f64, (f64, f64))> {
        let ends = self.columns.iter().skip(1).map(|next| next.x);
        let right = scale.area.right;
        let ends: Vec<f32> = ends.chain([right]).collect();
        let first = self.before.map(|value| {
            let end = self.columns.first().map_or(right, |first| first.x);
            (scale.area.left, end, value, (value, value))
        });
        let own = self.columns.iter().zip(ends);
        let own = own.map(|(one, end)| (one.x, end, one.last, (one.least, one.most)));
        first.into_iter().chain(own.collect::<Vec<_>>())
    }

    /// Draws its line.
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, scale: &Scale, stroke: Stroke) {
        let Stroke { style, width, layer } = stroke;
        let mut before: Option<f64> = None;
        for (from, to, value, (least, most)) in self.steps(scale) {
            let least = before.map_or(least, |before| least.min(before));
            let most = before.map_or(most, |before| most.max(before));
            let (top, bottom) = (scale.y(most), scale.y(least));
            if bottom - top > 0.0 {
                let (top, bottom) = (top - width / 2.0, bottom + width / 2.0);
                let inside = (top.max(scale.area.top), bottom.min(scale.area.bottom + width));
                let line = Shape::Line {
                    from: at(from, inside.0),
                    to: at(from, inside.1),
                    width,
                    dashed: false,
                };
                sheet.add(line, style, About::Nothing, layer);
            }
            // What is above the picture is not drawn along its edge.
            if scale.holds(value) && to > from {
                let y = scale.y(value);
                let line = Shape::Line { from: at(from, y), to: at(to, y), width, dashed: false };
                sheet.add(line, style, About::Nothing, layer);
            }
            before = Some(value);
        }
    }

    /// Fills what lies below it.
    pub(super) fn fill(&self, sheet: &mut Sheet<'_>, scale: &Scale, style: Style) {
        for (from, to, value, (_, most)) in self.steps(scale) {
            let mut plate = |from: f32, to: f32, value: f64| {
                let top = scale.y(value);
                let rect = Rect { left: from, top, right: to, bottom: scale.area.bottom };
                if rect.height() > 0.0 && rect.width() > 0.0 {
                    sheet.plate(rect, 0.0, style, About::Nothing, Layer::Ribbon);
                }
            };
            if most > value {
                plate(from, (from + 1.0).min(to), most);
            }
            plate(from, (to + FINE).min(scale.area.right), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::FontMeasure;
    use crate::diagram::graph::scale::Unit;

    #[test]
    fn a_curve_has_no_more_marks_than_columns_and_keeps_its_peaks() {
        let measure = FontMeasure::default();
        let mut sheet = Sheet::new(&measure);
        let stretch = (0, 1_000_000);
        let room = (600.0, (50.0, 250.0));
        let scale = Scale::new(&sheet, room, (stretch, (0.0, 1_000.0)), Unit::Bytes);
        let wave = |nanos: i64| (nanos, if nanos == 500_123 { 1_000.0 } else { 10.0 });
        let curve = Curve::of(&scale, (0..1_000_000).map(wave));
        let width = scale.area.width();
        assert!(curve.columns.len() <= width.ceil() as usize + 1, "{}", curve.columns.len());
        let highest = curve.columns.iter().map(|one| one.most).fold(0.0, f64::max);
        assert_eq!(highest, 1_000.0);
        let stroke = Stroke { style: Style::Flow, width: 1.5, layer: Layer::Lines };
        curve.draw(&mut sheet, &scale, stroke);
        let scene = sheet.finish(600.0, 300.0, 0.0..0.0);
        assert!(scene.marks().len() <= 2 * curve.columns.len());
        let top = scene.marks().iter().map(|mark| mark.bounds.top).fold(f32::MAX, f32::min);
        assert!((top - scale.y(1_000.0)).abs() < 2.0, "{top}");
    }
}
