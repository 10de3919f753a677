//! The sheet that the parts of a layout draw on.

use std::ops::Range;

use crate::diagram::geometry::{Align, Point, Rect, at};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, BeatBox, Layer, Mark, Scene, Shape};
use crate::diagram::style::{Style, Type};

/// Marks that pile up until they make a scene.
pub(super) struct Sketch<'m> {
    pub(super) measure: &'m dyn MeasureText,
    pub(super) marks: Vec<Mark>,
    pub(super) beats: Vec<BeatBox>,
}

impl<'m> Sketch<'m> {
    pub(super) fn new(measure: &'m dyn MeasureText) -> Self {
        Self { measure, marks: Vec::new(), beats: Vec::new() }
    }

    /// A mark that is no text.
    pub(super) fn add(&mut self, shape: Shape, style: Style, about: About, layer: Layer) {
        self.marks.push(Mark::new(shape, 0.0, style, about, layer));
    }

    pub(super) fn line(
        &mut self,
        (from, to): (Point, Point),
        width: f32,
        dashed: bool,
        style: Style,
        about: About,
    ) {
        self.add(Shape::Line { from, to, width, dashed }, style, about, Layer::Lines);
    }

    /// A line of text.
    pub(super) fn text(
        &mut self,
        text: &str,
        origin: Point,
        align: Align,
        font: Type,
        (style, about): (Style, About),
    ) {
        self.text_in((text, font), origin, align, (style, about), Layer::Front);
    }

    /// A line of text in a layer of its own choice.
    pub(super) fn text_in(
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

    /// A line of text that is read from bottom to top, centred.
    pub(super) fn upright(&mut self, text: &str, origin: Point, font: Type, style: Style) {
        let width = self.measure.width(text, font);
        let align = Align::Middle;
        let shape = Shape::Text { origin, align, font, text: text.to_owned(), upright: true };
        self.marks.push(Mark::new(shape, width, style, About::Nothing, Layer::Front));
    }

    /// The number of a step: a disc, or a pill where the number is long.
    pub(super) fn number(&mut self, number: &str, centre: Point, small: bool, about: About) {
        let font = Type::Number;
        let radius = if small { SMALL } else { RADIUS };
        let rect = Rect::around(centre, number_width(number, small, self.measure), 2.0 * radius);
        let plate = Shape::Plate { rect, radius, outline: 0.0, dashed: false };
        self.add(plate, Style::Step, about, Layer::Front);
        let origin = at(centre.x, centre.y + font.cap_height() / 2.0);
        self.text(number, origin, Align::Middle, font, (Style::Step, about));
    }

    /// Changes what all marks from `first` on tell of.
    pub(super) fn about(&mut self, first: usize, about: About) {
        for mark in self.marks.iter_mut().skip(first) {
            mark.about = about;
        }
    }

    pub(super) fn finish(self, width: f32, height: f32, cast: Range<f32>) -> Scene {
        Scene::new(width, height, cast, self.marks, self.beats)
    }
}

/// The radius of the disc with a step's number, and of a small one.
const RADIUS: f32 = 9.5;
const SMALL: f32 = 8.0;

/// How wide the disc with a number is, which grows to a pill where the number is long.
pub(super) fn number_width(number: &str, small: bool, measure: &dyn MeasureText) -> f32 {
    let round = 2.0 * if small { SMALL } else { RADIUS };
    let around = if small { 9.0 } else { 11.0 };
    (measure.width(number, Type::Number) + around).max(round)
}
