//! How far down a span of time goes, the same for all ladders of a comparison.

use super::By;
use super::bead::HEIGHT;
use super::plan::{Arrow, Bead, Ladder, Speaks};
use super::steps::align;

/// What lies above the first bead of an arrow, between two, and below the last: there its head is
/// seen.
const ABOVE: f32 = 6.0;
const BETWEEN: f32 = 5.0;
const BELOW: f32 = 14.0;
/// The longest ladder goes down so far at least, and at most.
const SHORTEST: f32 = 300.0;
const LONGEST: f32 = 1_600.0;
/// What an arrow takes that does not slant, for each of its beads, and what lies between two.
const LEVEL: f32 = 30.0;
const REST: f32 = 16.0;

/// Where times stand on the ladders.
pub(super) enum Scale {
    /// To scale: so many points a nanosecond.
    Time(f64),
    /// One step after the other, equal ones level.
    Meaning(Rows),
}

/// Steps below each other.
pub(super) struct Rows {
    /// The row of each arrow, ladder by ladder.
    places: Vec<Vec<usize>>,
    /// Where each row begins, and behind them where the last one ends.
    tops: Vec<f32>,
}

impl Scale {
    /// The scale at which each arrow has room for its beads; rows where that is asked for, or what
    /// was recorded at one end shows no slant.
    pub(super) fn new(ladders: &[Ladder], by: By) -> Self {
        let longest = ladders.iter().map(|ladder| ladder.end).max().unwrap_or(0).max(1) as f64;
        // What was lost has no slant, and may have no beads either.
        let needs_room = |arrow: &&Arrow| !arrow.beads.is_empty();
        let arrows = || ladders.iter().flat_map(|ladder| &ladder.arrows).filter(needs_room);
        let needed = arrows().map(|arrow| {
            let way = arrow.received.map_or(1, |came| came - arrow.sent).max(1) as f64;
            f64::from(needed(arrow.beads.len())) / way
        });
        let apart = ladders.iter().filter_map(|ladder| ladder.apart);
        let apart = apart.map(|nanos| f64::from(HEIGHT + BETWEEN) / nanos.max(1) as f64);
        let wanted = needed.chain(apart).fold(f64::from(SHORTEST) / longest, f64::max);
        let slants = ladders.iter().all(|ladder| ladder.slants);
        if by == By::Time && slants && wanted * longest <= f64::from(LONGEST) {
            Self::Time(wanted)
        } else {
            Self::Meaning(Rows::new(ladders))
        }
    }

    /// Whether it is to scale.
    pub(super) const fn is_time(&self) -> bool {
        matches!(self, Self::Time(_))
    }

    /// How many nanoseconds go so far down, where it is to scale.
    pub(super) fn nanos(&self, far: f32) -> Option<f64> {
        match self {
            Self::Time(scale) => Some(f64::from(far) / scale),
            Self::Meaning(_) => None,
        }
    }

    /// How far down a time stands on a ladder; nowhere where it is not to scale.
    pub(super) fn at(&self, nanos: i64) -> f32 {
        match self {
            Self::Time(scale) => (nanos as f64 * scale) as f32,
            Self::Meaning(_) => 0.0,
        }
    }

    /// How far down the request leaves; `None` if nobody asks.
    pub(super) fn asked(&self, way: usize, ladder: &Ladder) -> Option<f32> {
        let asked = ladder.asked?;
        if self.is_time() {
            return Some(self.at(asked));
        }
        let asks = |bead: &Bead| bead.speaks == Some(Speaks::Asks);
        let beads = ladder.arrows.iter().map(|arrow| arrow.beads.iter().position(asks));
        let (number, bead) = beads.enumerate().find_map(|(at, bead)| Some((at, bead?)))?;
        let (top, _) = self.arrow(way, ladder, number);
        Some(top + REST / 2.0 + bead as f32 * LEVEL)
    }

    /// Where an arrow of a ladder begins and ends, by position.
    pub(super) fn arrow(&self, way: usize, ladder: &Ladder, at: usize) -> (f32, f32) {
        let Some(arrow) = ladder.arrows.get(at) else { return (0.0, 0.0) };
        match self {
            Self::Time(_) => (self.at(arrow.sent), self.at(arrow.received.unwrap_or(arrow.sent))),
            Self::Meaning(rows) => rows.span(rows.place(way, at)),
        }
    }

    /// The rows in which a ladder has no arrow, up to its last one, each from its top to its end.
    pub(super) fn gaps(&self, way: usize, ladder: &Ladder) -> Vec<(f32, f32)> {
        let Self::Meaning(rows) = self else { return Vec::new() };
        let own: Vec<usize> = (0..ladder.arrows.len()).map(|at| rows.place(way, at)).collect();
        let last = own.iter().copied().max().unwrap_or(0);
        (0..last).filter(|row| !own.contains(row)).map(|row| rows.span(row)).collect()
    }

    /// How high a ladder is.
    pub(super) fn height(&self, way: usize, ladder: &Ladder) -> f32 {
        match self {
            Self::Time(_) => self.at(ladder.end),
            Self::Meaning(rows) => {
                let all = (0..ladder.arrows.len()).map(|at| rows.span(rows.place(way, at)));
                all.map(|(_, end)| end).fold(0.0, f32::max)
            }
        }
    }
}

impl Rows {
    fn new(ladders: &[Ladder]) -> Self {
        let (places, count) = align(ladders);
        let mut heights = vec![0.0_f32; count];
        for (ladder, places) in ladders.iter().zip(&places) {
            for (arrow, row) in ladder.arrows.iter().zip(places) {
                if let Some(height) = heights.get_mut(*row) {
                    *height = height.max(level(arrow));
                }
            }
        }
        let mut tops = vec![0.0];
        let mut top = 0.0;
        for height in heights {
            top += height;
            tops.push(top);
        }
        Self { places, tops }
    }

    fn place(&self, way: usize, at: usize) -> usize {
        self.places.get(way).and_then(|places| places.get(at)).copied().unwrap_or_default()
    }

    fn span(&self, row: usize) -> (f32, f32) {
        let at = |row: usize| self.tops.get(row).copied().unwrap_or_default();
        (at(row), at(row + 1))
    }
}

/// The height that an arrow needs which slants, to have so many beads below each other.
fn needed(beads: usize) -> f32 {
    let gaps = beads.saturating_sub(1) as f32 * BETWEEN;
    ABOVE + beads as f32 * HEIGHT + gaps + BELOW
}

/// What an arrow takes that is level, with what lies below it.
fn level(arrow: &Arrow) -> f32 {
    arrow.beads.len().max(1) as f32 * LEVEL + REST
}

/// Where the beads of an arrow stand between its ends, from the top down.
pub(super) fn middles(beads: usize, (from, to): (f32, f32)) -> Vec<f32> {
    let spare = ((to - from - needed(beads)) / (beads + 1) as f32).max(0.0);
    let first = from + ABOVE + spare + HEIGHT / 2.0;
    (0..beads).map(|at| first + at as f32 * (HEIGHT + BETWEEN + spare)).collect()
}

/// Where the lines of a level arrow stand: one for each bead.
pub(super) fn lines(beads: usize, from: f32) -> Vec<f32> {
    (0..beads.max(1)).map(|at| from + REST / 2.0 + (at as f32 + 0.5) * LEVEL).collect()
}
