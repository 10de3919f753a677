//! Holds our fields against tshark's, frame by frame and value by value.
//!
//! What tshark is asked stands in `referee/options.txt`. Which fields are compared is tshark's
//! choice, not ours: every field that it emits for a recording in the protocols below, but those
//! that `referee/lacking.txt` names with a reason. A field that is missing and not listed fails the
//! test, and so does one that is listed and no longer missing. Where tshark is no judge of a
//! recording's fields, `referee/unlike.txt` says so and why. `referee/agreed.txt` names fields that
//! agree with different values and where they are left out; `WIRESTAGE_AGREED=FILE` writes all
//! such.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use wirestage::cli::show::{Beside, Format, Show};
use wirestage::document::{About, Called, Document, Progress, Windows};
use wirestage_captures::Recording;
use wirestage_dissectors::registry::standard;
use wirestage_generators::{Group, SCENARIOS, Scenario};
use wirestage_tests::{root, samples, skip};

/// The protocols whose fields are compared, by the beginnings of their fields' names.
const PROTOCOLS: [&str; 19] = [
    "frame.",
    "eth.",
    "vlan.",
    "arp.",
    "ip.",
    "ipv6.",
    "tcp.",
    "udp.",
    "tls.",
    "http.",
    "http2.",
    "dns.",
    "grpc.",
    "websocket.",
    "urlencoded-form.",
    "x509af.",
    "x509ce.",
    "x509if.",
    "x509sat.",
];

/// At least so many fields have to be compared, each with a value somewhere.
const FEWEST_FIELDS: usize = 70;

/// Mismatches that are printed in full.
const SHOWN: usize = 40;

/// Behind the name of a recording that a test has made, and in which segments are repeated or come
/// out of order: what tshark calls them rests on how soon they came.
const LATE: &str = ", now and late";

/// How tshark is asked.
struct Tshark {
    environment: Vec<(String, String)>,
    options: Vec<String>,
}

impl Tshark {
    /// Reads the options; nothing where tshark is not installed.
    fn find() -> Option<Self> {
        let found = Command::new("tshark").arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let mut tshark = Self { environment: Vec::new(), options: Vec::new() };
        for line in lines("options.txt") {
            match line.split_once('=') {
                Some((name, value)) if !line.starts_with('-') => {
                    tshark.environment.push((name.to_owned(), value.to_owned()));
                }
                _ => tshark.options.extend(line.split_whitespace().map(str::to_owned)),
            }
        }
        Some(tshark)
    }

    fn run(&self, file: &Path, arguments: &[String]) -> String {
        let output = Command::new("tshark")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .arg("-r")
            .arg(file)
            .args(&self.options)
            .args(arguments)
            .output()
            .expect("tshark runs");
        assert!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The names of all fields that tshark emits for a recording, in their order.
    fn names(&self, file: &Path) -> Vec<String> {
        let pdml = self.run(file, &["-T".to_owned(), "pdml".to_owned()]);
        let mut known = BTreeSet::new();
        let named = pdml.split("<field name=\"").skip(1);
        let names = named.filter_map(|rest| rest.split('"').next());
        names
            .filter(|name| PROTOCOLS.iter().any(|protocol| name.starts_with(protocol)))
            .filter(|name| known.insert(name.to_string()))
            .map(str::to_owned)
            .collect()
    }

    fn fields(&self, file: &Path, names: &[String]) -> Vec<String> {
        let mut arguments: Vec<String> =
            ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"]
                .map(str::to_owned)
                .to_vec();
        for name in names {
            arguments.extend(["-e".to_owned(), name.clone()]);
        }
        self.run(file, &arguments).lines().map(str::to_owned).collect()
    }
}

/// The lines of a file of the referee's, without remarks.
fn lines(name: &str) -> Vec<String> {
    let path = root().join("tests/referee").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// The fields that we lack, each with its reason.
fn lacking() -> BTreeMap<String, String> {
    let listed = lines("lacking.txt");
    let pairs = listed.iter().map(|line| {
        let (name, reason) = line.split_once(' ').unwrap_or((line, ""));
        assert!(!reason.trim().is_empty(), "{name} is listed without a reason");
        (name.to_owned(), reason.trim().to_owned())
    });
    pairs.collect()
}

/// The fields that a tshark which emits these tells in fewer places than ours, for it is older.
fn untold(emitted: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in lines("older.txt") {
        let mut words = line.split_whitespace().map(str::to_owned);
        if words.next().is_some_and(|old| emitted.contains(&old)) {
            found.extend(words);
        }
    }
    found
}

/// The fields of a recording in which tshark is no judge. A recording made now has the name of its
/// scenario before a comma, and behind it whether segments came late in it.
fn unlike(recording: &str) -> Vec<String> {
    let scenario = recording.split(',').next().unwrap_or(recording);
    let kind = if recording.contains(LATE) { "late,now" } else { "*" };
    let mut found = Vec::new();
    for line in lines("unlike.txt") {
        let (what, reason) = line.split_once(" | ").unwrap_or((&line, ""));
        assert!(!reason.trim().is_empty(), "{what} is listed without a reason");
        let mut words = what.split_whitespace();
        if words.next().is_some_and(|whose| [scenario, "*", kind].contains(&whose)) {
            found.extend(words.map(str::to_owned));
        }
    }
    found
}

/// Whether a field is listed by its name or by how it begins, for all frames or for those in which
/// a protocol quotes what it speaks of.
fn is_listed(listed: &[String], name: &str, protocols: &str) -> bool {
    listed.iter().any(|listed| {
        let (listed, quoting) = listed.split_once('@').unwrap_or((listed, ""));
        let is_here = quoting.is_empty() || protocols.split(':').any(|one| one == quoting);
        is_here
            && match listed.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => listed == name,
            }
    })
}

fn is_ours(name: &str) -> bool {
    standard().fields_named(name).next().is_some()
}

/// What we say of each frame by these fields, a line each with tabs between.
pub(crate) fn rows(file: &Path, names: &[String]) -> Vec<String> {
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
    String::from_utf8(out).expect("text").lines().map(str::to_owned).collect()
}

/// The recordings to be judged: the samples, and some made for their headers.
fn recordings() -> Vec<(String, PathBuf)> {
    let mut found: Vec<_> = samples()
        .into_iter()
        .map(|(name, folder)| (name, folder.join("recording.pcapng")))
        .collect();
    let own = std::fs::read_dir(root().join("tests/referee/recordings")).expect("recordings");
    for entry in own.flatten() {
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    found
}

/// A recording as it is judged. Of both ends of a link tshark makes one connection, in which every
/// segment is a repetition; we read each end on its own, and so is each judged.
fn ends(tshark: &Tshark, (name, file): (String, PathBuf), folder: &Path) -> Vec<(String, PathBuf)> {
    let recording = Recording::open(&file).expect("the recording opens");
    let about = About::of(&recording);
    let scenario = about.scenario.and_then(|name| wirestage_generators::find(&name));
    if about.link.is_none() && scenario.is_none_or(|scenario| !scenario.stands_apart()) {
        return vec![(name, file)];
    }
    let end = |number: usize| {
        let path = folder.join(format!("{name}-{number}.pcapng"));
        let only = format!("frame.interface_id == {number}");
        let out = path.to_str().expect("a plain path");
        tshark.run(&file, &["-Y", &only, "-w", out].map(str::to_owned));
        (format!("{name}, end {number}"), path)
    };
    (0..recording.interfaces().len()).map(end).collect()
}

/// The value as it is compared. In the list of protocols, Wireshark counts what a body or a
/// certificate holds, too: only the protocols that are compared are held against each other.
fn comparable<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if name == "tcp.analysis.duplicate_ack" {
        // It says so beside the field and in what it notes of it.
        return value.split(',').next().unwrap_or(value).into();
    }
    if name != "frame.protocols" {
        return value.into();
    }
    let is_compared =
        |part: &&str| !part.starts_with("x509") && PROTOCOLS.contains(&format!("{part}.").as_str());
    let parts: Vec<&str> = value.split(':').filter(is_compared).collect();
    parts.join(":").into()
}

#[derive(Default)]
struct Verdict {
    compared: usize,
    frames: usize,
    /// Fields that had a value somewhere.
    seen: BTreeSet<String>,
    /// Of each field, two of the values that both gave it, and whether both left it out somewhere.
    told: BTreeMap<String, (BTreeSet<String>, bool)>,
    mismatches: Vec<String>,
    missing: BTreeMap<String, String>,
}

impl Verdict {
    fn judge(
        &mut self,
        recording: &str,
        file: &Path,
        tshark: &Tshark,
        lacking: &BTreeMap<String, String>,
    ) {
        let emitted = tshark.names(file);
        let untold = untold(&emitted);
        let unlike = unlike(recording);
        let (have, lack): (Vec<String>, Vec<String>) =
            emitted.into_iter().partition(|name| is_ours(name));
        for name in lack.into_iter().filter(|name| !lacking.contains_key(name)) {
            self.missing.entry(name).or_insert_with(|| recording.to_owned());
        }
        let (theirs, ours) = (tshark.fields(file, &have), rows(file, &have));
        assert_eq!(theirs.len(), ours.len(), "{recording}: frames");
        self.frames += ours.len();
        for (frame, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
            let (theirs, ours): (Vec<&str>, Vec<&str>) =
                (theirs.split('\t').collect(), ours.split('\t').collect());
            assert_eq!(theirs.len(), have.len(), "{recording} frame {}: tshark", frame + 1);
            assert_eq!(ours.len(), have.len(), "{recording} frame {}: ours", frame + 1);
            let protocols = have.iter().position(|name| name == "frame.protocols");
            let protocols = protocols.and_then(|at| theirs.get(at)).copied().unwrap_or_default();
            for ((name, theirs), ours) in have.iter().zip(theirs).zip(ours) {
                let unlike = is_listed(&unlike, name, protocols);
                if theirs.is_empty() && untold.contains(name) || unlike {
                    continue;
                }
                self.value(&format!("{recording} frame {}", frame + 1), name, theirs, ours);
            }
        }
    }

    fn value(&mut self, place: &str, name: &str, theirs: &str, ours: &str) {
        if theirs.is_empty() && ours.is_empty() {
            self.told.entry(name.to_owned()).or_default().1 = true;
            return;
        }
        self.compared += 1;
        if comparable(name, theirs) == comparable(name, ours) {
            self.seen.insert(name.to_owned());
            let (values, _) = self.told.entry(name.to_owned()).or_default();
            if values.len() < 2 {
                values.insert(ours.to_owned());
            }
        } else {
            self.mismatches.push(format!("{place} {name}: tshark “{theirs}”, ours “{ours}”"));
        }
    }
}

/// Judges recordings, and fails where anything differs.
fn judge(tshark: &Tshark, recordings: &[(String, PathBuf)]) -> Verdict {
    let lacking = lacking();
    let mut verdict = Verdict::default();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, file) in recordings {
        for (name, file) in ends(tshark, (name.clone(), file.clone()), folder.path()) {
            verdict.judge(&name, &file, tshark, &lacking);
        }
    }
    let Verdict { compared, frames, seen, mismatches, missing, .. } = &verdict;
    eprintln!(
        "referee: {compared} values of {} fields compared over {frames} frames of {} recordings",
        seen.len(),
        recordings.len()
    );
    let present: Vec<&String> = lacking.keys().filter(|name| is_ours(name)).collect();
    assert!(present.is_empty(), "listed as lacking, but there: {present:?}");
    assert!(missing.is_empty(), "neither told nor listed as lacking: {missing:#?}");
    let shown = &mismatches[..mismatches.len().min(SHOWN)];
    assert!(
        mismatches.is_empty(),
        "{} of {compared} values differ, such as:\n{}",
        mismatches.len(),
        shown.join("\n")
    );
    verdict
}

#[test]
fn every_field_is_what_tshark_says() {
    let Some(tshark) = Tshark::find() else {
        skip("every_field_is_what_tshark_says", "tshark is not installed");
        return;
    };
    let Verdict { seen, told, .. } = judge(&tshark, &recordings());
    assert!(seen.len() >= FEWEST_FIELDS, "only {} fields had a value: {seen:?}", seen.len());
    for protocol in ["eth.", "ip.", "tcp.", "udp.", "tls.", "http.", "http2."] {
        assert!(seen.iter().any(|name| name.starts_with(protocol)), "no field of {protocol}*");
    }
    // What agrees always says little: each of these does with two values, and where it is left out.
    let is_agreed = |name: &String| told.get(name).is_some_and(|it| it.0.len() == 2 && it.1);
    let agreed: Vec<&String> = told.keys().filter(|name| is_agreed(name)).collect();
    if let Some(list) = std::env::var_os("WIRESTAGE_AGREED") {
        let names: Vec<&str> = agreed.iter().map(|name| name.as_str()).collect();
        std::fs::write(list, names.join("\n")).expect("the list is written");
    }
    let doubtful: Vec<String> =
        lines("agreed.txt").into_iter().filter(|name| !is_agreed(name)).collect();
    assert!(doubtful.is_empty(), "listed as agreed, but not seen so: {doubtful:?}");
}

/// The program that the same build made.
fn program() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let program = test.parent()?.parent()?.join("wirestage");
    program.is_file().then_some(program)
}

/// Records a scenario, again where the machine was so loaded that TCP repeated itself on the
/// loopback: what tshark makes of that depends on its own guesses about time. Where it is repeated
/// whenever it is recorded, the scenario is about that, and the last recording is taken. Says
/// how the recording is called.
fn record(program: &Path, name: &str, file: &Path, tshark: &Tshark) -> Result<String, String> {
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let output = Command::new(program)
            .args(["record", name, "--force", "-o"])
            .arg(file)
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        if wirestage_generators::find(name).is_some_and(Scenario::stands_apart) {
            break;
        }
        let repeated = "tcp.analysis.retransmission || tcp.analysis.out_of_order";
        if tshark.run(file, &["-Y".to_owned(), repeated.to_owned()]).trim().is_empty() {
            return Ok(format!("{name}, now"));
        }
    }
    Ok(format!("{name}{LATE}"))
}

#[test]
fn every_scenario_recorded_now_is_what_tshark_says() {
    const NAME: &str = "every_scenario_recorded_now_is_what_tshark_says";
    let Some(tshark) = Tshark::find() else {
        skip(NAME, "tshark is not installed");
        return;
    };
    let Some(program) = program() else {
        skip(NAME, "the program is not built: cargo build --bins");
        return;
    };
    let mut groups: Vec<Group> = SCENARIOS.iter().map(|scenario| scenario.group).collect();
    groups.dedup();
    for group in groups {
        let begin = Instant::now();
        let folder = tempfile::tempdir().expect("a folder");
        let mut recorded = Vec::new();
        let scenarios: Vec<_> = SCENARIOS.iter().filter(|one| one.group == group).collect();
        for scenario in &scenarios {
            let name = scenario.name;
            let file = folder.path().join(format!("{name}.pcapng"));
            match record(&program, name, &file, &tshark) {
                Ok(called) => recorded.push((called, file)),
                Err(why) => skip(NAME, &format!("{name}: {why}")),
            }
        }
        judge(&tshark, &recorded);
        let (count, all, took) = (recorded.len(), scenarios.len(), begin.elapsed().as_secs_f64());
        let title = group.title();
        eprintln!("{title}: {count} of {all} scenarios recorded and judged in {took:.1} s");
    }
}

#[test]
fn what_an_error_quotes_is_listed_for_its_frames_alone() {
    let listed = ["tcp.*@icmp".to_owned(), "http.host".to_owned()];
    assert!(is_listed(&listed, "tcp.seq", "eth:ip:icmp:ip:tcp"));
    assert!(!is_listed(&listed, "tcp.seq", "eth:ip:tcp"));
    assert!(is_listed(&listed, "http.host", "eth:ip:tcp:http"));
    assert!(!is_listed(&listed, "udp.stream", "eth:ip:icmp:ip:udp"));
}
