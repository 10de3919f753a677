//! Lanes: streams of one connection, each with what it is for and what passed on it.

use super::play::Play;
use super::story;
use super::two_ends::{WAY, over_the_way};
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Piece, Story};

/// A frame of HTTP/2: RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream], payload].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A request for a path of one letter, in literals that no table keeps (RFC 7541, section 6.2.2).
fn get(stream: u8, letter: u8) -> Vec<u8> {
    let block = [0x82, 0x86, 0x04, 2, b'/', letter];
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &block)
}

fn opened() -> Play {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

/// The lanes in words: number, purpose, bytes, and what passed.
fn lanes(told: &Story) -> Vec<String> {
    let lane = |lane: &crate::story::lanes::Lane| {
        let marks = lane.marks.iter().map(|mark| {
            let who = if lane.asker == Some(mark.from) { ">" } else { "<" };
            let what = match mark.piece {
                Piece::Head => "head".to_owned(),
                Piece::Content(bytes) => bytes.to_string(),
                Piece::Reset => "reset".to_owned(),
                Piece::Leave(_) => "leave".to_owned(),
            };
            format!("{who}{what}{}", if mark.ends { "." } else { "" })
        });
        let marks: Vec<String> = marks.collect();
        format!("{} {}, {}: {}", lane.number, lane.name, lane.bytes, marks.join(" "))
    };
    told.lanes.iter().map(lane).collect()
}

#[test]
fn streams_are_lanes_with_what_passed_on_each() {
    let mut play = opened();
    let asked = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &get(1, b'a'), &get(3, b'b')].concat();
    play.at(1_000).tcp(Forward, ACK, &asked);
    let ok = |stream| frame(HEADERS, END_HEADERS, stream, &[0x88]);
    let first = [frame(SETTINGS, 0, 0, &[]), ok(1), frame(DATA, 0, 1, b"one"), ok(3)].concat();
    play.at(2_000).tcp(Backward, ACK, &first);
    let rest = [frame(DATA, 0, 3, b"three"), frame(DATA, END_STREAM, 1, b"!")].concat();
    play.at(3_000).tcp(Backward, ACK, &rest);
    play.at(4_000).tcp(Forward, ACK, &frame(RST_STREAM, 0, 3, &[0, 0, 0, 8]));
    let told = story(&play);
    let expected = ["1 GET /a, 4: >head. <head <3 <1.", "3 GET /b, 5: >head. <head <5 >reset."];
    assert_eq!(lanes(&told), expected);
    let marks = told.lanes.iter().flat_map(|lane| &lane.marks);
    for mark in marks {
        let beat = told.beat(mark.beat).expect("a beat");
        assert_eq!((beat.from, beat.sent.time), (mark.from, mark.sent.time), "{}", beat.label);
    }
}

#[test]
fn where_nothing_shares_a_connection_there_are_no_lanes() {
    let mut play = opened();
    play.tcp(Forward, ACK, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    play.tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
    assert!(story(&play).lanes.is_empty());
}

#[test]
fn a_question_that_goes_on_is_measured_from_where_it_ended() {
    let begun = frame(HEADERS, END_STREAM, 1, &[0x82, 0x84]);
    let whole = frame(CONTINUATION, END_HEADERS, 1, &[0x86, 0x41, 0x01, b'h']);
    let post = frame(HEADERS, END_HEADERS, 1, &[0x83, 0x84, 0x86]);
    let body = frame(DATA, END_STREAM, 1, b"body");
    for (first, second, last) in
        [(begun, whole, "CONTINUATION #1"), (post, body, "DATA 4 B end #1")]
    {
        let mut play = opened();
        let asked = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &first].concat();
        play.at(1_000).tcp(Forward, ACK, &asked);
        play.at(101_000).tcp(Backward, ACK, &frame(SETTINGS, 0, 0, &[]));
        play.at(501_000).tcp(Forward, ACK, &second);
        let answer = frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0x88]);
        play.at(801_000).tcp(Backward, ACK, &answer);
        let told = story(&play);
        let trip = told.trips.last().expect("a round trip");
        let label = |id| told.beat(id).map(|beat| beat.label.as_str());
        assert_eq!((label(trip.from), label(trip.to)), (Some(last), Some("200 OK #1")));
        assert_eq!(trip.nanos, 300_000_000, "{last}");
        assert!(told.sum.ends_with("2 until the first byte of the answer"), "{}", told.sum);
    }
}

#[test]
fn windows_fall_with_what_is_sent_and_rise_with_what_is_allowed() {
    const WINDOW_UPDATE: u8 = 8;
    let mut play = opened();
    // A window of five bytes for each stream (RFC 9113, section 6.5.2).
    let small = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 5]);
    play.at(1_000).tcp(Forward, ACK, &[PREFACE, &small, &get(1, b'a'), &get(3, b'b')].concat());
    let ok = |stream| frame(HEADERS, END_HEADERS, stream, &[0x88]);
    let first = [frame(SETTINGS, 0, 0, &[]), ok(1), frame(DATA, 0, 1, b"seven"), ok(3)].concat();
    play.at(2_000).tcp(Backward, ACK, &first);
    play.at(3_000).tcp(Backward, ACK, &frame(DATA, END_STREAM, 3, b"three"));
    play.at(9_000).tcp(Forward, ACK, &frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 9]));
    play.at(9_500).tcp(Backward, ACK, &frame(DATA, END_STREAM, 1, b"ty"));
    let told = story(&play);
    let server = told.beat(told.steps()[1]).expect("the second step").from;
    assert!(told.windows.iter().all(|window| window.sender == server));
    let windows: Vec<_> = told
        .windows
        .iter()
        .map(|window| {
            let points = window.points.iter().map(|(time, bytes)| (time.0 / 1_000, *bytes));
            (window.lane, window.initial, points.collect::<Vec<_>>())
        })
        .collect();
    let all = vec![(2_000, 65_530), (3_000, 65_525), (9_500, 65_523)];
    let one = vec![(2_000, 0), (9_000, 9), (9_500, 7)];
    assert_eq!(windows, [(None, 65_535, all), (Some(1), 5, one)], "stream 3 did not wait");
    assert!(told.windows[1].held_up && !told.windows[0].held_up);
    assert_eq!((told.windows[0].most(), told.windows[1].most()), (65_535, 9));
}

#[test]
fn what_streams_ask_and_answer_together_is_one_sentence() {
    let ok = |stream| frame(HEADERS, END_HEADERS, stream, &[0x88]);
    let no = |stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, &[0x8d]);
    let piece = |stream| frame(DATA, 0, stream, b"piece");
    let end = |stream| frame(DATA, END_STREAM, stream, b"end");
    let turns = [ok(1), ok(3), piece(1), piece(3), end(1), end(3)].concat();
    let runs = [ok(1), piece(1), end(1), ok(3), piece(3), end(3)].concat();
    let heads = [ok(1), ok(3), piece(1)].concat();
    let alone = [ok(1), piece(1), piece(1), end(1)].concat();
    let refused = [ok(1), no(3)].concat();
    // How many ask, what is answered, and what the steps with questions and with answers say.
    let cases: [(&[u8], &[u8], &str, &str); 5] = [
        (
            &[1, 3],
            &turns,
            "2 questions at once, each on a stream of its own",
            "2 answers take turns: pieces of each pass between the others'",
        ),
        (
            &[1, 3],
            &runs,
            "2 questions at once, each on a stream of its own",
            "2 answers at once, stream by stream",
        ),
        (
            &[1, 3],
            &heads,
            "2 questions at once, each on a stream of its own",
            "2 answers at once, each on a stream of its own",
        ),
        (
            &[1],
            &alone,
            "Asks for a resource; nothing seals the request",
            "The request succeeded, and this is its result",
        ),
        (
            &[1, 3],
            &refused,
            "2 questions at once, each on a stream of its own",
            "2 answers at once, 1 of which says no",
        ),
    ];
    for (asking, answers, asked, answered) in cases {
        let mut play = opened();
        play.at(1_000).tcp(Forward, ACK, &[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat());
        play.at(2_000).tcp(Backward, ACK, &frame(SETTINGS, 0, 0, &[]));
        let gets: Vec<u8> = asking.iter().flat_map(|stream| get(*stream, b'a')).collect();
        play.at(50_000).tcp(Forward, ACK, &gets);
        play.at(51_000).tcp(Backward, ACK, answers);
        let told = story(&play);
        let steps = told.steps();
        let said = steps.iter().rev().take(2).rev().filter_map(|id| told.beat(*id));
        let said: Vec<&str> = said.map(|beat| beat.headline.as_str()).collect();
        assert_eq!(said, [asked, answered]);
    }
}

#[test]
fn what_lies_behind_a_hole_waits_until_that_is_filled() {
    let asked = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &get(1, b'a'), &get(3, b'b')].concat();
    let ok = |stream| frame(HEADERS, END_HEADERS, stream, &[0x88]);
    let heads = [frame(SETTINGS, 0, 0, &[]), ok(1), ok(3)].concat();
    let (one, two) = (frame(DATA, END_STREAM, 1, b"one"), frame(DATA, END_STREAM, 3, b"two"));
    let hole = 5_001 + heads.len() as u32;
    let play = over_the_way(&[
        (150_000, Forward, None, &asked, true),
        (200_000, Backward, None, &heads, true),
        (210_000, Backward, None, &one, false),
        (220_000, Backward, None, &two, true),
        (400_000, Backward, Some(hole), &one, true),
    ]);
    let told = story(&play);
    let marks =
        told.lanes.iter().flat_map(|lane| lane.marks.iter().map(|mark| (lane.number, mark)));
    let held = marks.filter_map(|(lane, mark)| {
        let (since, nanos) = mark.held?;
        Some((lane, since.0 / 1_000, nanos / 1_000))
    });
    for mark in told.lanes.iter().flat_map(|lane| &lane.marks) {
        let (first, _) = mark.came.expect("both ends were recorded");
        assert_eq!(first.since(mark.sent.time), WAY * 1_000, "{mark:?}");
    }
    // It came a way after it had left, and the other 180 ms later.
    assert_eq!(held.collect::<Vec<_>>(), [(3, 270_000, 180_000)]);
    let said = "It came, and lay there for 180.0 ms until what was missing before it had come: TCP \
                hands all bytes on in their order (RFC 9293, section 2.2).";
    let mut details = told.beats.iter().map(|beat| beat.detail.as_str());
    assert!(details.any(|detail| detail.ends_with(said)), "{:#?}", told.beats);
}
