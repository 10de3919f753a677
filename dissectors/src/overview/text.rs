//! The overview as text.

use std::fmt::{Error, Write};

use super::report::{Report, Row};
use crate::limits::MAX_OVERVIEW_ROWS;
use crate::wording::counted;

/// The overview, a row a paragraph; of very many rows only the first are told, and the rest is
/// counted.
#[must_use]
pub fn to_text(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _: Result<(), Error> = write(report, &mut out);
    out
}

fn write(report: &Report, out: &mut String) -> Result<(), Error> {
    writeln!(out, "{}", report.title)?;
    writeln!(out, "{}", report.sums.totals())?;
    let shown = report.rows.get(..MAX_OVERVIEW_ROWS).unwrap_or(&report.rows);
    let mut band = None;
    for (number, row) in (1..).zip(shown) {
        if band.replace(row.band) != Some(row.band) {
            writeln!(out, "\n{}", row.band.title())?;
        }
        paragraph(number, row, out)?;
    }
    if let Some(rest) = rest(report) {
        writeln!(out, "\n{rest}.")?;
    }
    match report.sums.counts.total() {
        0 => writeln!(out, "\n{}.", report.sums.headline()),
        _ => writeln!(out, "\n{}: {}.", report.sums.headline(), report.sums.counts),
    }
}

/// What is said of rows that are not told one by one.
#[must_use]
pub fn rest(report: &Report) -> Option<String> {
    let rest = report.rows.get(MAX_OVERVIEW_ROWS..).filter(|rest| !rest.is_empty())?;
    let connections = rest.iter().map(|row| row.service.places.len() as u64).sum();
    let rows = counted(rest.len() as u64, "more row");
    Some(format!("{rows} with {}", counted(connections, "connection")))
}

fn paragraph(number: usize, row: &Row, out: &mut String) -> Result<(), Error> {
    writeln!(out, "{number:>3}  {}", row.title)?;
    writeln!(out, "     {}", row.sum)?;
    let clients: Vec<String> = row
        .service
        .clients
        .iter()
        .map(|client| match client.connections {
            1 => client.address.to_string(),
            more => format!("{} ({})", client.address, crate::wording::thousands(more.into())),
        })
        .collect();
    writeln!(out, "     from {}", crate::wording::list(&clients, 4))?;
    writeln!(out, "     {}", row.fates)?;
    let headline = row.headline.trim_end_matches('.');
    match row.detail.as_str() {
        "" => writeln!(out, "     {headline}."),
        detail => writeln!(out, "     {headline}. {detail}"),
    }
}
