//! Whatever happens to the packets of QUIC on their way, its streams are the same.
//!
//! ```text
//!   recording ── lost, again, swapped, joined, parted ──> twins ──> streams, headers, bodies
//!       └─ transcript: hashes of what both programs sent and got ─────────────┘ equal
//! ```
//!
//! What gets lost is not taken away by us: a link loses it, and what its sender sent again in
//! another packet stands in the recording. Both ends of the link were recorded, so that each of
//! them, what left and what arrived are four recordings of one connection.

mod capture;
mod datagram;

use std::path::Path;

use tempfile::TempDir;
use wirestage::document::{Document, Opening, Progress, Windows};
use wirestage::record::Setup;
use wirestage_generators::{Transcript, find};
use wirestage_tests::{open, samples};

use super::{oracle, recorded};
use capture::Capture;

/// What is recorded anew over a link that loses one packet in eight.
const LOSSY: [&str; 3] = ["http3-multiplexing", "http3-get", "quic-1rtt"];
const LINK: &str = "rtt=20ms,loss=12%,seed=5";

/// How far packets come out of order, and how often each recording is shuffled.
const WINDOW: usize = 5;
const SHUFFLES: u64 = 3;

/// Holds the twins of all samples of QUIC against their transcripts, and of recordings over a link
/// that loses packets.
pub(super) fn check_all() {
    let mut checked = 0;
    for (name, folder) in samples() {
        let path = folder.join("recording.pcapng");
        if facts(&said(&open(&path, Opening::default()))).is_empty() {
            continue;
        }
        check(&name, &path);
        checked += 1;
    }
    assert!(checked > 10, "only {checked} samples have streams of QUIC");
    for name in LOSSY {
        let link = Some(LINK.to_owned());
        let scenario = find(name).expect("it is in the catalogue");
        let Some((_folder, path)) = recorded(&Setup { link, ..Setup::of(scenario) }, "lossy")
        else {
            return;
        };
        let lost = check(name, &path);
        println!("{name}: the link lost {lost} packets");
    }
}

/// Holds every twin of a recording against what its programs said. How many of its packets never
/// arrived.
fn check(name: &str, path: &Path) -> usize {
    let whole = Capture::read(&std::fs::read(path).expect("a recording"));
    let expected = facts(&said(&open(path, Opening::default())));
    let mut requests = None;
    let views = whole.views();
    let counts = || views.iter().map(|(_, view)| view.packets.len());
    let lost = counts().max().unwrap_or(0) - counts().min().unwrap_or(0);
    for (way, view) in &views {
        for (what, twin) in twins(view) {
            let name = format!("{name}, {way}, {what}");
            let folder = tempfile::tempdir().expect("a folder");
            let document = kept(&twin, &folder);
            let found = facts(&oracle::transcript(&document));
            assert_eq!(found, expected, "{name}");
            let asked = asked(&document);
            assert_eq!(requests.get_or_insert_with(|| asked.clone()), &asked, "{name}");
        }
    }
    lost
}

/// What can happen to the packets of a recording.
fn twins(view: &Capture) -> Vec<(String, Capture)> {
    let joined = view.joined();
    let mut found = vec![
        ("as it is".to_owned(), view.clone()),
        ("again".to_owned(), view.again()),
        ("neighbours swapped".to_owned(), view.swapped(0)),
        ("other neighbours swapped".to_owned(), view.swapped(1)),
        ("parted".to_owned(), view.parted()),
        ("joined".to_owned(), joined.clone()),
        ("joined and swapped".to_owned(), joined.swapped(0)),
    ];
    for seed in 1..=SHUFFLES {
        found.push((format!("shuffled with {seed}"), view.shuffled(seed, WINDOW)));
        let all = view.parted().again().shuffled(seed, WINDOW);
        found.push((format!("parted, again and shuffled with {seed}"), all));
    }
    found
}

/// A twin as a document.
fn kept(twin: &Capture, folder: &TempDir) -> Document {
    let path = folder.path().join("twin.pcapng");
    std::fs::write(&path, twin.write()).expect("there is room");
    open(&path, Opening::default())
}

/// What the programs of a recording said.
fn said(document: &Document) -> Transcript {
    let text = document.about().transcript.expect("a transcript");
    serde_json::from_str(&text).expect("a transcript is JSON")
}

/// What a transcript says of streams, and of what HTTP/3 makes of them, in one order: with the
/// hashes of streams, headers and bodies. Of a stream it is what its sender says: whether the other
/// side had still heard of it at an end without words follows from the order of packets.
fn facts(transcript: &Transcript) -> Vec<String> {
    let all = &transcript.entries;
    let is_http = all.iter().any(|entry| entry.protocol() == "http3");
    let wanted = if is_http { "http3." } else { "quic.stream.sent" };
    let own = all.iter().filter(|entry| entry.step.starts_with(wanted));
    let mut found: Vec<_> =
        own.map(|entry| format!("{} {} {:?}", entry.role, entry.step, entry.facts)).collect();
    found.sort();
    found
}

/// A request as the list of requests has it: question, status, and how long the answer is.
type Asked = (String, String, Option<u16>, Option<u64>);

/// All of a document, in one order.
fn asked(document: &Document) -> Vec<Asked> {
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    let one = requests.rows.iter().map(|row| {
        let len = row.answer.as_ref().map(|answer| answer.body);
        (row.method.to_string(), row.path.to_string(), row.status, len)
    });
    let mut found: Vec<_> = one.collect();
    found.sort();
    found
}
