//! Sentences and beginnings as all who show a story write them.

/// As a sentence: with a full stop, unless it ends with a mark of its own.
pub(super) fn sentence(words: &str) -> String {
    let inner = words.trim_end_matches(['”', ')']);
    let ends = inner.ends_with(['.', '!', '?', '…', ':']) && inner.len() < words.len();
    if ends || words.ends_with(['.', '!', '?', '…']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

/// Less full stops that stand behind another mark: what is quoted may bring its own.
pub(super) fn tidied(words: &mut String) {
    const DOUBLE: [(&str, &str); 4] = [(".”.", ".”"), ("!”.", "!”"), ("?”.", "?”"), ("…”.", "…”")];
    for (double, single) in DOUBLE {
        if words.contains(double) {
            *words = words.replace(double, single);
        }
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
    fn a_sentence_has_one_full_stop() {
        let check = |words: &str, expected: &str| assert_eq!(sentence(words), expected);
        check("Asks", "Asks.");
        check("Does it ask?", "Does it ask?");
        check("It says “Hello.”", "It says “Hello.”");
        check("It says “Hello”", "It says “Hello”.");
        let mut said = "“Is anybody there?”. It says “no”.".to_owned();
        tidied(&mut said);
        assert_eq!(said, "“Is anybody there?” It says “no”.");
    }
}
