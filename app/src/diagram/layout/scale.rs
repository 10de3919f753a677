//! True scale: how far down a span of time goes, with long silences cut short.

use super::plan::Plan;
use wirestage_dissectors::ids::Time;

/// A span as long as most spans of the story goes this far down.
const TYPICAL: f32 = 112.0;
/// The way of most arrows goes so far down at least, and at most: it is what their slant shows, and
/// is not cut short for the sake of what a program does in less time.
const WAY: f32 = 96.0;
const LONGEST_WAY: f32 = 240.0;
/// What would go further down than this is cut short.
const LONGEST: f32 = 360.0;
/// What it is cut short to.
const CUT: f32 = 72.0;

/// How many times as far down everything may go for the sake of what is said beside it.
const WIDEST: f64 = 3.0;

/// So many points a nanosecond.
#[derive(Clone, Copy)]
pub(super) struct Scale(f64);

impl Scale {
    /// The scale at which as many spans as possible are neither squeezed nor cut.
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let spans = spans(plan);
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
            .filter(|way| *way > 0)
            .collect();
        ways.sort_unstable();
        // Where arrows slant, one sees that they do.
        let typical = f64::from(TYPICAL) / best.1 as f64;
        let far = |points: f32, way: &i64| f64::from(points) / (*way).max(1) as f64;
        let way = ways.get(ways.len() / 2);
        Self(way.map_or(typical, |way| typical.clamp(far(WAY, way), far(LONGEST_WAY, way))))
    }

    /// The same, widened as far as what is said beside the arrows asks for: where sentences are
    /// that high together, arrows need not crowd. No span is cut short for it.
    pub(super) fn filling(self, plan: &Plan<'_>, height: f32) -> Self {
        let far: Vec<f32> = spans(plan)
            .into_iter()
            .map(|span| self.advance(span))
            .filter_map(|(far, cut)| (!cut).then_some(far))
            .collect();
        let longest = far.iter().copied().fold(1.0, f32::max);
        let all: f32 = far.iter().sum();
        let wanted = f64::from(height / all.max(1.0));
        Self(self.0 * wanted.min(f64::from(LONGEST / longest)).clamp(1.0, WIDEST))
    }

    /// The same, so many times as wide, or as far as that cuts no span short; `None` if it does
    /// already.
    pub(super) fn wider(self, plan: &Plan<'_>, times: f64) -> Option<Self> {
        let far = spans(plan).into_iter().map(|span| self.advance(span));
        let longest = far.filter_map(|(far, cut)| (!cut).then_some(far)).fold(1.0, f32::max);
        let times = times.min(f64::from(LONGEST / longest));
        (times > 1.01).then_some(Self(self.0 * times))
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

/// The spans between one event and the next, from the shortest to the longest.
fn spans(plan: &Plan<'_>) -> Vec<i64> {
    let units = plan.units.iter();
    let times = units.flat_map(|unit| [Some(unit.beat.sent.time), unit.received]);
    let mut times: Vec<Time> = times.flatten().collect();
    times.sort_unstable();
    let pairs = times.iter().zip(times.iter().skip(1));
    let mut spans: Vec<i64> = pairs.map(|(a, b)| b.since(*a)).filter(|span| *span > 0).collect();
    spans.sort_unstable();
    spans
}

#[cfg(test)]
mod tests {
    use wirestage_dissectors::ids::ProtocolId;
    use wirestage_dissectors::message::Protection;

    use super::super::family::Family;
    use super::super::{Axis, Request};
    use super::*;
    use crate::diagram::tests::fixture::Author;

    /// How much wider a story becomes whose arrows leave at these times, in microseconds, for
    /// sentences that are so many times as high together as it is by itself.
    #[track_caller]
    fn check(times: &[i64], taller: f32, wider: f64) {
        let mut author = Author::default();
        let ends = (author.actor("Client", "a"), author.actor("Server", "b"));
        let chapter = author.chapter("Data", 0, 1, 1);
        for time in times {
            let messages = [("data", ProtocolId::of("data"), Protection::Clear)];
            author.flight(Some(chapter), ends, (*time, None), ("Sends", ""), &messages);
        }
        let family = Family::new(&author.story);
        let request = Request { axis: Axis::Time, ..Request::default() };
        let plan = Plan::new(&author.story, &family, &request);
        let scale = Scale::new(&plan);
        let whole: f32 = spans(&plan).into_iter().map(|span| scale.advance(span).0).sum();
        let filled = scale.filling(&plan, whole * taller);
        assert!((filled.0 / scale.0 - wider).abs() < 0.01, "{} of {wider}", filled.0 / scale.0);
        for span in spans(&plan) {
            assert_eq!(filled.advance(span).1, scale.advance(span).1, "{span} is cut as before");
        }
    }

    #[test]
    fn what_is_said_beside_arrows_spreads_them() {
        let even = [0, 100, 200, 300];
        check(&even, 0.0, 1.0);
        check(&even, 0.5, 1.0);
        check(&even, 1.5, 1.5);
        check(&even, 40.0, WIDEST);
    }

    #[test]
    fn no_span_is_cut_for_it() {
        check(&[0, 100, 200, 300, 600], 40.0, WIDEST);
        // What is cut short counts for nothing, and stays so.
        let (spans, cut) = (3.0 * TYPICAL, CUT);
        let wider = f64::from(1.5 * (spans + cut) / spans);
        check(&[0, 100, 200, 300, 5_300], 1.5, wider);
    }
}
