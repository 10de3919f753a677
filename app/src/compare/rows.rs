//! The ledger as a table: one row for each measure, one value for each way.

use wirestage_dissectors::overview::words::{bytes, duration};
use wirestage_dissectors::story::{Ledger, Replay};

use super::Way;

/// One measure of all ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is measured.
    pub name: &'static str,
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
    /// Whether none is better; ties are all best.
    pub is_best: bool,
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

/// The table of these ways, the price last.
#[must_use]
pub fn rows(ways: &[Way]) -> Vec<Row> {
    let measured = MEASURES.into_iter().map(|(name, value, words)| {
        let values: Vec<Option<u64>> = ways.iter().map(|way| Some(value(&way.ledger?))).collect();
        let known = || values.iter().flatten().copied();
        let (best, most) = (known().min(), known().max().unwrap_or(0).max(1));
        // Where all are equal, none stands out.
        let best = best.filter(|best| *best < most);
        let cells = ways.iter().zip(&values).map(|(way, value)| Cell {
            text: way.ledger.as_ref().map_or_else(|| "—".to_owned(), words),
            share: value.map(|value| value as f32 / most as f32),
            is_best: value.is_some() && *value == best,
            is_price: false,
        });
        Row { name, cells: cells.collect() }
    });
    measured.chain([replay(ways)]).collect()
}

/// What the saving costs.
fn replay(ways: &[Way]) -> Row {
    let cells = ways.iter().map(|way| Cell {
        text: way.ledger.map_or("—", |ledger| ledger.replay.words()).to_owned(),
        share: None,
        is_best: false,
        is_price: way.ledger.is_some_and(|ledger| ledger.replay == Replay::Request),
    });
    Row { name: "Replay", cells: cells.collect() }
}
