//! One TLS exchange behind every link and in every tunnel, written by somebody else's encoder: what
//! carries it changes nothing that it says.
//!
//! `make test` puts Scapy into `target/scapy`; where it is missing this says so and covers nothing.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use wirestage::document::{Document, Opening, Progress, Windows, sweep};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::{FieldTree, RowText};
use wirestage_dissectors::story::Moment;
use wirestage_tests::{open, root, skip};

/// The interpreter that knows Scapy.
const PYTHON: &str = "target/scapy/bin/python";

/// A way to carry packets, as the script names it.
struct Way {
    name: String,
    /// What it must read like.
    like: String,
    /// How the protocols of its frames begin.
    protocols: String,
}

/// What is said of an exchange, whatever carried it.
#[derive(Debug, PartialEq)]
struct Said {
    /// Of each frame that completes messages: its time, its row, its tree from TCP on.
    messages: Vec<(i64, String, String)>,
    /// The steps of the story, with their times.
    steps: Vec<String>,
    cast: Vec<String>,
    trips: Vec<i64>,
    states: Vec<String>,
}

/// Writes the captures; says why it cannot be done where it cannot.
fn written(folder: &Path) -> Result<Vec<Way>, String> {
    let python = root().join(PYTHON);
    if !python.exists() {
        return Err(format!("{PYTHON} is missing; `make test` makes it from PyPI"));
    }
    let ran = Command::new(python)
        .arg(root().join("tests/scapy/wrap.py"))
        .arg(root().join("assets/recordings/tls13-full/recording.pcapng"))
        .arg(folder)
        .output()
        .expect("the interpreter starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).expect("text");
    let way = |line: &str| {
        let [name, like, protocols] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}: three words are expected");
        };
        let [name, like, protocols] = [name, like, protocols].map(str::to_owned);
        Way { name, like, protocols }
    };
    Ok(text.lines().map(way).collect())
}

/// Opens a capture with the keys of the recording that it was made of.
fn opened(path: &Path, keys: &str) -> Document {
    let mut document = open(path, Opening { chunk: 5, ..Opening::default() });
    document.add_keys(keys);
    document
}

/// Calls for each frame that completes messages, with its number, its row and its tree.
fn each_done(document: &Document, mut call: impl FnMut(FrameId, &str, &str)) {
    let one = |scene: &wirestage_dissectors::describe::Dissection<'_>, frame: FrameId| {
        let (mut row, mut tree) = (RowText::new(), FieldTree::new());
        let column = scene.row(frame, &mut row);
        scene.describe(frame, &mut tree);
        (frame, format!("{column} {}", row.info), tree.to_text())
    };
    sweep(
        document,
        Windows { frames: 3, ..Windows::default() },
        &Progress::new(),
        |scene, share| {
            let done = share.map(FrameId).filter(|frame| scene.completes(*frame));
            done.map(|frame| one(scene, frame)).collect::<Vec<_>>()
        },
        |done| {
            done.iter().for_each(|(frame, row, tree)| call(*frame, row, tree));
            true
        },
    );
}

fn said(document: &Document) -> Said {
    let context = document.context();
    let mut messages = Vec::new();
    each_done(document, |frame, row, tree| {
        let from = tree.rfind("Transmission Control Protocol").expect("TCP is told");
        let time = context.frames.frame(frame).time.0;
        // Where a segment comes in fragments, those that it names have other numbers.
        let names_a_frame = |line: &&str| line.contains("frame: ") || line.contains("in: ");
        let tree: Vec<&str> = tree[from..].lines().filter(|line| !names_a_frame(line)).collect();
        messages.push((time, row.to_owned(), tree.join("\n")));
    });
    let story = document.story(None);
    let time = |moment: &Moment| moment.time.0;
    // A segment in fragments is several packets, and a step that one of them is has more beside it.
    let said = |level| level != wirestage_dissectors::story::Level::Packet;
    let beats = story.beats.iter().filter(|beat| said(beat.level));
    let steps = beats.map(|beat| {
        // When a step was whole is worth a word where fragments of another came between.
        let detail = beat.detail.split(" Its last byte follows").next().unwrap_or_default();
        format!(
            "{:?} {:?}>{:?} {} {} | {} | {} {:?} {:?}",
            beat.level,
            beat.from,
            beat.to,
            beat.label,
            beat.headline,
            detail,
            beat.round_trips,
            beat.protection,
            beat.outcome,
        ) + &format!(" {} {}", time(&beat.sent), time(&beat.ended))
    });
    Said {
        messages,
        steps: steps.collect(),
        cast: story.cast.iter().map(|one| format!("{} {}", one.name, one.address)).collect(),
        trips: story.trips.iter().map(|trip| trip.nanos).collect(),
        states: story.states.iter().map(|one| format!("{:?} {}", one.actor, one.name)).collect(),
    }
}

#[test]
fn whatever_carries_an_exchange_it_says_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let ways = match written(folder.path()) {
        Ok(ways) => ways,
        Err(why) => return skip("links and tunnels as Scapy writes them", &why),
    };
    let sample = root().join("assets/recordings/tls13-full/recording.pcapng");
    let keys = open(&sample, Opening::default()).recording.secrets_text();
    let mut plain: HashMap<String, Said> = HashMap::new();
    for Way { name, like, protocols } in &ways {
        let document = opened(&folder.path().join(name).with_extension("pcap"), &keys);
        each_done(&document, |frame, _, tree| {
            let told = format!("Protocols in frame: {protocols}");
            assert!(
                tree.contains(&told),
                "{name}: {protocols} in frame {}\n{tree}",
                frame.number()
            );
        });
        assert_eq!(
            document.connections.len(),
            1,
            "{name}: one connection, that of the inner hosts"
        );
        let found = said(&document);
        if name == like {
            // The exchange is there at all, and opened.
            let tls: Vec<&str> = found.messages.iter().map(|(_, row, _)| row.as_str()).collect();
            assert!(tls.len() > 5 && tls.iter().any(|row| row.contains("Finished")), "{tls:#?}");
            assert!(found.steps.len() > 20 && found.trips.len() > 1, "{:#?}", found.steps);
            plain.insert(name.clone(), found);
            continue;
        }
        let expected = &plain[like];
        for (found, expected) in found.messages.iter().zip(&expected.messages) {
            assert_eq!(found, expected, "{name}");
        }
        for (found, expected) in found.steps.iter().zip(&expected.steps) {
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(&found, expected, "{name}");
    }
    assert!(ways.len() >= 50, "only {} ways", ways.len());
}
