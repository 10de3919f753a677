//! How the text of a story writes times: in one unit, which suits how long it lasts.

use crate::ids::Time;
use crate::story::times::millis;
use crate::story::{Story, Times};

/// In nanoseconds.
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// How wide a time is at least.
const TIME: usize = 9;

/// Since when times count, and how they are written.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) start: Time,
    times: Times,
    scale: Scale,
    /// How wide a time is.
    pub(super) width: usize,
}

/// In which unit times are counted: one for the whole of a story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// "1024.267".
    Millis,
    /// "302.123456".
    Seconds,
    /// "2d 03:04:05.123456".
    Days,
}

impl Scale {
    /// The one for a story that lasts so many nanoseconds.
    const fn of(nanos: i64) -> Self {
        if nanos < 100 * SECOND {
            Self::Millis
        } else if nanos < DAY {
            Self::Seconds
        } else {
            Self::Days
        }
    }

    fn told(self, nanos: i64) -> String {
        let sign = if nanos < 0 { "-" } else { "" };
        let micros = (nanos.unsigned_abs() + 500) / 1_000;
        let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
        match self {
            Self::Millis => millis(nanos),
            Self::Seconds => format!("{sign}{seconds}.{rest:06}"),
            Self::Days => {
                let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
                let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
                format!("{sign}{days}d {hours:02}:{minutes:02}:{seconds:02}.{rest:06}")
            }
        }
    }

    /// What stands behind a time.
    const fn unit(self) -> &'static str {
        match self {
            Self::Millis => " ms",
            Self::Seconds => " s",
            Self::Days => "",
        }
    }

    /// What a reader must know of it, where it is not milliseconds.
    const fn note(self) -> Option<&'static str> {
        match self {
            Self::Millis => None,
            Self::Seconds => Some("times in seconds"),
            Self::Days => Some("times in days, hours, minutes and seconds"),
        }
    }
}

impl Clock {
    pub(super) fn of(story: &Story, times: Times) -> Self {
        let start = story.began();
        let end = story.end().unwrap_or(start);
        let scale = Scale::of(end.known().map_or(0, |end| end.since(start)));
        let clock = Self { start, times, scale, width: TIME };
        Self { width: clock.time(end).len().max(TIME), ..clock }
    }

    pub(super) fn time(self, time: Time) -> String {
        match self.times {
            Times::Elapsed => self.scale.told(time.since(self.start)),
            Times::OfDay { .. } => self.times.told(time, self.start),
        }
    }

    /// The same in a column of times.
    pub(super) fn column(self, time: Time) -> String {
        format!("{:>width$}", self.time(time), width = self.width)
    }

    pub(super) fn unit(self) -> &'static str {
        if self.times == Times::Elapsed { self.scale.unit() } else { "" }
    }

    /// What a reader must know to read them.
    pub(super) fn note(self) -> Option<String> {
        let counted = || self.scale.note().filter(|_| self.times == Times::Elapsed);
        self.times.note(self.start).or_else(|| counted().map(str::to_owned))
    }

    /// "0.000 to 1.250 ms".
    pub(super) fn span(self, first: Time, last: Time) -> String {
        format!("{} to {}{}", self.time(first), self.time(last), self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_suits_the_whole() {
        let check = |lasts: i64, at: i64, expected: &str| {
            let scale = Scale::of(lasts);
            assert_eq!(format!("{}{}", scale.told(at), scale.unit()), expected);
        };
        check(99_000_000_000, 1_234_567_890, "1234.568 ms");
        check(101_000_000_000, 1_234_567_890, "1.234568 s");
        check(101_000_000_000, -1_500, "-0.000002 s");
        check(3 * 86_400_000_000_000, 93_784_500_000_000, "1d 02:03:04.500000");
    }
}
