//! The ledger as a table: one row for each measure, one value for each way.

use std::borrow::Cow;

use wirestage_dissectors::story::{Replay, Spent};
use wirestage_dissectors::wording::{bytes, duration};

use super::{Answer, Comparison, Until, Way};

/// One measure of all ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is measured.
    pub name: Cow<'static, str>,
    /// One value for each way, in their order.
    pub cells: Vec<Cell>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// It in words; a dash where it is not known.
    pub text: String,
    /// As a part of the largest of its row; nothing for what is no number.
    pub share: Option<f32>,
    /// What of it had passed when the request left; nothing where that is not told apart.
    pub before: Option<Before>,
    /// Whether it is a price.
    pub is_price: bool,
}

/// What had passed of a measure when the request left.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// It in words.
    pub text: String,
    /// As a part of the largest of its row, which counts until the first byte of the answer.
    pub share: f32,
}

impl Cell {
    /// All of it in a few words: "9 of 11", where 9 had passed when the request left.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.before {
            Some(before) => format!("{} of {}", before.text, self.text),
            None => self.text.clone(),
        }
    }
}

/// A measure: its name, its value, and that in words.
type Measure = (&'static str, fn(Spent) -> u64, fn(Spent) -> String);

/// Whatever is counted, until the request leaves and until the first byte of the answer.
const MEASURES: [Measure; 4] = [
    ("Round trips", |one| one.round_trips.into(), |one| one.round_trips.to_string()),
    ("Packets", |one| one.packets.into(), |one| one.packets.to_string()),
    ("Bytes", |one| one.bytes, |one| bytes(one.bytes)),
    ("Time", |one| one.nanos.unsigned_abs(), |one| time(one.nanos)),
];

/// A duration; nothing is no number of nanoseconds.
fn time(nanos: i64) -> String {
    if nanos == 0 { "0 ms".to_owned() } else { duration(nanos) }
}

/// The table of a comparison: until the first byte with the price last, or answer by answer until
/// it is whole.
#[must_use]
pub fn rows(comparison: &Comparison) -> Vec<Row> {
    let ways = &comparison.ways;
    match comparison.until {
        Until::FirstByte => {
            let measured = MEASURES.into_iter().map(|measure| measured(measure, ways));
            measured.chain([replay(ways)]).collect()
        }
        Until::Whole => wholes(ways),
    }
}

/// One measure, until the first byte of the answer and of that until the request leaves.
fn measured((name, value, words): Measure, ways: &[Way]) -> Row {
    let answers = ways.iter().map(|way| way.ledger.map(|one| one.until_answer));
    let most = answers.clone().flatten().map(value).max().unwrap_or(0).max(1);
    let values = answers.map(|one| one.map(|one| (value(one), words(one))));
    let mut row = row(name.into(), values.collect());
    for (cell, way) in row.cells.iter_mut().zip(ways) {
        cell.before = way.ledger.map(|one| Before {
            text: words(one.until_request),
            share: value(one.until_request) as f32 / most as f32,
        });
    }
    row
}

/// When each answer is whole, and how long one of them waited at most.
fn wholes(ways: &[Way]) -> Vec<Row> {
    let most = ways.iter().max_by_key(|way| way.answers.len());
    let names = most.map(|way| way.answers.as_slice()).unwrap_or_default().iter().enumerate();
    let time = |nanos: i64| {
        let words = if nanos == 0 { "none".to_owned() } else { duration(nanos) };
        (nanos.unsigned_abs(), words)
    };
    let whole = names.map(|(at, answer)| {
        let values = ways.iter().map(|way| Some(time(way.answers.get(at)?.whole)));
        row(format!("{} is whole", answer.name).into(), values.collect())
    });
    let waited = ways.iter().map(|way| way.answers.iter().map(Answer::held).max().map(time));
    let waited = row("Longest wait".into(), waited.collect());
    whole.chain([waited]).collect()
}

/// A row of numbers, each with its words.
fn row(name: Cow<'static, str>, values: Vec<Option<(u64, String)>>) -> Row {
    let known = || values.iter().flatten().map(|(value, _)| *value);
    let most = known().max().unwrap_or(0).max(1);
    let cells = values.iter().map(|value| Cell {
        text: value.as_ref().map_or_else(|| "—".to_owned(), |(_, words)| words.clone()),
        share: value.as_ref().map(|(value, _)| *value as f32 / most as f32),
        before: None,
        is_price: false,
    });
    Row { name, cells: cells.collect() }
}

/// What the saving costs.
fn replay(ways: &[Way]) -> Row {
    let cells = ways.iter().map(|way| Cell {
        text: way.ledger.map_or("—", |ledger| ledger.replay.words()).to_owned(),
        share: None,
        before: None,
        is_price: way.ledger.is_some_and(|ledger| ledger.replay == Replay::Request),
    });
    Row { name: "Replay".into(), cells: cells.collect() }
}
