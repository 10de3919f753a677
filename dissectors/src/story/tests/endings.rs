//! Connections that end while something is under way: what was asked has no answer, and what comes
//! later changes nothing.

use super::play::Play;
use super::story;
use super::two_ends::{WAY, past_both};
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::Direction::{self, Backward, Forward};
use crate::story::{Level, Story};

const ASK: &[u8] = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn detail<'s>(told: &'s Story, label: &str) -> Vec<&'s str> {
    let steps = told.level(Level::Flight).map(|(_, beat)| beat);
    steps.filter(|beat| beat.label.contains(label)).map(|beat| beat.detail.as_str()).collect()
}

#[test]
fn a_request_without_an_answer_says_how_its_connection_ended() {
    let check = |ends: &[(Direction, u16)], before: &[(Direction, u16)], expected: Option<&str>| {
        let mut play = Play::against(80);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.at(1_000).tcp(Forward, ACK, ASK).at(2_000).tcp(Backward, ACK, ANSWER);
        for (from, bits) in before {
            play.tcp(*from, *bits, b"");
        }
        play.at(3_000).tcp(Forward, ACK, ASK);
        for (from, bits) in ends {
            play.tcp(*from, *bits, b"");
        }
        let told = story(&play);
        let details = detail(&told, "GET /a");
        let [first, second] = details.as_slice() else {
            panic!("{}", crate::story::text::to_text(&told))
        };
        assert!(!first.contains("No answer"), "{first}");
        match expected {
            Some(expected) => assert!(second.ends_with(expected), "{second}"),
            None => assert!(!second.contains("No answer"), "{second}"),
        }
    };
    check(&[], &[], None);
    check(
        &[(Backward, RST | ACK)],
        &[],
        Some("No answer comes: the other side resets the connection."),
    );
    check(
        &[(Backward, FIN | ACK)],
        &[],
        Some("No answer comes: the other side ends its direction."),
    );
    check(
        &[(Forward, RST)],
        &[],
        Some("No answer comes before its own side breaks the connection off."),
    );
    check(
        &[],
        &[(Backward, FIN | ACK)],
        Some("No answer comes: when this came, the other side had ended its direction."),
    );
}

#[test]
fn a_word_on_the_way_is_an_answer_and_not_the_last_one() {
    let check = |answer: &[u8], expected: Option<&str>| {
        let mut play = Play::against(80);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        let asked =
            b"GET /a HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        play.at(1_000).tcp(Forward, ACK, asked).at(2_000).tcp(Backward, ACK, answer);
        play.at(3_000).tcp(Backward, FIN | ACK, b"").tcp(Forward, FIN | ACK, b"");
        let told = story(&play);
        let details = detail(&told, "GET /a");
        let [asked] = details.as_slice() else { panic!("{details:?}") };
        match expected {
            Some(expected) => assert!(asked.ends_with(expected), "{asked}"),
            None => assert!(!asked.contains("answer comes"), "{asked}"),
        }
    };
    check(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", None);
    check(
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        Some("No final answer comes: the other side ends its direction."),
    );
    // The end of an answer whose head was not recorded.
    check(b"ok\r\n", None);
}

#[test]
fn what_a_reset_carries_is_why_and_no_data() {
    let mut play = Play::against(7777);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.at(1_000).tcp(Forward, ACK, b"hello").at(2_000).tcp(Backward, RST | ACK, b"pool is gone");
    let told = story(&play);
    let chapters = told.level(Level::Chapter).map(|(_, beat)| (&*beat.label, beat.packets));
    let expected = [("TCP handshake", 3), ("Data", 1), ("Closing", 1)];
    assert_eq!(chapters.collect::<Vec<_>>(), expected);
    let details = detail(&told, "RST, ACK");
    let [reset] = details.as_slice() else { panic!("{details:?}") };
    assert!(reset.ends_with(" It says why: “pool is gone”."), "{reset}");
}

#[test]
fn what_comes_to_an_end_that_has_reset_the_connection_changes_nothing_there() {
    let script: [(i64, Direction, u16, &[u8]); 10] = [
        (0, Forward, SYN, b""),
        (WAY, Backward, SYN | ACK, b""),
        (2 * WAY, Forward, ACK, b""),
        (150_000, Forward, ACK, ASK),
        (200_000, Backward, ACK, ANSWER),
        // The server takes leave, and on the way the next request meets that.
        (400_000, Forward, ACK, ASK),
        (400_010, Backward, FIN | ACK, b""),
        (450_000, Backward, RST, b""),
        (450_020, Forward, ACK, b""),
        (500_020, Backward, RST, b""),
    ];
    let mut one = Play::against(80);
    for (_, from, bits, payload) in script {
        one.tcp(from, bits, payload);
    }
    let told =
        story(&past_both(&one, script.into_iter().map(|(time, from, ..)| (time, from, true))));
    let states: Vec<&str> = told.states.iter().map(|state| state.name).collect();
    assert!(states.contains(&"CLOSED") && !states.contains(&"FIN-WAIT-2"), "{states:?}");
    let details = detail(&told, "GET /a");
    assert!(
        details[1].ends_with(
            "No answer comes: when this came, the other side had ended its direction, and it resets \
             the connection."
        ),
        "{details:?}"
    );
    let details = detail(&told, "ACK");
    let crossed = "It crosses a reset: where it comes to, the connection is gone.";
    assert_eq!(details.iter().filter(|detail| detail.ends_with(crossed)).count(), 1, "{details:?}");
}

#[test]
fn a_request_that_was_called_off_is_owed_no_answer() {
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream][..], payload].concat()
    };
    let begin = [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        &frame(4, 0, 0, &[]),
        &frame(1, 5, 1, b"\x82\x86\x84\x41\x01h"),
    ];
    let told = |calls_off: bool| {
        let mut play = Play::against(80);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.tcp(Forward, ACK, &begin.concat()).tcp(Backward, ACK, &frame(4, 0, 0, &[]));
        if calls_off {
            play.at(50_000).tcp(Forward, ACK, &frame(3, 0, 1, &[0, 0, 0, 8]));
        }
        play.at(60_000).tcp(Backward, FIN | ACK, b"").tcp(Forward, FIN | ACK, b"");
        let told = story(&play);
        detail(&told, "GET /").first().map(|detail| detail.contains("No answer comes"))
    };
    assert_eq!(told(false), Some(true));
    assert_eq!(told(true), Some(false));
}
