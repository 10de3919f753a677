//! How times are written: since the first step, or as the time of day. Text, diagrams and lists
//! ask here, so that one choice holds for all of them.
//!
//! Which time zone is meant is the caller's to find out: a story knows no clock and no files.

use super::Story;
use crate::ids::Time;

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Times {
    /// Since the first step, in milliseconds.
    #[default]
    Elapsed,
    /// As the time of day, this many seconds east of Greenwich. One story keeps one offset, also
    /// where a clock is put forward while it goes on, so that no hour is told twice.
    OfDay {
        /// Seconds; 3600 for UTC+01:00.
        east: i32,
    },
}

/// A day, and a time on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    /// Nanoseconds since midnight.
    nanos: i64,
}

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Times {
    /// The time of day in UTC.
    pub const UTC: Self = Self::OfDay { east: 0 };

    /// A time with `decimals` digits behind its seconds, or `None` if it is to be counted from the
    /// first step, or is not known. The date stands before it where it is another than that of
    /// `first`.
    #[must_use]
    pub fn of_day(self, time: Time, first: Time, decimals: usize) -> Option<String> {
        let Self::OfDay { east } = self else { return None };
        let at = civil(time.known()?, east);
        let is_later = first.known().is_none_or(|first| at.date() != civil(first, east).date());
        let date = if is_later { format!("{} ", at.date()) } else { String::new() };
        Some(format!("{date}{}", at.clock(decimals)))
    }

    /// A time as text tells it: milliseconds since `first` with three digits, or the time of day
    /// with six.
    #[must_use]
    pub fn told(self, time: Time, first: Time) -> String {
        self.of_day(time, first, 6).unwrap_or_else(|| match self {
            Self::Elapsed => millis(time.since(first)),
            Self::OfDay { .. } => "unknown".to_owned(),
        })
    }

    /// The zone: "UTC", "UTC+05:30"; `None` if times are counted from the first step.
    #[must_use]
    pub fn zone(self) -> Option<String> {
        let Self::OfDay { east } = self else { return None };
        let (sign, east) = (if east < 0 { '-' } else { '+' }, east.unsigned_abs());
        Some(match (east / 3_600, east / 60 % 60, east % 60) {
            (0, 0, 0) => "UTC".to_owned(),
            (hours, minutes, 0) => format!("UTC{sign}{hours:02}:{minutes:02}"),
            (hours, minutes, seconds) => format!("UTC{sign}{hours:02}:{minutes:02}:{seconds:02}"),
        })
    }

    /// What a reader must know to read the times of a story that begins then: "times of 2026-11-28,
    /// UTC". `None` if they are counted from the first step.
    #[must_use]
    pub fn note(self, first: Time) -> Option<String> {
        let Self::OfDay { east } = self else { return None };
        let zone = self.zone()?;
        Some(format!("times of {}, {zone}", civil(first.known()?, east).date()))
    }
}

impl Story {
    /// When the first of its steps was sent; zero where no step has a time.
    #[must_use]
    pub fn began(&self) -> Time {
        self.beats.iter().filter_map(|beat| beat.sent.time.known()).min().unwrap_or_default()
    }

    /// Says in the subtitle of which day and zone the times are, where they are times of day.
    pub fn dated(&mut self, times: Times) {
        let Some(note) = times.note(self.began()) else { return };
        let between = if self.subtitle.is_empty() { "" } else { " · " };
        self.subtitle = format!("{}{between}{note}", self.subtitle);
    }
}

/// Nanoseconds as milliseconds with three places.
pub(super) fn millis(nanos: i64) -> String {
    let micros = (nanos.unsigned_abs() + 500) / 1_000;
    let sign = if nanos < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", micros / 1_000, micros % 1_000)
}

/// A length of time as text tells it: "1024.267 ms", and in a longer unit where nobody counts
/// milliseconds any more, "302.123 s", "12.35 h", "2.50 days".
pub(super) fn lasting(nanos: i64) -> String {
    let seconds = nanos as f64 / SECOND as f64;
    match nanos.unsigned_abs() {
        0..=99_999_999_999 => format!("{} ms", millis(nanos)),
        100_000_000_000..7_200_000_000_000 => format!("{seconds:.3} s"),
        7_200_000_000_000..172_800_000_000_000 => format!("{:.2} h", seconds / 3_600.0),
        _ => format!("{:.2} days", seconds / 86_400.0),
    }
}

/// The proleptic Gregorian date of a time, by counting eras of 400 years from the 1st of March
/// of the year 0, for then the day that a leap year adds is the last.
fn civil(time: Time, east: i32) -> Civil {
    let nanos = i128::from(time.0) + i128::from(east) * i128::from(SECOND);
    let days = i64::try_from(nanos.div_euclid(i128::from(DAY))).unwrap_or_default();
    let nanos = i64::try_from(nanos.rem_euclid(i128::from(DAY))).unwrap_or_default();
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    Civil { year: years + era * 400 + i64::from(month <= 2), month, day, nanos }
}

impl Civil {
    fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// What is finer than `decimals` is cut, as clocks do.
    fn clock(self, decimals: usize) -> String {
        let seconds = self.nanos / SECOND;
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        let whole = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
        let fraction = format!("{:09}", self.nanos % SECOND);
        match fraction.get(..decimals.min(9)) {
            None | Some("") => whole,
            Some(fraction) => format!("{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAP: Time = Time(951_782_400 * SECOND);

    #[track_caller]
    fn check(time: Time, times: Times, decimals: usize, expected: &str) {
        // Nothing of 1970 is shown on the same day, so that each answer has its date.
        assert_eq!(times.of_day(time, Time(DAY * 400), decimals).as_deref(), Some(expected));
    }

    #[test]
    fn dates_and_times_of_day_are_those_of_the_calendar() {
        let east = |minutes: i32| Times::OfDay { east: minutes * 60 };
        check(Time(0), Times::UTC, 0, "1970-01-01 00:00:00");
        check(Time(-1), Times::UTC, 9, "1969-12-31 23:59:59.999999999");
        check(LEAP, Times::UTC, 3, "2000-02-29 00:00:00.000");
        check(LEAP, east(-1), 0, "2000-02-28 23:59:00");
        check(LEAP, east(330), 0, "2000-02-29 05:30:00");
        check(Time(1_709_251_199_999_999_999), Times::UTC, 6, "2024-02-29 23:59:59.999999");
        check(Time(1_709_251_200 * SECOND), Times::UTC, 0, "2024-03-01 00:00:00");
        check(Time(4_107_542_400 * SECOND), Times::UTC, 0, "2100-03-01 00:00:00");
        check(Time(i64::MAX), Times::UTC, 0, "2262-04-11 23:47:16");
        check(Time(i64::MIN + 1), Times::UTC, 0, "1677-09-21 00:12:43");
    }

    #[test]
    fn the_date_is_told_where_it_is_another_day() {
        let late = Time(LEAP.0 + DAY - 1);
        assert_eq!(Times::UTC.of_day(late, LEAP, 0).as_deref(), Some("23:59:59"));
        let next = Time(LEAP.0 + DAY);
        assert_eq!(Times::UTC.of_day(next, LEAP, 0).as_deref(), Some("2000-03-01 00:00:00"));
        assert_eq!(Times::UTC.of_day(Time::UNKNOWN, LEAP, 0), None);
        assert_eq!(Times::UTC.told(Time::UNKNOWN, LEAP), "unknown");
        assert_eq!(Times::Elapsed.told(Time(LEAP.0 + 1_234_567), LEAP), "1.235");
    }

    #[test]
    fn zones_are_named_by_their_offset() {
        let zone = |east| Times::OfDay { east }.zone().unwrap_or_default();
        let said = [0, 3_600, -12_600, 20_700, 2_670].map(zone);
        assert_eq!(said, ["UTC", "UTC+01:00", "UTC-03:30", "UTC+05:45", "UTC+00:44:30"]);
        assert_eq!(Times::Elapsed.zone(), None);
        let note = Times::UTC.note(LEAP);
        assert_eq!(note.as_deref(), Some("times of 2000-02-29, UTC"));
    }
}
