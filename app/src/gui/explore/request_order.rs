//! The order of the requests list: sorted by a column, narrowed by what was typed.

use wirestage_dissectors::requests::Request;

use super::requests::Known;
use crate::document::Progress;

/// Requests that are looked at between two questions whether the order is still wanted.
const BATCH: usize = 1 << 12;

/// One column of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Column {
    /// When it happened: the order of the recording.
    #[default]
    When,
    /// How it asks.
    Method,
    /// Who is asked.
    Host,
    /// For what.
    Path,
    /// The answer's code.
    Status,
    /// The answer's media type.
    Type,
    /// Bytes of its content.
    Size,
    /// From the first byte of the question to the last of the answer.
    Took,
    /// What is spoken.
    Protocol,
    /// What carried it.
    Connection,
}

/// What the list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) column: Column,
    pub(super) is_reversed: bool,
    /// What was typed.
    pub(super) words: String,
}

impl Wanted {
    /// Whether that is all requests in the order of the recording.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What a request is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'r> {
    Number(i64),
    /// Texts that are empty come last.
    Text(bool, &'r str),
}

/// The places of the requests that are shown, in their order; `None` if it was cancelled.
pub(super) fn order(known: &Known, wanted: &Wanted, progress: &Progress) -> Option<Vec<u32>> {
    let words: Vec<String> = wanted.words.split_whitespace().map(str::to_lowercase).collect();
    let mut keyed = Vec::new();
    for (at, row) in (0u32..).zip(&known.all.rows) {
        if (at as usize).is_multiple_of(BATCH) && progress.is_cancelled() {
            return None;
        }
        if words.is_empty() || matches(known, row, &words) {
            keyed.push((key(known, (at, row), wanted.column), at));
        }
    }
    keyed.sort_unstable();
    let mut places: Vec<u32> = keyed.into_iter().map(|(_, at)| at).collect();
    if wanted.is_reversed {
        places.reverse();
    }
    Some(places)
}

fn key<'r>(known: &Known, (at, row): (u32, &'r Request), column: Column) -> Key<'r> {
    let text = |text: &'r str| Key::Text(text.is_empty(), text);
    let size = |bytes: u64| Key::Number(i64::try_from(bytes).unwrap_or(i64::MAX));
    match column {
        Column::When => Key::Number(at.into()),
        Column::Method => text(&row.method),
        Column::Host => text(&row.host),
        Column::Path => text(&row.path),
        Column::Status => Key::Number(row.status.map_or(i64::MAX, i64::from)),
        Column::Type => text(&row.kind),
        Column::Size => size(row.answer.map_or(0, |said| said.content())),
        Column::Took => Key::Number(row.took().unwrap_or(i64::MAX)),
        Column::Protocol => text(&row.version),
        Column::Connection => size(known.number(row) as u64),
    }
}

/// Whether every word stands somewhere in what is shown of a request.
fn matches(known: &Known, row: &Request, words: &[String]) -> bool {
    let status = row.status.map_or_else(String::new, |status| status.to_string());
    let text = [
        &*row.method,
        &row.url(),
        &status,
        &row.kind,
        &row.version,
        row.trouble().unwrap_or_default(),
        &format!("connection {}", known.number(row)),
    ];
    let text = text.join("\n").to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}
