//! The ledger as a table: one row for each measure, one value for each way.

use std::borrow::Cow;

use wirestage_dissectors::story::{Ledger, Replay};
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
    /// Whether it is a price.
    pub is_price: bool,
}

/// A measure: its name, its value, and that in words.
type Measure = (&'static str, fn(&Ledger) -> u64, fn(&Ledger) -> String);

/// Whatever is counted until the first byte of the answer.
const MEASURES: [Measure; 4] = [
    (
        "Round trips",
        |one| one.until_answer.round_trips.into(),
        |one| one.until_answer.round_trips.to_string(),
    ),
    ("Packets", |one| one.until_answer.packets.into(), |one| one.until_answer.packets.to_string()),
    ("Bytes", |one| one.until_answer.bytes, |one| bytes(one.until_answer.bytes)),
    (
        "First byte",
        |one| one.until_answer.nanos.unsigned_abs(),
        |one| duration(one.until_answer.nanos),
    ),
];

/// The table of a comparison: until the first byte with the price last, or answer by answer until
/// it is whole.
#[must_use]
pub fn rows(comparison: &Comparison) -> Vec<Row> {
    let ways = &comparison.ways;
    match comparison.until {
        Until::FirstByte => {
            let measured = MEASURES.into_iter().map(|(name, value, words)| {
                let values =
                    ways.iter().map(|way| way.ledger.map(|one| (value(&one), words(&one))));
                row(name.into(), values.collect())
            });
            measured.chain([replay(ways)]).collect()
        }
        Until::Whole => wholes(ways),
    }
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
        is_price: false,
    });
    Row { name, cells: cells.collect() }
}

/// What the saving costs.
fn replay(ways: &[Way]) -> Row {
    let cells = ways.iter().map(|way| Cell {
        text: way.ledger.map_or("—", |ledger| ledger.replay.words()).to_owned(),
        share: None,
        is_price: way.ledger.is_some_and(|ledger| ledger.replay == Replay::Request),
    });
    Row { name: "Replay".into(), cells: cells.collect() }
}
