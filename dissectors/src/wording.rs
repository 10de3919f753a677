//! Numbers as a reader wants them: one place for what protocols tell, the text, the pictures and
//! the window.

/// `1248`, `12,480`: digits stand in groups of three where there are more than four. What names
/// something, as ports and numbers on the wire do, is no number to be read and stays as it is.
#[must_use]
pub fn thousands(number: u64) -> String {
    const READ_AT_ONCE: usize = 4;
    let digits = number.to_string();
    if digits.len() <= READ_AT_ONCE {
        return digits;
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The same of what may be less than nothing: `-12,480`.
#[must_use]
pub fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", thousands(number.unsigned_abs()))
}

/// `1 connection`, `12,480 connections`; of `query` and the like `queries`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let count = thousands(number);
    match noun.strip_suffix('y') {
        _ if number == 1 => format!("{count} {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}

/// `222 B`, `1.9 kB`, `3.2 MB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1000.0;
    let mut units = UNITS.iter().copied();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, larger);
    }
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A span of time in three digits or so, in the unit that suits it: `142 ms`, `1.42 ms`, `85.3 µs`.
#[must_use]
pub fn span(nanos: i64) -> String {
    let nanos = nanos.max(0) as f64;
    let (value, unit) = match nanos {
        ..1e6 => (nanos / 1e3, "µs"),
        ..1e9 => (nanos / 1e6, "ms"),
        ..600e9 => (nanos / 1e9, "s"),
        ..36_000e9 => (nanos / 60e9, "min"),
        ..864_000e9 => (nanos / 3_600e9, "h"),
        _ => (nanos / 86_400e9, "days"),
    };
    match value {
        ..9.995 => format!("{value:.2} {unit}"),
        ..99.95 => format!("{value:.1} {unit}"),
        _ => format!("{value:.0} {unit}"),
    }
}

/// `1.7 ms`, `306 ms`, `2.04 s`, `12 min 5 s`, `907 days`.
#[must_use]
pub fn duration(nanos: i64) -> String {
    const MINUTE: i64 = 60_000_000_000;
    let nanos = nanos.max(0);
    if nanos >= 2 * MINUTE {
        let seconds = nanos / 1_000_000_000;
        return match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (hours @ 48.., ..) => format!("{} days", thousands(hours.unsigned_abs() / 24)),
            (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
            (hours, minutes, _) => format!("{hours} h {minutes} min"),
        };
    }
    let (value, unit) = match nanos as f64 {
        n if n < 1e3 => return format!("{nanos} ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    match value {
        v if v >= 100.0 => format!("{v:.0} {unit}"),
        v if v >= 10.0 => format!("{v:.1} {unit}"),
        v => format!("{v:.2} {unit}"),
    }
}

/// A few things in a row: "22, 80 and 443", "22, 80, 443 and 7 more".
#[must_use]
pub fn list<T: ToString>(all: &[T], most: usize) -> String {
    let shown: Vec<String> = all.iter().take(most).map(ToString::to_string).collect();
    match (shown.split_last(), all.len().checked_sub(most)) {
        (None, _) => String::new(),
        (Some(_), Some(more)) if more > 0 => {
            format!("{} and {} more", shown.join(", "), thousands(more as u64))
        }
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), _) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A unit of time: how many nanoseconds it has, and its name.
pub type TimeUnit = (f64, &'static str);

/// The unit that all times of an axis are told in: that of the span that it covers.
#[must_use]
pub const fn unit_of(span: i64) -> TimeUnit {
    match span {
        ..1_000 => (1.0, "ns"),
        1_000..1_000_000 => (1e3, "µs"),
        1_000_000..1_000_000_000 => (1e6, "ms"),
        1_000_000_000..120_000_000_000 => (1e9, "s"),
        120_000_000_000..36_000_000_000_000 => (60e9, "min"),
        36_000_000_000_000..172_800_000_000_000 => (3_600e9, "h"),
        _ => (86_400e9, "days"),
    }
}

/// A time in a unit, in three digits or so, without zeros that say nothing: `6.67 min`,
/// `1122 days`.
#[must_use]
pub fn in_unit(nanos: i64, (size, name): TimeUnit) -> String {
    let value = nanos.max(0) as f64 / size;
    let digits = match value {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => return format!("{} {name}", thousands(value.round() as u64)),
    };
    let text = format!("{value:.digits$}");
    format!("{} {name}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_an_axis_have_one_unit() {
        let check = |nanos: i64, span: i64, words: &str| {
            assert_eq!(in_unit(nanos, unit_of(span)), words);
        };
        const DAY: i64 = 86_400_000_000_000;
        check(400 * DAY, 1_122 * DAY, "400 days");
        check(1_122 * DAY, 1_122 * DAY, "1122 days");
        check(DAY / 24, DAY, "1 h");
        check(400_000_000_000, 400_000_000_000, "6.67 min");
        check(60_000_000_000, 99_000_000_000, "60 s");
        check(1_200_000, 1_200_000, "1.2 ms");
        check(0, 5, "0 ns");
    }

    #[test]
    fn digits_stand_in_groups_where_there_are_many() {
        let told = [0, 999, 1_000, 9_999, 10_000, 65_495, 123_456, 1_048_576].map(thousands);
        let expected = ["0", "999", "1000", "9999", "10,000", "65,495", "123,456", "1,048,576"];
        assert_eq!(told, expected);
        assert_eq!([signed(-12_480), signed(0), signed(7)], ["-12,480", "0", "7"]);
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!(counted(1, "connection"), "1 connection");
        assert_eq!(counted(0, "connection"), "0 connections");
        assert_eq!(counted(1_234_567, "query"), "1,234,567 queries");
    }

    #[test]
    fn sizes_and_spans_keep_what_one_can_see() {
        assert_eq!([bytes(999), bytes(1_900), bytes(3_200_000)], ["999 B", "1.9 kB", "3.2 MB"]);
        let spans = [850, 21_000, 1_655_000, 306_000_000, 2_040_000_000, 725_000_000_000];
        let words = spans.map(duration);
        assert_eq!(duration(907 * 86_400_000_000_000), "907 days");
        assert_eq!(words, ["850 ns", "21.0 µs", "1.66 ms", "306 ms", "2.04 s", "12 min 5 s"]);
    }

    #[test]
    fn a_span_has_the_unit_that_suits_it() {
        let check = |nanos: i64, expected: &str| assert_eq!(span(nanos), expected);
        check(85_300, "85.3 µs");
        check(1_420_000, "1.42 ms");
        check(142_000_000, "142 ms");
        check(1_020_000_000, "1.02 s");
        check(36_000_000_000, "36.0 s");
        check(3_600_000_000_000, "60.0 min");
        check(864_000_000_000_000, "10.0 days");
    }

    #[test]
    fn a_list_says_how_many_it_leaves_out() {
        assert_eq!(list(&[22], 3), "22");
        assert_eq!(list(&[22, 443], 3), "22 and 443");
        assert_eq!(list(&[1, 2, 3, 4, 5], 3), "1, 2, 3 and 2 more");
    }
}
