//! Verdicts on connections that end before their time, and none where the capture has a hole.

use super::play::{CLIENT, Line, Play, SERVER};
use super::{check_outline, story};
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::Direction::{Backward, Forward};

/// A ClientHello that offers one cipher suite and nothing else, in a record.
fn hello() -> Vec<u8> {
    let suites = [0, 0, 2, 0x13, 1, 1, 0];
    [&[22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3][..], &[7; 32], &suites].concat()
}

/// A client that has said hello to a server.
fn asked(port: u16) -> Play {
    let mut play = Play::against(port);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, &hello());
    play
}

/// The bytes that a side sends next are not in the capture.
fn lose(play: &mut Play, side: usize, bytes: u32) {
    let mut line = Line { hosts: [CLIENT, SERVER], ports: [0, 0], seq: [0, 0] };
    play.swap(&mut line);
    line.seq[side] += bytes;
    play.swap(&mut line);
}

fn causes(play: &Play) -> Vec<&'static str> {
    story(play).verdicts.iter().map(|judged| judged.verdict.cause).collect()
}

#[test]
fn a_connection_that_ends_before_its_time_is_judged_once() {
    for (flags, ending) in [(RST | ACK, "RST"), (FIN | ACK, "FIN")] {
        let mut play = asked(443);
        play.tcp(Backward, flags, b"");
        play.tcp(Forward, FIN | ACK, b"");
        assert_eq!(causes(&play), ["silence"], "{ending}");
        let story = story(&play);
        let [judged] = &story.verdicts[..] else { panic!("one verdict") };
        let actor = &story.cast[usize::from(judged.actor.0)];
        assert_eq!((actor.name.as_str(), judged.verdict.by), ("Server", Backward));
        let beat = story.beat(judged.message).expect("it has a beat");
        assert!(beat.label.starts_with(ending), "{}", beat.label);
        assert!(beat.detail.contains("without a word of TLS"), "{}", beat.detail);
        assert!(story.sum.ends_with("and then it failed: silence"), "{}", story.sum);
    }
}

#[test]
fn of_what_the_capture_lacks_nobody_knows_that_it_was_not_said() {
    for side in [0, 1] {
        let mut play = asked(443);
        lose(&mut play, side, 700);
        play.tcp(Backward, FIN | ACK, b"");
        assert_eq!(causes(&play), [""; 0], "bytes of side {side} are missing");
    }
    let mut begun = Play::against(443);
    begun.tcp(Forward, ACK, &hello()).tcp(Backward, FIN | ACK, b"");
    assert_eq!(causes(&begun), [""; 0], "its beginning is missing");
}

#[test]
fn a_server_that_speaks_something_else_is_judged_where_it_does() {
    let mut play = asked(8443);
    play.tcp(Backward, ACK, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    play.tcp(Backward, FIN | ACK, b"");
    assert_eq!(causes(&play), ["not-tls"]);
}

#[test]
fn verdicts_stand_at_the_foot_of_the_text() {
    let mut play = asked(443);
    play.tcp(Backward, ACK, &[21, 3, 3, 0, 2, 2, 112]);
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B

         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]

         TLS handshake · 1 round trip · 2 packets · 165 B

         4      0.030  Client ──> Server  [ClientHello]
         5      0.040  Server ──> Client  [unrecognized_name]

         Verdicts
         step 5 · unknown-name

         2 round trips (1 of TCP, 1 of TLS), and then it failed: unknown-name
         5 packets · 327 B · 0.040 ms",
    );
}

#[test]
fn failures_of_several_connections_are_all_in_the_sum() {
    let fails = |alerts: [u8; 2]| {
        let mut play = asked(443);
        play.tcp(Backward, ACK, &[21, 3, 3, 0, 2, 2, alerts[0]]);
        play.another(40_001);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.tcp(Forward, ACK, &hello()).tcp(Backward, ACK, &[21, 3, 3, 0, 2, 2, alerts[1]]);
        super::story(&play).sum
    };
    assert_eq!(
        fails([112, 70]),
        "2 connections, each of which failed. A: unknown-name; B: no-common-version"
    );
    assert_eq!(
        fails([112, 112]),
        "2 connections. Each: 2 round trips (1 of TCP, 1 of TLS), and then it failed: unknown-name"
    );
}
