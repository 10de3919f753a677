//! What gives way at which width, and what never does.
//!
//! ```text
//!   from 1200      both margins: titles, times and round trips left, sentences right
//!   900 to 1200    sentences leave the margin
//!   560 to 900     times fold away, titles stay at the left
//!   under 560      titles stand above their arrows, states and keys between the lifelines
//! ```
//!
//! Lifelines that do not fit otherwise stand in a strip at any width. Where even that is too wide
//! they are crowded: as near to each other as they must, with cards one above the other, and what
//! hangs on an arrow stands below it, across other lifelines.
//!
//! Where a picture is asked to tell its sentences and has no right margin, they stand under their
//! arrows: a file has no panel beside it, and a numbered list at its end would send the eye back
//! and forth. Only where time is to scale, and no room can be made, such a list stands below.

use super::{Axis, Request};

/// From here on both margins stand.
pub(super) const BOTH_MARGINS: u32 = 1200;
/// From here on times stand in the left margin.
const TIMES: u32 = 900;
/// From here on chapter titles stand in the left margin.
pub(super) const STRIP: u32 = 560;

/// What a picture of some width looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Form {
    /// Whether it is a still: arrows, beads, numbers, chapter titles and round trips only.
    pub(super) still: bool,
    /// Where sentences stand.
    pub(super) sentences: Sentences,
    /// Whether chapter titles stand above their arrows.
    pub(super) titles_above: bool,
    /// Whether the left margin has room for more than titles and times.
    pub(super) margins: bool,
    /// Whether times are written; to scale, the length of silences stands beside them.
    pub(super) times: bool,
    /// From the edge of the picture to the bands, and from the edge of a band to its text.
    pub(super) outer: f32,
    pub(super) pad: f32,
    /// What the way down means.
    pub(super) axis: Axis,
    /// Whether lifelines stand too near each other for words between two of them.
    pub(super) crowded: bool,
    /// Whether beads and sentences stand below their arrows, across other lifelines. Where time is
    /// to scale nothing can be moved for them, and what finds no room is left out.
    pub(super) hung_below: bool,
}

/// Where sentences stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sentences {
    /// In the right margin.
    Beside,
    /// Below their arrows.
    Under,
    /// In a list below the picture.
    Listed,
    /// Elsewhere, in a panel of its own.
    Nowhere,
}

impl Form {
    pub(super) fn new(request: &Request) -> Self {
        let Request { width, still, axis, .. } = *request;
        let narrow = width < STRIP;
        let sentences = match () {
            () if still || !request.steps => Sentences::Nowhere,
            () if width >= BOTH_MARGINS => Sentences::Beside,
            // To scale there is no room that could be made between two arrows.
            () if axis == Axis::Time => Sentences::Listed,
            () => Sentences::Under,
        };
        // A ruler is what a picture to scale is for.
        let times = !still && (narrow || width >= TIMES || axis == Axis::Time);
        let (outer, pad) = match () {
            () if narrow => (4.0, 12.0),
            () if still || width < TIMES => (8.0, 16.0),
            () => (24.0, 16.0),
        };
        let margins = !still && width >= TIMES;
        let titles_above = narrow;
        let (crowded, hung_below) = (false, false);
        Self {
            still,
            sentences,
            titles_above,
            margins,
            times,
            outer,
            pad,
            axis,
            crowded,
            hung_below,
        }
    }

    /// The narrowest form, for lifelines that do not fit otherwise.
    pub(super) fn strip(request: &Request) -> Self {
        Self::new(&Request { width: STRIP - 1, ..request.clone() })
    }

    /// A strip of lifelines as near to each other as they must.
    pub(super) fn crowded(request: &Request) -> Self {
        let strip = Self::strip(request);
        Self { crowded: true, hung_below: strip.is_order(), ..strip }
    }

    /// Whether the way down means order only.
    pub(super) fn is_order(self) -> bool {
        self.axis == Axis::Order
    }

    /// Whether states, keys and what programs do are not named beside the lifelines.
    pub(super) fn is_bare(self) -> bool {
        self.still || self.crowded
    }

    /// From the edge of the picture to the first text.
    pub(super) fn margin(self) -> f32 {
        self.outer + self.pad
    }
}
