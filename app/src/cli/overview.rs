//! The overview on the command line: as text for reading, as JSON for programs.

use serde_json::{Value, json};
use wirestage_dissectors::overview::text::to_text;
use wirestage_dissectors::overview::{Counts, Kind, Report, Row, Service};
use wirestage_dissectors::registry::standard;

use super::words::Word;
use crate::document::{Document, HANDFUL, Overview, Progress};

/// Everything the overview knows of a document: its first bytes and its whole are read.
pub(super) fn whole(document: &Document) -> Overview {
    let (progress, mut overview) = (Progress::new(), document.overview());
    overview.look_at_all(&progress);
    overview.read(&progress);
    overview
}

/// The overview as text.
pub(super) fn text(document: &Document) -> String {
    to_text(&whole(document).report())
}

/// Says on standard error that there is an overview, where there are too many connections for one
/// story.
pub(super) fn hint(document: &Document) {
    let count = document.connections.len();
    if count > HANDFUL {
        eprintln!("note: there are {count} connections; --level overview shows them all in rows");
    }
}

/// The overview as JSON. Connections are named by the numbers that --connection takes, hosts by
/// their addresses.
pub(super) fn json(document: &Document) -> Value {
    let overview = whole(document);
    let report = overview.report();
    let hosts: Vec<Value> = report
        .hosts
        .iter()
        .map(|host| {
            let name = host.name.as_ref();
            json!({
                "address": host.address.to_string(),
                "name": name.map(|(name, _)| name),
                "name_source": name.map(|(_, source)| source.to_string()),
                "asks": host.asks,
                "answers": host.answers,
            })
        })
        .collect();
    json!({
        "title": report.title,
        "sum": report.sums.headline(),
        "fates": fates(&report.sums.counts),
        "packets": report.sums.packets,
        "bytes": report.sums.bytes,
        "hosts": hosts,
        "rows": report.rows.iter().map(|row| of_row(row, true)).collect::<Vec<_>>(),
        "connections": (0..overview.lines.len()).map(|at| connection(&overview, at)).collect::<Vec<_>>(),
    })
}

/// A row; with the numbers of its connections where these are wanted.
pub(super) fn of_row(row: &Row, with_connections: bool) -> Value {
    let Service { kind, server, transport, protocol, clients, places, .. } = &row.service;
    let (port, ports, answered) = match kind {
        Kind::Port(port) => (Some(port), None, None),
        Kind::Scan { ports, answered } => (None, Some(ports), Some(answered)),
    };
    let clients: Vec<Value> = clients
        .iter()
        .map(|one| json!({"address": one.address.to_string(), "connections": one.connections}))
        .collect();
    let numbers = with_connections.then(|| places.iter().map(|at| at + 1).collect::<Vec<u32>>());
    json!({
        "title": row.title,
        "needs_a_look": row.service.counts.troubled() > 0,
        "server": server.to_string(),
        "port": port,
        "ports_tried": ports,
        "ports_answered": answered,
        "transport": transport.word(),
        "protocol": protocol.map(|(id, _)| standard().get(id).name()),
        "clients": clients,
        "count": places.len(),
        "connections": numbers,
        "bytes": row.service.bytes,
        "sent_again": row.service.again,
        "fates": fates(&row.service.counts),
        "headline": row.headline,
        "detail": row.detail,
    })
}

fn connection(overview: &Overview, at: usize) -> Value {
    let known = overview.known();
    let Some(line) = known.lines.get(at) else { return Value::Null };
    let ends = line.ends(known.survey).map(|ends| ends.map(|end| end.to_string()));
    let [client, server] = ends.unwrap_or_default();
    let [sent, received] = line.payload;
    let glance = known.glance(at);
    let host = known.host(at);
    json!({
        "number": at + 1,
        "frame": line.first.number(),
        "client": client,
        "server": server,
        "host": host.map(|(name, _)| name),
        "host_source": host.map(|(_, source)| source.to_string()),
        "first": glance.and_then(|glance| glance.first.as_deref()),
        "protocol": known.protocol(at),
        "offers": glance.and_then(|glance| glance.offers.as_deref()),
        "start_ns": line.start.known().map(|time| time.0),
        "took_ns": line.took(),
        "packets": line.packets,
        "bytes": line.bytes,
        "client_bytes": sent,
        "server_bytes": received,
        "round_trip_ns": line.round_trip,
        "sent_again": line.again,
        "began_before": line.began_before,
        "fate": line.fate.word(),
        "outcome": known.outcome(at),
    })
}

/// How many connections came to each fate.
pub(super) fn fates(counts: &Counts) -> Value {
    let each =
        counts.each().map(|(verdict, count)| (verdict.word().to_owned(), Value::from(count)));
    Value::Object(each.collect())
}

/// The rows that `info` shows, a line each, and what it says of the others.
pub(super) fn lines(report: &Report) -> Vec<String> {
    /// More would push what comes before out of sight.
    const SHOWN: usize = 8;
    let title = |row: &Row| row.title.chars().take(32).collect::<String>();
    let shown = report.rows.iter().take(SHOWN);
    let mut lines: Vec<String> =
        shown.map(|row| format!("{:<32}  {}: {}", title(row), row.sum, row.fates)).collect();
    if let Some(more) = report.rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        lines.push(format!("and {more} more rows: wirestage story --level overview tells them"));
    }
    lines
}
