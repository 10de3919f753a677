//! Filters that are none: what is said of each, and the place that it points at. And expressions
//! that nobody would type: none of them breaks anything.

mod own;

use proptest::prelude::*;
use wirestage_dissectors::filter::{Filter, FilterError, Vocabulary};
use wirestage_dissectors::registry::standard;

fn read(expression: &str, vocabulary: &Vocabulary) -> Result<Filter, FilterError> {
    Filter::new(expression, vocabulary, standard())
}

/// Each line is an expression, the place that is pointed at, and what is said, between bars with a
/// blank on either side; what helps stands behind a last one.
#[test]
fn what_is_wrong_is_said_at_its_place() {
    let vocabulary = Vocabulary::new(standard());
    let told = |line: &str| {
        let expression = line.split(" | ").next().unwrap_or_default();
        match read(expression, &vocabulary) {
            Ok(_) => format!("{expression} | it is a filter"),
            Err(error) => {
                let place = expression.get(error.at.clone()).unwrap_or("no place");
                let place = if place.is_empty() { "the end" } else { place };
                let whole = format!("{expression} | {place} | {} | {}", error.message, error.help);
                whole.trim_end_matches(" | ").to_owned()
            }
        }
    };
    let table = include_str!("wrong.txt").lines().filter(|line| !line.starts_with("# "));
    let (mut count, mut unlike) = (0, Vec::new());
    for line in table.filter(|line| !line.is_empty()) {
        count += 1;
        let told = told(line);
        if told != line {
            unlike.push(told);
        }
    }
    assert!(unlike.is_empty(), "said otherwise:\n{}", unlike.join("\n"));
    assert!(count >= 60, "{count} expressions");
}

#[test]
fn every_field_is_a_filter_and_so_is_nothing() {
    let vocabulary = Vocabulary::new(standard());
    for field in vocabulary.all() {
        let name = field.def().name;
        assert!(read(name, &vocabulary).is_ok(), "{name}");
    }
    assert!(read("", &vocabulary).is_ok() && read("  \n", &vocabulary).is_ok());
}

/// What expressions are made of.
const PARTS: [&str; 44] = [
    "tcp",
    "ip.src",
    "http.host",
    "frame",
    "tls.handshake.type",
    "eth.addr",
    "frame.time",
    "x.y",
    "==",
    "!=",
    "===",
    "<",
    ">=",
    "contains",
    "matches",
    "in",
    "not",
    "and",
    "or",
    "xor",
    "any",
    "all",
    "(",
    ")",
    "{",
    "}",
    ",",
    "..",
    "-",
    "+",
    "&",
    "/",
    "%",
    "len(",
    "max(",
    "@",
    "#2",
    "[1:2]",
    "80",
    "0x7f",
    "10.0.0.0/8",
    "\"a\"",
    "r\"(\"",
    "'c'",
];

proptest! {
    #[test]
    fn nothing_that_is_typed_breaks_anything(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn parts_in_any_order_break_nothing(
        parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..40)
    ) {
        holds(&parts.join(" "));
    }
}

/// A mistake is at a place of what was typed.
fn holds(text: &str) {
    let vocabulary = Vocabulary::new(standard());
    if let Err(error) = read(text, &vocabulary) {
        assert!(text.get(error.at.clone()).is_some(), "{error:?} in {text:?}");
        assert!(!error.message.is_empty());
        let _ = error.marked(text).to_string();
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for part in ["(", "!", "not ", "-", "{", "tcp and (", "len(", "tcp.port in {", "a[", "- + "] {
        holds(&part.repeat(5_000));
        holds(&part.repeat(900));
    }
    holds(&"tcp or ".repeat(1_000));
    holds(&"tcp^^".repeat(1_600));
}
