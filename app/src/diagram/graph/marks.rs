//! Marks: what matters in a graph, each kind with a shape of its own, so that no colour is needed
//! to tell them apart. Of marks of one kind that would cover each other one is drawn.

use std::collections::BTreeSet;

use wirestage_dissectors::course::{Says, Sent, What};

use super::scale::Scale;
use crate::diagram::geometry::{Point, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// Marks of one kind that are nearer than this are one.
const APART: f32 = 5.0;

/// What is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// A segment, where each is a dot.
    Segment,
    /// Something acknowledged beyond a hole, from one place to another.
    Block,
    /// An acknowledgement that repeats the one before.
    Duplicate,
    /// A probe of a window or of somebody.
    Probe,
    /// Something that came after what follows it.
    Late,
    /// Something that was sent again.
    Again,
    /// Something that never came.
    Lost,
    /// A receiver that can take nothing more.
    Full,
}

impl Mark {
    /// What the legend calls it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Segment => "a segment",
            Self::Block => "SACK: came beyond a hole",
            Self::Duplicate => "duplicate ACK",
            Self::Probe => "probe",
            Self::Late => "out of order",
            Self::Again => "sent again",
            Self::Lost => "lost",
            Self::Full => "window 0",
        }
    }

    /// What a packet is marked with: that it was lost, what it was, or nothing.
    pub(super) fn of_sent(sent: &Sent) -> impl Iterator<Item = Self> {
        let what = match sent.what {
            What::New => None,
            What::Again => Some(Self::Again),
            What::Late => Some(Self::Late),
            What::Probe => Some(Self::Probe),
        };
        what.into_iter().chain(sent.is_lost.then_some(Self::Lost))
    }

    /// The same of an acknowledgement.
    pub(super) const fn of_heard(says: Says) -> Option<Self> {
        match says {
            Says::Duplicate => Some(Self::Duplicate),
            Says::Full => Some(Self::Full),
            Says::Plain | Says::Update => None,
        }
    }

    /// Draws it around a point; `high` is how high a block is.
    pub(super) fn draw(self, sheet: &mut Sheet<'_>, centre: Point, high: f32) {
        let disc = |radius, outline, hollow| Shape::Disc { centre, radius, outline, hollow };
        let (shape, style) = match self {
            // Two and a half as wide an outline fills it with the colour of the line.
            Self::Segment => (disc(1.0, 2.0, false), Style::Flow),
            Self::Block => {
                let rect = Rect::around(centre, 4.0, high.max(4.0));
                let plate = Shape::Plate { rect, radius: 1.0, outline: 1.0, dashed: false };
                (plate, Style::Application)
            }
            Self::Duplicate => (disc(2.5, 1.0, true), Style::Application),
            Self::Probe => (disc(4.0, 1.5, true), Style::RoundTrip),
            Self::Late => {
                let shape = Shape::Regular { centre, radius: 4.5, corners: 3, outline: 1.5 };
                (shape, Style::Handshake)
            }
            Self::Again => {
                let shape = Shape::Regular { centre, radius: 5.0, corners: 4, outline: 1.5 };
                (shape, Style::Tcp)
            }
            Self::Lost => (Shape::Cross { centre, arm: 4.5 }, Style::Failure),
            Self::Full => {
                let rect = Rect::around(centre, 8.0, 8.0);
                let plate = Shape::Plate { rect, radius: 0.0, outline: 1.5, dashed: false };
                (plate, Style::Failure)
            }
        };
        let layer = if self <= Self::Block { Layer::Raised } else { Layer::Front };
        sheet.add(shape, style, About::Nothing, layer);
    }
}

/// Marks that were found, one of a kind for each place.
#[derive(Debug, Default)]
pub(super) struct Marks {
    taken: BTreeSet<(Mark, i32, i32)>,
    found: Vec<(Mark, Point, f32)>,
}

impl Marks {
    /// Marks a place at a time.
    pub(super) fn add(&mut self, scale: &Scale, mark: Mark, (nanos, value): (i64, f64)) {
        if scale.shows(nanos) && scale.holds(value) {
            self.put(mark, at(scale.x(nanos), scale.y(value)), 0.0, scale);
        }
    }

    /// Marks a place at a time a little above it, where something else is marked as well.
    pub(super) fn above(&mut self, scale: &Scale, mark: Mark, (nanos, value): (i64, f64)) {
        if scale.shows(nanos) && scale.holds(value) {
            self.put(mark, at(scale.x(nanos), scale.y(value) - 3.0 * APART), 0.0, scale);
        }
    }

    /// Marks all places from one to another.
    pub(super) fn block(&mut self, scale: &Scale, nanos: i64, (from, to): (u64, u64)) {
        let (top, bottom) = (scale.y(to as f64), scale.y(from as f64));
        if scale.shows(nanos) && bottom > scale.area.top {
            let x = scale.x(nanos);
            // Acknowledgements name again what those before them named, and a little more.
            let (mut top, mut bottom) = (top, bottom);
            if let Some((_, last, high)) = self.found.last().filter(|(mark, last, high)| {
                let near = (last.x - x).abs() < APART;
                let half = high / 2.0 + 1.0;
                *mark == Mark::Block && near && top <= last.y + half && last.y - half <= bottom
            }) {
                (top, bottom) = (top.min(last.y - high / 2.0), bottom.max(last.y + high / 2.0));
                self.found.pop();
            }
            self.found.push((Mark::Block, at(x, (top + bottom) / 2.0), bottom - top));
        }
    }

    fn put(&mut self, mark: Mark, centre: Point, high: f32, scale: &Scale) {
        let apart = if mark == Mark::Segment { APART / 2.0 } else { APART };
        let cell = |offset: f32| (offset / apart) as i32;
        let place = (cell(centre.x - scale.area.left), cell(centre.y - scale.area.top));
        if self.taken.insert((mark, place.0, place.1)) {
            self.found.push((mark, centre, high));
        }
    }

    /// Draws them.
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>) {
        for (mark, centre, high) in &self.found {
            mark.draw(sheet, *centre, *high);
        }
    }
}
