//! How a way ends, what is missing in it, and where that is told.

use wirestage_dissectors::engine::tcp::flags;

use crate::made::say::{self, say};
use crate::made::talk;
use crate::made::{CUT, END, GAP};
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read};

const LINE: Line = Line::to(say::PORT);

/// Frame, kind and number of all that is not a message.
fn told(wire: &Wire) -> Vec<(u32, u8, u32)> {
    let told = read(&wire.frames).into_iter().filter(|one| one.kind != 0);
    told.map(|one: Told| (one.frame, one.kind, one.extra)).collect()
}

/// A question, its answer, and acknowledgements that go on for a while.
fn asked() -> Wire {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, &say(b"question"));
    wire.send(LINE, SERVER, &say(b"answer"));
    for _ in 0..5 {
        wire.send(LINE, CLIENT, b"");
        wire.send(LINE, SERVER, b"");
    }
    wire
}

#[test]
fn an_end_stands_where_its_sender_was_heard_last() {
    let ends = |how| [(4, END, how), (5, END, how)];
    assert_eq!(told(&asked()), ends(2), "the capture holds no more");
    let mut wire = asked();
    wire.close(LINE, SERVER);
    wire.close(LINE, CLIENT);
    assert_eq!(told(&wire), ends(0), "both closed");
    let mut wire = asked();
    wire.segment(LINE, SERVER, 7, flags::RST, b"");
    assert_eq!(told(&wire), ends(1), "a reset ends both");
}

#[test]
fn what_is_missing_is_told_where_it_is_missing() {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, &say(b"whole"));
    wire.send(LINE, CLIENT, b"\x09half");
    wire.lose(LINE, CLIENT, 300);
    wire.send(LINE, SERVER, &say(b"answer"));
    wire.send(LINE, CLIENT, &say(b"on"));
    wire.send(LINE, CLIENT, b"\x09cut");
    let expected = [(5, CUT, 0), (5, GAP, 300), (6, END, 2), (8, CUT, 0), (8, END, 2)];
    assert_eq!(told(&wire), expected);
}

#[test]
fn what_the_other_side_completes_stands_on_a_frame_of_its_sender() {
    let line = Line::to(talk::PORT);
    let mut wire = Wire::default();
    wire.connect(line);
    let said =
        [(CLIENT, "ASK"), (SERVER, "DONE"), (SERVER, "more"), (CLIENT, "on"), (CLIENT, "ASK")];
    for (way, text) in said {
        wire.send(line, way, format!("{text}\n").as_bytes());
    }
    wire.send(line, SERVER, b"DONE\n");
    let told = read(&wire.frames).into_iter().filter(|one| one.kind == 0);
    let told: Vec<_> = told.map(|one| one.short()).collect();
    let expected = [
        "5< talk \"DONE\"",
        "6< talk \"more\"",
        "7> talk \"ASK\"",
        "7> talk \"on\"",
        "8> talk \"ASK\"",
        "9< talk \"DONE\"",
    ];
    assert_eq!(told, expected);
}
