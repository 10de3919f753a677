//! Graphs of connections: their points are what the frames say, and they are drawn within their
//! frames at any width, however many packets there are.

use std::collections::{BTreeMap, HashMap};

use wirestage::cli::show::{Beside, Format, Show};
use wirestage::diagram::graph::{Kind, Names, Picture, Request, graph};
use wirestage::diagram::scene::Shape;
use wirestage::diagram::{FontMeasure, Fonts, Theme, svg};
use wirestage::document::{Called, Document, Opening, Progress, Windows};
use wirestage_dissectors::course::{Carrier, Course, Heard, Sample, Says, Sent, What};
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId, Time};
use wirestage_tests::picture::{overlap, texts};
use wirestage_tests::{open, samples};

const WIDTHS: [u16; 6] = [420, 560, 700, 900, 1240, 2600];

fn sample(name: &str) -> Document {
    let found = samples().into_iter().find(|(known, _)| known == name);
    let (_, folder) = found.unwrap_or_else(|| panic!("{name} is a sample"));
    open(&folder.join("recording.pcapng"), Opening::default())
}

/// The course of each direction of each connection of a recording, as far as it has one.
fn courses(document: &Document) -> Vec<Course> {
    let ground = document.ground();
    let ways = |id: &ConnectionId| Direction::BOTH.map(|way| (*id, way));
    let all = document.connections.iter().flat_map(ways);
    all.filter_map(|(id, way)| ground.course(id, way, &Progress::new())).collect()
}

/// These fields of each frame that has the first of them; of several values the last, unless they
/// are in a list.
fn fields(document: &Document, names: &[&str]) -> HashMap<FrameId, Vec<String>> {
    let show = Show {
        files: Vec::new(),
        beside: Beside::default(),
        frame: None,
        format: Format::Rows,
        fields: names.iter().map(|name| (*name).to_owned()).collect(),
        filter: None,
        hosts: Called::Addresses,
    };
    let mut out = Vec::new();
    show.print(document, &Progress::new(), Windows::default(), &mut out).expect("memory");
    let text = String::from_utf8(out).expect("text");
    let lines = (0..).map(FrameId).zip(text.lines());
    let split = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let told = lines.map(|(frame, line)| (frame, split(line)));
    told.filter(|(_, cells)| !cells[0].is_empty()).collect()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is a number"))
}

#[test]
fn places_are_the_sequence_numbers_of_their_frames() {
    let names = [
        "tcp.seq",
        "tcp.nxtseq",
        "tcp.len",
        "tcp.ack",
        "tcp.window_size",
        "tcp.options.sack_le",
        "tcp.options.sack_re",
        "tcp.analysis.retransmission",
    ];
    let (mut sent, mut heard, mut blocks, mut again) = (0, 0, 0, 0);
    for (name, folder) in samples().iter().filter(|(name, _)| name.starts_with("tcp-")) {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let told = fields(&document, &names);
        for course in courses(&document) {
            for one in &course.sent {
                let cells = &told[&one.frame];
                let said = [number(&cells[0]), number(&cells[1]), number(&cells[2])];
                assert_eq!([one.from, one.to, one.data.into()], said, "{name}: {one:?}");
                let is_again = !cells[7].is_empty();
                assert_eq!(one.what == What::Again, is_again, "{name}: {one:?}");
                sent += 1;
                again += usize::from(is_again);
            }
            for one in &course.heard {
                let cells = &told[&one.frame];
                let said = (number(&cells[3]), Some(number(&cells[4])));
                assert_eq!((one.upto, one.window), said, "{name}: {one:?}");
                assert_eq!(one.says == Says::Full, one.window == Some(0), "{name}: {one:?}");
                let list = |cell: &str| -> Vec<u64> {
                    cell.split(',').filter(|cell| !cell.is_empty()).map(number).collect()
                };
                let own = &course.blocks[one.blocks.start as usize..one.blocks.end as usize];
                // What came twice lies beyond no hole, and is none of it.
                let named = list(&cells[5]).into_iter().zip(list(&cells[6]));
                let named: Vec<_> = named.filter(|(_, right)| *right > one.upto).collect();
                assert_eq!(own, named, "{name}: {one:?}");
                heard += 1;
                blocks += own.len();
            }
        }
    }
    assert!(
        sent > 100 && heard > 100 && blocks > 5 && again > 0,
        "{sent} {heard} {blocks} {again}"
    );
}

#[test]
fn round_trips_of_tcp_are_those_of_the_frames() {
    let mut count = 0;
    for (name, folder) in samples().iter().filter(|(name, _)| name.starts_with("tcp-")) {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let told = fields(&document, &["tcp.analysis.ack_rtt"]);
        for course in courses(&document) {
            for trip in &course.trips {
                let said = told[&trip.frame][0].parse::<f64>().expect("seconds");
                assert_eq!((said * 1e9).round() as u64, trip.value, "{name}: {trip:?}");
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn round_trips_of_quic_are_those_of_the_frames() {
    let mut count = 0;
    for (name, folder) in samples().iter().filter(|(name, _)| name.starts_with("quic-")) {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let told = fields(&document, &["quic.analysis.ack_rtt"]);
        for course in courses(&document) {
            for trip in &course.trips {
                let said = told[&trip.frame][0]
                    .split(',')
                    .map(|value| (value.parse::<f64>().expect("seconds") * 1e9).round() as u64);
                assert!(said.clone().any(|nanos| nanos == trip.value), "{name}: {trip:?}");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn what_is_under_way_is_what_the_story_says() {
    let mut count = 0;
    for (name, folder) in samples().iter().filter(|(name, _)| name.starts_with("tcp-")) {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let ground = document.ground();
        for transfer in &document.story(None).transfers {
            let ways = Direction::BOTH
                .map(|way| ground.course(transfer.connection, way, &Progress::new()));
            let own = ways.into_iter().flatten().find(|course| {
                course.sent.iter().any(|sent| sent.frame == transfer.segments[0].sent.frame)
            });
            let course = own.expect("a course of who sent");
            // Of changes at one time the last counts.
            let told: BTreeMap<i64, u64> =
                course.flight.iter().map(|one| (one.time.0, one.value)).collect();
            let mut told: Vec<(i64, u64)> = told.into_iter().collect();
            told.dedup_by_key(|(_, value)| *value);
            let story: BTreeMap<i64, u64> =
                transfer.in_flight.iter().map(|(time, value)| (time.0, *value)).collect();
            let mut story: Vec<(i64, u64)> = story.into_iter().collect();
            story.dedup_by_key(|(_, value)| *value);
            assert_eq!(told, story, "{name}");
            let lost = transfer.segments.iter().filter(|one| one.received.is_none()).count();
            let own = course.sent.iter().filter(|one| one.data > 0 && one.is_lost).count();
            assert_eq!(own, lost, "{name}");
            count += 1;
        }
    }
    assert!(count > 1, "{count}");
}

#[test]
fn a_round_trip_holds_at_most_what_left_in_it() {
    let document = sample("tcp-slow-start");
    let ground = document.ground();
    let id = document.connections[0];
    let course = ground.course(id, ground.busier(id), &Progress::new()).expect("a course");
    let rounds = course.rounds();
    assert!(rounds.len() > 2, "{rounds:?}");
    // Counted once more, from the places alone: what left, less what was confirmed by then. The
    // sample loses nothing.
    assert_eq!((course.lost(), course.blocks.len()), (0, 0));
    let under_way = |frame: FrameId| {
        let sent = course.sent.iter().filter(|one| one.frame <= frame).map(|one| one.to).max();
        let heard = course.heard.iter().filter(|one| one.frame <= frame).map(|one| one.upto).max();
        sent.unwrap_or(0).saturating_sub(heard.unwrap_or(0))
    };
    for pair in rounds.windows(2) {
        let [round, next] = pair else { unreachable!("windows of two") };
        let own = course.sent.iter().map(|one| one.frame);
        let own = own.filter(|frame| (round.frame..next.frame).contains(frame));
        assert_eq!(own.map(under_way).max(), Some(round.value), "{round:?}");
    }
    let grows = rounds.windows(2).filter(|pair| pair[1].value > pair[0].value * 14 / 10).count();
    assert!(grows > 1, "slow start doubles: {rounds:?}");
}

#[test]
fn a_lossy_link_shows_its_round_trip_and_what_it_lost() {
    let document = sample("tcp-loss-recovery");
    let ground = document.ground();
    let id = document.connections[0];
    let course = ground.course(id, ground.busier(id), &Progress::new()).expect("a course");
    assert!(course.both_ends && course.lost() > 0 && course.count(What::Again) > 0);
    let shortest = course.trips.iter().map(|one| one.value).min().expect("a round trip");
    // The link of the sample is 40 ms long, there and back.
    assert!((40_000_000..60_000_000).contains(&shortest), "{shortest}");
}

fn names() -> Names {
    Names {
        sender: "server 10.2.0.1:9000".into(),
        receiver: "client 10.1.0.1:40522".into(),
        recording: "a-recording-with-a-name.pcapng".into(),
    }
}

fn drawn(course: &Course, kind: Kind, width: u16) -> Picture {
    let request = Request { kind, width: width.into(), height: None, stretch: None };
    graph((course, &names()), &request, &FontMeasure::default())
}

/// Holds a graph to the rules of every picture.
fn hold(which: &str, course: &Course, kind: Kind, width: u16) {
    let picture = drawn(course, kind, width);
    let scene = &picture.scene;
    assert_eq!(scene.width, f32::from(width), "{which}");
    for mark in scene.marks() {
        let bounds = mark.bounds;
        let inside = bounds.left >= 0.0 && bounds.right <= scene.width;
        let inside = inside && bounds.top >= 0.0 && bounds.bottom <= scene.height;
        assert!(inside, "{which}: outside: {mark:?}");
        if let Shape::Text { text, .. } = &mark.shape {
            assert!(!text.ends_with('…'), "{which}: cut: {text}");
        }
    }
    let svg = svg(scene, &Theme::light(), Fonts::Named);
    assert_eq!(overlap(&texts(&svg)), None, "{which}");
    assert!(!picture.spots.is_empty(), "{which}: nothing can be pointed at");
    for spot in &picture.spots {
        assert!(picture.plot.contains(spot.at), "{which}: {}", spot.words());
        assert!(spot.words().starts_with("frame "), "{which}");
    }
}

#[test]
fn graphs_are_drawn_within_their_frames_at_any_width() {
    let named =
        ["tcp-loss-recovery", "tcp-slow-start", "tcp-zero-window", "quic-1rtt", "quic-migration"];
    let mut count = 0;
    for name in named {
        for course in courses(&sample(name)) {
            for kind in Kind::ALL.into_iter().filter(|kind| kind.lacks(&course).is_none()) {
                for width in WIDTHS {
                    hold(&format!("{name}, {kind:?}, {width}"), &course, kind, width);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn what_matters_has_a_shape_of_its_own() {
    let document = sample("tcp-loss-recovery");
    let ground = document.ground();
    let id = document.connections[0];
    let course = ground.course(id, ground.busier(id), &Progress::new()).expect("a course");
    let picture = drawn(&course, Kind::Tcptrace, 1240);
    let shapes = |is: fn(&Shape) -> bool| {
        let inside =
            picture.scene.marks().iter().filter(|mark| mark.bounds.bottom < picture.plot.bottom);
        inside.filter(|mark| is(&mark.shape)).count()
    };
    assert_eq!(shapes(|shape| matches!(shape, Shape::Cross { .. })), course.lost());
    let again = course.count(What::Again);
    assert_eq!(shapes(|shape| matches!(shape, Shape::Regular { corners: 4, .. })), again);
}

/// A transfer of so many segments, of which every thousandth is lost and sent again.
fn long(count: u32) -> Course {
    let (mut sent, mut heard, mut flight, mut trips) = (vec![], vec![], vec![], vec![]);
    for number in 0..count {
        let (frame, time) = (FrameId(number), Time(i64::from(number) * 10_000));
        let from = u64::from(number) * 1448 + 1;
        let (to, is_lost) = (from + 1448, number % 1000 == 0);
        let one = Sent { frame, time, from, to, data: 1448, what: What::New, is_lost };
        sent.push(one);
        if is_lost && number > 0 {
            let (from, to) = (from - 100 * 1448, to - 100 * 1448);
            sent.push(Sent { from, to, what: What::Again, is_lost: false, ..one });
        }
        let window = Some(u64::from(number % 977) * 100);
        let says = if number % 977 == 0 { Says::Full } else { Says::Plain };
        heard.push(Heard { frame, time, upto: from, window, says, blocks: 0..0 });
        let value = u64::from(number % 4001) * 97;
        flight.push(Sample { frame, time, value });
        trips.push(Sample { frame, time, value: value * 1_000 });
    }
    let end = Time(i64::from(count) * 10_000);
    Course {
        connection: ConnectionId(0),
        sender: Direction::Forward,
        carrier: Carrier::Tcp,
        both_ends: false,
        start: Time(0),
        end,
        sent,
        heard,
        blocks: Vec::new(),
        flight,
        trips,
        sealed: 0,
        is_cut: false,
    }
}

#[test]
fn a_graph_of_many_packets_has_no_more_marks_than_its_width_allows() {
    let (few, many) = (long(50_000), long(200_000));
    for kind in Kind::ALL {
        for width in [420, 1240] {
            let counts = [&few, &many].map(|course| {
                let picture = drawn(course, kind, width);
                (picture.scene.marks().len(), picture.spots.len())
            });
            let [(_, _), (marks, spots)] = counts;
            let most = usize::from(width) * 12;
            assert!(marks < most && spots < most, "{kind:?}, {width}: {counts:?}");
        }
        hold(&format!("many, {kind:?}"), &many, kind, 1240);
    }
}

#[test]
fn a_stretch_shows_what_lies_in_it() {
    let course = long(10_000);
    let request = Request {
        kind: Kind::Tcptrace,
        width: 900.0,
        height: Some(500.0),
        stretch: Some((20_000_000, 30_000_000)),
    };
    let picture = graph((&course, &names()), &request, &FontMeasure::default());
    assert_eq!(picture.stretch, (20_000_000, 30_000_000));
    assert_eq!(picture.scene.height, 500.0);
    assert!(picture.spots.iter().all(|spot| (20_000_000..=30_000_000).contains(&spot.nanos)));
}
