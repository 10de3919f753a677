//! What lies where: time to the right, amounts upwards, with round ticks on both axes.

use crate::diagram::geometry::Rect;
use crate::diagram::layout::{multiples, round_step};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Type;

/// From one tick to the next, to the right and upwards, at least.
const APART: (f32, f32) = (96.0, 44.0);
/// From an amount to the axis, and from the axis to the edge of the picture at the other side.
pub(super) const BESIDE: f32 = 10.0;
/// Above the largest amount.
const ABOVE: f32 = 0.06;

/// What amounts are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Numbers of bytes, from the first of the connection on.
    Place,
    /// Bytes.
    Bytes,
    /// Nanoseconds.
    Time,
    /// Bits a second.
    Rate,
}

/// Larger units and what they are called.
type Units = &'static [(f64, &'static str)];

impl Unit {
    const fn units(self) -> Units {
        match self {
            Self::Place | Self::Bytes => &[(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")],
            Self::Time => &[(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")],
            Self::Rate => &[(1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"), (1.0, "bit/s")],
        }
    }

    /// The unit in which steps of that size are told.
    fn of_step(self, step: f64) -> (f64, &'static str) {
        let fitting = self.units().iter().find(|(size, _)| step >= *size);
        fitting.or(self.units().last()).copied().unwrap_or((1.0, ""))
    }

    /// An amount in words: `1.4 kB`, `35.2 ms`.
    pub(super) fn words(self, value: f64) -> String {
        let (size, name) = self.of_step(value);
        let value = value / size;
        let decimals = if size <= 1.0 || value >= 100.0 { 0 } else { 1 };
        format!("{value:.decimals$} {name}")
    }
}

/// Where the curves are, and what their edges mean.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// Where the curves are.
    pub(super) area: Rect,
    /// The times at the left and the right edge, in nanoseconds.
    pub(super) stretch: (i64, i64),
    /// The amounts at the lower and the upper edge.
    pub(super) values: (f64, f64),
    pub(super) unit: Unit,
}

impl Scale {
    /// A scale in a picture of that width, between two heights.
    pub(super) fn new(
        sheet: &Sheet<'_>,
        (width, (top, bottom)): (f32, (f32, f32)),
        (stretch, (least, most)): ((i64, i64), (f64, f64)),
        unit: Unit,
    ) -> Self {
        let most =
            if most > least { most + (most - least) * f64::from(ABOVE) } else { least + 1.0 };
        let outer = super::frame::outer(width);
        let area = Rect { left: outer, top, right: width - outer - BESIDE, bottom };
        let mut scale = Self { area, stretch, values: (least, most), unit };
        let words = scale.amounts().into_iter().map(|(_, words)| words);
        let widest = words.map(|words| sheet.measure.width(&words, Type::Clock));
        scale.area.left += widest.fold(0.0, f32::max) + BESIDE;
        scale
    }

    /// Where a time lies.
    pub(super) fn x(&self, nanos: i64) -> f32 {
        let (from, to) = self.stretch;
        let share = nanos.saturating_sub(from) as f64 / (to.saturating_sub(from)).max(1) as f64;
        self.area.left + (share.clamp(0.0, 1.0) as f32) * self.area.width()
    }

    /// Where an amount lies; what is beyond the edges lies on them.
    pub(super) fn y(&self, value: f64) -> f32 {
        let (least, most) = self.values;
        let share = ((value - least) / (most - least)).clamp(0.0, 1.0) as f32;
        self.area.bottom - share * self.area.height()
    }

    /// Whether a time is shown.
    pub(super) fn shows(&self, nanos: i64) -> bool {
        (self.stretch.0..=self.stretch.1).contains(&nanos)
    }

    /// Whether an amount is.
    pub(super) fn holds(&self, value: f64) -> bool {
        (self.values.0..=self.values.1).contains(&value)
    }

    /// The column of pixels that a time falls into.
    pub(super) fn column(&self, nanos: i64) -> usize {
        (self.x(nanos) - self.area.left).max(0.0) as usize
    }

    /// Round amounts between the edges, with their words.
    pub(super) fn amounts(&self) -> Vec<(f64, String)> {
        let (least, most) = self.values;
        let per = (most - least) / f64::from(self.area.height().max(1.0));
        let step = round_step(per * f64::from(APART.1));
        let (size, name) = self.unit.of_step(step.max(most / 20.0));
        let all = multiples(step, least..=most);
        all.map(|value| (value, tidy(value / size, name))).collect()
    }

    /// Round times between the edges, with their words.
    pub(super) fn times(&self) -> Vec<(i64, String)> {
        let (from, to) = self.stretch;
        let per = to.saturating_sub(from) as f64 / f64::from(self.area.width().max(1.0));
        let step = round_step(per * f64::from(APART.0));
        let (size, name) = Unit::Time.of_step(step);
        let all = multiples(step, from as f64..=to as f64);
        all.map(|nanos| (nanos as i64, tidy(nanos / size, name))).collect()
    }
}

/// A number with its unit, without digits that say nothing.
fn tidy(value: f64, unit: &str) -> String {
    let value = (value * 1e3).round() / 1e3;
    if value == 0.0 { "0".to_owned() } else { format!("{value} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::FontMeasure;

    fn scale(stretch: (i64, i64), values: (f64, f64), unit: Unit) -> Scale {
        let measure = FontMeasure::default();
        let sheet = Sheet::new(&measure);
        Scale::new(&sheet, (1000.0, (100.0, 400.0)), (stretch, values), unit)
    }

    #[test]
    fn ticks_are_round_and_lie_between_the_edges() {
        let scale = scale((0, 710_000_000), (1.0, 31_857.0), Unit::Place);
        let amounts = scale.amounts();
        assert_eq!(amounts[1], (10_000.0, "10 kB".to_owned()));
        assert!(amounts.iter().all(|(value, _)| scale.holds(*value)));
        let times: Vec<String> = scale.times().into_iter().map(|(_, words)| words).collect();
        assert_eq!(times.first().map(String::as_str), Some("0"));
        assert_eq!(times.get(1).map(String::as_str), Some("100 ms"));
    }

    #[test]
    fn what_is_beyond_the_edges_lies_on_them() {
        let scale = scale((1_000, 2_000), (0.0, 10.0), Unit::Bytes);
        assert_eq!(scale.x(0), scale.area.left);
        assert_eq!(scale.x(9_000), scale.area.right);
        assert_eq!(scale.y(100.0), scale.area.top);
        assert!(scale.shows(1_500) && !scale.shows(2_001));
    }

    #[test]
    fn amounts_are_told_in_fitting_units() {
        let check = |unit: Unit, value: f64, words: &str| assert_eq!(unit.words(value), words);
        check(Unit::Bytes, 999.0, "999 B");
        check(Unit::Bytes, 1_448.0, "1.4 kB");
        check(Unit::Time, 103_456_789.0, "103 ms");
        check(Unit::Rate, 2_000_000.0, "2.0 Mbit/s");
    }
}
