//! Questions with their answers, and stories told from further away and from nearer.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::text::told;
use crate::story::{Level, Times};

fn open() -> Play {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

const ONE: &[u8] = b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
const TWO: &[u8] = b"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n";
const DONE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// Each exchange: its label, how many flights, how many round trips.
#[track_caller]
fn check(play: &Play, expected: &[(&str, usize, u32)]) {
    let story = story(play);
    let found: Vec<(&str, usize, u32)> = story
        .level(Level::Exchange)
        .map(|(id, beat)| {
            let flights = story.children(Some(id)).filter(|(_, one)| one.level == Level::Flight);
            (beat.label.as_str(), flights.count(), beat.round_trips)
        })
        .collect();
    assert_eq!(found, expected);
    for (id, exchange) in story.level(Level::Exchange) {
        let below: Vec<_> = story.children(Some(id)).map(|(_, one)| one).collect();
        let packets: u32 = below.iter().map(|one| one.packets).sum();
        let bytes: u64 = below.iter().map(|one| one.bytes).sum();
        assert_eq!((exchange.packets, exchange.bytes), (packets, bytes));
        let chapter = exchange.parent.and_then(|id| story.beat(id));
        assert_eq!(chapter.map(|one| one.level), Some(Level::Chapter));
    }
}

#[test]
fn a_question_and_its_answer_are_an_exchange() {
    check(&open(), &[("SYN → SYN, ACK", 2, 1)]);
    let mut play = open();
    play.tcp(Forward, ACK, ONE).tcp(Backward, ACK, DONE);
    play.tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    let opening = ("SYN → SYN, ACK", 2, 1);
    let first = ("GET /1 → 204 No Content", 2, 1);
    check(&play, &[opening, first, ("GET /2 → 204 No Content", 2, 1)]);
}

#[test]
fn what_is_never_answered_is_none() {
    let mut play = open();
    play.tcp(Forward, ACK, ONE);
    check(&play, &[("SYN → SYN, ACK", 2, 1)]);
}

#[test]
fn questions_that_wait_together_share_one() {
    let mut play = open();
    play.tcp(Forward, ACK, ONE);
    play.at(200_000).tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    play.at(400_000).tcp(Backward, ACK, DONE);
    check(&play, &[("SYN → SYN, ACK", 2, 1), ("GET /1 → 204 No Content", 4, 1)]);
}

#[test]
fn a_text_is_told_from_afar_and_from_near() {
    let mut play = open();
    play.tcp(Forward, ACK, ONE).tcp(Backward, ACK, DONE);
    let story = story(&play);
    let lines = |level| {
        let text = told(&story, Times::Elapsed, level);
        text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let has = |level, line: &str| lines(level).iter().any(|one| one == line);
    let chapter = "HTTP request · 1 round trip · 2 packets · 163 B";
    assert!(has(Level::Chapter, chapter), "{:#?}", lines(Level::Chapter));
    assert!(!lines(Level::Chapter).iter().any(|line| line.contains("GET /1")));
    let exchange = "3      0.030  Client <─> Server  [GET /1 → 204 No Content]";
    assert!(has(Level::Exchange, exchange), "{:#?}", lines(Level::Exchange));
    assert!(has(Level::Message, "0.030  [GET /1]  28 B"), "{:#?}", lines(Level::Message));
    let packet = "0.030  [frame 4: 28 B]  82 B";
    assert!(has(Level::Packet, packet), "{:#?}", lines(Level::Packet));
}

#[test]
fn a_sentence_is_said_once_in_a_chapter() {
    let mut play = Play::against(9_999);
    for _ in 0..3 {
        play.udp(Forward, b"ping");
        play.udp(Backward, b"pong");
    }
    let story = story(&play);
    let steps = story.steps();
    let again = story.said_before(steps.iter().copied());
    let new: Vec<usize> =
        (1..).zip(&steps).filter(|(_, id)| !again.contains(id)).map(|(at, _)| at).collect();
    assert_eq!(new, [1, 2], "a side says the same of each of its datagrams");
    let text = told(&story, Times::Elapsed, Level::Flight);
    assert_eq!(text.matches("  Client ──> Server").count(), 3, "{text}");
}
