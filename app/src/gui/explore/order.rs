//! The order of the connections list: sorted by a column, narrowed by what was typed.
//!
//! Made away from the window: keys are taken a batch at a time, so that nobody who adds to what is
//! known waits for long, and sorted once nothing is held.

use std::sync::Arc;

use wirestage_dissectors::overview::Known;

use super::watch::{Shared, read};
use crate::document::Progress;

/// Connections whose keys are taken while the lock is held.
const BATCH: usize = 1024;

/// One column of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Column {
    /// When it began: the order of the recording.
    #[default]
    Start,
    /// Its badge, or its number: the order of the recording, too.
    Name,
    /// Who is asked.
    Host,
    /// What was asked first.
    First,
    /// What is spoken.
    Protocol,
    /// From the first to the last frame.
    Took,
    /// Bytes on the wire.
    Bytes,
    /// From SYN to SYN-ACK.
    RoundTrip,
    /// How it went.
    Outcome,
}

/// What the list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) column: Column,
    pub(super) is_reversed: bool,
    /// What was typed.
    pub(super) words: String,
    /// Of which row of the overview, where not of all: its title and its connections.
    pub(super) only: Option<(String, Arc<[u32]>)>,
}

impl Wanted {
    /// Whether that is all connections in the order of the recording.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether more first bytes or findings may change it.
    pub(super) fn rests_on_reading(&self) -> bool {
        use Column::{First, Host, Outcome, Protocol};
        !self.words.is_empty() || matches!(self.column, Host | First | Protocol | Outcome)
    }
}

/// What a connection is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    /// Texts that are empty come last.
    Text(bool, String),
}

/// The places of the connections that are shown, in their order; `None` if it was cancelled.
pub(super) fn order(shared: &Shared, wanted: &Wanted, progress: &Progress) -> Option<Vec<u32>> {
    let all: Vec<u32> = match &wanted.only {
        Some((_, places)) => places.to_vec(),
        None => (0..).take(read(shared).lines.len()).collect(),
    };
    let words: Vec<String> = wanted.words.split_whitespace().map(str::to_lowercase).collect();
    let mut keyed: Vec<(Key, u32)> = Vec::with_capacity(all.len());
    for batch in all.chunks(BATCH) {
        if progress.is_cancelled() {
            return None;
        }
        let overview = read(shared);
        let known = overview.known();
        for place in batch {
            if words.is_empty() || matches(&known, *place as usize, &words) {
                keyed.push((key(&known, *place as usize, wanted.column), *place));
            }
        }
    }
    keyed.sort_unstable();
    let mut places: Vec<u32> = keyed.into_iter().map(|(_, place)| place).collect();
    if wanted.is_reversed {
        places.reverse();
    }
    Some(places)
}

fn key(known: &Known<'_>, place: usize, column: Column) -> Key {
    let Some(line) = known.lines.get(place) else { return Key::Number(0) };
    let text = |text: String| Key::Text(text.is_empty(), text.to_lowercase());
    match column {
        Column::Start | Column::Name => Key::Number(i64::try_from(place).unwrap_or(i64::MAX)),
        Column::Host => text(host(known, place)),
        Column::First => text(first(known, place).to_owned()),
        Column::Protocol => text(known.protocol(place).to_owned()),
        Column::Took => Key::Number(line.took()),
        Column::Bytes => Key::Number(i64::try_from(line.bytes).unwrap_or(i64::MAX)),
        Column::RoundTrip => Key::Number(line.round_trip.unwrap_or(i64::MAX)),
        Column::Outcome => text(known.outcome(place)),
    }
}

/// Whether every word stands somewhere in what is shown of a connection.
fn matches(known: &Known<'_>, place: usize, words: &[String]) -> bool {
    let ends = known.lines.get(place).and_then(|line| line.ends(known.survey));
    let [client, server] = ends.map(|ends| ends.map(|end| end.to_string())).unwrap_or_default();
    let text = [
        host(known, place),
        first(known, place).to_owned(),
        known.protocol(place).to_owned(),
        known.outcome(place),
        client,
        server,
    ];
    let text = text.join("\n").to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// What the host of a connection is called; its address where it has no name.
pub(super) fn host(known: &Known<'_>, place: usize) -> String {
    if let Some((name, _)) = known.host(place) {
        return name.to_owned();
    }
    server(known, place)
}

/// The address and port of the host of a connection.
pub(super) fn server(known: &Known<'_>, place: usize) -> String {
    let ends = known.lines.get(place).and_then(|line| line.ends(known.survey));
    ends.map_or_else(String::new, |[_, server]| server.to_string())
}

/// The first request of a connection, where it is known.
pub(super) fn first<'a>(known: &'a Known<'_>, place: usize) -> &'a str {
    known.glance(place).and_then(|glance| glance.first.as_deref()).unwrap_or_default()
}
