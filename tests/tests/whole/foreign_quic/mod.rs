//! QUIC as others speak it, recorded live: what their programs say of themselves, in logs and on
//! disk, is held against what is read out of the packets.

mod aioquic;
mod ngtcp2;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use tempfile::TempDir;
use wirestage::document::{Document, Opening, Progress, Windows};
use wirestage::export::qlog::{self, Version};
use wirestage_captures::lab::{Way, probe};
use wirestage_dissectors::story::{BeatId, Level};
use wirestage_tests::program::run;
use wirestage_tests::{open, skip};

/// What was recorded, and the folder in which both ends have left what they say of it.
struct Recorded {
    folder: TempDir,
    document: Document,
}

/// How often there is something of a kind: a packet's type, or a frame's, by who sent it.
type Counts = BTreeMap<(Side, String), u64>;

/// Who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Client,
    Server,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// A folder with a certificate for `localhost` and its key; nothing where no lab can be had.
fn stage(test: &str) -> Option<TempDir> {
    if let Way::HostLoopback { because } | Way::Refused(because) = probe() {
        skip(test, &because.to_string());
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.path().join("cert.pem"), made.cert.pem()).expect("a file");
    fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    Some(folder)
}

/// A path as a word of a command.
fn word(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

impl Recorded {
    /// Records a command, and perhaps a server that it asks, with the keys that they log.
    fn of(folder: TempDir, server: Option<&str>, command: &[&str]) -> Self {
        let path = folder.path().join("recording.pcapng");
        let with: Vec<&str> = server.into_iter().flat_map(|server| ["--with", server]).collect();
        let words = [&["run", "-o", word(&path)][..], &with, &["--"], command].concat();
        run(&words).done();
        Self { document: open(&path, Opening::default()), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the requests were: method, path, status, and how long the answers are.
    fn requests(&self) -> Vec<(String, String, Option<u16>, u64)> {
        let requests = self.document.requests(Windows::default(), &Progress::new());
        let rows = requests.expect("nobody stops it").rows;
        let row = rows.iter().map(|row| {
            assert_eq!((&*row.version, row.trouble().is_none()), ("HTTP/3", true), "{row:?}");
            let len = row.answer.as_ref().map_or(0, |answer| answer.body);
            (row.method.to_string(), row.path.to_string(), row.status, len)
        });
        row.collect()
    }

    /// Digests of all contents that were sent, in order of their digits.
    fn contents(&self) -> Vec<String> {
        let into = self.path("contents");
        run(&["export", word(&self.path("recording.pcapng")), "--bodies", word(&into)]).done();
        let files = fs::read_dir(into).expect("a folder").map(|entry| {
            let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
            hex(digest(&SHA256, &bytes).as_ref())
        });
        let mut found: Vec<_> = files.collect();
        found.sort();
        found
    }

    /// How often a bead stands in the story, which says `part` of it.
    fn told(&self, bead: &str, part: &str) -> usize {
        let story = self.document.story(None);
        let flights = story.beats.iter().zip(0..).filter(|(beat, _)| beat.level == Level::Flight);
        let fits = |(beat, at): &(&wirestage_dissectors::story::Beat, u32)| {
            let doings = story.doings(BeatId(*at));
            let doings: String = doings.iter().map(|doing| format!(" {}.", doing.told())).collect();
            let said = format!("{}. {}{doings}", beat.headline, beat.detail);
            // Behind it stand the path that it takes, or what else its packet holds.
            let is_it = |one: &str| {
                let rest = one.strip_prefix(bead);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
            };
            beat.label.split(" · ").any(is_it) && said.contains(part)
        };
        flights.filter(fits).count()
    }

    /// How many frames pass a filter.
    fn passing(&self, filter: &str) -> usize {
        let shown = run(&["show", word(&self.path("recording.pcapng")), "--filter", filter]).done();
        shown.text().lines().count()
    }

    /// The connections of the recording, each as the texts of a log of it.
    fn logs(&self) -> Vec<Vec<Value>> {
        let path = self.path("own.sqlog");
        let ground = self.document.ground();
        let put = qlog::put(&ground, |_| true, Version::Old, &path, &Progress::new());
        let logs = put.expect("it can be written").into_iter().map(|one| {
            let text = fs::read_to_string(one.path).expect("it was just written");
            let texts = text.split('\u{1e}').skip(1);
            texts.map(|text| serde_json::from_str(text).expect("each text is JSON")).collect()
        });
        logs.collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Packets of a log that are there with their frames, and these frames, counted; and how many
/// packets no key opens. `own` is who wrote it, or the client, whose side ours take.
fn counted(events: &[Value], own: Side) -> (Counts, u64) {
    let (mut counts, mut sealed) = (Counts::new(), 0);
    for event in events {
        let from = match event["name"].as_str().and_then(|name| name.split(':').nth(1)) {
            Some("packet_sent") => own,
            Some("packet_received") => own.other(),
            _ => continue,
        };
        let data = &event["data"];
        let kind = data["header"]["packet_type"].as_str().expect("a type");
        // An endpoint that sends one has no connection yet, and so no log.
        if matches!(kind, "retry" | "version_negotiation") {
            continue;
        }
        let Some(frames) = data["frames"].as_array() else {
            sealed += 1;
            continue;
        };
        let kinds = frames.iter().map(|frame| frame["frame_type"].as_str().expect("a type"));
        for one in kinds.chain([kind]) {
            *counts.entry((from, one.to_owned())).or_default() += 1;
        }
    }
    (counts, sealed)
}
