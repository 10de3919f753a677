//! Pauses: where a flight ends, what is asked in the meantime, and how long an answer took.

use super::play::Play;
use super::{check_outline, story};
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::text::to_text;

/// A connection that has been opened.
fn open() -> Play {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

#[test]
fn a_pause_ends_a_flight() {
    let mut play = open();
    play.tcp(Backward, ACK, b"one").at(20_000).tcp(Backward, ACK, b"two");
    play.at(90_000).tcp(Backward, ACK, b"three").at(2_000_000).tcp(Backward, ACK, b"four");
    let told = story(&play);
    let labels: Vec<&str> = told
        .steps()
        .into_iter()
        .skip(3)
        .filter_map(|id| told.beat(id))
        .map(|beat| beat.label.as_str())
        .collect();
    assert_eq!(labels, ["6 bytes", "5 bytes", "4 bytes"]);
    let silences: Vec<i64> =
        told.silences().iter().map(|silence| silence.nanos / 1_000_000).collect();
    assert_eq!(silences, [70, 1_910], "each is longer than ten usual waits");
    let text = to_text(&told);
    let said: Vec<&str> = text.lines().filter(|line| line.contains("···")).collect();
    assert_eq!(said, ["     ···  70.000 ms pass", "     ···  1910.000 ms pass"]);
}

#[test]
fn a_keep_alive_and_its_answer_are_steps() {
    let mut play = open();
    play.tcp(Forward, ACK, b"hello").tcp(Backward, ACK, b"");
    let next = play.seq(Forward);
    for seconds in [1, 2] {
        play.at(seconds * 1_000_000).tcp_at(next - 1, Forward, ACK, b"").tcp(Backward, ACK, b"");
    }
    play.at(3_000_000).tcp(Forward, ACK, b"again");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]
         Data · 2 packets · 113 B
         4      0.030  Client ──> Server  [5 bytes]
         TCP keep-alive · 2 round trips · 4 packets · 216 B
         5   1000.000  Client ──> Server  [keep-alive]
         6   1000.010  Server ──> Client  [ACK]
         7   2000.000  Client ──> Server  [keep-alive]
         8   2000.010  Server ──> Client  [ACK]
         Data · 1 packet · 59 B
         9   3000.000  Client ──> Server  [5 bytes]
         1 round trip of TCP until the first byte can be sent
         10 packets · 550 B · 3000.000 ms",
    );
}

#[test]
fn what_is_held_back_comes_after_the_answer_that_asks_for_it() {
    let mut play = open();
    play.at(1_000).tcp(
        Forward,
        ACK,
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
    );
    play.at(3_000).tcp(Backward, ACK, b"HTTP/1.1 100 Continue\r\n\r\n");
    play.at(4_000).tcp(Forward, ACK, b"body");
    play.at(9_000).tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]
         HTTP request · 2 round trips · 4 packets · 341 B
         4      1.000  Client ──> Server  [POST /]
         5      3.000  Server ──> Client  [100 Continue]
         6      4.000  Client ──> Server  [body]
         7      9.000  Server ──> Client  [204 No Content]
         1 round trip of TCP until the request can be sent, 2 until the first byte of the answer
         7 packets · 503 B · 9.000 ms",
    );
    let told = story(&play);
    let trips: Vec<i64> = told.trips.iter().map(|trip| trip.nanos / 1_000).collect();
    assert_eq!(trips, [10, 2_000, 5_000]);
}

#[test]
fn a_round_trip_begins_with_the_last_byte_of_the_question() {
    let mut play = open();
    let head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n";
    play.at(1_000).tcp(Forward, ACK, head).at(5_000).tcp(Forward, ACK, b"bo");
    // The server does not wait for the rest.
    play.at(6_500).tcp(Backward, ACK, b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    play.at(7_000).tcp(Forward, ACK, b"dy");
    let told = story(&play);
    let last = told.trips.last().unwrap();
    assert_eq!((last.asked.frame.0, last.answered.frame.0, last.nanos), (4, 5, 1_500_000));
}

#[test]
fn questions_that_wait_together_cost_one_round_trip() {
    let mut play = open();
    let request = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
    play.at(1_000).tcp(Forward, ACK, request).at(61_000).tcp(Forward, ACK, request);
    play.at(100_000).tcp(Backward, ACK, answer).at(160_000).tcp(Backward, ACK, answer);
    let told = story(&play);
    let cost: u32 = told.tracks.iter().map(|track| track.round_trips).sum();
    assert_eq!((told.trips.len(), cost), (3, 2));
}

#[test]
fn a_connection_seen_from_one_side_only_is_told_so() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 2 packets · 108 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Client ──> Server  [ACK]
         HTTP request · 1 packet · 81 B
         3      0.020  Client ──> Server  [GET /]
         Only one direction was recorded: what it cost is not known
         3 packets · 189 B · 0.020 ms
         Of one connection only one direction was recorded.",
    );
}
