//! How long finding takes once a recording is surveyed: by columns, by a field that has to be read,
//! and by another value of that field, which is answered from what was kept.
//!
//! ```text
//! cargo bench --package wirestage-tests --bench finding -- CAPTURE [KEYLOG]
//! ```
//!
//! How the whole program compares with tshark is `make bench`.

use std::path::Path;
use std::time::{Duration, Instant};

use wirestage::document::{Document, Opening, Progress, filter};

/// How often each is asked: the best counts.
const RUNS: usize = 5;

/// What columns answer alone.
const BY_COLUMNS: [&str; 3] =
    ["tcp.flags.reset == 1", "tcp.port == 443 and frame.len > 1000", "ip.addr == 10.0.0.0/8"];

/// What has to be read, and the same field with another value.
const READ: [(&str, &str); 2] = [
    ("http.response.code == 404", "http.response.code == 200"),
    ("http2.headers.status == 404", "http2.headers.status == 200"),
];

/// The frames that pass, and how long finding them took.
fn find(document: &Document, expression: &str) -> (u32, Duration) {
    let asked = filter(expression).expect("a filter");
    let begun = Instant::now();
    let rows = document.rows(&asked, &Progress::new()).expect("nobody cancels");
    (rows.len(), begun.elapsed())
}

fn open(path: &str, keys: Option<&str>) -> Document {
    let mut document = wirestage_tests::open(Path::new(path), Opening::default());
    if let Some(keys) = keys {
        document.add_keys(keys);
    }
    document
}

fn tell(what: &str, found: impl Iterator<Item = (u32, Duration)>) {
    let best = found.min_by_key(|(_, took)| *took);
    let (frames, took) = best.unwrap_or_default();
    eprintln!("{what:<40} {:>10.3} ms  {frames} frames", took.as_secs_f64() * 1e3);
}

fn main() {
    // cargo puts words of its own before and behind.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let Some(path) = words.next() else {
        eprintln!("no capture is named: cargo bench --bench finding -- CAPTURE [KEYLOG]");
        return;
    };
    let keys = words.next().map(|keys| std::fs::read_to_string(keys).expect("a key log"));
    let document = open(&path, keys.as_deref());
    eprintln!("{path}: {} frames", document.survey.frame_count());
    for expression in BY_COLUMNS {
        tell(expression, (0..RUNS).map(|_| find(&document, expression)));
    }
    for (first, other) in READ {
        let cold = (0..RUNS).map(|_| find(&open(&path, keys.as_deref()), first));
        tell(&format!("{first}, cold"), cold);
        find(&document, first);
        tell(&format!("{other}, after it"), (0..RUNS).map(|_| find(&document, other)));
    }
}
