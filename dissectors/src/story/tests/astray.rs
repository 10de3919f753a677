//! Datagrams that never came, where both ends were recorded.

use super::play::Play;
use super::story;
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::Direction::{self, Backward, Forward};
use crate::ids::{FrameId, Time};
use crate::message::Relation;
use crate::story::text::to_text;
use crate::story::{Level, Outcome, Story};

/// The way takes this long, in microseconds, in each direction.
const WAY: i64 = 10_000;

/// Datagrams past both vantage points: when each leaves, in microseconds, who sends it, what it
/// holds, and whether it comes.
fn over_the_way(port: u16, script: &[(i64, Direction, &[u8], bool)]) -> Play {
    let mut one = Play::against(port);
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    for (at, (time, from, data, came)) in (0..).zip(script) {
        one.udp(*from, data);
        let bytes = one.frames.frame(FrameId(at)).bytes.to_vec();
        let (here, there) = if *from == Forward { (0, 1) } else { (1, 0) };
        seen.push((*time, here, bytes.clone()));
        if *came {
            seen.push((*time + WAY, there, bytes));
        }
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut play = Play::against(port);
    play.frames = FrameList::new();
    for (time, interface, bytes) in seen {
        play.frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes);
    }
    play
}

/// A question for the address of `a.b`, and its answer.
const ASKS: &[u8] =
    b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x01b\x00\x00\x01\x00\x01";
const ANSWERS: &[u8] =
    b"\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x01b\x00\x00\x01\x00\x01\
    \xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x09";

/// Each step: who sends, how it went, what is said of it.
fn steps(told: &Story) -> Vec<String> {
    let steps = told.steps().into_iter().filter_map(|id| told.beat(id));
    let said = |actor: usize| told.cast[actor].name.clone();
    steps
        .map(|beat| {
            let from = said(usize::from(beat.from.0));
            format!("{from} {:?}: {} | {}", beat.outcome, beat.headline, beat.detail)
        })
        .collect()
}

#[test]
fn a_question_that_never_came_is_a_step_and_tied_to_the_next_try() {
    let play = over_the_way(
        53,
        &[
            (0, Forward, ASKS, false),
            (1_000_000, Forward, ASKS, true),
            (1_000_000 + WAY, Backward, ANSWERS, true),
        ],
    );
    let told = story(&play);
    let said = steps(&told);
    let [lost, again, answer] = said.as_slice() else { panic!("{said:#?}") };
    assert!(
        lost.starts_with(
            "Client Lost: It leaves, and never comes: lost on the way | What it brought is sent again \
             1.00 s later. In it: "
        ),
        "{lost}"
    );
    assert!(again.starts_with("Client Repeated: "), "{again}");
    assert!(answer.starts_with("Server Arrived: "), "{answer}");
    assert!(told.links.iter().any(|link| link.relation == Relation::Repeats));
    let [trip] = told.trips.as_slice() else { panic!("{:?}", told.trips) };
    assert_eq!(trip.nanos, 2 * WAY * 1_000, "from the try that came");
    let text = to_text(&told);
    let words = "from the try that came: 1.02 s from the first, which was lost";
    assert!(text.contains(words), "{text}");
}

#[test]
fn an_answer_that_never_came_is_told_by_the_end_that_sent_it() {
    let play = over_the_way(
        53,
        &[
            (0, Forward, ASKS, true),
            (WAY, Backward, ANSWERS, false),
            (1_000_000, Forward, ASKS, true),
            (1_000_000 + WAY, Backward, ANSWERS, true),
        ],
    );
    let told = story(&play);
    let said = steps(&told);
    let [_, lost, _, answer] = said.as_slice() else { panic!("{said:#?}") };
    assert!(lost.starts_with("Server Lost: It leaves, and never comes"), "{lost}");
    assert!(!answer.contains("Lost"), "{answer}");
    let lost: Vec<_> =
        told.level(Level::Packet).filter(|(_, one)| one.outcome == Outcome::Lost).collect();
    let [(_, packet)] = lost.as_slice() else { panic!("{lost:?}") };
    let flight = packet.parent.and_then(|id| told.beat(id)).unwrap();
    assert_eq!(
        (flight.outcome, flight.received),
        (Outcome::Lost, None),
        "it stands in its own step"
    );
    assert_eq!(told.packets, 4);
}
