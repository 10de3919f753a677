//! Which times are shown: since the first step, or the time of day somewhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::{Story, Times};

/// A choice of times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Clock {
    /// Since the first step
    #[default]
    Elapsed,
    /// The time of day, UTC
    Utc,
    /// The time of day where this machine is (TZ, /etc/localtime)
    Local,
}

impl Clock {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Elapsed, Self::Utc, Self::Local];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Elapsed => "Since the first step",
            Self::Utc => "Time of day, UTC",
            Self::Local => "Time of day, local",
        }
    }

    /// How the times of a story are to be written. Local times have the offset of its first step.
    #[must_use]
    pub fn times(self, story: &Story) -> Times {
        match self {
            Self::Elapsed => Times::Elapsed,
            Self::Utc => Times::UTC,
            Self::Local => Times::OfDay { east: east(&TimeZone::system(), story.began()) },
        }
    }
}

impl Clock {
    /// How long ago midnight was at a time, in nanoseconds: that of Greenwich, or of this machine.
    #[must_use]
    pub fn of_day(self, time: Time) -> i64 {
        let east = match self {
            Self::Utc => 0,
            Self::Elapsed | Self::Local => east(&TimeZone::system(), time),
        };
        let local = time.0.saturating_add(i64::from(east) * 1_000_000_000);
        local.rem_euclid(86_400 * 1_000_000_000)
    }
}

impl Clock {
    /// The day and the time of day at a time, in Greenwich or where this machine is:
    /// "2026-11-28 14:03:05".
    #[must_use]
    pub fn day(self, time: Time) -> String {
        let zone = match self {
            Self::Utc => TimeZone::UTC,
            Self::Elapsed | Self::Local => TimeZone::system(),
        };
        let time = Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
        time.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// How many seconds a zone is east of Greenwich at a time.
fn east(zone: &TimeZone, time: Time) -> i32 {
    let time = Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
    zone.to_offset(time).seconds()
}

/// A time as it stands in names of files: "2026-11-28-140305", where this machine is.
pub(super) fn stamp(time: Time) -> Option<String> {
    let time = Timestamp::from_nanosecond(i128::from(time.known()?.0)).ok()?;
    Some(time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d-%H%M%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_that_of_the_day() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let at = |seconds: i64| east(&zone, Time(seconds * 1_000_000_000));
        assert_eq!(at(1_704_067_200), 3_600, "the 1st of January 2024");
        assert_eq!(at(1_719_792_000), 7_200, "the 1st of July 2024");
    }

    #[test]
    fn what_is_counted_needs_no_zone() {
        let story = Story::default();
        assert_eq!(Clock::Elapsed.times(&story), Times::Elapsed);
        assert_eq!(Clock::Utc.times(&story), Times::UTC);
        assert_eq!(stamp(Time::UNKNOWN), None);
    }
}
