//! True scale: how far down a span of time goes, with long silences cut short.

use super::plan::Plan;
use wirestage_dissectors::ids::Time;

/// A span as long as most spans of the story goes this far down.
const TYPICAL: f32 = 112.0;
/// The way of most arrows goes so far down at least.
const WAY: f32 = 96.0;
/// What would go further down than this is cut short.
const LONGEST: f32 = 360.0;
/// What it is cut short to.
const CUT: f32 = 72.0;

/// So many points a nanosecond.
#[derive(Clone, Copy)]
pub(super) struct Scale(f64);

impl Scale {
    /// The scale at which as many spans as possible are neither squeezed nor cut.
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let mut times: Vec<Time> = plan
            .units
            .iter()
            .flat_map(|unit| [Some(unit.beat.sent.time), unit.received])
            .flatten()
            .collect();
        times.sort_unstable();
        let pairs = times.iter().zip(times.iter().skip(1));
        let mut spans: Vec<i64> =
            pairs.map(|(a, b)| b.since(*a)).filter(|span| *span > 0).collect();
        spans.sort_unstable();
        let mut best = (0, 1);
        for span in spans.iter().rev() {
            let low = spans.partition_point(|other| *other < span / 8);
            let high = spans.partition_point(|other| *other <= span.saturating_mul(2));
            if high - low > best.0 {
                best = (high - low, *span);
            }
        }
        let mut ways: Vec<i64> = plan
            .units
            .iter()
            .filter_map(|unit| Some(unit.received?.since(unit.beat.sent.time)))
            .collect();
        ways.sort_unstable();
        // Where arrows slant, one sees that they do.
        let way = ways.get(ways.len() / 2).map_or(0.0, |way| f64::from(WAY) / (*way).max(1) as f64);
        Self((f64::from(TYPICAL) / best.1 as f64).max(way))
    }

    /// How far down a span goes, and whether it was cut short.
    pub(super) fn advance(self, nanos: i64) -> (f32, bool) {
        let far = (nanos.max(0) as f64 * self.0) as f32;
        if far > LONGEST { (CUT, true) } else { (far, false) }
    }

    /// How many nanoseconds go so far down.
    pub(super) fn nanos(self, far: f32) -> f64 {
        f64::from(far) / self.0
    }
}
