//! Answers that the recording lacks, and what is said of those that it has.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Beat, Level, Story};

const ONE: &[u8] = b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
const TWO: &[u8] = b"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n";
const THREE: &[u8] = b"GET /3 HTTP/1.1\r\nHost: h\r\n\r\n";
const DONE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

fn open(port: u16) -> Play {
    let mut play = Play::against(port);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

/// The steps behind the handshake: bead and what a teacher adds; round trips, as the frames of
/// question and answer; the sum.
#[track_caller]
fn check(play: &Play, steps: &[(&str, &str)], trips: &[(u32, u32)], sum: &str) {
    let told = story(play);
    let said: Vec<(&str, &str)> = told
        .level(Level::Flight)
        .skip(3)
        .map(|(_, beat)| (beat.label.as_str(), beat.detail.as_str()))
        .collect();
    let are_said = said.len() == steps.len()
        && said
            .iter()
            .zip(steps)
            .all(|(found, wanted)| found.0 == wanted.0 && found.1.contains(wanted.1));
    assert!(are_said, "{said:#?}");
    assert_eq!(measured(&told)[1..], *trips, "behind that of the handshake");
    assert_eq!(told.sum, sum);
    let unanswered = said.iter().filter(|(_, detail)| detail.contains("No answer comes"));
    assert_eq!(unanswered.count(), 0, "{said:#?}");
}

fn measured(told: &Story) -> Vec<(u32, u32)> {
    told.trips
        .iter()
        .map(|trip| (trip.asked.frame.number(), trip.answered.frame.number()))
        .collect()
}

#[test]
fn an_answer_that_was_acknowledged_and_not_captured_is_no_later_one() {
    let mut play = open(80);
    play.at(3_000).tcp(Forward, ACK, ONE).missed(Backward, 78);
    play.at(5_000).tcp(Forward, ACK, b"");
    play.at(6_000).tcp(Forward, ACK, TWO).at(7_000).tcp(Backward, ACK, DONE);
    play.at(8_000).tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"");
    check(
        &play,
        &[
            ("GET /1", "Its answer was not captured (78 bytes)."),
            ("GET /2", "Request 2"),
            ("204 No Content", ""),
            ("FIN, ACK", ""),
            ("FIN, ACK", ""),
        ],
        &[(6, 7)],
        "1 round trip of TCP until the request can be sent, and its answer was not captured",
    );
}

#[test]
fn where_question_and_answer_are_missing_nobody_knows_whose_the_next_answer_is() {
    let mut play = open(80);
    play.at(3_000).tcp(Forward, ACK, ONE).missed(Backward, 78).missed(Forward, 28);
    play.at(5_000).tcp(Backward, ACK, DONE);
    play.at(6_000).tcp(Forward, ACK, THREE).at(7_000).tcp(Backward, ACK, DONE);
    check(
        &play,
        &[
            ("GET /1", "Its answer was not captured (78 bytes)."),
            ("204 No Content", ""),
            ("GET /3", ""),
            ("204 No Content", ""),
        ],
        &[(6, 7)],
        "1 round trip of TCP until the request can be sent, and its answer was not captured",
    );
}

#[test]
fn of_several_that_wait_nobody_knows_which_was_answered() {
    let mut play = open(6379);
    play.at(3_000).tcp(Forward, ACK, b"*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    play.tcp(Forward, ACK, b"*2\r\n$3\r\nGET\r\n$1\r\nb\r\n").missed(Backward, 7);
    play.at(5_000).tcp(Backward, ACK, b"$1\r\nB\r\n");
    let told = story(&play);
    assert_eq!(measured(&told).len(), 1, "that of the handshake");
    let (_, asked) = told.level(Level::Flight).nth(3).unwrap();
    let words =
        "Whether it was answered is not known: the recording lacks 7 bytes of the other side.";
    assert!(asked.detail.contains(words), "{}", asked.detail);
}

#[test]
fn answers_that_go_by_their_order_do_so_only_where_none_is_missing() {
    let mut play = open(6379);
    play.at(3_000).tcp(Forward, ACK, b"*2\r\n$3\r\nGET\r\n$1\r\na\r\n").missed(Backward, 7);
    play.at(5_000).tcp(Forward, ACK, b"");
    play.at(6_000).tcp(Forward, ACK, b"*2\r\n$3\r\nGET\r\n$1\r\nb\r\n");
    play.at(7_000).tcp(Backward, ACK, b"$1\r\nB\r\n");
    check(
        &play,
        &[("GET a", "Its answer was not captured (7 bytes)."), ("GET b", ""), ("1 byte", "B.")],
        &[(6, 7)],
        "1 round trip of TCP until the request can be sent, and its answer was not captured",
    );
}

#[test]
fn a_hole_in_a_body_leaves_the_answer_what_it_is() {
    let mut play = open(80);
    play.tcp(Forward, ACK, ONE);
    play.tcp(Backward, ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n0123456789");
    play.missed(Backward, 10).tcp(Backward, ACK, b"0123456789").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    check(
        &play,
        &[("GET /1", ""), ("200 OK  20 of 30 B", ""), ("GET /2", ""), ("204 No Content", "")],
        &[(4, 5), (8, 9)],
        "1 round trip of TCP until the request can be sent, 2 until the first byte of the answer",
    );
}

#[test]
fn an_answer_of_which_the_rest_was_captured_is_missing_in_part() {
    let mut play = open(80);
    play.at(3_000).tcp(Forward, ACK, ONE).missed(Backward, 38);
    play.tcp(Backward, ACK, b"hello").tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    let told = story(&play);
    let (_, asked) = told.level(Level::Flight).nth(3).unwrap();
    let words = "The beginning of its answer was not captured (38 bytes).";
    assert!(asked.detail.ends_with(words), "{}", asked.detail);
}

#[test]
fn an_answer_for_now_is_not_the_last_one() {
    let mut play = open(80);
    play.tcp(
        Forward,
        ACK,
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
    );
    play.tcp(Backward, ACK, b"HTTP/1.1 100 Continue\r\n\r\n").tcp(Forward, ACK, b"hi");
    play.missed(Backward, 40).tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"");
    let told = story(&play);
    let words = "Its final answer was not captured (40 bytes).";
    let says = |(_, beat): (_, &Beat)| beat.detail.contains(words);
    assert!(told.level(Level::Flight).any(says), "{told:#?}");
}
