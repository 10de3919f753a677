//! Flights, chapters, round trips and sums.

use super::play::Play;
use super::{check, check_outline, story, story_with};
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Level, Outcome};

fn handshake(play: &mut Play) -> &mut Play {
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"")
}

#[test]
fn two_datagrams_are_two_flights_and_one_round_trip() {
    let mut play = Play::against(7);
    play.udp(Forward, b"hello").udp(Backward, b"hello");
    check(
        &play,
        "A play

         Client  10.0.0.1 : 40000
         Server  10.0.0.2 : 7

         UDP echo · 1 round trip · 2 packets · 94 B

         1      0.000  Client ──> Server  [5 bytes]
                Sends at once: UDP needs no handshake.
                “hello”. If the datagram is lost, nobody is told (RFC 768).
                RFC 862
         2      0.010  Server ──> Client  [5 bytes back]
                The answer is an ordinary datagram, not an acknowledgement.
                “hello”. Nothing in UDP ties it to the question.
                RFC 862
                1 round trip, 0.010 ms

         The question leaves with the first packet (UDP has no handshake), 1 round trip until the answer
         2 packets · 94 B · 0.010 ms",
    );
}

#[test]
fn the_bytes_of_a_message_are_its_own() {
    let (asked, said) =
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: ");
    for length in [2, 3_000] {
        let mut play = Play::against(80);
        handshake(&mut play).tcp(Forward, ACK, asked.as_bytes());
        let answer = format!("{said}{length}\r\n\r\n{}", "x".repeat(length));
        for piece in answer.as_bytes().chunks(1_400) {
            play.tcp(Backward, ACK, piece);
        }
        let story = story(&play);
        let messages = story.level(Level::Message).filter(|(_, beat)| beat.bytes > 0);
        let bytes: Vec<u64> = messages.map(|(_, beat)| beat.bytes).collect();
        assert_eq!(bytes, [asked.len() as u64, answer.len() as u64]);
    }
}

#[test]
fn a_question_that_is_cut_short_was_asked_when_its_last_new_byte_left() {
    let mut play = Play::against(80);
    handshake(&mut play);
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n";
    play.tcp(Forward, ACK, head.as_bytes()).tcp(Forward, ACK, &[b'u'; 1_000]);
    let sent = play.seq(Forward) - 1_000;
    play.at(300_000).tcp_at(sent, Forward, ACK, &[b'u'; 1_000]);
    play.tcp(Backward, ACK, b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
    let story = story(&play);
    let trips: Vec<_> =
        story.trips.iter().map(|trip| (trip.asked.frame.0, trip.answered.frame.0)).collect();
    assert_eq!(trips, [(0, 1), (4, 6)], "frame 5 says again what frame 4 had said");
}

#[test]
fn an_acknowledgement_rides_with_what_follows_at_once() {
    let mut play = Play::against(9_999);
    handshake(&mut play).tcp(Forward, ACK, b"question");
    play.tcp(Backward, ACK, b"").tcp(Backward, ACK, b"answer").tcp(Forward, ACK, b"");
    play.tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"").tcp(Forward, ACK, b"");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]
         Data · 3 packets · 176 B
         4      0.030  Client ──> Server  [8 bytes]
         5      0.050  Server ──> Client  [ACK] · [6 bytes]
         Closing · 4 packets · 216 B
         6      0.070  Client ──> Server  [ACK] · [FIN, ACK]
         7      0.080  Server ──> Client  [FIN, ACK]
         8      0.090  Client ──> Server  [ACK]
         1 round trip of TCP until the first byte can be sent
         10 packets · 554 B · 0.090 ms",
    );
}

/// A conversation in which each end acknowledges an end of the other's at once, and goes on later.
#[test]
fn what_changes_a_state_stands_at_its_own_time() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"");
    play.at(100).tcp(Forward, ACK, b"").at(5_000).tcp(Forward, ACK, b"question");
    play.at(6_000).tcp(Forward, FIN | ACK, b"");
    play.at(7_000).tcp(Backward, ACK, b"").at(9_000).tcp(Backward, ACK, b"answer");
    play.at(10_000).tcp(Backward, FIN | ACK, b"").at(11_000).tcp(Forward, ACK, b"");
    let story = story(&play);
    let states: Vec<(&str, u32)> = story
        .states
        .iter()
        .filter_map(|state| Some((state.name, story.beat(state.flight)?.sent.frame.0)))
        .collect();
    let opening = [("SYN-SENT", 0), ("SYN-RECEIVED", 1), ("ESTABLISHED", 1), ("ESTABLISHED", 2)];
    let closing = [("FIN-WAIT-1", 4), ("CLOSE-WAIT", 4), ("FIN-WAIT-2", 5)];
    let last = [("LAST-ACK", 7), ("TIME-WAIT", 7), ("CLOSED", 8)];
    assert_eq!(states, [&opening[..], &closing, &last].concat());
    for state in &story.states {
        assert_eq!(story.beat(state.message).unwrap().parent, Some(state.flight));
    }
}

/// Where the same segment confirms and says more, there is one step for both.
#[test]
fn a_confirmation_may_ride_on_data() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"question");
    play.tcp(Backward, FIN | ACK, b"").tcp(Forward, ACK, b"more");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 2 packets · 108 B · ends in step 3
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         Data · 1 packet · 62 B
         3      0.020  Client ──> Server  [ACK] · [8 bytes]
         Closing · 1 packet · 54 B · ends in step 5
         4      0.030  Server ──> Client  [FIN, ACK]
         Data · 1 packet · 58 B
         5      0.040  Client ──> Server  [ACK] · [4 bytes]
         1 round trip of TCP until the first byte can be sent
         5 packets · 282 B · 0.040 ms",
    );
    let states: Vec<&str> = story(&play).states.iter().map(|state| state.name).collect();
    let opening = ["SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "ESTABLISHED"];
    assert_eq!(states, [&opening[..], &["FIN-WAIT-1", "CLOSE-WAIT", "FIN-WAIT-2"]].concat());
}

#[test]
fn a_refused_connection_is_one_round_trip() {
    let mut play = Play::against(9);
    play.tcp(Forward, SYN, b"").tcp(Backward, RST | ACK, b"");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 2 packets · 108 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [RST, ACK]
         1 round trip of TCP to learn that the connection is refused
         2 packets · 108 B · 0.010 ms",
    );
    let told = story(&play);
    assert_eq!(told.level(Level::Flight).last().unwrap().1.outcome, Outcome::Refused);
}

#[test]
fn a_pause_after_the_acknowledgement_makes_it_a_step_of_its_own() {
    let mut play = Play::against(9_999);
    handshake(&mut play).at(2_000_000).tcp(Forward, ACK, b"late");
    let told = story(&play);
    let labels: Vec<&str> = told.level(Level::Flight).map(|(_, one)| one.label.as_str()).collect();
    assert_eq!(labels, ["SYN", "SYN, ACK", "ACK", "4 bytes"]);
}

#[test]
fn connections_interleave_by_time_and_share_actors() {
    let mut play = Play::against(7);
    play.udp(Forward, b"one");
    play.another(40_001);
    play.udp(Forward, b"two").udp(Backward, b"two");
    let told = story(&play);
    assert_eq!(told.cast.len(), 2);
    assert_eq!(told.cast[0].address, "10.0.0.1");
    assert_eq!(told.cast[1].address, "10.0.0.2 : 7");
    assert_eq!(told.level(Level::Flight).count(), 3);
    assert_eq!(told.level(Level::Chapter).count(), 1);
}

#[test]
fn small_stretches_give_the_same_story() {
    let mut play = Play::against(9_999);
    handshake(&mut play);
    for round in 0..50 {
        play.tcp(Forward, ACK, &[round; 300]).tcp(Backward, ACK, &[round; 700]);
    }
    assert_eq!(story(&play), story_with(&play, 1));
}

#[test]
fn every_frame_counts_once() {
    let mut play = Play::against(9_999);
    handshake(&mut play).tcp(Forward, ACK, b"question").tcp(Backward, ACK, b"");
    let again = play.seq(Forward) - 8;
    play.tcp_at(again, Forward, ACK, b"question").tcp(Backward, ACK, b"answer");
    play.tcp(Forward, FIN | ACK, b"").tcp(Backward, RST, b"");
    let told = story(&play);
    assert_eq!(told.packets, 9);
    let sum: u32 = told.level(Level::Chapter).map(|(_, chapter)| chapter.packets).sum();
    assert_eq!(sum, told.packets);
    assert_eq!(told.level(Level::Packet).count(), 9);
    let bytes: u64 = told.level(Level::Chapter).map(|(_, chapter)| chapter.bytes).sum();
    assert_eq!(bytes, told.bytes);
    let repeated = told.level(Level::Message).find(|(_, one)| one.outcome == Outcome::Repeated);
    assert!(repeated.is_some());
}

#[test]
fn a_recording_that_begins_inside_a_connection_says_so() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, ACK, b"middle").tcp(Backward, ACK, b"of it");
    let told = story(&play);
    assert_eq!(told.notes, ["The recording begins inside a connection."]);
    assert!(told.sum.starts_with("The recording begins inside"));
}

#[test]
fn children_of_a_beat_are_found_below_it() {
    let mut play = Play::against(9_999);
    handshake(&mut play).tcp(Forward, ACK, b"question").tcp(Backward, ACK, b"answer");
    let told = story(&play);
    for (id, beat) in told.level(Level::Flight) {
        let slow = told.beats.iter().filter(|other| other.parent == Some(id)).count();
        assert_eq!(told.children(Some(id)).count(), slow, "{}", beat.label);
        assert!(slow > 0);
    }
    assert_eq!(told.children(None).count(), told.level(Level::Chapter).count());
}

#[test]
fn steps_of_tcp_have_anchors_and_repetitions_are_tied_to_what_they_repeat() {
    let mut play = Play::against(9_999);
    let first = play.seq(Forward);
    play.tcp_at(first, Forward, SYN, b"");
    handshake(&mut play).tcp(Forward, ACK, b"question");
    play.tcp_at(first + 1, Forward, ACK, b"question").tcp(Backward, ACK, b"");
    play.tcp(Backward, RST | ACK, b"");
    let told = story(&play);
    let steps: Vec<_> = told.level(Level::Message).collect();
    for (_, beat) in &steps {
        let anchor = beat.anchor.unwrap_or_else(|| panic!("{} has no anchor", beat.label));
        assert_eq!((anchor.protocol, anchor.frame), (beat.protocol, beat.sent.frame));
    }
    let label = |id| told.beat(id).map_or("", |beat| beat.label.as_str());
    let links: Vec<String> = told
        .links
        .iter()
        .map(|link| format!("{} {:?} {}", label(link.from), link.relation, label(link.to)))
        .collect();
    let expected = ["SYN Repeats SYN", "SYN, ACK Acknowledges SYN", "ACK Acknowledges SYN, ACK"];
    assert_eq!(links, expected);
    let again: Vec<_> =
        steps.iter().filter(|(_, beat)| beat.outcome == Outcome::Repeated).collect();
    assert_eq!(again.len(), 2, "a SYN and data");
}
