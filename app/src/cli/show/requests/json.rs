//! One JSON object a request: names as the rows have them, times in nanoseconds, sizes in bytes.

use serde_json::{Value, json};
use wirestage_dissectors::exchange::Short;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::requests::{Outcome, Request, Said};

use crate::document::Numbers;

/// The requests, one a line.
pub(super) fn lines(numbers: &Numbers, rows: &[Request]) -> impl Iterator<Item = Value> {
    (1..).zip(rows).map(move |(number, row)| {
        let connection = numbers.get(&row.connection).copied();
        object(number, row, connection)
    })
}

fn object(number: u32, row: &Request, connection: Option<usize>) -> Value {
    let timing = row.timing();
    let interim: Vec<Value> = row
        .interim
        .iter()
        .map(|(status, at)| json!({"status": status, "frame": at.frame.number()}))
        .collect();
    json!({
        "number": number,
        "method": word(&row.method),
        "url": word(&row.url()),
        "scheme": word(&row.scheme),
        "host": word(&row.host),
        "path": word(&row.path),
        "status": row.status,
        "type": word(&row.kind),
        "protocol": standard().get(row.protocol).name(),
        "version": word(&row.version),
        "connection": connection,
        "stream": row.lane,
        "promised": row.is_promised,
        "start_ns": row.start().time.known().map(|time| time.0),
        "took_ns": row.took(),
        "send_ns": timing.send,
        "wait_ns": timing.wait,
        "receive_ns": timing.receive,
        "question": row.question.map(side),
        "interim": interim,
        "answer": row.answer.map(side),
        "outcome": outcome(row.outcome()),
        "trouble": row.trouble(),
    })
}

fn side(said: Said) -> Value {
    json!({
        "first_frame": said.first.frame.number(),
        "last_frame": said.last.frame.number(),
        "head_bytes": said.head,
        "body_bytes": said.body,
        "content_bytes": said.content(),
        "ended": said.ended,
    })
}

/// What is not known is null.
fn word(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::Unanswered => "unanswered",
        Outcome::BrokenOff(_) => "broken_off",
        Outcome::Short(Short::Missing) => "not_captured",
        Outcome::Short(Short::Cut) => "recording_ends",
        Outcome::Short(Short::Closed) => "closed_early",
        Outcome::Short(Short::Reset) => "connection_reset",
        Outcome::Short(Short::Broken) => "broken",
    }
}
