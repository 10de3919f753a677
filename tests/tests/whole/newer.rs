//! Holds fields against what tshark 4.6 says of recordings, where few machines have such a tshark:
//! its answers stand in a folder of `referee/`, for each recording a file with a line for each
//! frame, which names fields and their values. `fields.txt` beside them lists the fields that are
//! compared, and those that are not, each with its reason. With `WIRESTAGE_TSHARK46` naming such a
//! tshark the answers are written anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wirestage::document::About;
use wirestage_captures::Recording;
use wirestage_dissectors::registry::standard;
use wirestage_tests::{root, samples, skip};

use super::referee::rows;

/// A value of more characters stands as its length and a sum over it.
const LONGEST: usize = 48;

/// Mismatches that are printed in full.
const SHOWN: usize = 40;

/// Fields of one kind, and the recordings in which they are held against tshark's.
pub(crate) struct Set {
    /// The folder of `referee/` with the list and the answers.
    pub(crate) folder: &'static str,
    /// The recordings, each with a name.
    pub(crate) recordings: Vec<(String, PathBuf)>,
    /// Frames in which tshark is no judge, by recording, with the reason.
    pub(crate) unlike: &'static [(&'static str, &'static [usize], &'static str)],
    /// The fewest fields that have to agree somewhere.
    pub(crate) fewest: usize,
    /// Of them those that have to do so with two values, and to be left out by both somewhere.
    pub(crate) fewest_with_two: usize,
}

/// The samples of this kind. Of both ends of a link tshark makes one connection, in which every
/// packet is a repetition, so those are left out.
pub(crate) fn samples_that(are_meant: impl Fn(&str) -> bool) -> Vec<(String, PathBuf)> {
    let all = samples().into_iter().filter(|(name, _)| are_meant(name));
    let all = all.map(|(name, folder)| (name, folder.join("recording.pcapng")));
    let is_on_link = |file: &Path| {
        let recording = Recording::open(file).expect("the recording opens");
        About::of(&recording).link.is_some()
    };
    all.filter(|(_, file)| !is_on_link(file)).collect()
}

impl Set {
    fn file(&self, name: &str) -> PathBuf {
        root().join("tests/referee").join(self.folder).join(name)
    }

    /// The fields of the list: those that are compared, and those that are not with their reasons.
    fn listed(&self) -> (Vec<String>, BTreeMap<String, String>) {
        let text = fs::read_to_string(self.file("fields.txt")).expect("the list");
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

    /// Asks tshark, and writes its answers down.
    fn ask(&self, tshark: &str, name: &str, file: &Path, names: &[String]) {
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
        fs::write(self.file(&format!("{name}.tsv")), text).expect("the answers are written");
    }

    /// What tshark said of each frame; nothing where it was asked about another recording.
    fn theirs(&self, name: &str, file: &Path) -> Option<Vec<Answers>> {
        let text = fs::read_to_string(self.file(&format!("{name}.tsv"))).ok()?;
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

    /// Holds every recording against its answers, and fails where anything differs.
    pub(crate) fn hold(&self, test: &str) {
        let (compared, left_out) = self.listed();
        for name in compared.iter().chain(left_out.keys()) {
            assert!(standard().fields_named(name).next().is_some(), "{name} is no field of ours");
        }
        assert!(left_out.values().all(|reason| reason.split_whitespace().count() > 3));
        let asked = std::env::var("WIRESTAGE_TSHARK46").ok();
        let mut seen = Seen::default();
        let mut judged = 0;
        for (name, file) in &self.recordings {
            if let Some(tshark) = &asked {
                self.ask(tshark, name, file, &compared);
            }
            let Some(theirs) = self.theirs(name, file) else {
                skip(test, &format!("{name} is newer than its answers"));
                continue;
            };
            judged += 1;
            let ours = ours(file, &compared);
            assert_eq!(ours.len(), theirs.len(), "{name}: frames");
            let unlike = self.unlike.iter().find(|(recording, ..)| recording == name);
            for (frame, (theirs, ours)) in (1..).zip(theirs.iter().zip(&ours)) {
                if !unlike.is_some_and(|(_, frames, _)| frames.contains(&frame)) {
                    seen.frame(&format!("{name} frame {frame}"), &compared, (theirs, ours));
                }
            }
        }
        let with_two = seen.with_two();
        eprintln!(
            "{} values of {} fields, {with_two} of them with two values and left out by both \
             somewhere, over {judged} recordings",
            seen.values,
            seen.fields.len()
        );
        let Seen { mismatches, fields, .. } = &seen;
        let shown = &mismatches[..mismatches.len().min(SHOWN)];
        assert!(mismatches.is_empty(), "{} differ:\n{}", mismatches.len(), shown.join("\n"));
        let unseen: Vec<_> = compared.iter().filter(|name| !fields.contains_key(*name)).collect();
        if judged == self.recordings.len() {
            assert!(unseen.is_empty(), "listed, and in no recording: {unseen:?}");
            let enough = fields.len() >= self.fewest && with_two >= self.fewest_with_two;
            assert!(enough, "only {} and {with_two}", fields.len());
        }
        assert!(judged > 0, "no answers fit: ask tshark anew");
    }
}

/// The fields of a frame that have a value.
type Answers = BTreeMap<String, String>;

/// What was found so far.
#[derive(Default)]
struct Seen {
    values: usize,
    /// Of each field that agreed, its values.
    fields: BTreeMap<String, BTreeSet<String>>,
    /// The fields that both left out somewhere.
    left_out: BTreeSet<String>,
    mismatches: Vec<String>,
}

impl Seen {
    fn frame(&mut self, place: &str, compared: &[String], (theirs, ours): (&Answers, &Answers)) {
        for field in compared {
            match (theirs.get(field), ours.get(field)) {
                (None, None) => {
                    self.left_out.insert(field.clone());
                    continue;
                }
                (Some(one), Some(other)) if one == other => {
                    self.fields.entry(field.clone()).or_default().insert(one.clone());
                }
                (one, other) => {
                    self.mismatches.push(format!("{place} {field}: tshark {one:?}, ours {other:?}"))
                }
            }
            self.values += 1;
        }
    }

    /// How many fields agreed with two values and were left out by both somewhere.
    fn with_two(&self) -> usize {
        let is_sure = |(name, values): &(&String, &BTreeSet<String>)| {
            values.len() > 1 && self.left_out.contains(*name)
        };
        self.fields.iter().filter(is_sure).count()
    }
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

/// What we say of each frame: the fields that have a value.
fn ours(file: &Path, names: &[String]) -> Vec<Answers> {
    rows(file, names).iter().map(|line| answers(names, line)).collect()
}

/// The values of a line, by field.
fn answers(names: &[String], line: &str) -> Answers {
    let pairs = names.iter().zip(line.split('\t')).filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| (name.clone(), comparable(value))).collect()
}
