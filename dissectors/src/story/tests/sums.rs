//! The sum at the foot of a story, and its notes, beside what was recorded.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, RST, SYN};
use crate::ids::Direction::{Backward, Forward};

/// The sum, and each note in a line of its own.
#[track_caller]
fn check(play: &Play, expected: &[&str]) {
    let story = story(play);
    let found: Vec<String> = std::iter::once(story.sum.clone()).chain(story.remarks()).collect();
    assert_eq!(found, expected);
}

fn open(port: u16) -> Play {
    let mut play = Play::against(port);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

/// A ClientHello that offers one cipher suite and nothing else, in a record.
fn client_hello() -> Vec<u8> {
    let mut bytes = vec![22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3];
    bytes.extend([7; 32]);
    bytes.extend([0, 0, 2, 0x13, 1, 1, 0]);
    bytes
}

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn datagrams() {
    let mut play = Play::against(9_999);
    check(play.udp(Forward, b"hello"), &["The first packet carries data (UDP has no handshake)"]);
    let mut play = Play::against(7);
    check(
        play.udp(Forward, b"hello"),
        &["The question leaves with the first packet (UDP has no handshake), \
           and no answer was recorded"],
    );
    check(
        play.udp(Backward, b"hello"),
        &["The question leaves with the first packet (UDP has no handshake), \
           1 round trip until the answer"],
    );
}

#[test]
fn a_file_that_was_asked_for_is_the_answer() {
    let mut play = Play::against(69);
    let asked = "The request leaves with the first packet (UDP has no handshake)";
    play.udp(Forward, b"\x00\x01a.txt\x00octet\x00");
    check(&play, &[&format!("{asked}, and no answer was recorded")]);
    let answer = format!("{asked}, 1 round trip until the answer");
    check(play.udp(Backward, b"\x00\x03\x00\x01first"), &[&answer]);
    let mut play = Play::against(69);
    play.udp(Forward, b"\x00\x01a.txt\x00octet\x00");
    check(play.udp(Backward, b"\x00\x05\x00\x01no such file\x00"), &[&answer]);
}

#[test]
fn connections() {
    let mut play = Play::against(80);
    check(play.tcp(Forward, SYN, b""), &["Nobody answered"]);
    check(play.tcp(Backward, SYN, b""), &["No round trip was seen"]);
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Backward, RST | ACK, b"");
    check(&play, &["1 round trip of TCP to learn that the connection is refused"]);
    let mut play = open(80);
    check(&play, &["1 round trip of TCP until the first byte can be sent"]);
    let unanswered =
        "1 round trip of TCP until the request can be sent, and no answer was recorded";
    check(play.tcp(Forward, ACK, GET), &[unanswered]);
    let answered = "1 round trip of TCP until the request can be sent, \
                    2 until the first byte of the answer";
    check(play.tcp(Backward, ACK, OK), &[answered]);
    // A question that was sent again needlessly was answered all the same.
    let mut play = open(80);
    let seq = play.seq(Forward);
    play.tcp(Forward, ACK, GET).at(300_000).tcp_at(seq, Forward, ACK, GET);
    check(play.tcp(Backward, ACK, OK), &[answered]);
}

#[test]
fn a_question_that_leaves_with_the_first_packet() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, GET).tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Backward, ACK, OK);
    check(
        &play,
        &["No round trip until the request can be sent, 1 until the first byte of the answer"],
    );
}

#[test]
fn what_was_not_recorded() {
    const MIDWAY: &str =
        "The recording begins inside the connection: what it cost before is not known";
    let mut play = Play::against(80);
    play.tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    check(&play, &[MIDWAY, "The recording begins inside a connection."]);
    let mut play = Play::against(80);
    play.tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    check(&play, &[MIDWAY, "The recording begins inside a connection."]);
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Forward, ACK, b"").tcp(Forward, ACK, GET);
    check(
        &play,
        &[
            "Only one direction was recorded: what it cost is not known",
            "Of one connection only one direction was recorded.",
        ],
    );
    play.another(40_001);
    play.tcp(Forward, SYN, b"").tcp(Forward, ACK, b"").tcp(Forward, ACK, GET);
    check(
        &play,
        &[
            "2 connections. Each: only one direction was recorded: what it cost is not known",
            "Of 2 connections only one direction was recorded.",
        ],
    );
}

#[test]
fn what_is_sealed() {
    let mut answer = vec![22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3];
    answer.extend([9; 32]);
    answer.extend([0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
    let mut play = open(443);
    play.tcp(Forward, ACK, &client_hello()).tcp(Backward, ACK, &answer);
    play.tcp(Forward, ACK, &[[23, 3, 3, 0, 30].as_slice(), &[5; 30]].concat());
    check(
        &play,
        &[
            "2 round trips (1 of TCP, 1 of TLS) until the first byte of data can be sent",
            "Some records stay sealed: their keys are not known here.",
        ],
    );
}

#[test]
fn connections_that_went_the_same_way() {
    let mut play = open(80);
    for port in 40_001..40_006 {
        play.another(port);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    }
    check(
        &play,
        &[
            "6 connections. Each: 1 round trip of TCP until the first byte can be sent",
            "5 connections went the same way as one that is told.",
        ],
    );
    let text = crate::story::text::to_text(&story(&play));
    let others = "and 5 more that went the same way, 162 B each, from 0.030 to 0.170 ms: \
                  port 40001 … port 40005";
    assert!(text.contains(others), "{text}");
}

#[test]
fn connections_that_have_nothing_to_tell() {
    let mut play = open(80);
    play.another(40_001);
    play.tcp(Forward, ACK, b"");
    let sum = "2 connections. The first: 1 round trip of TCP until the first byte can be sent";
    let midway = "The recording begins inside a connection.";
    check(&play, &[sum, midway, "Of one connection nothing is told: 1 packet without data."]);
    assert_eq!(story(&play).tracks.len(), 1);
    play.another(40_002);
    play.tcp(Forward, ACK, b"").tcp(Backward, ACK, b"");
    check(
        &play,
        &[
            "3 connections. The first: 1 round trip of TCP until the first byte can be sent",
            midway,
            "Of 2 connections nothing is told: 3 packets without data.",
        ],
    );
}

#[test]
fn conversations_that_nothing_binds() {
    let mut play = Play::against(7);
    play.udp(Forward, b"hello").udp(Backward, b"hello");
    play.another(40_001);
    play.udp(Forward, b"hello").udp(Backward, b"hello");
    check(
        &play,
        &["2 conversations over UDP. Each: the question leaves with the first packet \
           (UDP has no handshake), 1 round trip until the answer"],
    );
}

#[test]
fn bytes_that_nobody_can_read() {
    let mut play = open(443);
    play.tcp(Forward, ACK, &client_hello());
    let behind_a_hole = play.seq(Forward) + 100;
    play.tcp_at(behind_a_hole, Forward, ACK, b"what");
    let story = story(&play);
    let said = |text: &str| story.beats.iter().any(|beat| beat.headline == text);
    assert!(said("Sends data that could not be read"), "{:#?}", story.beats);
}

#[test]
fn more_than_a_story_can_hold() {
    let mut play = Play::against(9_999);
    for _ in 0..=crate::limits::MAX_STORY_MESSAGES {
        play.udp(Forward, b"x");
    }
    check(
        &play,
        &[
            "The first packet carries data (UDP has no handshake)",
            "Only the first 16,384 messages are told, and 1 more packet is left out.",
        ],
    );
}

#[test]
fn a_body_that_is_held_back() {
    let mut play = open(80);
    let head = b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    play.tcp(Forward, ACK, head).tcp(Backward, ACK, b"HTTP/1.1 100 Continue\r\n\r\n");
    play.tcp(Forward, ACK, b"ab").tcp(Backward, ACK, OK);
    let story = story(&play);
    let body = story.beats.iter().find(|beat| beat.label == "body").expect("it is told apart");
    assert_eq!(body.headline, "Sends the body that it had held back");
    assert_eq!(body.detail, "None of it left before the server had spoken.");
}

#[test]
fn sealed_early_data_waits_for_nothing() {
    let packet = |first: u8, len: u8| {
        let head = [&[first, 0, 0, 0, 1, 8], &[7; 8][..], &[0][..]].concat();
        let token: &[u8] = if first == 0xc0 { &[0] } else { &[] };
        [&head[..], token, &[len], &vec![9; usize::from(len)]].concat()
    };
    let mut play = Play::against(443);
    play.udp(Forward, &[packet(0xc0, 60), packet(0xd0, 60), vec![0; 1_100]].concat());
    play.udp(Backward, &packet(0xc0, 60));
    assert_eq!(story(&play).sum, "Data leaves with the first packets (0-RTT), sealed");
}

#[test]
fn who_must_wait_for_a_greeting_waits_a_round_trip() {
    let mut play = open(25);
    play.tcp(Backward, ACK, b"220 mail.example ready\r\n");
    play.tcp(Forward, ACK, b"EHLO a.example\r\n");
    play.tcp(Backward, ACK, b"250 mail.example\r\n");
    check(
        &play,
        &["2 round trips (1 of TCP, 1 for the greeting) until the request can be sent, \
           3 until the first byte of the answer"],
    );
}
