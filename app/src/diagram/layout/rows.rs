//! Where everything is from top to bottom.

use std::collections::HashMap;

use wirestage_dissectors::ids::Time;

use super::Axis;
use super::arrivals;
use super::more::More;
use super::placed::{Measures, Placed};
use super::plan::Plan;
use super::reckoned::Reckoned;
use super::scale::Scale;
use super::ties;
use super::{order, time};
use crate::diagram::geometry::Rect;
use crate::diagram::style::Style;

/// How many times as far apart arrows to scale are tried for the sake of their beads, and up to how
/// many arrows.
const WIDER: [f64; 2] = [1.25, 1.4];
/// The same where an arrow has no name otherwise, if all have one then.
const MUCH_WIDER: [f64; 3] = [1.8, 2.4, 3.2];
const MOST_TRIED: usize = 64;

/// Everything's place from top to bottom.
pub(super) struct Rows {
    /// By arrow.
    pub(super) placed: Vec<Placed>,
    /// The top and the end of each band.
    pub(super) bands: Vec<(f32, f32)>,
    /// By chapter: which band it stands in, and from where its title goes down.
    pub(super) of_chapter: Vec<usize>,
    pub(super) titles: Vec<Option<f32>>,
    /// From where the titles of scopes above their arrows go down.
    pub(super) scopes: Vec<Option<f32>>,
    /// Silences: where, and how long they were.
    pub(super) gaps: Vec<Gap>,
    /// Which time is where, in order.
    pub(super) knots: Vec<(Time, f32)>,
    /// How long the way takes between two columns, where that is known, in nanoseconds.
    pub(super) delays: HashMap<(usize, usize), i64>,
    /// How long the ways are taken to be that were seen at one end only.
    pub(super) reckoned: Reckoned,
    /// Where it is said of each tie between a first and a second try.
    pub(super) ties: Vec<Option<ties::Words>>,
    /// By arrow, the beads of what is said of its segments, and whether they carry its number.
    pub(super) tags: Vec<Vec<Option<(Rect, bool)>>>,
    /// How many messages stand nowhere by their names.
    pub(super) hidden: usize,
    /// How many arrows say nothing of what they have to say.
    pub(super) unnamed: usize,
    /// By arrow, what its beads are centred on where each stands by itself.
    pub(super) strung: Vec<Vec<f32>>,
    /// By arrow, the middle of the highest and of the lowest of its beads.
    pub(super) reach: Vec<Option<(f32, f32)>>,
    /// What came in one go.
    pub(super) arrivals: Vec<Option<arrivals::Place>>,
    /// The middle of the name of each thing that a program did.
    pub(super) deeds: Vec<Option<f32>>,
    /// Below which chapters stand connections that went the same way, and the top of their band.
    pub(super) more: Vec<(usize, f32)>,
    /// The labels that found no room, and how many sentences found none.
    pub(super) left_out: (Vec<String>, u32),
    /// Where the last band ends.
    pub(super) end: f32,
}

/// A silence, no higher than its label takes.
pub(super) struct Gap {
    pub(super) y: f32,
    /// From when to when.
    pub(super) times: (Time, Time),
    /// Whether nothing was under way, so that it is marked across the picture.
    pub(super) silent: bool,
}

impl Gap {
    pub(super) const fn nanos(&self) -> i64 {
        self.times.1.since(self.times.0)
    }

    /// Whether something that lasts from then to then goes on meanwhile.
    pub(super) fn meets(&self, (first, last): (Time, Time)) -> bool {
        first < self.times.1 && self.times.0 < last
    }
}

impl Rows {
    pub(super) fn new(top: f32, measures: &Measures<'_>) -> Self {
        match measures.axis {
            Axis::Order => order::rows(top, measures),
            Axis::Time => time::rows(top, measures),
        }
    }

    /// The same, somewhat further apart where that lets messages have their names. Returns the
    /// scale that this took.
    pub(super) fn roomy(top: f32, measures: &Measures<'_>) -> (Self, Scale) {
        let mut best = (Self::new(top, measures), measures.scale);
        if measures.plan.units.len() > MOST_TRIED {
            return best;
        }
        for factor in WIDER {
            if best.0.hidden == 0 {
                break;
            }
            let Some(scale) = measures.scale.wider(measures.plan, factor) else { break };
            let rows = Self::new(top, &Measures { scale, ..*measures });
            // A longer picture is worth it where half of what was hidden is named.
            if rows.hidden <= best.0.hidden / 2 {
                best = (rows, scale);
            }
        }
        for factor in MUCH_WIDER {
            if best.0.unnamed == 0 {
                break;
            }
            let Some(scale) = measures.scale.wider(measures.plan, factor) else { break };
            let rows = Self::new(top, &Measures { scale, ..*measures });
            if rows.unnamed == 0 {
                best = (rows, scale);
            }
        }
        best
    }

    /// No place yet for so many arrows, below `top`.
    pub(super) fn empty(units: usize, top: f32) -> Self {
        Self {
            placed: vec![Placed::default(); units],
            bands: Vec::new(),
            of_chapter: Vec::new(),
            titles: Vec::new(),
            scopes: Vec::new(),
            gaps: Vec::new(),
            knots: Vec::new(),
            delays: HashMap::new(),
            reckoned: Reckoned::default(),
            ties: Vec::new(),
            deeds: Vec::new(),
            tags: Vec::new(),
            hidden: 0,
            unnamed: 0,
            strung: Vec::new(),
            reach: Vec::new(),
            arrivals: Vec::new(),
            more: Vec::new(),
            left_out: (Vec::new(), 0),
            end: top,
        }
    }

    /// Makes a band for the connections that went the same way as one that ends in a chapter.
    pub(super) fn and_more(&mut self, chapter: usize, more: &More) {
        let height = more.height(chapter);
        if height > 0.0 {
            let top = self.end + BAND_GAP;
            self.end = top + height;
            self.bands.push((top, self.end));
            self.more.push((chapter, top));
        }
    }

    /// A label found no room.
    pub(super) fn leave_out(&mut self, label: impl Into<String>) {
        self.left_out.0.push(label.into());
    }

    /// The style of the band that an arrow stands in.
    pub(super) fn ground(&self, index: usize, plan: &Plan<'_>) -> Style {
        let chapter = plan.chapters.partition_point(|chapter| chapter.units.end <= index);
        band(self.of_chapter.get(chapter).copied().unwrap_or(chapter))
    }

    /// Where a time stands.
    pub(super) fn at(&self, time: Time) -> f32 {
        let after = self.knots.partition_point(|(knot, _)| *knot < time);
        let before = after.checked_sub(1).and_then(|at| self.knots.get(at));
        match (before, self.knots.get(after)) {
            (_, Some((knot, y))) if *knot == time => *y,
            (Some((t0, y0)), Some((t1, y1))) => {
                let share = time.since(*t0) as f64 / t1.since(*t0).max(1) as f64;
                y0 + (y1 - y0) * share as f32
            }
            (Some((_, y)), None) | (None, Some((_, y))) => *y,
            (None, None) => self.end,
        }
    }

    /// The first and the last time that stands somewhere.
    pub(super) fn span(&self) -> Option<(Time, Time)> {
        Some((self.knots.first()?.0, self.knots.last()?.0))
    }

    /// When something arrived, or would have.
    fn arrival(&self, way: (usize, usize), (sent, received): (Time, Option<Time>)) -> Time {
        let usual = || self.delays.get(&way).map(|delay| Time(sent.0.saturating_add(*delay)));
        received.or_else(usual).unwrap_or(sent)
    }

    /// When something left and when it arrived, or would have.
    pub(super) fn times(
        &self,
        way: (usize, usize),
        (sent, received): (Time, Option<Time>),
    ) -> (Time, Time) {
        match self.reckoned.left(way, sent).filter(|_| received.is_none()) {
            Some(left) => (left, sent),
            None => (sent, self.arrival(way, (sent, received))),
        }
    }

    /// Where something leaves and where it arrives. What was never seen to arrive would have taken
    /// the usual time; where no way is known to take any, it is level.
    pub(super) fn ends(
        &self,
        way: (usize, usize),
        (sent, received): (Time, Option<Time>),
    ) -> (f32, f32) {
        let (left, came) = self.times(way, (sent, received));
        (self.at(left), self.at(came))
    }
}

/// Bands alternate, so that chapters are told apart.
pub(super) fn band(chapter: usize) -> Style {
    if chapter.is_multiple_of(2) { Style::Band } else { Style::BandAlt }
}

/// Between two bands.
pub(super) const BAND_GAP: f32 = 4.0;

/// From a sentence's top to the middle of its first line, which is level with its arrow.
pub(super) const SENTENCE_ABOVE: f32 = 12.0;
