//! The sheet that the parts of an overview, or of a comparison, draw on.

use std::ops::Range;

use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Mark, Scene, Shape};
use crate::diagram::style::{Style, Type};

/// Marks that pile up until they make a scene.
pub(in crate::diagram) struct Sheet<'m> {
    pub(in crate::diagram) measure: &'m dyn MeasureText,
    marks: Vec<Mark>,
}

impl<'m> Sheet<'m> {
    pub(in crate::diagram) fn new(measure: &'m dyn MeasureText) -> Self {
        Self { measure, marks: Vec::new() }
    }

    /// A mark that is no text.
    pub(in crate::diagram) fn add(
        &mut self,
        shape: Shape,
        style: Style,
        about: About,
        layer: Layer,
    ) {
        self.marks.push(Mark::new(shape, 0.0, style, about, layer));
    }

    /// A plate without an outline.
    pub(in crate::diagram) fn plate(
        &mut self,
        rect: Rect,
        radius: f32,
        style: Style,
        about: About,
        layer: Layer,
    ) {
        self.add(Shape::Plate { rect, radius, outline: 0.0, dashed: false }, style, about, layer);
    }

    /// A line of text.
    pub(in crate::diagram) fn text(
        &mut self,
        (text, font): (&str, Type),
        origin: Point,
        align: Align,
        style: Style,
        about: About,
    ) {
        self.text_in((text, font), origin, align, (style, about), Layer::Front);
    }

    /// A line of text in a layer of its own choice.
    pub(in crate::diagram) fn text_in(
        &mut self,
        (text, font): (&str, Type),
        origin: Point,
        align: Align,
        (style, about): (Style, About),
        layer: Layer,
    ) {
        if text.is_empty() {
            return;
        }
        let width = self.measure.width(text, font);
        let shape = Shape::Text { origin, align, font, text: text.to_owned(), upright: false };
        self.marks.push(Mark::new(shape, width, style, about, layer));
    }

    /// Lines of text one below the other, the first baseline at `origin`; returns the baseline
    /// behind the last.
    pub(in crate::diagram) fn lines(
        &mut self,
        lines: &[String],
        font: Type,
        origin: Point,
        style: Style,
        about: About,
    ) -> f32 {
        let mut y = origin.y;
        for line in lines {
            self.text((line, font), at(origin.x, y), Align::Start, style, about);
            y += font.line_height();
        }
        y
    }

    pub(in crate::diagram) fn finish(self, width: f32, height: f32, cast: Range<f32>) -> Scene {
        Scene::new(width, height, cast, self.marks, Vec::new())
    }
}
