//! How far down a span of time goes, the same for all ladders of a comparison.

use super::bead::HEIGHT;
use super::plan::{Arrow, Bead, Ladder, Speaks};

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
    /// One arrow after the other, where what was recorded at one end shows no slant.
    Order,
}

impl Scale {
    /// The scale at which each arrow has room for its beads.
    pub(super) fn new(ladders: &[Ladder]) -> Self {
        let longest = ladders.iter().map(|ladder| ladder.end).max().unwrap_or(0).max(1) as f64;
        let arrows = || ladders.iter().flat_map(|ladder| &ladder.arrows);
        let needed = arrows().map(|arrow| {
            let way = arrow.received.map_or(1, |came| came - arrow.sent).max(1) as f64;
            f64::from(needed(arrow.beads.len())) / way
        });
        let wanted = needed.fold(f64::from(SHORTEST) / longest, f64::max);
        let slants = ladders.iter().all(|ladder| ladder.slants);
        if slants && wanted * longest <= f64::from(LONGEST) {
            Self::Time(wanted)
        } else {
            Self::Order
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
            Self::Order => None,
        }
    }

    /// How far down a time stands on a ladder; at its end where it is not to scale.
    pub(super) fn at(&self, ladder: &Ladder, nanos: i64) -> f32 {
        match self {
            Self::Time(scale) => (nanos as f64 * scale) as f32,
            Self::Order => self.height(ladder),
        }
    }

    /// How far down the request leaves; nothing where nobody asks.
    pub(super) fn asked(&self, ladder: &Ladder) -> Option<f32> {
        let asked = ladder.asked?;
        if self.is_time() {
            return Some(self.at(ladder, asked));
        }
        let mut top = 0.0;
        for arrow in &ladder.arrows {
            let asks = |bead: &Bead| bead.speaks == Some(Speaks::Asks);
            if let Some(at) = arrow.beads.iter().position(asks) {
                return Some(top + REST / 2.0 + at as f32 * LEVEL);
            }
            top += level(arrow);
        }
        None
    }

    /// Where an arrow begins and ends on its ladder, by position.
    pub(super) fn arrow(&self, ladder: &Ladder, at: usize) -> (f32, f32) {
        let Some(arrow) = ladder.arrows.get(at) else { return (0.0, 0.0) };
        match self {
            Self::Time(_) => {
                let from = self.at(ladder, arrow.sent);
                (from, self.at(ladder, arrow.received.unwrap_or(arrow.sent)))
            }
            Self::Order => {
                let top = ladder.arrows.iter().take(at).map(level).sum::<f32>();
                (top, top + level(arrow) - REST)
            }
        }
    }

    /// How high a ladder is.
    pub(super) fn height(&self, ladder: &Ladder) -> f32 {
        match self {
            Self::Time(_) => self.at(ladder, ladder.end),
            Self::Order => ladder.arrows.iter().map(level).sum(),
        }
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
