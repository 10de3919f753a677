//! Numbers and beginnings as all who show a story write them.

/// Bytes in the unit that suits them, in tenths up to ten of it: `222 B`, `1.9 kB`, `58 kB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1000.0;
    let mut units = UNITS.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    for larger in units {
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, larger);
    }
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A span of time in three digits or so, in the unit that suits it: `142 ms`, `1.42 ms`, `85 µs`.
pub(super) fn span(nanos: i64) -> String {
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

/// As it begins a title or a sentence: `backend-1` becomes `Backend-1`.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
}

/// As it goes on after a colon: "No round trip" becomes "no round trip".
pub(super) fn uncapitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(char::to_lowercase).into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
