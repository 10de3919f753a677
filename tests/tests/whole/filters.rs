//! What filters select: the frames of sample recordings, and the same frames whichever way they are
//! found.
//!
//! `referee/filters.txt` holds what tshark 4.6 selects; where a tshark is at hand, it is asked
//! again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use wirestage::document::{self, Document, Opening, Progress, Windows, sweep};
use wirestage_captures::Recording;
use wirestage_captures::write::extract;
use wirestage_dissectors::filter::{Filter, RowSet};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_tests::{open, root, skip};

/// At least so many expressions stand in the table.
const FEWEST: usize = 200;

/// One line of the table.
struct Line {
    recording: String,
    expression: String,
    /// What is selected: `1-3 7`, or `none`.
    selected: String,
    /// An older tshark answers otherwise, or does not know the language.
    is_new: bool,
    /// tshark selects other frames, for this reason.
    unlike: Option<String>,
}

fn table() -> Vec<Line> {
    let text = std::fs::read_to_string(root().join("tests/referee/filters.txt")).expect("a table");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.split(" | ");
            let mut next = || parts.next().unwrap_or_default().to_owned();
            let (name, expression, selected) = (next(), next(), next());
            let selected = if selected == "none" { String::new() } else { selected };
            let (is_new, recording) = match name.strip_prefix("new ") {
                Some(name) => (true, name.to_owned()),
                None => (false, name),
            };
            let unlike = Some(next()).filter(|reason| !reason.is_empty());
            Line { recording, expression, selected, is_new, unlike }
        })
        .collect()
}

/// Where a recording of the table is: a sample, or one made for its headers.
fn path(recording: &str) -> PathBuf {
    match recording.strip_prefix("headers/") {
        Some(name) => root().join(format!("tests/referee/recordings/{name}.pcapng")),
        None => root().join(format!("assets/recordings/{recording}/recording.pcapng")),
    }
}

/// Frames in the way of the table.
fn written(frames: impl IntoIterator<Item = u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in frames {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): &(u32, u32)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    runs.iter().map(run).collect::<Vec<_>>().join(" ")
}

fn numbers(rows: &RowSet) -> String {
    written(rows.iter().map(FrameId::number))
}

/// The frames that pass when every one of them is read and tested.
fn tested(document: &Document, filter: &Filter) -> String {
    let mut rows = RowSet::new();
    sweep(
        document,
        Windows::default(),
        &Progress::new(),
        |scene, frames| {
            let mut tester = filter.tester();
            frames.map(FrameId).filter(|id| tester.passes(scene, *id)).collect::<RowSet>()
        },
        |found| {
            rows.add(&found);
            true
        },
    );
    numbers(&rows)
}

#[test]
fn filters_select_what_tshark_selects_whichever_way_they_are_answered() {
    let mut documents: BTreeMap<String, Document> = BTreeMap::new();
    let mut unlike = Vec::new();
    let table = table();
    assert!(table.len() >= FEWEST, "{} expressions", table.len());
    for Line { recording, expression, selected, .. } in &table {
        let document = documents
            .entry(recording.clone())
            .or_insert_with(|| open(&path(recording), Opening::default()));
        let filter = document::filter(expression)
            .unwrap_or_else(|error| panic!("{expression}: {error}\n{}", error.marked(expression)));
        let mut check = |way: &str, rows: String| {
            if rows != *selected {
                unlike.push(format!("{recording} | {expression} | {way}: {rows}, not {selected}"));
            }
        };
        let rows = || document.rows(&filter, &Progress::new()).expect("nobody stops it");
        check("by columns and reading", numbers(&rows()));
        check("from what was kept", numbers(&rows()));
        check("frame by frame", tested(document, &filter));
    }
    assert!(unlike.is_empty(), "{} of them:\n{}", unlike.len(), unlike.join("\n"));
}

/// The first two numbers of tshark's version; nothing where it is not installed.
fn tshark() -> Option<(u32, u32)> {
    let output = Command::new("tshark").arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.lines().next()?.split_whitespace().find_map(|word| {
        let (major, rest) = word.split_once('.')?;
        Some((major.parse().ok()?, rest.split('.').next()?.parse().ok()?))
    });
    version.filter(|_| output.status.success())
}

#[test]
fn the_table_is_what_tshark_selects() {
    let Some(version) = tshark() else {
        return skip("the_table_is_what_tshark_selects", "tshark is not installed");
    };
    let options =
        std::fs::read_to_string(root().join("tests/referee/options.txt")).expect("options");
    let options = options.lines().filter(|line| line.starts_with('-'));
    let options: Vec<&str> = options.flat_map(str::split_whitespace).collect();
    let is_asked = |line: &Line| !(line.is_new && version < (4, 6)) && line.unlike.is_none();
    let lines: Vec<Line> = table().into_iter().filter(is_asked).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = lines.len().div_ceil(workers);
    let ask = |lines: &[Line]| -> Vec<String> {
        lines.iter().filter_map(|line| answered_otherwise(line, &options)).collect()
    };
    let ask = &ask;
    let unlike: Vec<String> = std::thread::scope(|scope| {
        let shares: Vec<_> =
            lines.chunks(share).map(|lines| scope.spawn(move || ask(lines))).collect();
        shares.into_iter().flat_map(|share| share.join().expect("a share is asked")).collect()
    });
    assert!(unlike.is_empty(), "{} of them:\n{}", unlike.len(), unlike.join("\n"));
}

/// What tshark says to a line of the table, where that is something else.
fn answered_otherwise(line: &Line, options: &[&str]) -> Option<String> {
    let Line { recording, expression, selected, .. } = line;
    let output = Command::new("tshark")
        .env("TZ", "UTC")
        .arg("-r")
        .arg(path(recording))
        .args(options)
        .args(["-Y", expression, "-T", "fields", "-e", "frame.number"])
        .output()
        .expect("tshark runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let theirs = written(text.lines().filter_map(|line| line.parse().ok()));
    let is_same = theirs == *selected && output.status.success();
    (!is_same).then(|| format!("{recording} | {expression} | {theirs}, not {selected}"))
}

#[test]
fn what_is_kept_of_a_recording_is_all_that_it_says_beside_the_frames() {
    let recording = Recording::open(path("tls13-full")).expect("a recording");
    let document = open(&path("tls13-full"), Opening::default());
    let filter = document::filter("tls.handshake.type == 1 or http").expect("a filter");
    let rows = document.rows(&filter, &Progress::new()).expect("nobody stops it");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    extract(&recording, &|id| rows.contains(id), "", &mut file).expect("it is written");
    let part = Recording::open(file.path()).expect("what was kept");
    assert_eq!(part.count(), rows.len());
    assert_eq!(part.secrets_text(), recording.secrets_text());
    assert_eq!(part.comments(), recording.comments());
    assert_eq!(part.names(), recording.names());
    for (kept, id) in (0..part.count()).map(FrameId).zip(rows.iter()) {
        let (kept, frame) = (part.frame(kept), recording.frame(id));
        assert_eq!((kept.time, kept.bytes), (frame.time, frame.bytes));
    }
    assert!(part.problems().is_empty(), "{:?}", part.problems());
}
