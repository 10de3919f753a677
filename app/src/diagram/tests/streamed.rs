//! Streams that share a connection: a lane each, as many as there is room for.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::http2;
use wirestage_dissectors::story::lanes::{Lane, LaneMark, Window};
use wirestage_dissectors::story::{BeatId, Level, Moment, Piece, Story};

use super::fixture::Author;
use super::scales;
use super::{Axis, FontMeasure, layout, request};
use crate::diagram::geometry::Rect;
use crate::diagram::scene::{Layer, Mark, Scene, Shape};
use crate::diagram::style::Style;

/// So many streams, whose answers take turns, and one that waits for its window.
pub(super) fn streamed(count: u64) -> Story {
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1 : 50000");
    let server = author.actor("Server", "127.0.0.2 : 443");
    let chapter = author.chapter("HTTP/2", 1, 2 * count as u32, 9_000);
    let sealed = Protection::Application;
    let name = |stream: u64| format!("/assets/style-{stream}.css");
    let mut lanes: Vec<Lane> = Vec::new();
    let mut write =
        |author: &mut Author, from, to, micros, labels: &[(u64, String, Piece, bool)]| {
            let messages: Vec<_> = labels
                .iter()
                .map(|(stream, what, ..)| (format!("{what} #{stream}"), http2::PROTOCOL_ID, sealed))
                .collect();
            let messages: Vec<_> =
                messages.iter().map(|(label, id, keys)| (label.as_str(), *id, *keys)).collect();
            let said = ("Takes turns", "Several streams share the connection.");
            let flight = author.flight(Some(chapter), (from, to), (micros, None), said, &messages);
            for (place, (stream, _, piece, ends)) in labels.iter().enumerate() {
                let beat = BeatId(flight.0 + 1 + place as u32);
                let sent = author.story.beat(beat).expect("it was pushed").sent;
                let ended = Moment { time: Time(sent.time.0 + 300_000), ..sent };
                let mark = LaneMark {
                    beat,
                    from,
                    sent,
                    ended,
                    came: None,
                    piece: *piece,
                    ends: *ends,
                    held: None,
                    packed: None,
                };
                let lane = lanes.iter_mut().find(|lane| lane.number == *stream);
                let bytes = if let Piece::Content(bytes) = piece { *bytes } else { 0 };
                match lane {
                    Some(lane) => {
                        lane.bytes += bytes;
                        lane.marks.push(mark);
                    }
                    None => lanes.push(Lane {
                        track: None,
                        number: *stream,
                        name: format!("GET {}", name(*stream)),
                        asker: Some(client),
                        bytes,
                        marks: vec![mark],
                    }),
                }
            }
        };
    let streams: Vec<u64> = (0..count).map(|at| 2 * at + 1001).collect();
    for (at, stream) in streams.iter().enumerate() {
        let asked = [(*stream, format!("GET {}", name(*stream)), Piece::Head, true)];
        write(&mut author, client, server, 100 * at as i64, &asked);
    }
    for (at, stream) in streams.iter().enumerate() {
        let answer = [
            (*stream, "200 OK".to_owned(), Piece::Head, false),
            (*stream, "DATA 900 B".to_owned(), Piece::Content(900 + stream), false),
        ];
        write(&mut author, server, client, 20_000 + 400 * at as i64, &answer);
    }
    let leave = [(1001, "WINDOW_UPDATE".to_owned(), Piece::Leave(9_000_000), false)];
    write(&mut author, client, server, 40_000, &leave);
    for (at, stream) in streams.iter().rev().enumerate() {
        let end = [(*stream, "DATA end".to_owned(), Piece::Content(100), true)];
        write(&mut author, server, client, 50_000 + 400 * at as i64, &end);
    }
    author.story.lanes = lanes;
    author.story
}

/// The same, with a silence before a window is opened again.
fn after_a_silence(count: u64) -> Story {
    const SILENCE: i64 = 900_000_000;
    let mut story = streamed(count);
    let waits = |mark: &LaneMark| matches!(mark.piece, Piece::Leave(_)).then_some(mark.sent.time);
    let marks = |story: &Story| story.lanes.iter().flat_map(|lane| lane.marks.clone()).collect();
    let all: Vec<LaneMark> = marks(&story);
    let since = all.iter().find_map(waits).expect("a window is opened");
    let later = |moment: &mut Moment| {
        if moment.time >= since {
            moment.time.0 += SILENCE;
        }
    };
    for beat in &mut story.beats {
        later(&mut beat.sent);
        later(&mut beat.ended);
    }
    for mark in story.lanes.iter_mut().flat_map(|lane| &mut lane.marks) {
        later(&mut mark.sent);
        later(&mut mark.ended);
        if let Piece::Leave(waited) = &mut mark.piece {
            *waited += SILENCE;
        }
    }
    story
}

/// All texts of a picture.
fn texts(scene: &Scene) -> Vec<&str> {
    let shapes = scene.marks().iter().map(|mark| &mark.shape);
    shapes
        .filter_map(
            |shape| if let Shape::Text { text, .. } = shape { Some(text.as_str()) } else { None },
        )
        .collect()
}

#[test]
fn each_stream_has_a_lane_or_is_counted() {
    let measure = FontMeasure::default();
    // Streams, the width of the picture, lanes that are named, and those that are counted.
    for (count, width, named, more) in [
        (1, 1640, 0, 0),
        (3, 1640, 3, 0),
        (40, 1640, 7, 33),
        (6, 1100, 6, 0),
        (3, 900, 3, 0),
        (3, 700, 0, 0),
    ] {
        let story = streamed(count);
        for axis in [Axis::Order, Axis::Time] {
            let scene = layout(&story, &request(width, Level::Message, axis), &measure);
            let texts = texts(&scene);
            let lane = |lane: &&Lane| texts.contains(&lane.number.to_string().as_str());
            let which = format!("{count} streams, {width} points, {axis:?}");
            assert_eq!(story.lanes.iter().filter(lane).count(), named, "{which}: {texts:?}");
            let waits = |mark: &LaneMark| matches!(mark.piece, Piece::Leave(_));
            let mut waiting = story.lanes.iter().filter(|lane| lane.marks.iter().any(waits));
            assert!(named == 0 || waiting.all(|waits| lane(&waits)), "{which}: {texts:?}");
            let counted = texts.iter().find_map(|text| text.strip_prefix("+ "));
            let counted = counted.map_or(0, |count| count.parse().expect("a number"));
            assert_eq!(counted, more, "{which}: {texts:?}");
            let missing = format!("{count} lanes of streams.");
            let is_said = texts.iter().any(|text| text.ends_with(&missing));
            assert_eq!(is_said, count > 1 && named == 0, "{which}: {texts:?}");
        }
    }
}

#[test]
fn a_silence_cuts_what_waits_in_two() {
    let measure = FontMeasure::default();
    let story = after_a_silence(3);
    let scene = layout(&story, &request(1640, Level::Message, Axis::Time), &measure);
    let gaps = scales::gaps(&scene);
    let (gap, said) = gaps.last().expect("a silence");
    assert!(said.ends_with("pass"), "{said}");
    let lines = |mark: &&Mark| mark.style == Style::Failure && mark.layer == Layer::Lines;
    let hatched: Vec<Rect> = scene.marks().iter().filter(lines).map(|mark| mark.bounds).collect();
    assert!(hatched.iter().any(|rect| rect.bottom <= gap.top), "{hatched:?}");
    assert!(hatched.iter().any(|rect| rect.top >= gap.bottom), "{hatched:?}");
    let within = |rect: &&Rect| rect.top + 1.0 < gap.bottom && rect.bottom - 1.0 > gap.top;
    assert_eq!(hatched.iter().find(within), None, "{gaps:?}");
}

#[test]
fn a_window_is_a_curve_where_time_is_to_scale() {
    let measure = FontMeasure::default();
    let mut story = streamed(3);
    let sender = story.lanes[0].marks.last().expect("an answer").from;
    let window = |lane: Option<u64>, points: &[(i64, i64)]| {
        let points = points.iter().map(|(ms, bytes)| (Time(ms * 1_000_000), *bytes)).collect();
        let held_up = lane.is_some();
        Window { track: None, lane, sender, initial: 65_535, points, held_up }
    };
    story.windows = vec![
        window(None, &[(20, 40_000), (40, 65_535)]),
        window(Some(1001), &[(20, 0), (40, 50_000)]),
    ];
    for (width, axis, shown) in
        [(1640, Axis::Time, 2), (1640, Axis::Order, 0), (1000, Axis::Time, 0)]
    {
        let scene = layout(&story, &request(width, Level::Message, axis), &measure);
        let named = texts(&scene).iter().filter(|text| **text == "allowed").count();
        assert_eq!(named, shown, "{width} {axis:?}");
        let used_up = scene.marks().iter().filter(|mark| {
            let wide = matches!(mark.shape, Shape::Line { width, .. } if width > 3.0);
            wide && mark.style == Style::Failure
        });
        let used_up: Vec<Rect> = used_up.map(|mark| mark.bounds).collect();
        // A silence may cut it.
        assert_eq!(used_up.is_empty(), shown == 0, "{width} {axis:?}");
    }
}

#[test]
fn who_waits_for_the_window_of_all_waits_from_what_passed_last_on() {
    let measure = FontMeasure::default();
    let mut story = streamed(3);
    let sender = story.lanes[0].marks.last().expect("an answer").from;
    // Two lanes wait for the connection's window, and the first for its own.
    let points = vec![(Time(21_000_000), 0), (Time(40_000_000), 65_535)];
    let (track, lane, held_up) = (None, None, true);
    let all = Window { track, lane, sender, initial: 65_535, points, held_up };
    let hatched = |story: &Story, axis: Axis| -> Vec<Rect> {
        let scene = layout(story, &request(1640, Level::Flight, axis), &measure);
        let hatch = |mark: &&Mark| {
            let plate = matches!(mark.shape, Shape::Plate { .. });
            plate && mark.style == Style::Failure && mark.layer == Layer::Lines
        };
        scene.marks().iter().filter(hatch).map(|mark| mark.bounds).collect()
    };
    for axis in [Axis::Order, Axis::Time] {
        // The legend has one as well.
        let before = hatched(&story, axis);
        let lanes = |found: &[Rect]| {
            let mut places: Vec<i32> = found.iter().map(|rect| rect.centre().x as i32).collect();
            places.sort_unstable();
            places.dedup();
            places.len()
        };
        assert_eq!(lanes(&before), 2, "{axis:?}");
        story.windows = vec![all.clone()];
        let found = hatched(&story, axis);
        assert_eq!(lanes(&found), 4, "{axis:?}: {found:?}");
        // A silence cuts them where time is to scale.
        let least = if axis == Axis::Order { 40.0 } else { 15.0 };
        let high = found.iter().filter(|rect| rect.height() > least).count();
        assert!(high >= 3, "{axis:?}: {found:?}");
        story.windows.clear();
    }
}
