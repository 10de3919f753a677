//! A bounded run of each target, in whatever build the tests are: nothing panics, and every way of
//! reading says the same.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_fuzz::input::{Break, Input};
use wirestage_fuzz::run::{Now, Report, Until, replay, run};
use wirestage_fuzz::seeds::TARGETS;
use wirestage_fuzz::store;

/// Cases beyond the seeds.
const CASES: u64 = 2_000;

fn check(name: &str) {
    let report = tried(name, CASES);
    // Seeds that nobody reads, or changes that teach nothing, would try nothing.
    assert!(report.told > 500 && report.kept > 40, "{} told, {} kept", report.told, report.kept);
}

/// Tries the seeds of a target and so many cases more.
fn tried(name: &str, cases: u64) -> Report {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{name} begins with nothing");
    let cases = seeds.len() as u64 + cases;
    let report = run(seeds, 1, Until::Cases(cases), &Now::default());
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(report.cases, cases);
    report
}

#[test]
fn links() {
    check("links");
}

#[test]
fn tunnels() {
    check("tunnels");
}

#[test]
fn fragments() {
    check("fragments");
}

#[test]
fn icmp() {
    check("icmp");
}

#[test]
fn datagrams() {
    check("datagrams");
}

#[test]
fn dialogues() {
    check("dialogues");
}

#[test]
fn readers_and_protocols_one_by_one() {
    for target in TARGETS.iter().skip(6) {
        let report = tried(target.name, 100);
        assert!(report.kept > 2, "{}: {} kept", target.name, report.kept);
    }
}

#[test]
fn the_same_seed_tries_the_same() {
    let told = |seed| {
        let report = run((TARGETS[3].seeds)(), seed, Until::Cases(300), &Now::default());
        (report.told, report.kept)
    };
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

/// Link, length on the wire and bytes of all frames.
fn frames(input: &Input) -> Vec<(u16, u32, Vec<u8>)> {
    let frames = input.frames();
    let all = (0..frames.count()).map(|at| frames.frame(FrameId(at)));
    all.map(|frame| (frame.link.0, frame.wire_len, frame.bytes.to_vec())).collect()
}

#[test]
fn what_was_found_can_be_kept_as_a_capture_and_looked_at_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.pcapng");
    for target in TARGETS {
        let seeds: Vec<Input> = (target.seeds)();
        let several = seeds.iter().find(|one| one.frames().count() > 1);
        let mut input = several.expect("a seed of several frames").clone();
        input.breaks = vec![Break::Interface(1, 1), Break::Wire(0, 5_000)];
        store::write(&input, &path).expect("a capture");
        replay(&path).expect("nothing is wrong with it");
        let again = store::read(&path, u32::MAX).expect("a capture");
        assert_eq!(frames(&again), frames(&input), "{}", target.name);
        // Interfaces may be numbered anew: each has one link in a file.
        let interface = |at| again.frames().frame(FrameId(at)).interface;
        assert_ne!(interface(0), interface(1), "{}", target.name);
    }
}
