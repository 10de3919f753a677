//! What happens between two ends that were both recorded: segments that never came, and packets
//! that one end alone has.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::Direction::{self, Backward, Forward};
use crate::ids::{FrameId, Time};
use crate::story::text::to_text;
use crate::story::{Level, Outcome, Story};

/// The way takes this long, in microseconds, in each direction.
const WAY: i64 = 10_000;

/// The interface that marks of programs come by.
const MARKS: u16 = 2;

/// What becomes of a packet.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Comes,
    /// It leaves, and never comes.
    Lost,
    /// It comes, and never left.
    Made,
    /// It comes, and once more after so many microseconds.
    Twice(i64),
}
use Fate::{Comes, Lost, Made, Twice};

/// These packets as both ends see them: when each leaves, or is made, from where, and its fate.
fn seen(one: &Play, sent: &[(i64, Direction, Fate)]) -> Play {
    with_marks(one, sent, &[])
}

/// The same, with what the server's program says that it did, and when.
fn with_marks(one: &Play, sent: &[(i64, Direction, Fate)], marks: &[(i64, &str)]) -> Play {
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    for (time, did) in marks {
        let ends = "WIRESTAGE_LOCAL=10.0.0.2:9999\nWIRESTAGE_PEER=10.0.0.1:40000\n";
        let mark = format!("WIRESTAGE_ROLE=server\n{ends}{did}\n");
        seen.push((*time, MARKS, mark.into_bytes()));
    }
    for (frame, (time, from, fate)) in (0..).map(FrameId).zip(sent) {
        let bytes = one.frames.frame(frame).bytes.to_vec();
        let (here, there) = if *from == Forward { (0, 1) } else { (1, 0) };
        if *fate != Made {
            seen.push((*time, here, bytes.clone()));
        }
        match fate {
            Comes => seen.push((time + WAY, there, bytes)),
            Lost => {}
            Made => seen.push((*time, there, bytes)),
            Twice(after) => {
                seen.push((time + WAY, there, bytes.clone()));
                seen.push((time + WAY + after, there, bytes));
            }
        }
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut play = Play::against(9_999);
    play.frames = FrameList::new();
    for (time, interface, bytes) in seen {
        let link = if interface == MARKS { LinkType::MARK } else { LinkType::ETHERNET };
        play.frames.push(Time(time * 1_000), interface, link, bytes);
    }
    play
}

/// Each step: who sends, its bead, how it went, and the states that it brings about.
fn steps(told: &Story) -> Vec<String> {
    let name = |actor: usize| told.cast[actor].name.clone();
    told.steps()
        .into_iter()
        .map(|id| {
            let beat = told.beat(id).unwrap();
            let states = told.states.iter().filter(|state| state.flight == id);
            let states: Vec<String> = states
                .map(|state| format!("{} {}", name(usize::from(state.actor.0)), state.name))
                .collect();
            let from = name(usize::from(beat.from.0));
            format!("{from} {} {:?}: {}", beat.label, beat.outcome, states.join(", "))
        })
        .collect()
}

/// How long each round trip took, in ways.
fn trips(told: &Story) -> Vec<i64> {
    told.trips.iter().map(|trip| trip.nanos / (WAY * 1_000)).collect()
}

const OPEN: [(i64, Direction, Fate); 3] =
    [(0, Forward, Comes), (WAY, Backward, Comes), (2 * WAY, Forward, Comes)];

fn open() -> Play {
    let mut one = Play::against(9_999);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    one
}

#[test]
fn a_reset_that_the_way_has_made_is_no_deed_of_the_other_end() {
    let mut one = open();
    one.tcp(Forward, ACK, b"Still there?").tcp(Backward, RST, b"");
    let sent = [(100_000, Forward, Lost), (105_000, Backward, Made)];
    let told = story(&seen(&one, &[&OPEN[..], &sent].concat()));
    let said = steps(&told);
    assert_eq!(
        said[3..],
        ["Client 12 bytes Lost: ", "Server RST Refused: Client CLOSED"],
        "{said:#?}"
    );
    let (_, reset) = told.level(Level::Flight).last().unwrap();
    assert!(reset.is_from_midway());
    assert_eq!(
        format!("{} | {}", reset.headline, reset.detail),
        "Breaks the connection off; it comes from the way, for the other end has not sent it | Both \
         ends were recorded, and only this one has it: a device between the two speaks in the \
         other's name. It may have forgotten the connection, or forbid it."
    );
    let text = to_text(&told);
    assert!(!text.contains("received 0.000 ms later"), "{text}");
    assert!(text.contains("──x Server  [12 bytes (lost)]"), "{text}");
    let end = "; a reset that comes from the way breaks it off";
    assert!(told.sum.ends_with(end), "{}", told.sum);
}

#[test]
fn data_that_the_way_has_made_is_told_so() {
    let mut one = open();
    one.tcp(Forward, ACK, b"question").tcp(Backward, ACK, b"forbidden");
    let sent = [(100_000, Forward, Comes), (105_000, Backward, Made)];
    let told = story(&seen(&one, &[&OPEN[..], &sent].concat()));
    let (_, answer) = told.level(Level::Flight).last().unwrap();
    let words = "; it comes from the way, for the other end has not sent it";
    assert!(answer.headline.ends_with(words), "{}", answer.headline);
    let who = "Both ends were recorded, and only this one has it: a device between the two speaks \
               in the other's name.";
    assert!(answer.detail.ends_with(who), "{}", answer.detail);
}

#[test]
fn a_copy_that_the_way_has_made_is_no_second_try() {
    let one = open();
    let sent = [OPEN[0], (WAY, Backward, Twice(15_000)), OPEN[2]];
    let told = story(&seen(&one, &sent));
    let (_, copy) = told.level(Level::Flight).find(|(_, one)| one.label.ends_with("copy")).unwrap();
    assert_eq!(
        format!("{} | {} | {}", copy.label, copy.headline, copy.detail),
        "SYN, ACK, a copy | Comes once more: the way has made a copy | It left once, and nothing was \
         sent again."
    );
    assert_eq!(copy.outcome, Outcome::Arrived);
    assert_eq!(told.level(Level::Chapter).count(), 1);
}

#[test]
fn what_the_way_has_changed_is_the_same_packet() {
    let mut one = open();
    // A router that lowers the largest segment of a SYN.
    let mut narrow = Play::against(9_999);
    narrow.stamps = Some((1, 0));
    narrow.tcp(Forward, SYN, b"");
    let changed = narrow.frames.frame(FrameId(0)).bytes.to_vec();
    one.push(changed);
    let sent = [
        (0, Forward, Lost),
        (WAY, Backward, Comes),
        (2 * WAY, Forward, Comes),
        (WAY - 1, Forward, Made),
    ];
    let told = story(&seen(&one, &sent));
    assert_eq!(
        steps(&told)[0],
        "Client SYN Arrived: Client SYN-SENT",
        "it came, and was only changed"
    );
    assert_eq!(told.packets, 3);
}

#[test]
fn an_answer_to_a_syn_that_never_came_is_a_step() {
    let mut one = Play::against(9_999);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"");
    one.tcp_at(1_000, Forward, SYN, b"").tcp_at(5_000, Backward, SYN | ACK, b"");
    one.tcp(Forward, ACK, b"");
    let late = 1_000_000;
    let sent = [
        OPEN[0],
        (WAY, Backward, Lost),
        (late, Forward, Comes),
        (late + WAY, Backward, Comes),
        (late + 2 * WAY, Forward, Comes),
    ];
    let told = story(&seen(&one, &sent));
    let said = steps(&told);
    assert_eq!(
        said,
        [
            "Client SYN Arrived: Client SYN-SENT",
            "Server SYN, ACK Lost: Server SYN-RECEIVED",
            "Client SYN Repeated: ",
            "Server SYN, ACK Repeated: Client ESTABLISHED",
            "Client ACK Arrived: Server ESTABLISHED",
        ]
    );
    let (_, lost) = told.level(Level::Flight).nth(1).unwrap();
    assert!(lost.detail.ends_with(" It never comes."), "{}", lost.detail);
    assert_eq!(lost.received, None);
    assert_eq!(trips(&told), [2], "from the try that is answered");
    assert!(told.sum.ends_with("; its SYN was sent 2 times"), "{}", told.sum);
    assert_eq!(told.packets, 5);
}

#[test]
fn an_answer_that_left_before_the_last_try_came_answers_the_first() {
    let mut one = Play::against(9_999);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"");
    one.tcp_at(1_000, Forward, SYN, b"").tcp_at(5_000, Backward, SYN | ACK, b"");
    one.tcp(Forward, ACK, b"");
    let late = 1_000_000;
    let sent = [
        OPEN[0],
        (WAY, Backward, Lost),
        (late, Forward, Comes),
        (late + 5, Backward, Comes),
        (late + 2 * WAY, Forward, Comes),
    ];
    let told = story(&seen(&one, &sent));
    assert_eq!(told.trips[0].nanos, (late + 5 + WAY) * 1_000);
    assert_eq!(told.trips[0].first_try, None);
}

#[test]
fn states_are_those_of_segments_that_came() {
    let mut one = open();
    one.tcp(Forward, ACK, b"one").tcp(Forward, FIN | ACK, b"");
    one.tcp_at(1_004, Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"");
    let sent = [
        OPEN[0],
        OPEN[1],
        (2 * WAY, Forward, Lost),
        (100_000, Forward, Comes),
        (200_000, Forward, Lost),
        (400_000, Forward, Comes),
        (400_000 + WAY, Backward, Comes),
    ];
    let said = steps(&story(&seen(&one, &sent)));
    assert_eq!(
        said[2..],
        [
            "Client ACK Lost: ",
            "Client 3 bytes Arrived: Server ESTABLISHED",
            "Client FIN, ACK Lost: Client FIN-WAIT-1",
            "Client FIN, ACK Repeated: Server CLOSE-WAIT",
            "Server FIN, ACK Arrived: Server LAST-ACK, Client TIME-WAIT",
        ],
        "{said:#?}"
    );
}

#[test]
fn an_end_that_never_came_is_a_step() {
    let mut one = open();
    one.tcp(Forward, ACK, b"one").tcp(Backward, FIN | ACK, b"");
    one.tcp_at(5_001, Backward, FIN | ACK, b"");
    let sent = [(100_000, Forward, Comes), (200_000, Backward, Lost), (400_000, Backward, Comes)];
    let said = steps(&story(&seen(&one, &[&OPEN[..], &sent].concat())));
    assert_eq!(
        said[4..],
        ["Server FIN, ACK Lost: Server FIN-WAIT-1", "Server FIN, ACK Repeated: Client CLOSE-WAIT",],
        "{said:#?}"
    );
}

#[test]
fn a_question_that_is_asked_again_is_answered_since_the_last_try() {
    let mut one = open();
    one.tcp(Forward, ACK, b"one").tcp(Backward, ACK, b"");
    one.tcp_at(1_003, Forward, ACK, b"").tcp_at(1_003, Forward, ACK, b"");
    one.tcp(Backward, ACK, b"");
    let sent = [
        (100_000, Forward, Comes),
        (100_000 + WAY, Backward, Comes),
        (1_000_000, Forward, Lost),
        (2_000_000, Forward, Comes),
        (2_000_000 + WAY, Backward, Comes),
    ];
    let told = story(&seen(&one, &[&OPEN[..], &sent].concat()));
    assert_eq!(trips(&told), [2, 2], "{:#?}", steps(&told));
    let words = told.trips[1].tried_in_words();
    let expected = "from the try that came: 1.02 s from the first, which was lost";
    assert_eq!(words.as_deref(), Some(expected));
}

#[test]
fn bytes_that_are_lost_ask_when_they_come_after_all() {
    let get = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut one = Play::against(80);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    one.tcp(Forward, ACK, get).tcp_at(1_001, Forward, ACK, get);
    one.tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
    let sent =
        [(100_000, Forward, Lost), (300_000, Forward, Comes), (300_000 + WAY, Backward, Comes)];
    let told = story(&seen(&one, &[&OPEN[..], &sent].concat()));
    assert_eq!(trips(&told), [2, 2], "{:#?}", steps(&told));
    let words = told.trips[1].tried_in_words();
    let expected = "from the try that came: 220 ms from the first, which was lost";
    assert_eq!(words.as_deref(), Some(expected));
}

#[test]
fn programs_write_what_leaves_first_and_read_what_comes() {
    let mut one = open();
    one.tcp(Backward, ACK, b"written").tcp_at(5_001, Backward, ACK, b"written");
    one.tcp(Forward, ACK, b"one").tcp_at(1_001, Forward, ACK, b"one");
    let sent = [
        OPEN[0],
        OPEN[1],
        (2 * WAY, Forward, Lost),
        (100_000, Backward, Lost),
        (400_000, Backward, Comes),
        (600_000, Forward, Lost),
        (900_000, Forward, Comes),
    ];
    let marks = [
        (99_990, "MESSAGE=write\nWIRESTAGE_BYTES=7"),
        (900_020 + WAY, "MESSAGE=read\nWIRESTAGE_BYTES=3"),
        (900_030 + WAY, "MESSAGE=accept"),
    ];
    let told = story(&with_marks(&one, &sent, &marks));
    let found: Vec<(&str, i64, Option<i64>)> = told
        .marks
        .iter()
        .map(|mark| {
            let left = told.beat(mark.flight).unwrap().sent.time.0 / 1_000;
            (mark.what.as_str(), left, mark.after.map(|nanos| nanos / 1_000))
        })
        .collect();
    assert_eq!(
        found,
        [("write", 100_000, None), ("read", 900_000, Some(20)), ("accept", 900_000, Some(30))]
    );
}
