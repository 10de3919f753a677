//! What may stand at a place of an expression that is being typed.

use std::ops::Range;

use super::function::FUNCTIONS;
use super::types::Type;
use super::vocabulary::{Vocabulary, kind_of};
use crate::field::FieldId;

/// What may be put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that each of them takes the place of.
    pub replaces: Range<usize>,
    /// They, the likeliest first.
    pub offers: Vec<Offer>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The text.
    pub text: String,
    /// What it means, in a few words.
    pub meaning: String,
}

/// More are not offered: nobody reads on.
const MOST: usize = 60;

/// Operators that compare, and what each asks.
const COMPARISONS: [(&str, &str); 8] = [
    ("==", "is equal, any of its values"),
    ("!=", "is not equal, none of its values"),
    (">", "is more"),
    (">=", "is at least"),
    ("<", "is less"),
    ("<=", "is at most"),
    ("in {", "is one of"),
    ("contains", "has it within"),
];

/// Words that join tests.
const JOINTS: [(&str, &str); 3] =
    [("and", "both hold"), ("or", "either holds"), ("xor", "one holds, not both")];

/// What may stand where the cursor is, in bytes of the text.
#[must_use]
pub fn complete(text: &str, cursor: usize, vocabulary: &Vocabulary) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    if is_quoted(before) {
        return of_values(before, vocabulary).unwrap_or_default();
    }
    let start = before.rfind(|c: char| !is_word(c)).map_or(0, |at| {
        at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let word = before.get(start..).unwrap_or_default();
    let rest = before.get(..start).unwrap_or_default().trim_end();
    let replaces = start..cursor.min(text.len());
    if let Some(field) = compared(rest, vocabulary) {
        let mut offers = names(field, word);
        if Type::of(field.def()) == Type::Flag {
            let flags = [("true", "it is set"), ("false", "it is not")];
            offers.extend(begin_with(&flags, word));
        }
        return Completion { replaces, offers };
    }
    let last =
        rest.rsplit(|c: char| c.is_whitespace() || "()!".contains(c)).next().unwrap_or_default();
    let is_field = vocabulary.get(last).is_some() || rest.ends_with(')') || rest.ends_with(']');
    let ends_value = rest.ends_with(['"', '}', '\''])
        || last.starts_with(|c: char| c.is_ascii_digit()) && !rest.is_empty();
    let offers = match (is_field, ends_value) {
        (true, _) => {
            let all: Vec<_> = COMPARISONS.iter().chain(&JOINTS).copied().collect();
            begin_with(&all, word)
        }
        (_, true) => begin_with(&JOINTS, word),
        _ => fields(word, vocabulary),
    };
    Completion { replaces, offers }
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':')
}

/// Whether a quotation mark is open at the end of a text.
fn is_quoted(text: &str) -> bool {
    let mut open = false;
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if open => is_escaped = true,
            '"' => open = !open,
            _ => {}
        }
    }
    open
}

/// Names of values, where one is being typed in quotes.
fn of_values(before: &str, vocabulary: &Vocabulary) -> Option<Completion> {
    let at = before.rfind('"')?;
    let field = compared(before.get(..at)?.trim_end(), vocabulary)?;
    let offers = names(field, before.get(at + 1..)?);
    Some(Completion { replaces: at..before.len(), offers })
}

/// The field that something is compared with, where a text ends with a comparison.
fn compared(text: &str, vocabulary: &Vocabulary) -> Option<FieldId> {
    let text = match text.rfind('{') {
        // Within a set: what stands before it.
        Some(at) if text.get(at..).is_some_and(|set| !set.contains('}')) => text
            .get(..at)?
            .trim_end()
            .strip_suffix("in")?
            .trim_end()
            .trim_end_matches("not")
            .trim_end(),
        _ => {
            let signs = ["===", "!==", "==", "!=", ">=", "<=", ">", "<"];
            let words = [" eq", " ne", " gt", " lt", " ge", " le", " contains"];
            let mut all = signs.iter().chain(&words);
            all.find_map(|sign| text.strip_suffix(sign))?.trim_end()
        }
    };
    let start = text.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
    vocabulary.get(text.get(start..)?)?.first().copied()
}

/// The names of a field's values that begin like this or have it within.
fn names(field: FieldId, word: &str) -> Vec<Offer> {
    let wanted = word.to_lowercase();
    let known = field.def().names.iter().filter(|(_, name)| name.to_lowercase().contains(&wanted));
    let offer = |(number, name): &(u64, &str)| Offer {
        text: format!("\"{name}\""),
        meaning: number.to_string(),
    };
    known.take(MOST).map(offer).collect()
}

fn begin_with(all: &[(&str, &str)], word: &str) -> Vec<Offer> {
    let known = all.iter().filter(|(text, _)| text.starts_with(word));
    known
        .map(|(text, meaning)| Offer { text: (*text).into(), meaning: (*meaning).into() })
        .collect()
}

/// Fields and functions that begin like this; then fields that have it within.
fn fields(word: &str, vocabulary: &Vocabulary) -> Vec<Offer> {
    let offer = |field: FieldId| Offer {
        text: field.def().name.to_owned(),
        meaning: format!("{}: {}", field.def().title, kind_of(field.def())),
    };
    if word.is_empty() {
        // Protocols first: all else lies in one of them.
        let protocols = vocabulary.all().filter(|field| !field.def().name.contains('.'));
        return protocols.take(MOST).map(offer).collect();
    }
    let mut offers: Vec<Offer> = vocabulary.beginning(word).take(MOST).map(offer).collect();
    let functions = FUNCTIONS.iter().filter(|function| function.name.starts_with(word));
    offers.extend(functions.map(|function| Offer {
        text: format!("{}(", function.name),
        meaning: function.gives.to_owned(),
    }));
    let is_within = |field: &FieldId| {
        let def = field.def();
        !def.name.starts_with(word)
            && (def.name.contains(word) || def.title.to_lowercase().contains(&word.to_lowercase()))
    };
    let room = MOST.saturating_sub(offers.len());
    if word.len() > 2 {
        offers.extend(vocabulary.all().filter(is_within).take(room).map(offer));
    }
    offers
}
