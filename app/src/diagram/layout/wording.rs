//! Numbers as a reader wants them: bytes, spans of time, counts.

use std::ops::RangeInclusive;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::Times;
pub(super) use wirestage_dissectors::wording::bytes;
use wirestage_dissectors::wording::counted as said;

/// `1 packet`, `1,248 packets`.
pub(super) fn counted(count: impl Into<u64>, what: &str) -> String {
    said(count.into(), what)
}

/// The unit that so many bytes are told in, in bytes, and its name.
pub(super) fn unit_of_bytes(most: u64) -> (f64, &'static str) {
    match most {
        0..1_000 => (1.0, "B"),
        1_000..1_000_000 => (1e3, "kB"),
        1_000_000..1_000_000_000 => (1e6, "MB"),
        _ => (1e9, "GB"),
    }
}

/// How the times of one diagram are written: all in one unit, points in time with equally many
/// decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    /// `ms`.
    pub(super) unit: &'static str,
    nanos: f64,
    decimals: usize,
    /// How times are written, and when the first of them is.
    since: (Times, Time),
}

impl Clock {
    /// The clock for a span of so many nanoseconds.
    pub(super) fn new(span: i64) -> Self {
        let (unit, nanos, decimals) = match span.max(0) {
            n if n < 1_000_000 => ("µs", 1e3, 1),
            n if n < 20_000_000 => ("ms", 1e6, 3),
            n if n < 10_000_000_000 => ("ms", 1e6, 1),
            _ => ("s", 1e9, 3),
        };
        Self { unit, nanos, decimals, since: (Times::Elapsed, Time(0)) }
    }

    /// The same clock, as finely as it takes to tell neighbours apart, and no finer than a
    /// microsecond: three packets of a handshake are not all at `0.0`, however long the rest takes.
    pub(super) fn telling_apart(mut self, times: impl Iterator<Item = i64> + Clone) -> Self {
        let most = (self.nanos / 1e3).log10().round().max(1.0) as usize;
        let alike = |clock: Self| {
            let shown = |nanos: i64| (nanos as f64 / clock.finest()).round() as i64;
            let mut pairs = times.clone().zip(times.clone().skip(1)).filter(|(a, b)| a != b);
            pairs.any(|(a, b)| shown(a) == shown(b))
        };
        while self.decimals < most && alike(self) {
            self.decimals += 1;
        }
        self
    }

    /// The same clock, which writes times as is asked; the first of them is `start`.
    pub(super) fn written(self, times: Times, start: Time) -> Self {
        Self { since: (times, start), ..self }
    }

    /// What stands above the times: their unit, or their zone.
    pub(super) fn head(self) -> String {
        self.since.0.zone().unwrap_or_else(|| self.unit.to_owned())
    }

    /// The time of day so many nanoseconds after the first time, where that is asked for.
    fn of_day(self, nanos: i64) -> Option<String> {
        let (times, start) = self.since;
        let decimals = (9.0 - self.finest().log10()).ceil().clamp(0.0, 9.0) as usize;
        times.of_day(Time(start.0.saturating_add(nanos)), start, decimals)
    }

    /// A time, counted from the first.
    pub(super) fn time(self, nanos: i64) -> String {
        self.of_day(nanos)
            .unwrap_or_else(|| format!("{:.*}", self.decimals, nanos as f64 / self.nanos))
    }

    /// A span, in the unit of all times: `1.7 ms`, `306 ms`, `0.012 s`; in a finer one where
    /// nothing would be left of it.
    pub(super) fn span(self, nanos: i64) -> String {
        /// In the unit of all times less than that has no two digits.
        const LEAST: f64 = 0.01;
        let value = nanos.max(0) as f64 / self.nanos;
        if value > 0.0 && value < LEAST && self.nanos > 1e3 {
            return Self::new(nanos).span(nanos);
        }
        let decimals = match value {
            v if v >= 100.0 || v == 0.0 => 0,
            v if v >= 10.0 => 1,
            v if v >= 1.0 => 2,
            _ => 3,
        };
        format!("{value:.decimals$} {}", self.unit)
    }

    /// A length of time in the unit of all times, as finely as `step` nanoseconds show.
    pub(super) fn finely(self, nanos: f64, step: f64) -> String {
        let decimals = (self.nanos / step.max(1.0)).log10().ceil().max(0.0) as usize;
        format!("{:.decimals$}", nanos / self.nanos)
    }

    /// A round length of time: `50`, `0.5`, whatever way times are written.
    pub(super) fn elapsed(self, nanos: f64) -> String {
        format!("{}", (nanos / self.nanos * 1e6).round() / 1e6)
    }

    /// The least difference that shows, in nanoseconds.
    pub(super) fn finest(self) -> f64 {
        self.nanos / 10_f64.powi(i32::try_from(self.decimals).unwrap_or_default())
    }

    /// A round time, for ticks: `50`, `0.5`.
    pub(super) fn round(self, nanos: f64) -> String {
        self.of_day(nanos as i64).unwrap_or_else(|| self.elapsed(nanos))
    }
}

/// A step of 1, 2 or 5 times a power of ten, no smaller than `least` nanoseconds.
pub(in crate::diagram) fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * 0.999)
        .unwrap_or(power * 10.0)
}

/// The multiples of a step within a range.
pub(in crate::diagram) fn multiples(
    step: f64,
    range: RangeInclusive<f64>,
) -> impl Iterator<Item = f64> {
    let first = (range.start() / step).ceil().max(0.0) as u64;
    let end = *range.end();
    (first..).map(move |count| count as f64 * step).take_while(move |value| *value <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_two_digits() {
        let cases = [(0, "0 B"), (222, "222 B"), (1_900, "1.9 kB"), (3_200_000, "3.2 MB")];
        for (count, text) in cases {
            assert_eq!(bytes(count), text);
        }
        assert_eq!(bytes(999_700), "1.0 MB");
        assert_eq!(bytes(64_000), "64 kB");
    }

    #[test]
    fn spans_have_the_unit_of_all_times() {
        let cases = [
            (1_655_000, 1_655_000, "1.66 ms"),
            (1_655_000, 21_000, "0.021 ms"),
            (306_000_000, 306_000_000, "306 ms"),
            (900_000, 21_000, "21.0 µs"),
            (900_000, -5, "0 µs"),
            (60_000_000_000, 12_000_000, "0.012 s"),
            (60_000_000_000, 81_000, "81.0 µs"),
            (60_000_000_000, 2_300_000, "2.30 ms"),
        ];
        for (all, span, expected) in cases {
            assert_eq!(Clock::new(all).span(span), expected);
        }
    }

    #[test]
    fn neighbours_are_told_apart_as_far_as_a_microsecond() {
        let cases: [(&[i64], &str); 4] = [
            (&[0, 400_000_000], "400.0"),
            (&[0, 13_000, 25_000, 400_000_000], "400.00"),
            (&[0, 130_000, 400_000_000], "400.0"),
            (&[0, 300, 400_000_000], "400.000"),
        ];
        for (times, last) in cases {
            let clock = Clock::new(400_000_000).telling_apart(times.iter().copied());
            assert_eq!(clock.time(400_000_000), last, "{times:?}");
        }
    }

    #[test]
    fn ticks_are_round() {
        assert!((round_step(34e6) - 50e6).abs() < 1.0);
        assert!((round_step(1.0) - 1.0).abs() < 1e-9);
        let ticks: Vec<_> = multiples(50.0, 0.0..=120.0).collect();
        assert_eq!(ticks, [0.0, 50.0, 100.0]);
        assert_eq!(Clock::new(300_000_000).round(50e6), "50");
    }

    #[test]
    fn a_clock_tells_the_time_of_day_as_finely_as_it_counts() {
        let noon = Time(43_200_000_000_000);
        let said = |span: i64| {
            let clock = Clock::new(span).written(Times::OfDay { east: 3_600 }, noon);
            (clock.head(), clock.time(1_500_000), clock.round(50e6))
        };
        let expected = |time: &str, tick: &str| ("UTC+01:00".into(), time.into(), tick.into());
        assert_eq!(said(500_000), expected("13:00:00.0015000", "13:00:00.0500000"));
        assert_eq!(said(5_000_000), expected("13:00:00.001500", "13:00:00.050000"));
        assert_eq!(said(60_000_000_000), expected("13:00:00.001", "13:00:00.050"));
        assert_eq!(Clock::new(5_000_000).head(), "ms");
    }
}
