//! What spans many frames stands at its first one, and says when it was whole.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::Level;

fn opened() -> Play {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

/// What the step that holds this bead adds about its end, and what the message itself does.
#[track_caller]
fn check(play: &Play, label: &str, expected: Option<&str>) {
    let told = story(play);
    let steps = told.steps().into_iter().filter_map(|id| told.beat(id));
    let messages = told.level(Level::Message).map(|(_, beat)| beat);
    for beats in [steps.collect::<Vec<_>>(), messages.collect()] {
        let beat = beats.iter().find(|beat| beat.label.contains(label)).expect(label);
        let said = beat.detail.find("Its last byte").and_then(|at| beat.detail.get(at..));
        assert_eq!(said, expected, "{}", beat.detail);
    }
}

#[test]
fn a_body_that_others_speak_into_says_when_it_was_whole() {
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n").into_bytes();
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, &ask("/a"));
    play.at(2_000).tcp(Backward, ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    play.at(3_000).tcp(Forward, ACK, &ask("/b"));
    play.at(4_000).tcp(Backward, ACK, b"def");
    check(&play, "200 OK", Some("Its last byte follows 2.00 ms after its first."));
}

#[test]
fn a_body_in_one_go_says_nothing_of_its_end() {
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    play.at(2_000).tcp(Backward, ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    play.at(4_000).tcp(Backward, ACK, b"def");
    play.at(5_000).tcp(Forward, ACK, b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    check(&play, "200 OK", None);
}

#[test]
fn a_frame_of_content_over_many_segments_says_when_it_was_whole() {
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream], payload].concat()
    };
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let ask = frame(1, 5, 1, &[0x82, 0x86, 0x84]);
    let content = frame(0, 1, 1, &[7; 90]);
    let (begin, end) = content.split_at(40);
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, &[&preface[..], &frame(4, 0, 0, &[]), &ask].concat());
    play.at(2_000).tcp(
        Backward,
        ACK,
        &[&frame(4, 0, 0, &[])[..], &frame(1, 4, 1, &[0x88])].concat(),
    );
    play.at(8_000).tcp(Backward, ACK, begin);
    play.at(9_000).tcp(Forward, ACK, &frame(6, 0, 0, &[1; 8]));
    play.at(10_500).tcp(Backward, ACK, end);
    check(&play, "DATA 90 B", Some("Its last byte follows 2.50 ms after its first."));
}
