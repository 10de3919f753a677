//! How sentences end that are made of somebody's words.

use std::fmt::Display;

/// As a sentence: with a full stop, unless it ends with a mark of its own, be that inside a
/// quotation.
#[must_use]
pub fn sentence(words: &str) -> String {
    let inner = words.trim_end_matches(['”', ')']);
    let ends = inner.ends_with(['.', '!', '?', '…', ':']) && inner.len() < words.len();
    if ends || words.ends_with(['.', '!', '?', '…']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

/// What somebody said, as the end of a sentence: `“hello”.`, and `“Is anybody there?”`.
#[must_use]
pub fn quoted(words: impl Display) -> String {
    sentence(&format!("“{words}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_one_full_stop() {
        let check = |words: &str, expected: &str| assert_eq!(sentence(words), expected);
        check("Asks", "Asks.");
        check("Does it ask?", "Does it ask?");
        check("It says “Hello.”", "It says “Hello.”");
        check("It says “Hello”", "It says “Hello”.");
        let check = |words: &str, expected: &str| assert_eq!(quoted(words), expected);
        check("hello", "“hello”.");
        check("Hello.", "“Hello.”");
        check("Is anybody there?", "“Is anybody there?”");
        check("and so on…", "“and so on…”");
    }
}
