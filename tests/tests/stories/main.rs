//! Every scenario's story equals what its client and server say they did.
//!
//! The transcript in a recording comes from the programs that talked, out of return values and
//! callbacks. Here the same entries are found out of the recorded bytes alone, by our dissection
//! and our story, and must be equal fact for fact. So that this proves something, each transcript
//! is also changed in every single place: none of the changed ones may still be taken for true.
//!
//! The samples of the repository are checked, and every scenario is recorded anew where this
//! machine allows it. The program is its own child for that, which is why it is no ordinary test.

#![allow(clippy::print_stdout)] // This is its own test harness.

mod oracle;
mod twins;

use std::path::PathBuf;
use std::process::ExitCode;

use tempfile::TempDir;
use wirestage::document::{Document, Opening, Progress};
use wirestage::record::{self, Setup, State};
use wirestage_captures::lab::{self, Way};
use wirestage_generators::{Entry, SCENARIOS, Transcript};
use wirestage_tests::{open, samples, skip};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("lab-child") {
        return wirestage::cli::main();
    }
    // What cargo-nextest asks of a test program: the names of its tests, and those left out.
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    if asked("--list") {
        if !asked("--ignored") {
            TESTS.iter().for_each(|(name, _)| println!("{name}: test"));
        }
        return ExitCode::SUCCESS;
    }
    let named = |name: &str| std::env::args().skip(1).any(|argument| argument == name);
    let is_one_named = TESTS.iter().any(|(name, _)| named(name));
    TESTS.iter().filter(|(name, _)| !is_one_named || named(name)).for_each(|(_, test)| test());
    ExitCode::SUCCESS
}

/// The tests of this program by their names.
const TESTS: [(&str, fn()); 2] = [("stories", stories), ("twins", twins::check_all)];

/// All samples, and every scenario recorded anew.
fn stories() {
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        check(&format!("sample {name}"), &document);
    }
    match lab::probe() {
        Way::Refused(why) => skip("live recordings", &why.to_string()),
        _ => live(),
    }
}

/// Records every scenario of the catalogue, on the loopback or the link that it asks for, with
/// every choice that its link depends on, and over a link of ours; and checks each recording.
fn live() {
    for scenario in SCENARIOS {
        play(&Setup::of(scenario), "");
        let of_link = scenario.link.iter().flat_map(|link| link.by_choice);
        let choices = of_link.filter(|(knob, choice, _)| {
            scenario.knob(knob).is_some_and(|knob| knob.default != *choice)
        });
        for (knob, choice, _) in choices {
            let knobs = vec![((*knob).to_owned(), (*choice).to_owned())];
            play(&Setup { knobs, ..Setup::of(scenario) }, choice);
        }
    }
    let (scenario, key) = ("tls13-ech-accepted", "replaced");
    let scenario = wirestage_generators::find(scenario).expect("it is in the catalogue");
    let knobs = vec![("key".to_owned(), key.to_owned())];
    play(&Setup { knobs, ..Setup::of(scenario) }, key);
    match lab::probe() {
        Way::Namespace => {
            for scenario in SCENARIOS.iter().filter(|scenario| !scenario.stands_apart()) {
                let link = Some("rtt=10ms".to_owned());
                play(&Setup { link, ..Setup::of(scenario) }, "over a link");
            }
        }
        Way::HostLoopback { because } | Way::Refused(because) => {
            skip("recordings over a link", &because.to_string());
        }
    }
}

/// Records a scenario and checks the recording.
fn play(setup: &Setup, how: &str) {
    let Some((_folder, path)) = recorded(setup, how) else { return };
    let document = Document::open(&path, &Progress::new()).expect("it can be read");
    check(&format!("live {} {how}", setup.scenario.name), &document);
}

/// Records a scenario into a folder of its own; nothing where this machine does not allow it.
fn recorded(setup: &Setup, how: &str) -> Option<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir().expect("a folder for a recording");
    let name = setup.scenario.name;
    let mut job = match (record::start(setup, || {}), lab::probe()) {
        (Ok(job), _) => job,
        (Err(trouble), Way::HostLoopback { .. } | Way::Refused(_))
            if setup.scenario.stands_apart() || setup.link.is_some() =>
        {
            skip(name, &trouble.to_string());
            return None;
        }
        (Err(trouble), _) => panic!("{name}: {trouble}"),
    };
    let state = job.wait().expect("what the child writes is a recording");
    match &state {
        State::Failed(trouble)
            if trouble.cause.ends_with("which is not installed")
                || trouble.cause.starts_with("A local network is refused") =>
        {
            skip(name, &trouble.to_string());
            return None;
        }
        _ => {}
    }
    assert_eq!(state, State::Done, "{name} {how}");
    let path = folder.path().join(name);
    record::save(job.recording(), &path).expect("it can be stored");
    Some((folder, path))
}

/// Holds the story of a recording against the transcript in it, and against every transcript
/// that differs from it in one place.
fn check(name: &str, document: &Document) {
    let about = document.about();
    let text = about.transcript.unwrap_or_else(|| panic!("{name} has no transcript"));
    let said: Transcript = serde_json::from_str(&text).expect("a transcript is JSON");
    assert!(!said.entries.is_empty(), "{name}: nothing was said");
    let found = oracle::transcript(document);
    if let Some((said, found)) = difference(&said, &found) {
        panic!("{name}\n  the programs say  {said}\n  the bytes say     {found}");
    }
    let mut changed = 0;
    for other in changes(&said) {
        assert!(difference(&other, &found).is_some(), "{name}: a false transcript went through");
        changed += 1;
    }
    println!("{name}: {} entries, {changed} false ones found out", said.entries.len());
}

/// The first place where two transcripts differ.
fn difference(said: &Transcript, found: &Transcript) -> Option<(String, String)> {
    let longest = said.entries.len().max(found.entries.len());
    let entry = |transcript: &Transcript, at: usize| match transcript.entries.get(at) {
        Some(Entry { role, step, facts }) => format!("{role} {step} {facts:?}"),
        None => "nothing more".to_owned(),
    };
    (0..longest).map(|at| (entry(said, at), entry(found, at))).find(|(said, found)| said != found)
}

/// All transcripts that differ from this one in one place: an entry less, an entry twice, two
/// changed about, a role, a step or a fact that is another.
fn changes(said: &Transcript) -> Vec<Transcript> {
    let mut all = Vec::new();
    for at in 0..said.entries.len() {
        let mut change = |change: &dyn Fn(&mut Vec<Entry>)| {
            let mut other = said.clone();
            change(&mut other.entries);
            all.push(other);
        };
        change(&|entries| drop(entries.remove(at)));
        change(&|entries| entries.insert(at, entries[at].clone()));
        change(&|entries| entries[at].role.push('x'));
        change(&|entries| entries[at].step.push('x'));
        for fact in said.entries[at].facts.keys() {
            change(&|entries| drop(entries[at].facts.remove(fact)));
            change(&|entries| {
                entries[at].facts.entry(fact.clone()).or_default().push('x');
            });
        }
        if said.entries.get(at + 1).is_some_and(|next| *next != said.entries[at]) {
            change(&|entries| entries.swap(at, at + 1));
        }
    }
    all
}
