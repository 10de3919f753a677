//! Dates as RFC 5424, section 6.2.3, has them: `2003-10-11T22:14:15.003Z`, `…+02:00`.

/// Nanoseconds since 1970; `None` if it is no date of that form.
pub(super) fn nanos(text: &[u8]) -> Option<i64> {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let (date, rest) = text.split_at_checked(FORM.len())?;
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    };
    if !date.iter().zip(FORM).all(fits) {
        return None;
    }
    let at = |from: usize, to: usize| number(date.get(from..to)?);
    let days = days(at(0, 4)?, at(5, 7)?, at(8, 10)?)?;
    let (hour, minute, second) = (at(11, 13)?, at(14, 16)?, at(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, zone) = fraction(rest)?;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - zone_seconds(zone)?;
    // A year beyond 2262 does not fit.
    seconds.checked_mul(1_000_000_000)?.checked_add(fraction)
}

fn number(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Up to six digits of a second, and what is behind them.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    const MOST_DIGITS: usize = 9;
    let Some(digits) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, zone) =
        digits.split_at_checked(len).filter(|_| (1..=MOST_DIGITS).contains(&len))?;
    let unit = 10_i64.pow((MOST_DIGITS - len) as u32);
    Some((number(digits)? * unit, zone))
}

/// `Z`, or hours and minutes from there, in seconds.
fn zone_seconds(zone: &[u8]) -> Option<i64> {
    match zone {
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => {
            let (hours, minutes) = (number(&[*a, *b])?, number(&[*c, *d])?);
            let seconds = hours * 3600 + minutes * 60;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

/// Days from 1970 to a day of the calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month < 3);
    let since_march = (month + 9) % 12;
    let in_year = (153 * since_march + 2) / 5 + day - 1;
    Some(365 * year + year / 4 - year / 100 + year / 400 + in_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sinks::date::Date;

    #[test]
    fn dates_are_points_in_time() {
        let check = |text: &str, expected: Option<&str>| {
            let found = nanos(text.as_bytes()).map(|nanos| Date(nanos).to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("2003-10-11T22:14:15.003Z", Some("Oct 11, 2003 22:14:15.003000000 UTC"));
        check("2003-08-24T05:14:15.000003-07:00", Some("Aug 24, 2003 12:14:15.000003000 UTC"));
        check("2024-02-29T00:00:00+02:00", Some("Feb 28, 2024 22:00:00.000000000 UTC"));
        check("1970-01-01T00:00:00Z", Some("Jan  1, 1970 00:00:00.000000000 UTC"));
        check("2003-13-11T22:14:15Z", None);
        check("2003-10-11T24:14:15Z", None);
        check("2003-10-11T22:14:15", None);
        check("2003-10-11T22:14:15.Z", None);
        check("2003-10-11 22:14:15Z", None);
        check("9999-10-11T22:14:15Z", None);
        check("-", None);
    }
}
