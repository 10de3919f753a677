//! Says aloud what a test run does not cover, and why.
//!
//! Tests of other crates take this file in by its path.

#![allow(unreachable_pub)]

use std::fs::OpenOptions;
use std::io::Write;

/// Names a file that gets a line for each test that does not run here. Runners of tests keep what
/// a passing test prints to themselves; `make test` prints this file at the end.
const FILE: &str = "WIRESTAGE_SKIPS";

/// Says that a test does not run here, and why.
pub fn skip(test: &str, why: &str) {
    let line = format!("SKIPPED {test}: {}\n", why.lines().next().unwrap_or_default());
    eprint!("{line}");
    if let Some(path) = std::env::var_os(FILE) {
        let file = OpenOptions::new().create(true).append(true).open(path);
        // In one write: other tests write at the same time.
        file.and_then(|mut file| file.write_all(line.as_bytes())).expect("skips can be noted");
    }
}
