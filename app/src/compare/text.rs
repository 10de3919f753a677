//! Comparisons as text and as JSON.
//!
//! ```text
//!             Before + for the answer   Round trips   Packets   Bytes              Time
//!   TLS 1.2   3 + 1                     3 of 4        9 of 11   1.5 kB of 2.3 kB   304 ms of 407 ms
//! ```

use serde_json::{Value, json};
use wirestage_dissectors::story::{Replay, Spent};

use super::{Answer, Cell, Comparison, Until, Way, rows, words};

/// From one column to the next.
const GAP: usize = 3;

/// How the numbers of a ledger are to be read.
const COUNTED: &str = "9 of 11: 9 until the request leaves, 11 until the first byte of the answer.";

/// The comparison as a table: a line for each way.
#[must_use]
pub fn to_text(comparison: &Comparison) -> String {
    let lines = match comparison.until {
        Until::FirstByte => ledgers(comparison),
        Until::Whole => wholes(comparison),
    };
    let mut told = format!("{}\n", comparison.title);
    for line in [&comparison.subtitle].into_iter().filter(|line| !line.is_empty()) {
        told += &format!("{line}\n");
    }
    told += "\n";
    told += &table(&lines);
    if comparison.until == Until::FirstByte {
        told += &format!("\n{COUNTED}\n");
    }
    let unders = comparison.ways.iter().filter(|way| !way.under.is_empty());
    let unders: Vec<String> = unders.map(|way| format!("{}: {}\n", way.name, way.under)).collect();
    if !unders.is_empty() {
        told += &format!("\n{}", unders.concat());
    }
    let words = words(comparison);
    if !words.is_empty() {
        told += &format!("\n{}\n", words.join("\n"));
    }
    for note in &comparison.notes {
        told += &format!("\nnote: {note}\n");
    }
    told
}

/// Of each way, which answers waited and when each was whole.
fn wholes(comparison: &Comparison) -> Vec<Vec<String>> {
    let measures = rows(comparison);
    let mut head = vec![String::new(), "Answers held up".to_owned()];
    head.extend(measures.iter().map(|row| row.name.clone().into_owned()));
    let ways = comparison.ways.iter().enumerate().map(|(at, way)| {
        let (held, all) = way.held_up();
        let cells = measures.iter().filter_map(|row| row.cells.get(at));
        let before = [way.name.clone(), format!("{held} of {all}")];
        before.into_iter().chain(cells.map(|cell| cell.text.clone())).collect()
    });
    [head].into_iter().chain(ways).collect()
}

/// Of each way, what had passed when the request left, of what had when the first byte came.
fn ledgers(comparison: &Comparison) -> Vec<Vec<String>> {
    let measures = rows(comparison);
    let mut head = vec![String::new(), "Before + for the answer".to_owned()];
    head.extend(measures.iter().map(|row| row.name.clone().into_owned()));
    let mut lines = vec![head];
    for (at, way) in comparison.ways.iter().enumerate() {
        let trips = way.ledger.map_or_else(|| "—".to_owned(), |ledger| ledger.round_trips());
        let cells = measures.iter().filter_map(|row| row.cells.get(at)).map(Cell::words);
        lines.push([way.name.clone(), trips].into_iter().chain(cells).collect());
    }
    lines
}

/// Lines of cells below each other, each column as wide as its widest cell.
pub(super) fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let mut told = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}{:GAP$}", ""));
        told += cells.collect::<String>().trim_end();
        told += "\n";
    }
    told
}

/// The comparison for programs. Times are nanoseconds since the first packet.
#[must_use]
pub fn to_json(comparison: &Comparison) -> Value {
    json!({
        "title": comparison.title,
        "subtitle": comparison.subtitle,
        "ways": comparison.ways.iter().map(way).collect::<Vec<_>>(),
        "differences": words(comparison),
        "notes": comparison.notes,
    })
}

fn way(way: &Way) -> Value {
    let ledger = way.ledger.map(|ledger| {
        json!({
            "round_trips": {"before": ledger.until_request.round_trips,
                            "for_the_answer": ledger.for_the_answer()},
            "until_request": spent(ledger.until_request),
            "until_answer": spent(ledger.until_answer),
            "replay": match ledger.replay {
                Replay::Impossible => "impossible",
                Replay::InTheClear => "in the clear",
                Replay::Opening => "opening",
                Replay::Request => "request",
            },
        })
    });
    let track = way.track.and_then(|track| way.story.tracks.get(usize::from(track.0)));
    json!({
        "name": way.name,
        "under": way.under,
        "recording": way.story.title,
        "connection": track.map(|track| track.connection.0),
        "ledger": ledger,
        "answers": way.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

/// Times are nanoseconds since the first request left.
fn answer(answer: &Answer) -> Value {
    json!({"name": answer.name, "whole": answer.whole, "held": answer.held()})
}

fn spent(spent: Spent) -> Value {
    let Spent { round_trips, packets, bytes, nanos } = spent;
    json!({"round_trips": round_trips, "packets": packets, "bytes": bytes, "nanos": nanos})
}
