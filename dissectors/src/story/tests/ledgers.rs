//! Ledgers beside what was recorded.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Level, Replay};

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A query of DNS for the root, and the same as an answer.
const QUERY: &[u8] = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0\0\0\x01\0\x01";
const REPLY: &[u8] = b"\0\x07\x81\x80\0\x01\0\0\0\0\0\0\0\0\x01\0\x01";

/// Each ledger: its round trips, the packets before the request and through the answer, the
/// microseconds until each, and what may be replayed.
type Told = (&'static str, [u32; 2], [i64; 2], Replay);

#[track_caller]
fn check(play: &Play, expected: &[Told]) {
    let story = story(play);
    let found: Vec<_> = story
        .ledgers
        .iter()
        .map(|one| {
            let (asked, answered) = (one.until_request, one.until_answer);
            let packets = [asked.packets, answered.packets];
            let micros = [asked.nanos / 1_000, answered.nanos / 1_000];
            (one.round_trips(), packets, micros, one.replay)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(trips, packets, micros, replay)| ((*trips).to_owned(), *packets, *micros, *replay))
        .collect();
    assert_eq!(found, expected);
    for ledger in &story.ledgers {
        let level = |id| story.beat(id).map(|beat| beat.level);
        assert_eq!(level(ledger.request), Some(Level::Message));
        assert_eq!(level(ledger.answer), Some(Level::Message));
    }
}

fn open(port: u16) -> Play {
    let mut play = Play::against(port);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

#[test]
fn a_question_on_a_connection() {
    let mut play = open(80);
    check(&play, &[]);
    play.at(100).tcp(Forward, ACK, GET);
    check(&play, &[]);
    play.at(250).tcp(Backward, ACK, OK);
    let expected = ("1 + 1", [3, 5], [100, 250], Replay::InTheClear);
    check(&play, &[expected]);
    // What comes later is no part of it, nor is another connection.
    play.tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    check(&play, &[expected]);
    play.another(40_001);
    play.at(1_000).tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    check(&play, &[expected, ("1 + 1", [3, 5], [30, 40], Replay::InTheClear)]);
}

#[test]
fn a_question_that_leaves_with_the_first_packet() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, GET).tcp(Backward, SYN | ACK, b"").tcp(Backward, ACK, OK);
    check(&play, &[("0 + 1", [0, 3], [0, 20], Replay::Request)]);
    let mut play = Play::against(53);
    play.udp(Forward, QUERY).udp(Backward, REPLY);
    check(&play, &[("0 + 1", [0, 2], [0, 10], Replay::InTheClear)]);
}

#[test]
fn what_was_not_recorded_whole_has_none() {
    let mut play = Play::against(80);
    play.tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    check(&play, &[]);
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Forward, ACK, b"").tcp(Forward, ACK, GET);
    check(&play, &[]);
}

#[test]
fn what_may_be_replayed_is_said_in_words() {
    let words = [Replay::Impossible, Replay::InTheClear, Replay::Opening, Replay::Request];
    let expected = [
        "not possible",
        "in the clear: anyone can",
        "what came with the SYN",
        "request can be replayed",
    ];
    assert_eq!(words.map(Replay::words), expected);
}
