//! Sentences and beginnings as all who show a story write them.

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
