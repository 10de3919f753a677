//! Where everything is from top to bottom.

mod order;

use wirestage_dissectors::ids::Time;

use super::placed::{Measures, Placed};
use super::plan::Plan;
use crate::diagram::style::Style;

/// Everything's place from top to bottom.
pub(in crate::diagram::layout) struct Rows {
    /// By arrow.
    pub(in crate::diagram::layout) placed: Vec<Placed>,
    /// The top and the end of each chapter's band.
    pub(in crate::diagram::layout) bands: Vec<(f32, f32)>,
    /// Silences: where, and how long they were.
    pub(in crate::diagram::layout) gaps: Vec<Gap>,
    /// Which time is where, in order.
    pub(in crate::diagram::layout) knots: Vec<(Time, f32)>,
    /// Where the last band ends.
    pub(in crate::diagram::layout) end: f32,
}

/// A silence, no higher than its label takes.
pub(in crate::diagram::layout) struct Gap {
    pub(in crate::diagram::layout) y: f32,
    pub(in crate::diagram::layout) nanos: i64,
    /// Whether nothing was under way, so that it is marked across the picture.
    pub(in crate::diagram::layout) silent: bool,
}

impl Rows {
    pub(in crate::diagram::layout) fn new(top: f32, measures: &Measures<'_>) -> Self {
        order::rows(top, measures)
    }

    /// No place yet for so many arrows, below `top`.
    fn empty(units: usize, top: f32) -> Self {
        Self {
            placed: vec![Placed::default(); units],
            bands: Vec::new(),
            gaps: Vec::new(),
            knots: Vec::new(),
            end: top,
        }
    }

    /// The style of the band that an arrow stands in.
    pub(in crate::diagram::layout) fn ground(&self, index: usize, plan: &Plan<'_>) -> Style {
        let chapter = plan.chapters.partition_point(|chapter| chapter.units.end <= index);
        band(chapter)
    }
}

/// Bands alternate, so that chapters are told apart.
pub(in crate::diagram::layout) fn band(chapter: usize) -> Style {
    if chapter.is_multiple_of(2) { Style::Band } else { Style::BandAlt }
}

/// From a sentence's top to the middle of its first line, which is level with its arrow.
pub(in crate::diagram::layout) const SENTENCE_ABOVE: f32 = 12.0;
