//! Numbers of HTTP/2 in words.

use crate::protocols::http2::fields as f;

/// Nanoseconds, to three digits.
pub(super) fn span(nanos: i64) -> String {
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
pub(super) fn count(number: u64, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

/// The error code that stands at an offset (RFC 9113, section 7).
pub(super) fn code_at(payload: &[u8], at: usize) -> String {
    let code = payload.get(at..).and_then(<[u8]>::first_chunk);
    match code.map(|all| u32::from_be_bytes(*all)) {
        Some(code) => match f::RST_ERROR.def().name_of(code.into()) {
            Some(name) => name.to_owned(),
            None => format!("Error {code}"),
        },
        None => "No error code".to_owned(),
    }
}

/// Settings, each with its value.
pub(super) fn settings(payload: &[u8]) -> String {
    let all = payload.chunks_exact(6).filter_map(|setting| {
        let (id, value) = setting.split_first_chunk()?;
        let (id, value) = (u16::from_be_bytes(*id), u32::from_be_bytes(*value.first_chunk()?));
        Some(match f::SETTING_ID.def().name_of(id.into()) {
            Some(name) => format!("{name} {value}"),
            None => format!("Setting {id} {value}"),
        })
    });
    let all: Vec<String> = all.collect();
    if all.is_empty() { String::new() } else { format!("{}.", all.join(", ")) }
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
