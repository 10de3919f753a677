//! Points in time as Wireshark writes them: `Nov 22, 2026 11:08:14.250566507 UTC`.

use std::fmt::{self, Display, Formatter};

/// A point in time, in nanoseconds since 1970, written in UTC.
#[derive(Clone, Copy, Debug)]
pub struct Date(pub i64);

/// The months, shortened.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0.div_euclid(NANOS), self.0.rem_euclid(NANOS));
        let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let month = MONTHS.get(month).unwrap_or(&"?");
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{month} {day:2}, {year} {hour:02}:{minute:02}:{second:02}.{nanos:09} UTC")
    }
}

/// Year, month (0 is January) and day of the month, from days since 1970.
///
/// Years are taken to begin in March, so that the day a leap year adds is their last; 400 of
/// them, with 146,097 days, are one round of the calendar.
fn civil(days: i64) -> (i64, usize, i64) {
    // The first of March of the year 0 lies 719,468 days before 1970.
    let shifted = days + 719_468;
    let (round, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months from March on have 153 days, again and again.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let from_january = (month + 2) % 12;
    let year = round * 400 + year + i64::from(from_january < 2);
    (year, from_january as usize, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        let check = |seconds: i64, expected: &str| {
            assert_eq!(Date(seconds * NANOS).to_string(), format!("{expected}.000000000 UTC"));
        };
        check(0, "Jan  1, 1970 00:00:00");
        check(-1, "Dec 31, 1969 23:59:59");
        check(951_782_400, "Feb 29, 2000 00:00:00");
        check(1_700_000_000, "Nov 14, 2023 22:13:20");
        check(1_709_164_800, "Feb 29, 2024 00:00:00");
        check(4_107_542_400, "Mar  1, 2100 00:00:00");
    }
}
