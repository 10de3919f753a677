//! Holds many filters against many recordings: `filters EXPRESSIONS < LIST`.
//!
//! `EXPRESSIONS` has one filter a line; each line of the list names a recording and, behind a tab,
//! perhaps its key log. What is printed is the recording, the number of the filter and the frames
//! that it selects: to be held against what tshark prints for the same (`tshark -T fields -e
//! FILTER`).

#![allow(clippy::print_stdout)]

use std::path::Path;

use wirestage::document::{self, Document, Progress};
use wirestage_dissectors::ids::FrameId;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let expressions = std::env::args().nth(1).ok_or("name a file of filters")?;
    let expressions = std::fs::read_to_string(expressions)?;
    let filters = expressions.lines().map(|line| (line, document::filter(line)));
    let filters: Vec<_> = filters.collect();
    for line in std::io::stdin().lines() {
        let line = line?;
        let (path, keys) = line.split_once('\t').unwrap_or((&line, ""));
        let Ok(mut document) = Document::open(Path::new(path), &Progress::new()) else { continue };
        if !keys.is_empty() {
            document.add_keys(&std::fs::read_to_string(keys)?);
        }
        for (number, (expression, filter)) in filters.iter().enumerate() {
            let filter = match filter {
                Ok(filter) => filter,
                Err(error) => return Err(format!("{expression}: {error}").into()),
            };
            let rows = document.rows(filter, &Progress::new()).unwrap_or_default();
            let frames: Vec<String> =
                rows.iter().map(FrameId::number).map(|frame| frame.to_string()).collect();
            println!("{path}\t{number}\t{}", frames.join(","));
        }
    }
    Ok(())
}
