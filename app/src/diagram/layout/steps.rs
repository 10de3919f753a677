//! The right margin: one numbered sentence per arrow, and below it what a teacher would add.

use wirestage_dissectors::story::Beat;

use super::columns::HANGING;
use super::plan::Unit;
use super::rows::SENTENCE_ABOVE;
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::About;
use crate::diagram::style::{Style, Type};

/// How many lines a sentence and its detail may take.
const HEADLINES: usize = 4;
const DETAILS: usize = 6;

/// A sentence, broken into lines.
pub(super) struct Sentence {
    headline: Vec<String>,
    detail: Vec<String>,
}

impl Sentence {
    /// The sentence of a beat, where it has one.
    pub(super) fn new(beat: &Beat, width: f32, measure: &dyn MeasureText) -> Option<Self> {
        let width = width - HANGING;
        let headline = wrap(measure, &beat.headline, Type::Step, width, HEADLINES);
        let detail = wrap(measure, &with_source(beat), Type::Detail, width, DETAILS);
        (!headline.is_empty() || !detail.is_empty()).then_some(Self { headline, detail })
    }

    /// From its top to its end.
    pub(super) fn height(&self) -> f32 {
        let lines = |lines: &[String], font: Type| lines.len() as f32 * font.line_height();
        6.0 + lines(&self.headline, Type::Step) + lines(&self.detail, Type::Detail)
    }

    /// Draws it beside its number, its first line level with `y`; returns what it covers.
    pub(super) fn draw(
        &self,
        sketch: &mut Sketch<'_>,
        unit: &Unit<'_>,
        y: f32,
        (left, width): (f32, f32),
    ) -> Rect {
        let about = About::Beat(unit.id);
        sketch.number(&unit.number, at(left + 10.0, y), false, about);
        let x = left + HANGING;
        let first = if self.headline.is_empty() { Type::Detail } else { Type::Step };
        let mut baseline = (y + first.cap_height() / 2.0).round();
        for (lines, font, style) in
            [(&self.headline, Type::Step, Style::Ink), (&self.detail, Type::Detail, Style::Dim)]
        {
            for line in lines {
                sketch.text(line, at(x, baseline), Align::Start, font, (style, about));
                baseline += font.line_height();
            }
        }
        Rect::sized(left, y - SENTENCE_ABOVE, width, self.height())
    }
}

/// The detail, with the section of the standard behind it unless it names it itself. A section is
/// never broken from its standard.
fn with_source(beat: &Beat) -> String {
    let detail = beat.detail.trim();
    match beat.source {
        Some(source) if !detail.contains(source.section) || !detail.contains(source.standard) => {
            let stop =
                if detail.is_empty() || detail.ends_with(['.', '?', '!', ':']) { "" } else { "." };
            let section = if source.section.is_empty() { "" } else { ", " };
            let source = format!("{}{section}{}", source.standard, source.section);
            let source = source.replace(' ', "\u{a0}");
            format!("{detail}{stop} {source}").trim_start().to_owned()
        }
        _ => detail.to_owned(),
    }
}
