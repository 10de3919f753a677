//! Questions with their answers, and stories told from further away and from nearer.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::text::{to_mermaid, told};
use crate::story::{Folded, Level, Times};

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
    check(&open(), &[("SYN → SYN, ACK", 3, 1)]);
    let mut play = open();
    play.tcp(Forward, ACK, ONE).tcp(Backward, ACK, DONE);
    play.tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    let opening = ("SYN → SYN, ACK", 3, 1);
    let first = ("GET /1 → 204 No Content", 2, 1);
    check(&play, &[opening, first, ("GET /2 → 204 No Content", 2, 1)]);
}

#[test]
fn what_is_never_answered_is_none() {
    let mut play = open();
    play.tcp(Forward, ACK, ONE);
    check(&play, &[("SYN → SYN, ACK", 3, 1)]);
}

#[test]
fn questions_that_wait_together_share_one() {
    let mut play = open();
    play.tcp(Forward, ACK, ONE);
    play.at(200_000).tcp(Forward, ACK, TWO).tcp(Backward, ACK, DONE);
    play.at(400_000).tcp(Backward, ACK, DONE);
    check(&play, &[("SYN → SYN, ACK", 3, 1), ("GET /1 → 204 No Content", 4, 1)]);
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
    let exchange = "4      0.030  Client <─> Server  [GET /1 → 204 No Content]";
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
        (1..).zip(&steps).filter(|(_, id)| !again.contains_key(id)).map(|(at, _)| at).collect();
    assert_eq!(new, [1, 2], "a side says the same of each of its datagrams");
    let text = told(&story, Times::Elapsed, Level::Flight);
    assert_eq!(text.matches("  Client ──> Server").count(), 3, "{text}");
    assert_eq!(text.matches("As step 1.\n").count(), 2, "{text}");
    assert_eq!(text.matches("As step 2.\n").count(), 2, "{text}");
}

/// Asks for items one after the other, each answered after so many microseconds.
fn items(play: &mut Play, numbers: std::ops::Range<u32>, wait: i64, answer: &[u8]) {
    for number in numbers {
        let head = format!("GET /item/{number} HTTP/1.1\r\nHost: h\r\n\r\n");
        play.tcp(Forward, ACK, head.as_bytes());
        let answered = play.now + wait;
        play.at(answered).tcp(Backward, ACK, answer);
    }
}

/// What is told as more of the same, and how many steps are told.
#[track_caller]
fn check_repeats(play: &Play, steps: usize, expected: &[&str]) {
    let mut story = story(play);
    let text = told(&story, Times::Elapsed, Level::Flight);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("more like this")).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_start_matches([' ', '·'])).collect();
    assert_eq!(lines, expected);
    let at_exchanges = told(&story, Times::Elapsed, Level::Exchange);
    let again = at_exchanges.lines().filter(|line| line.contains("more like this")).count();
    assert_eq!((story.steps().len(), again), (steps, expected.len()));
    let notes = to_mermaid(&story, Times::Elapsed).matches("more like this").count();
    assert_eq!(notes, expected.len());
    let repeated: u32 = story.repeats.iter().map(|one| one.count).sum();
    let remark = "questions and their answers went the same way as the one before them, \
                  which is told.";
    let remarked = story.remarks().iter().any(|line| *line == format!("{repeated} {remark}"));
    assert_eq!(remarked, repeated > 0);
    let first = story.repeats.first().map(|one| (one.first, one.count as usize));
    let flights = story.level(Level::Flight).count();
    if let Some((first, count)) = first {
        story.unfold_like(Folded::Exchanges(first));
        assert_eq!(story.steps().len(), steps + 2 * count);
    }
    story.unfold();
    assert_eq!(story.steps().len(), flights);
}

#[test]
fn exchanges_that_go_the_same_way_are_told_once() {
    let mut play = open();
    items(&mut play, 0..4, 0, DONE);
    check_repeats(&play, 11, &[]);
    items(&mut play, 4..8, 1_000, DONE);
    // The second says that the connection is reused, and so do those like it.
    let one = "6 more like this: GET /item/… → 204 No Content, 0.010 to 1.010 ms each, \
               168 B each, from 0.070 to 4.180 ms";
    check_repeats(&play, 7, &[one]);
    // What went another way stands between.
    items(&mut play, 8..9, 0, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    items(&mut play, 9..15, 0, DONE);
    let two = "5 more like this: GET /item/… → 204 No Content, 0.010 ms each, 169 B each, \
               from 4.230 to 4.320 ms";
    check_repeats(&play, 11, &[one, two]);
}

#[test]
fn what_took_much_longer_is_told_by_itself() {
    let mut play = open();
    items(&mut play, 0..6, 0, DONE);
    items(&mut play, 6..7, 50_000, DONE);
    items(&mut play, 7..9, 0, DONE);
    let one = "4 more like this: GET /item/… → 204 No Content, 0.010 ms each, 168 B each, \
               from 0.070 to 0.140 ms";
    check_repeats(&play, 3 + 4 + 2 + 4, &[one]);
}
