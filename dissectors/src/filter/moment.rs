//! Points in time as they are typed: `2020-07-04T12:34:56Z`, `Sep 26, 2004 23:18:04.954975`.
//!
//! Without a zone a time is UTC, for so are times shown here.

use crate::sinks::date::MONTHS;

const NANOS: i64 = 1_000_000_000;

/// Nanoseconds since 1970; `None` if this is no time, or too far away from then.
pub(super) fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = if text.as_bytes().first()?.is_ascii_digit() {
        let (date, rest) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        (iso_date(date)?, rest)
    } else {
        legacy_date(text)?
    };
    let (clock, zone) = zone(rest.trim())?;
    let clock = if clock.is_empty() { 0 } else { clock_nanos(clock)? };
    date.checked_mul(86_400 * NANOS)?.checked_add(clock)?.checked_sub(zone)
}

/// Days since 1970 of `2020-07-04`.
fn iso_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = two(parts.next()?)?;
    days(year, month, two(parts.next()?)?)
}

/// Days since 1970 of `Sep 26, 2004`, and what follows.
fn legacy_date(text: &str) -> Option<(i64, &str)> {
    let (month, rest) = text.split_once(' ')?;
    let month = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))?;
    let (day, rest) = rest.trim_start().split_once(',')?;
    let rest = rest.trim_start();
    let (year, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((days(year.parse().ok()?, month as i64 + 1, day.trim().parse().ok()?)?, rest))
}

/// Nanoseconds of `12:34`, `12:34:56` or `12:34:56.789`.
fn clock_nanos(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.splitn(3, ':');
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = parts.next().map_or(Some(0), two)?;
    if hour > 23 || minute > 59 || second > 60 || fraction.len() > 9 {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<9}").parse().ok()?;
    Some(((hour * 60 + minute) * 60 + second) * NANOS + fraction)
}

/// What stands before a zone, and how far that lies east of UTC, in nanoseconds.
fn zone(text: &str) -> Option<(&str, i64)> {
    for name in ["Z", "UTC", "GMT", "UT"] {
        if let Some(rest) = text.strip_suffix(name) {
            return Some((rest.trim_end(), 0));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, 0)) };
    let (clock, zone) = text.split_at(at);
    let digits: String = zone.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (two(&digits)?, 0),
        4 => (two(digits.get(..2)?)?, two(digits.get(2..)?)?),
        _ => return None,
    };
    let east = (hours * 60 + minutes) * 60 * NANOS;
    Some((clock.trim_end(), if zone.starts_with('-') { -east } else { east }))
}

/// A number of two digits.
fn two(text: &str) -> Option<i64> {
    let is_two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_two)
}

/// Days since 1970 of a day of the Gregorian calendar.
///
/// Years are taken to begin in March, so that the day a leap year adds is their last; the first of
/// March of the year 0 lies 719,468 days before 1970.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month > 2 { year } else { year - 1 };
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leaps + day_of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_both_ways_of_writing_them() {
        let check = |text: &str, seconds: i64, nanos: i64| {
            assert_eq!(moment(text), Some(seconds * NANOS + nanos), "{text}");
        };
        check("1970-01-01", 0, 0);
        check("2023-11-14T22:13:20Z", 1_700_000_000, 0);
        check("2023-11-14 22:13:20.5", 1_700_000_000, 500_000_000);
        check("2023-11-15T00:13:20+02:00", 1_700_000_000, 0);
        check("2023-11-14T17:13:20-0500", 1_700_000_000, 0);
        check("Feb 29, 2000 00:00:00", 951_782_400, 0);
        check("Nov 14, 2023 22:13:20.000000001 UTC", 1_700_000_000, 1);
        check("Dec 31, 1969 23:59:59", -1, 0);
        for text in ["", "yesterday", "2023-13-01", "2023-1-1", "2023-11-14T25:00", "Nov 14", "12"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
