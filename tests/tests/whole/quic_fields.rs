//! Holds fields of QUIC, of HTTP/3 and of the TLS inside against what tshark 4.6 says of the
//! samples.
//!
//! Few machines have a tshark that reads HTTP/3's header fields, so its answers stand in
//! `referee/quic/`: for each sample a file with a line for each frame, which names fields and their
//! values. `referee/quic/fields.txt` lists the fields that are compared, and those that are not,
//! each with its reason. With `WIRESTAGE_TSHARK46` naming such a tshark the answers are written
//! anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wirestage::cli::show::{Beside, Format, Show};
use wirestage::document::{About, Called, Document, Progress, Windows};
use wirestage_captures::Recording;
use wirestage_dissectors::registry::standard;
use wirestage_tests::{root, samples, skip};

/// The fewest fields that have to agree somewhere, and those of them that have two values at least.
const FEWEST: usize = 120;
const FEWEST_WITH_TWO: usize = 75;

/// A value of more characters stands as its length and a sum over it.
const LONGEST: usize = 48;

/// Mismatches that are printed in full.
const SHOWN: usize = 40;

/// The samples that speak QUIC. Of both ends of a link tshark makes one connection, in which every
/// packet is a repetition, so those are left out.
fn recordings() -> Vec<(String, PathBuf)> {
    let speaks = |name: &str| name.starts_with("quic-") || name.starts_with("http3-");
    let all = samples().into_iter().filter(|(name, _)| speaks(name));
    let all = all.map(|(name, folder)| (name, folder.join("recording.pcapng")));
    let is_on_link = |file: &Path| {
        let recording = Recording::open(file).expect("the recording opens");
        About::of(&recording).link.is_some()
    };
    all.filter(|(_, file)| !is_on_link(file)).collect()
}

fn folder() -> PathBuf {
    root().join("tests/referee/quic")
}

/// A sum over a text, or over a file (FNV-1a).
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A value as it is compared: tshark 4.6 says True and False.
fn comparable(value: &str) -> String {
    let parts = value.split(',').map(|part| match part {
        "True" => "1",
        "False" => "0",
        other => other,
    });
    let value = parts.collect::<Vec<_>>().join(",");
    match value.chars().count() {
        0..=LONGEST => value,
        len => format!("{len}:{:016x}", sum(value.as_bytes())),
    }
}

/// The fields of the list: those that are compared, and those that are not with their reasons.
fn listed() -> (Vec<String>, BTreeMap<String, String>) {
    let text = fs::read_to_string(folder().join("fields.txt")).expect("the list");
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let (mut compared, mut left_out) = (Vec::new(), BTreeMap::new());
    for line in lines {
        match line.split_once(char::is_whitespace) {
            Some((name, reason)) => {
                left_out.insert(name.to_owned(), reason.trim().to_owned());
            }
            None => compared.push(line.to_owned()),
        }
    }
    (compared, left_out)
}

/// What we say of each frame: the fields that have a value.
fn ours(file: &Path, names: &[String]) -> Vec<BTreeMap<String, String>> {
    let document = Document::open(file, &Progress::new()).expect("the recording opens");
    let show = Show {
        files: vec![file.to_owned()],
        beside: Beside::default(),
        frame: None,
        format: Format::Rows,
        fields: names.to_vec(),
        filter: None,
        hosts: Called::Addresses,
    };
    let mut out = Vec::new();
    show.print(&document, &Progress::new(), Windows::default(), &mut out).expect("it prints");
    String::from_utf8(out).expect("text").lines().map(|line| answers(names, line)).collect()
}

/// The values of a line, by field.
fn answers(names: &[String], line: &str) -> BTreeMap<String, String> {
    let pairs = names.iter().zip(line.split('\t')).filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| (name.clone(), comparable(value))).collect()
}

/// Asks tshark, and writes its answers down.
fn ask(tshark: &str, name: &str, file: &Path, names: &[String]) {
    let mut command = Command::new(tshark);
    command.env("TZ", "UTC").arg("-n").arg("-r").arg(file).args(["-T", "fields"]);
    command.args(["-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"]);
    command.args(names.iter().flat_map(|name| ["-e", name.as_str()]));
    let output = command.output().expect("tshark runs");
    assert!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(file).expect("the recording");
    let mut text = format!("# tshark 4.6 of {name}, whose sum is {:016x}\n", sum(&bytes));
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let said = answers(names, line);
        let said = said.iter().map(|(name, value)| format!("{name}={value}"));
        writeln!(text, "{}", said.collect::<Vec<_>>().join("\t")).expect("text grows");
    }
    fs::write(folder().join(format!("{name}.tsv")), text).expect("the answers are written");
}

/// What tshark said of each frame; nothing where it was asked about another recording.
fn theirs(name: &str, file: &Path) -> Option<Vec<BTreeMap<String, String>>> {
    let text = fs::read_to_string(folder().join(format!("{name}.tsv"))).ok()?;
    let (first, rest) = text.split_once('\n')?;
    let bytes = fs::read(file).expect("the recording");
    if !first.ends_with(&format!("{:016x}", sum(&bytes))) {
        return None;
    }
    let pairs = |line: &str| {
        let pairs = line.split('\t').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    Some(rest.lines().map(pairs).collect())
}

/// Frames in which tshark is no judge, by recording, with the reason.
const UNLIKE: &[(&str, &[usize], &str)] = &[(
    "quic-retry",
    &[3, 4],
    "it leaves the fixed bit of a Retry out, and shows no ClientHello behind one",
)];

#[test]
fn fields_are_what_tshark_4_6_says() {
    let (compared, left_out) = listed();
    for name in compared.iter().chain(left_out.keys()) {
        assert!(standard().fields_named(name).next().is_some(), "{name} is no field of ours");
    }
    assert!(left_out.values().all(|reason| reason.split_whitespace().count() > 3));
    let asked = std::env::var("WIRESTAGE_TSHARK46").ok();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut mismatches, mut values, mut judged) = (Vec::new(), 0, 0);
    for (name, file) in recordings() {
        if let Some(tshark) = &asked {
            ask(tshark, &name, &file, &compared);
        }
        let Some(theirs) = theirs(&name, &file) else {
            skip("fields_are_what_tshark_4_6_says", &format!("{name} is newer than its answers"));
            continue;
        };
        judged += 1;
        let ours = ours(&file, &compared);
        assert_eq!(ours.len(), theirs.len(), "{name}: frames");
        let unlike = UNLIKE.iter().find(|(recording, ..)| *recording == name);
        for (frame, (theirs, ours)) in (1..).zip(theirs.iter().zip(&ours)) {
            if unlike.is_some_and(|(_, frames, _)| frames.contains(&frame)) {
                continue;
            }
            let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
            for field in names {
                values += 1;
                match (theirs.get(field), ours.get(field)) {
                    (Some(one), Some(other)) if one == other => {
                        seen.entry(field.clone()).or_default().insert(one.clone());
                    }
                    (one, other) => mismatches.push(format!(
                        "{name} frame {frame} {field}: tshark {one:?}, ours {other:?}"
                    )),
                }
            }
        }
    }
    let with_two = seen.values().filter(|values| values.len() > 1).count();
    eprintln!(
        "{values} values of {} fields, {with_two} of them with two values, over {judged} recordings",
        seen.len()
    );
    let shown = &mismatches[..mismatches.len().min(SHOWN)];
    assert!(mismatches.is_empty(), "{} differ, such as:\n{}", mismatches.len(), shown.join("\n"));
    let unseen: Vec<&String> = compared.iter().filter(|name| !seen.contains_key(*name)).collect();
    if judged == recordings().len() {
        assert!(unseen.is_empty(), "listed, and in no recording: {unseen:?}");
        assert!(seen.len() >= FEWEST && with_two >= FEWEST_WITH_TWO, "{} {with_two}", seen.len());
    }
    assert!(judged > 0, "no answers fit: ask tshark anew");
}
