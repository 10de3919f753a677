//! A number that is shown in several places is the same in all of them: in the story's text, its
//! JSON, the texts of the diagram, the survey. And what stands above is the sum of what stands
//! below.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wirestage::diagram::{FontMeasure, Fonts, Request, Theme, layout, svg};
use wirestage::document::{Document, Opening};
use wirestage_dissectors::protocols::{arp, icmp};
use wirestage_dissectors::story::text::to_text;
use wirestage_dissectors::story::{Beat, Level, Story, TrackId};
use wirestage_dissectors::wording::bytes;
use wirestage_tests::program::run;
use wirestage_tests::{open, samples};

/// Everywhere a recording's numbers are shown.
struct Shown {
    name: String,
    path: PathBuf,
    document: Document,
    story: Story,
    text: String,
    json: Value,
    /// What the diagram writes, text by text.
    drawn: Vec<String>,
    /// The survey, as the program prints it.
    info: String,
}

impl Shown {
    fn of(name: &str, path: &Path) -> Self {
        let document = open(path, Opening::default());
        let mut story = document.story(None);
        story.unfold();
        let file = path.to_str().expect("a path in UTF-8");
        let scene = layout(&story, &Request::default(), &FontMeasure::default());
        let json = run(&["story", file, "--format", "json"]).done();
        let info = run(&["info", file]).done();
        Self {
            name: name.into(),
            path: path.into(),
            text: to_text(&story),
            json: serde_json::from_str(json.text()).expect("the story is JSON"),
            drawn: texts(&svg(&scene, &Theme::light(), Fonts::Named)),
            info: info.text().into(),
            document,
            story,
        }
    }

    fn chapters(&self) -> impl Iterator<Item = &Beat> {
        self.story.beats.iter().filter(|beat| beat.level == Level::Chapter)
    }

    fn beats(&self, level: &'static str) -> impl Iterator<Item = &Value> {
        let beats = self.json["beats"].as_array().expect("beats are a list");
        beats.iter().filter(move |beat| beat["level"] == level)
    }

    /// Every check.
    fn check(&self) {
        self.sums_add_up();
        self.costs_are_the_same_everywhere();
        self.trips_take_the_time_between_their_frames();
        self.steps_stand_at_the_time_of_their_first_frame();
        self.bodies_have_one_size();
        self.numbers_have_sentences();
        self.steps_say_when_they_were_whole();
        self.overviews_count_as_stories_do();
    }

    /// A connection costs the same in the overview, in the list of connections, and in its story:
    /// lines are what both of the former show.
    fn overviews_count_as_stories_do(&self) {
        let name = &self.name;
        let overview = self.document.overview();
        for track in &self.story.tracks {
            let own = overview.lines.iter().find(|line| line.id == track.connection);
            let own = own.map(|line| (line.packets, line.bytes));
            assert_eq!(own, Some((track.packets, track.bytes)), "{name}: {track:?}");
        }
        // What belongs to no connection is told where there is none, and in no overview.
        let Story { packets, bytes: size, .. } = self.story;
        let told = if overview.lines.is_empty() { (0, 0) } else { (packets.into(), size) };
        let lines = overview.lines.iter().map(|line| (u64::from(line.packets), line.bytes));
        let add = |sum: (u64, u64), one: (u64, u64)| (sum.0 + one.0, sum.1 + one.1);
        assert_eq!(lines.fold((0, 0), add), told, "{name}: overview and story");
        let report = overview.report();
        let rows = report.rows.iter().map(|row| (row.service.packets, row.service.bytes));
        assert_eq!(rows.fold((0, 0), add), told, "{name}: rows");
        assert_eq!((report.sums.packets, report.sums.bytes), told, "{name}: sums");
        let (packets, size) = told;
        let (begins, holds) = match overview.lines.is_empty() {
            true => (
                counted(report.sums.frames as u32, "frame"),
                ", none of a connection · ".to_owned(),
            ),
            false => (format!("{packets} packet"), format!(" · {} · ", bytes(size))),
        };
        let totals = report.sums.totals();
        assert!(totals.starts_with(&begins) && totals.contains(&holds), "{name}: {totals}");
        let file = self.path.to_str().expect("a path in UTF-8");
        let asked = run(&["story", file, "--level", "overview", "--format", "json"]).done();
        let json: Value = serde_json::from_str(asked.text()).expect("the overview is JSON");
        let own = |value: &Value| ["packets", "bytes"].map(|key| value[key].as_u64());
        assert_eq!(own(&json), [Some(packets), Some(size)], "{name}: JSON of the overview");
        let lines = json["connections"].as_array().expect("a list").iter().map(own);
        let listed = overview.lines.iter().map(|line| [line.packets.into(), line.bytes].map(Some));
        assert!(lines.eq(listed), "{name}: JSON of the connections");
    }

    /// Each number that is drawn has a sentence: its own, or where that was said before.
    fn numbers_have_sentences(&self) {
        for width in [420, Request::default().width] {
            let asked = Request { width, ..Request::default() };
            let scene = layout(&self.story, &asked, &FontMeasure::default());
            let drawn = texts(&svg(&scene, &Theme::light(), Fonts::Named));
            // What finds no room is counted.
            if drawn.iter().any(|text| text.starts_with("Left out")) {
                continue;
            }
            let mute = scene.beats().iter().filter(|drawn| drawn.sentence.is_none());
            let mute = mute.filter(|drawn| {
                let beat = self.story.beat(drawn.beat);
                beat.is_some_and(|beat| beat.level == Level::Flight && !beat.headline.is_empty())
            });
            let numbers: Vec<&str> = mute.map(|drawn| drawn.number.as_str()).collect();
            assert_eq!(numbers, [""; 0], "{}, {width}: mute steps", self.name);
        }
    }

    /// What stands before something that began before it was whole says when it was.
    fn steps_say_when_they_were_whole(&self) {
        let (name, story) = (&self.name, &self.story);
        for id in (0..).map(TrackId).take(story.tracks.len()) {
            let steps = story.steps().into_iter().filter_map(|id| story.beat(id));
            let own: Vec<&Beat> = steps.filter(|beat| beat.track == Some(id)).collect();
            for pair in own.windows(2) {
                let [step, next] = pair else { continue };
                let is_before = match story.both_ends {
                    true => next.sent.time < step.ended.time,
                    false => next.sent.frame < step.ended.frame,
                };
                let says = ["Its last byte follows", "lay there for"];
                let says = says.iter().any(|words| step.detail.contains(words));
                // Several that ICMP sends at once are whole one by one.
                let says = says || step.protocol == icmp::PROTOCOL_ID;
                assert!(!is_before || says, "{name}: {} before {}", step.label, next.label);
            }
        }
    }

    /// How many frames there are of what is told of flows, and their bytes: a packet that was seen
    /// to arrive is two. What ICMP says of a flow is a part of its story, and of no flow, as ARP
    /// is.
    fn recorded(&self) -> (u64, u64) {
        let singly = self.story.beats.iter().filter(|beat| beat.level == Level::Packet);
        let apart = [arp::PROTOCOL_ID, icmp::PROTOCOL_ID];
        let of_flows = singly.filter(|beat| !apart.contains(&beat.protocol));
        of_flows.fold((0, 0), |(frames, size), beat| {
            let seen = 1 + u64::from(beat.received.is_some());
            (frames + seen, size + seen * beat.bytes)
        })
    }

    /// Chapters add up to tracks and to the story, and the story to the frames of the survey.
    fn sums_add_up(&self) {
        let (name, story) = (&self.name, &self.story);
        let packets: u32 = self.chapters().map(|one| one.packets).sum();
        let size: u64 = self.chapters().map(|one| one.bytes).sum();
        assert_eq!((packets, size), (story.packets, story.bytes), "{name}: chapters");
        let flows = || self.document.survey.live_flows().map(|(_, flow)| flow);
        // A flow has the frame that completes a datagram, and the survey beside it the other
        // fragments.
        let fragments = self.document.survey.pieces().len() as u64;
        let frames: u64 = flows().map(|flow| u64::from(flow.frames)).sum::<u64>() + fragments;
        let surveyed: u64 = flows().map(|flow| flow.bytes).sum();
        let singly = story.beats.iter().filter(|beat| beat.level == Level::Packet);
        assert_eq!(singly.count() as u32, story.packets, "{name}: each packet stands in it once");
        let (told, size) = self.recorded();
        assert_eq!(frames, told, "{name}: survey");
        assert_eq!(surveyed, size, "{name}: survey");
        for (id, track) in (0..).zip(&story.tracks) {
            let own = || self.chapters().filter(move |one| one.track.is_some_and(|at| at.0 == id));
            let sums = (
                own().map(|one| one.packets).sum::<u32>(),
                own().map(|one| one.bytes).sum::<u64>(),
                own().map(|one| one.round_trips).sum::<u32>(),
            );
            assert_eq!(sums, (track.packets, track.bytes, track.round_trips), "{name}: {track:?}");
        }
        let connections = story.tracks.len();
        if connections > 1 {
            let said = ["connections", "conversations"].map(|what| format!("{connections} {what}"));
            let rest = said.iter().find_map(|said| story.sum.strip_prefix(said.as_str()));
            let is_said = rest.is_some_and(|rest| rest.starts_with(['.', ',']));
            assert!(is_said, "{name}: {}", story.sum);
        }
        assert!(
            story.trips.len() as u32 >= self.chapters().map(|one| one.round_trips).sum::<u32>()
        );
    }

    /// Packets, bytes and round trips of each chapter and of the whole.
    fn costs_are_the_same_everywhere(&self) {
        let name = &self.name;
        let written: Vec<&str> = self.text.lines().filter(|line| !line.starts_with(' ')).collect();
        for (chapter, json) in self.chapters().zip(self.beats("chapter")) {
            let cost = format!("{} · {}", counted(chapter.packets, "packet"), bytes(chapter.bytes));
            let trips = counted(chapter.round_trips, "round trip");
            let line = match chapter.round_trips {
                0 => format!("{} · {cost}", chapter.label),
                _ => format!("{} · {trips} · {cost}", chapter.label),
            };
            // Behind it stands where the chapter is told, if not here alone.
            let is_it = |one: &&str| {
                let behind = one.split_once(&line).map(|(_, behind)| behind);
                behind.is_some_and(|rest| rest.is_empty() || rest.contains("s in step "))
            };
            assert!(written.iter().any(is_it), "{name}, text: {line}");
            assert!(self.drawn.contains(&cost), "{name}, diagram: {cost} of {:?}", self.drawn);
            if chapter.round_trips > 0 {
                assert!(self.drawn.contains(&trips), "{name}, diagram: {trips}");
            }
            let found = ["packets", "bytes", "round_trips"].map(|key| json[key].as_u64());
            let own = [chapter.packets.into(), chapter.bytes, chapter.round_trips.into()];
            assert_eq!(found, own.map(Some), "{name}, JSON");
        }
        for spill in &self.story.spills {
            let said = self.story.spilled(spill.chapter).expect("its flight is told");
            assert!(written.iter().any(|one| one.ends_with(&said)), "{name}, text: {said}");
            // A picture may need two lines for two of them.
            let first = said.split(", ").next().unwrap_or_default();
            assert!(self.drawn.iter().any(|one| one.starts_with(first)), "{name}, drawn: {said}");
        }
        let Story { packets, bytes: size, .. } = self.story;
        let totals = format!("{} · {}", counted(packets, "packet"), bytes(size));
        assert!(written.iter().any(|line| line.starts_with(&totals)), "{name}, text: {totals}");
        assert!(self.drawn.iter().any(|one| one.starts_with(&totals)), "{name}, diagram: {totals}");
        let found = ["packets", "bytes"].map(|key| self.json[key].as_u64());
        assert_eq!(found, [Some(packets.into()), Some(size)], "{name}, JSON");
        assert_eq!(self.json["sum"], self.story.sum, "{name}");
        assert!(self.text.contains(&self.story.sum), "{name}");
        let line = |what: &str| self.info.lines().find(|line| line.starts_with(what));
        let frames = line("frames").and_then(|line| line.split_whitespace().nth(1));
        let marks = line("of them").and_then(|line| line.split_whitespace().nth(2));
        // What is a part of no flow.
        let apart = self.info.lines().map(str::trim_start);
        let apart =
            apart.filter(|line| ["ICMP ", "ARP "].iter().any(|kind| line.starts_with(kind)));
        let apart = apart.filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let at = words.iter().position(|word| word.starts_with("frame"))?;
            words.get(at.checked_sub(1)?)?.parse::<u64>().ok()
        });
        let apart: u64 = apart.sum();
        let number = |text: Option<&str>| text.map_or(0, |text| text.parse().expect("a number"));
        let [frames, marks]: [u64; 2] = [frames, marks].map(number);
        assert_eq!(frames - marks - apart, self.recorded().0, "{name}: {}", self.info);
    }

    fn trips_take_the_time_between_their_frames(&self) {
        let name = &self.name;
        let mut written: Vec<&str> = self.text.lines().map(str::trim).collect();
        let is_trip = |line: &str| {
            ["1 round trip, ", "answered after "].iter().any(|what| line.starts_with(what))
        };
        written.retain(|line| is_trip(line) && line.ends_with(" ms"));
        let json = self.json["round_trips"].as_array().expect("a list");
        let times: Vec<i64> = self.story.trips.iter().map(|trip| trip.nanos).collect();
        assert_eq!((written.len(), json.len()), (times.len(), times.len()), "{name}");
        for (trip, json) in self.story.trips.iter().zip(json) {
            let time = |key: &str| json[key]["time_ns"].as_i64().expect("a time");
            let waited = time("answered") - time("asked");
            assert_eq!((trip.nanos, json["nanos"].as_i64()), (waited, Some(waited)), "{name}");
            let what = if trip.counts { "1 round trip," } else { "answered after" };
            let line = format!("{what} {} ms", millis(waited));
            assert!(written.contains(&line.as_str()), "{name}: {line}");
        }
    }

    fn steps_stand_at_the_time_of_their_first_frame(&self) {
        let name = &self.name;
        let steps: Vec<&Beat> =
            self.story.steps().iter().filter_map(|id| self.story.beat(*id)).collect();
        let start = steps.iter().map(|beat| beat.sent.time).min().expect("a story has steps");
        let arrow = |line: &&str| line.contains("──>") || line.contains("──x");
        let lines: Vec<&str> = self.text.lines().filter(arrow).collect();
        assert_eq!(lines.len(), steps.len(), "{name}");
        let frames = self.beats("flight").map(|beat| beat["sent"]["time_ns"].as_i64());
        let mut frames: Vec<_> = frames.collect();
        for (line, beat) in lines.iter().zip(steps) {
            let since = millis(beat.sent.time.since(start));
            assert!(line.split_whitespace().any(|word| word == since), "{name}: {since} in {line}");
            let place = frames.iter().position(|time| *time == Some(beat.sent.time.0));
            frames.swap_remove(place.unwrap_or_else(|| panic!("{name}: {line}")));
        }
        assert!(frames.is_empty(), "{name}: {frames:?}");
    }

    /// A bead, its explanation and the field agree on how long a body is.
    fn bodies_have_one_size(&self) {
        for beat in self.story.beats.iter().filter(|beat| beat.level == Level::Message) {
            let Some((_, size)) = beat.label.rsplit_once("  ") else { continue };
            let Some(size) = size.strip_suffix(" B") else { continue };
            let Ok(bytes) = size.replace(',', "").parse::<u64>() else { continue };
            if beat.detail.contains("bytes of") {
                let said = format!("{size} bytes of");
                assert!(beat.detail.starts_with(&said), "{}: {beat:?}", self.name);
                assert!(bytes < beat.bytes, "{}: a head comes before its body", self.name);
            }
        }
    }
}

/// What stands in the texts of an SVG.
fn texts(svg: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in svg.split("<text").skip(1) {
        let inside = part.split_once('>').and_then(|(_, rest)| rest.split_once("</text>"));
        let Some((inside, _)) = inside else { continue };
        let mut text = String::new();
        let mut in_tag = false;
        for letter in inside.chars() {
            match letter {
                '<' => in_tag = true,
                '>' => in_tag = false,
                _ if in_tag => {}
                _ => text.push(letter),
            }
        }
        found.push(text);
    }
    found
}

fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn millis(nanos: i64) -> String {
    let micros = (nanos.unsigned_abs() + 500) / 1_000;
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}

#[test]
fn every_sample_shows_the_same_numbers_everywhere() {
    for (name, folder) in samples() {
        Shown::of(&name, &folder.join("recording.pcapng")).check();
    }
}

/// A capture made here: frames with their times in microseconds.
#[derive(Default)]
struct Capture {
    frames: Vec<(u32, Vec<u8>)>,
    now: u32,
}

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [192, 0, 2, 2];

impl Capture {
    /// A segment of a connection: who sends it, from which of its bytes on, and what. Both sides
    /// count from 0, and acknowledge what the other said last.
    fn tcp(
        &mut self,
        port: u16,
        from_client: bool,
        [seq, ack]: [u32; 2],
        flags: &str,
        data: &[u8],
    ) {
        let [(from, source), (to, target)] = if from_client {
            [(CLIENT, port), (SERVER, 80)]
        } else {
            [(SERVER, 80), (CLIENT, port)]
        };
        let bits = flags.chars().map(|flag| match flag {
            'F' => 0x01,
            'S' => 0x02,
            'R' => 0x04,
            _ => 0x10,
        });
        let bits: u8 = bits.sum();
        let len = 40 + data.len() as u16;
        let [high, low] = len.to_be_bytes();
        let mut bytes = vec![2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 0x08, 0x00];
        bytes.extend([0x45, 0, high, low, 0, 0, 0x40, 0, 64, 6, 0, 0]);
        bytes.extend([from, to].concat());
        bytes.extend([source.to_be_bytes(), target.to_be_bytes()].concat());
        bytes.extend([seq.to_be_bytes(), ack.to_be_bytes()].concat());
        bytes.extend([0x50, bits, 0x1f, 0x40, 0, 0, 0, 0]);
        bytes.extend(data);
        self.frames.push((self.now, bytes));
        self.now += 1_250;
    }

    /// A request and its answer, from handshake to close.
    fn fetch(&mut self, port: u16, question: &[u8], answer: &[u8]) {
        let (asked, said) = (question.len() as u32 + 1, answer.len() as u32 + 1);
        self.tcp(port, true, [0, 0], "S", b"");
        self.tcp(port, false, [0, 1], "SA", b"");
        self.tcp(port, true, [1, 1], "A", b"");
        self.tcp(port, true, [1, 1], "A", question);
        let mut at = 1;
        for piece in answer.chunks(1_400) {
            self.tcp(port, false, [at, asked], "A", piece);
            at += piece.len() as u32;
        }
        self.tcp(port, true, [asked, said], "FA", b"");
        self.tcp(port, false, [said, asked + 1], "FA", b"");
        self.tcp(port, true, [asked + 1, said + 1], "A", b"");
    }

    fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let mut out = Vec::new();
        let head: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1];
        out.extend(head.iter().flat_map(|number| number.to_le_bytes()));
        for (time, frame) in &self.frames {
            let len = frame.len() as u32;
            let head = [1_700_000_000 + time / 1_000_000, time % 1_000_000, len, len];
            out.extend(head.iter().flat_map(|number| number.to_le_bytes()));
            out.extend(frame);
        }
        let path = folder.join(name);
        std::fs::write(&path, out).expect("a file is written");
        path
    }
}

fn response(len: usize) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len}\r\n\r\n");
    [head.as_bytes(), &vec![b'x'; len]].concat()
}

#[test]
fn captures_of_several_kinds_show_the_same_numbers_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let get = b"GET / HTTP/1.1\r\nHost: server\r\n\r\n";
    let mut one = Capture::default();
    one.fetch(40_000, get, &response(12_345));
    let mut several = Capture::default();
    for port in 40_000..40_007 {
        several.fetch(port, get, &response(200 * usize::from(port - 39_990)));
        several.now += 200_000;
    }
    let mut refused = Capture::default();
    refused.tcp(40_000, true, [0, 0], "S", b"");
    refused.tcp(40_000, false, [0, 1], "RA", b"");
    let mut midway = Capture::default();
    midway.tcp(40_000, true, [1, 1], "A", get);
    midway.tcp(40_000, false, [1, 31], "A", &response(2));
    midway.tcp(40_000, false, [1, 31], "A", &response(2));
    let all = [("one", one), ("several", several), ("refused", refused), ("midway", midway)];
    for (name, capture) in all {
        let path = capture.write(folder.path(), &format!("{name}.pcap"));
        Shown::of(name, &path).check();
    }
}

#[test]
fn early_data_that_was_thrown_away_saves_nothing() {
    for (name, third) in [
        ("tls13-0rtt", "; C: 2 until the request, 3 until the answer"),
        ("quic-0rtt", "; C: 1 round trip of QUIC until the first byte of data can be sent"),
    ] {
        let path = wirestage_tests::root().join("assets/recordings").join(name);
        let document = open(&path.join("recording.pcapng"), Opening::default());
        let sum = document.story(None).sum;
        assert!(sum.ends_with(third), "{name}: {sum}");
    }
}
