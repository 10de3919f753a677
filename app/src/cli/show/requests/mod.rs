//! Requests with their answers: a table for reading, JSON for programs.

mod json;
mod table;
mod waterfall;

use std::io::{self, Write};

use crate::cli::terminal::width;
use crate::document::{Gathered, Ground};

/// Prints the requests of a recording.
///
/// # Errors
/// Where writing fails.
pub(super) fn print(
    ground: &Ground,
    all: &Gathered,
    as_json: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let numbers = ground.numbers();
    if as_json {
        for line in json::lines(&numbers, &all.rows) {
            writeln!(out, "{line}")?;
        }
        if all.left_out > 0 {
            eprintln!("note: {}", table::left_out(all.left_out));
        }
        return Ok(());
    }
    out.write_all(table::table(&numbers, all, width()).as_bytes())
}
