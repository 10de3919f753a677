//! What stands between quotes: lengths and text.

/// A length with at most two decimals: enough for a pixel at a zoom of 50.
pub(super) fn number(value: f32) -> String {
    let rounded = (f64::from(value) * 100.0).round() / 100.0;
    // Negative zero would print its sign.
    format!("{}", rounded + 0.0)
}

/// Text as XML wants it. Characters that XML cannot hold become U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The attribute of a dashed stroke.
pub(super) fn dashes(dashed: bool) -> &'static str {
    if dashed { " stroke-dasharray=\"4 3\"" } else { "" }
}

/// The attribute of a stroke's width; one is what it is where nothing is said.
pub(super) fn stroke_width(width: f32) -> String {
    if width == 1.0 { String::new() } else { format!(" stroke-width=\"{}\"", number(width)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escaped("<a> & \u{1}b"), "&lt;a&gt; &amp; \u{fffd}b");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.3456), "12.35");
        assert_eq!(stroke_width(1.0) + &stroke_width(1.5), " stroke-width=\"1.5\"");
    }
}
