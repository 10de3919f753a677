//! Numbers and texts as stories of HTTP have them.

/// The longest target that stands on a bead.
const MAX_LABEL: usize = 40;

/// Nanoseconds, to three digits.
pub(in crate::protocols) fn span(nanos: i64) -> String {
    let nanos = nanos.max(0) as f64;
    let (value, unit) = match nanos {
        ..1e6 => (nanos / 1e3, "µs"),
        ..1e9 => (nanos / 1e6, "ms"),
        _ => (nanos / 1e9, "s"),
    };
    match value {
        ..10.0 => format!("{value:.2} {unit}"),
        ..100.0 => format!("{value:.1} {unit}"),
        _ => format!("{value:.0} {unit}"),
    }
}

/// So many of something, in one or in more.
pub(in crate::protocols) fn count(number: u64, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

/// Text that fits on a bead.
pub(in crate::protocols) fn short(text: &str) -> String {
    if text.chars().count() <= MAX_LABEL {
        return text.to_owned();
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_have_three_digits() {
        let check = |nanos, text: &str| assert_eq!(span(nanos), text);
        check(1_500, "1.50 µs");
        check(12_340_000, "12.3 ms");
        check(333_890_000, "334 ms");
        check(2_000_000_000, "2.00 s");
        check(-1, "0.00 µs");
    }
}
