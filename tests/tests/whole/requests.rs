//! The requests of recordings: held against the story of the same recording, and against what
//! others read in an archive of them.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use wirestage::document::{Document, Gathered, Opening, Progress, Windows};
use wirestage::export::har::{self, Choice};
use wirestage_dissectors::ids::{ConnectionId, FrameId, Time};
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::requests::{Request, Took};
use wirestage_dissectors::story::lanes::{Lane, LaneMark};
use wirestage_dissectors::story::{Beat, Level, Moment, Piece, Story};
use wirestage_tests::program::run;
use wirestage_tests::{open, root, samples, skip};

/// The interpreter that knows haralyzer.
const PYTHON: &str = "target/scapy/bin/python";

fn gathered(document: &Document) -> Gathered {
    document.requests(Windows::default(), &Progress::new()).expect("nobody cancels")
}

/// All samples with their requests; those without any are left out.
fn all() -> Vec<(String, Document, Gathered)> {
    let samples = samples().into_iter().map(|(name, folder)| {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let requests = gathered(&document);
        (name, document, requests)
    });
    samples.filter(|(.., requests)| !requests.rows.is_empty()).collect()
}

#[test]
fn the_story_says_the_same_of_each_request() {
    let mut compared = 0;
    for (name, document, requests) in all() {
        let story = document.story(None);
        let mut beats: HashMap<Anchor, Vec<&Beat>> = HashMap::new();
        for (_, beat) in story.level(Level::Message) {
            if let Some(anchor) = beat.anchor {
                beats.entry(anchor).or_default().push(beat);
            }
        }
        for row in &requests.rows {
            let sides = [(row.question, true), (row.answer, false)];
            for (said, is_question) in sides {
                let Some(said) = said else {
                    assert!(row.trouble().is_some(), "{name}: {row:?} is whole");
                    continue;
                };
                if let Some(number) = row.lane {
                    // Nobody asks for what a server promises.
                    if row.is_promised {
                        continue;
                    }
                    let (first, last, body) =
                        on_lane((&document, &story), (row.connection, number), is_question);
                    assert_eq!((first, body), (said.first.frame, said.body), "{name}: {row:?}");
                    // What goes on with a head that is too long for a frame is no mark.
                    let is_long = name == "http2-control" && is_question;
                    assert!(last == said.last.time || is_long, "{name}: {last:?} of {row:?}");
                    compared += 1;
                    continue;
                }
                // A body that was held back is a step of its own.
                let told = beats.get(&said.begins.1).unwrap_or_else(|| panic!("{name}: {said:?}"));
                // Of a link, a story tells both ends; requests are read at one.
                let path = document.attribution.first_path(row.connection);
                let here = |moment: Moment, beat: &Beat| {
                    let own = document.survey.row(moment.frame).is_some_and(|row| row.flow == path);
                    beat.received.filter(|_| !own).unwrap_or(moment).frame
                };
                let first = told.iter().map(|beat| here(beat.sent, beat)).min();
                let last = told.iter().map(|beat| here(beat.ended, beat)).max();
                assert_eq!(first, Some(said.first.frame), "{name}");
                if *row.kind == *"text/event-stream" && !is_question {
                    // Its events tell the rest.
                    continue;
                }
                assert_eq!(last, Some(said.last.frame), "{name}");
                let bytes: u64 = told.iter().map(|beat| beat.bytes).sum();
                let own = said.head + said.body;
                let framed = name == "http1-chunked" && !is_question;
                assert!(bytes == own || framed && bytes > own, "{name}: {bytes} and {said:?}");
                let label = &told[0].label;
                let expected = match is_question {
                    true => format!("{} {}", row.method, row.path),
                    false => row.status.expect("an answer").to_string(),
                };
                assert!(label.starts_with(&expected), "{name}: {label}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 20, "{compared} sides were compared");
}

/// What a story has on a lane of one side: its first frame, when the last could be handed on, and
/// the bytes of content.
fn on_lane(
    (document, story): (&Document, &Story),
    (connection, number): (ConnectionId, u64),
    of_asker: bool,
) -> (FrameId, Time, u64) {
    let track = |lane: &Lane| lane.track.and_then(|id| story.track(id));
    let is_it = |lane: &&Lane| {
        lane.number == number && track(lane).is_none_or(|track| track.connection == connection)
    };
    let lane = story.lanes.iter().find(is_it).expect("the lane of a request");
    let own = || {
        let marks = lane.marks.iter();
        marks.filter(|mark| {
            let says = matches!(mark.piece, Piece::Head | Piece::Content(_));
            says && (lane.asker == Some(mark.from)) == of_asker
        })
    };
    let content = own().map(|mark| if let Piece::Content(bytes) = mark.piece { bytes } else { 0 });
    // Of a link, a story tells both ends; requests are read at one.
    let path = document.attribution.first_path(connection);
    let read_at = |moment: Moment, mark: &LaneMark| {
        let is_here = document.survey.row(moment.frame).is_some_and(|row| row.flow == path);
        let came = story.beat(mark.beat).and_then(|beat| beat.received);
        came.filter(|_| !is_here).unwrap_or(moment)
    };
    // What came behind a hole lay there until the hole was filled.
    let handed_on = |mark: &LaneMark| match mark.held {
        Some((came, waited)) => Time(came.0 + waited),
        None => read_at(mark.ended, mark).time,
    };
    let first = own().map(|mark| read_at(mark.sent, mark).frame).min().expect("its head");
    (first, own().map(handed_on).max().expect("its head"), content.sum())
}

#[test]
fn chunks_and_windows_change_no_request() {
    for (name, folder) in samples() {
        let path = folder.join("recording.pcapng");
        let expected = gathered(&open(&path, Opening::default()));
        let tiny = open(&path, Opening { chunk: 1, budget: 0 });
        let windows = Windows { frames: 1, bytes: 1, share: 1 };
        let found = tiny.requests(windows, &Progress::new());
        assert_eq!(found, Some(expected), "{name}");
    }
}

/// What an archive says of one request.
#[derive(Debug, PartialEq)]
struct Entry {
    /// When it began, in microseconds since 1970.
    began: i64,
    /// Finding the name, connecting, and the keys among that: nanoseconds; a millisecond less than
    /// none for what does not apply.
    opened: [i64; 3],
    /// The whole, then asking, waiting, getting: nanoseconds.
    took: [i64; 4],
    method: String,
    url: String,
    status: i64,
    /// Heads and bodies as they were sent: of the question, then of the answer.
    sizes: [i64; 4],
    content: i64,
    /// The length of the text, decoded.
    text: usize,
}

impl Entry {
    /// What it should say.
    fn of(row: &Request) -> Self {
        let (question, answer) = (row.question.unwrap(), row.answer.unwrap());
        let timing = row.timing();
        let (send, wait, receive) = (timing.send, timing.wait, timing.receive);
        let signed = |size: u64| i64::try_from(size).unwrap();
        // What opened its connection is a part of a first request, as browsers write it.
        let before = row.before.as_deref().copied().unwrap_or_default();
        let [dns, connect, ssl] = [before.lookup, before.connect, before.secure];
        let began = began(row);
        let opened = [dns, connect, ssl].map(|took| took.map_or(-1_000_000, Took::nanos));
        let whole = row.start().time.0 - began + send + wait + receive;
        Self {
            began: began / 1000,
            opened,
            took: [whole, send, wait, receive],
            method: row.method.to_string(),
            url: row.url(),
            status: row.status.unwrap().into(),
            sizes: [question.head, question.body, answer.head, answer.body].map(signed),
            content: signed(answer.content()),
            // Messages of gRPC are not kept as a content: they stand in the list of messages.
            text: if row.kind.starts_with("application/grpc") {
                0
            } else {
                answer.content() as usize
            },
        }
    }
}

/// When the first of what opened its connection began, or else it itself.
fn began(row: &Request) -> i64 {
    let before = row.before.as_deref().copied().unwrap_or_default();
    let begun = [before.lookup, before.connect].into_iter().flatten().map(|took| took.from.0);
    begun.min().unwrap_or(i64::MAX).min(row.start().time.0)
}

/// Milliseconds as nanoseconds.
fn nanos(millis: f64) -> i64 {
    (millis * 1e6).round() as i64
}

/// An archive of the requests of a document, in a file.
fn archive(document: &Document, requests: &Gathered, path: &Path) {
    let mut out = Vec::new();
    let (choice, progress) = (Choice::default(), Progress::new());
    let archived = har::write(&document.ground(), requests, choice, &progress, &mut out);
    let archived = archived.expect("writing to memory").expect("nobody cancels");
    assert_eq!(archived.entries, requests.rows.len() as u64);
    std::fs::write(path, out).unwrap();
}

/// What the crate `har` reads.
fn by_crate(path: &Path) -> Vec<Entry> {
    let read = ::har::from_path(path).unwrap_or_else(|error| panic!("{error}"));
    let ::har::Spec::V1_2(log) = read.log else { panic!("it is another version") };
    let entry = |one: ::har::v1_2::Entries| {
        let began: jiff::Timestamp = one.started_date_time.parse().expect("a time");
        let timings = &one.timings;
        let (request, response) = (&one.request, &one.response);
        assert!(response.content.encoding.is_none(), "the samples hold text");
        Entry {
            began: began.as_microsecond(),
            opened: [timings.dns, timings.connect, timings.ssl]
                .map(|part| nanos(part.expect("it is said of each"))),
            took: [one.time, timings.send, timings.wait, timings.receive].map(nanos),
            method: request.method.clone(),
            url: request.url.clone(),
            status: response.status,
            sizes: [
                request.headers_size,
                request.body_size,
                response.headers_size,
                response.body_size,
            ],
            content: response.content.size,
            text: response.content.text.as_ref().map_or(0, String::len),
        }
    };
    log.entries.into_iter().map(entry).collect()
}

/// What haralyzer reads.
fn by_haralyzer(python: &Path, path: &Path) -> Vec<Entry> {
    let script = root().join("tests/scapy/archive.py");
    let ran = Command::new(python).arg(script).arg(path).output().expect("the interpreter starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).expect("text");
    let entry = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words[at].parse::<i64>().expect("a number");
        let millis = |at: usize| nanos(words[at].parse().expect("a number"));
        Entry {
            began: number(0),
            took: [1, 2, 3, 4].map(millis),
            opened: [5, 6, 7].map(millis),
            method: words[8].to_owned(),
            url: words[9].to_owned(),
            status: number(10),
            sizes: [11, 12, 13, 14].map(number),
            content: number(15),
            text: number(16) as usize,
        }
    };
    text.lines().map(entry).collect()
}

#[test]
fn somebody_elses_readers_find_every_request_in_an_archive() {
    let python = root().join(PYTHON);
    let has_haralyzer = Command::new(&python).args(["-c", "import haralyzer"]).output();
    let has_haralyzer = has_haralyzer.is_ok_and(|ran| ran.status.success());
    if !has_haralyzer {
        skip("haralyzer", "`make test` installs it from PyPI; only the crate `har` reads here");
    }
    let folder = tempfile::tempdir().unwrap();
    let is_whole = |row: &Request| row.trouble().is_none();
    for (name, document, requests) in all() {
        // What an archive makes of half an exchange nobody else can know; and what is no text
        // stands there in base64.
        let is_text = |row: &Request| &*row.kind != "application/dns-message";
        if !requests.rows.iter().all(|row| is_whole(row) && is_text(row)) {
            continue;
        }
        let path = folder.path().join(format!("{name}.har"));
        archive(&document, &requests, &path);
        let mut rows: Vec<&Request> = requests.rows.iter().collect();
        rows.sort_by_key(|row| began(row));
        let expected: Vec<Entry> = rows.into_iter().map(Entry::of).collect();
        assert_eq!(by_crate(&path), expected, "{name}");
        if has_haralyzer {
            assert_eq!(by_haralyzer(&python, &path), expected, "{name}");
        }
    }
}

#[test]
fn the_command_line_shows_archives_and_saves_requests() {
    let recording = root().join("assets/recordings/http1-keepalive/recording.pcapng");
    let recording = recording.to_str().unwrap();
    let shown = run(&["show", recording, "--format", "requests"]).done();
    assert!(shown.text().contains("POST"), "{}", shown.text());
    assert!(shown.text().ends_with("\n4 requests on 1 connection\n"));
    let lines = run(&["show", recording, "--format", "requests-jsonl"]).done();
    let objects: Vec<serde_json::Value> =
        lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 4);
    assert_eq!(objects[2]["status"], 303);
    // A filter keeps the requests that have a part in what passes: a head, or a byte on its way.
    for (filter, count) in
        [("http.response.code == 303", 1), ("tcp.flags.syn == 1", 0), ("frame.number <= 12", 2)]
    {
        let few = run(&["show", recording, "--format", "requests-jsonl", "--filter", filter]);
        assert_eq!(few.done().text().lines().count(), count, "{filter}");
    }
    run(&["show", recording, "--format", "requests", "--frame", "3"]).failed(
        2,
        "more than one frame",
        "--frame",
    );

    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let told = run(&["export", recording, "-o", &path("a.har"), "--redact"]).done();
    assert!(told.text().contains("4 requests; taken out: values"), "{}", told.text());
    let redacted = std::fs::read_to_string(path("a.har")).unwrap();
    assert!(redacted.contains("=REDACTED"), "the form has lost its values");
    let refused = |options: &[&str], cause: &str, mend: &str| {
        run(&[&["export", recording], options].concat()).failed(2, cause, mend);
    };
    refused(&["-o", &path("a.svg"), "--redact"], "--redact", ".har");
    refused(&["--bodies", &path("bare"), "--redact"], "--redact", ".har");
    assert!(!folder.path().join("bare").exists(), "nothing was saved that was to be redacted");
    refused(&["-o", &path("a.sqlog"), "--redact"], "--redact", ".har");
    refused(&["-o", &path("b.har"), "--qlog", "0.3"], "--qlog", ".sqlog");
    refused(&["--bodies", &path("bare"), "--qlog", "0.3"], "--qlog", ".sqlog");
    for archive in ["b.har", "b.sqlog", "b.txt"] {
        refused(&["-o", &path(archive), "--graph", "rtt"], "a graph is drawn as .svg", "--graph");
    }
    refused(&["-o", &path("b.har"), "--follow", "3"], "--follow", "-o diagram.svg");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "only a.har was written");

    let few = ["--filter", "http.request.method == \"POST\""];
    let told = run(&[&["export", recording, "-o", &path("few.har")], &few[..]].concat()).done();
    assert!(told.text().contains("1 request"), "{}", told.text());
    let told = run(&[&["export", recording, "--bodies", &path("few")], &few[..]].concat()).done();
    assert!(told.text().contains(": 1 content, "), "{}", told.text());
    run(&["export", recording, "--bodies", &path("few"), "--filter", "udp"]).failed(
        1,
        "no request has a part",
        "show FILE --filter EXPR",
    );

    let told = run(&["export", recording, "--bodies", &path("all")]).done();
    assert!(told.text().ends_with(": 4 contents, 936 B\n"), "{}", told.text());
    let names = |folder: &str| {
        let entries = std::fs::read_dir(path(folder)).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let all = ["0001-answer.html", "0002-answer.html", "0003-question.txt", "0004-answer.html"];
    assert_eq!(names("all"), all);
    let told = run(&["export", recording, "--bodies", &path("one"), "--request", "3"]).done();
    assert!(told.text().ends_with(": 1 content, 41 B\n"), "{}", told.text());
    assert_eq!(names("one"), ["0003-question.txt"]);
    run(&["export", recording, "--bodies", &path("one"), "--request", "5"]).failed(
        2,
        "there is no request 5",
        "show --format requests",
    );
}
