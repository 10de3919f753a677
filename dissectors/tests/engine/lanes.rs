//! One session reads many lanes: each has its own inbox and end, and what has ended is freed.

use crate::made::mux::{self, COUNT, ENDS, LOST, OWN, mux};
use crate::made::say::say;
use crate::made::{CUT, GAP};
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read, watched};

const LINE: Line = Line::to(mux::PORT);

fn connected() -> Wire {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire
}

/// Frame, lane (or count), kind and text of what was said on lanes.
fn told(wire: &Wire) -> Vec<(u32, u32, u8, String)> {
    let line = |one: Told| {
        let text = String::from_utf8_lossy(&one.bytes).into_owned();
        (one.frame - 3, one.extra, one.kind, text)
    };
    read(&wire.frames).into_iter().map(line).collect()
}

#[test]
fn each_lane_has_its_own_inbox_and_end() {
    let mut wire = connected();
    let (left, right) = (say(b"left lane"), say(b"right lane"));
    wire.send(LINE, CLIENT, &[mux(5, 0, &left[..4]), mux(9, 0, &right[..2])].concat());
    wire.send(LINE, CLIENT, &[mux(9, 0, &right[2..]), mux(5, 0, &left[4..6])].concat());
    wire.send(LINE, CLIENT, &[mux(9, ENDS, &[]), mux(5, 0, &left[6..])].concat());
    // A lane that ends in the middle of a message, and one that lost bytes there.
    wire.send(LINE, CLIENT, &mux(5, ENDS, b"\x09cut"));
    wire.send(LINE, CLIENT, &mux(6, 0, b"\x09hole"));
    wire.send(LINE, CLIENT, &mux(6, LOST, &say(b"on")));
    wire.send(LINE, CLIENT, &mux(6, ENDS, &[]));
    let text = String::from;
    let expected = [
        (2, 9, 0, text("right lane")),
        (3, 901, COUNT, text("")),
        (3, 5, 0, text("left lane")),
        (4, 5, CUT, text("\tcut")),
        (4, 501, COUNT, text("")),
        (6, 6, CUT, text("\thole")),
        (6, 0, GAP, text("")),
        (6, 6, 0, text("on")),
        (7, 601, COUNT, text("")),
    ];
    let found = told(&wire);
    assert_eq!(found[..expected.len()], expected);
    // The end of all finds lane 0, which is always there.
    assert_eq!(found[expected.len()..], [(7, 0, COUNT, text(""))]);
}

/// What is open after each frame, and what a checkpoint there copies beside it: layers, lanes,
/// derived buffers and their pieces.
type Held = (usize, usize, (usize, usize));

/// The same for so many streams in turn, each cut in the middle of its message.
fn held(flags: u8, streams: u16) -> Vec<Held> {
    let mut wire = connected();
    let (asked, answered) = (say(b"asked"), say(b"answered"));
    for number in 1..=streams {
        let begun = mux(number, flags, &asked[..3]);
        wire.send(LINE, CLIENT, &[&begun[..], &mux(number, flags, b"")[..2]].concat());
        wire.send(LINE, CLIENT, &mux(number, flags, b"")[2..]);
        wire.send(LINE, CLIENT, &mux(number, flags | ENDS, &asked[3..]));
        wire.send(LINE, SERVER, &mux(number, flags | ENDS, &answered));
    }
    let held = watched(&wire.frames, |reader, stretch| {
        (reader.open_layers(), reader.open_lanes(), stretch.carried())
    });
    held.into_iter().skip(3).collect()
}

#[test]
fn what_is_held_stays_flat_over_ten_thousand_lanes_in_turn() {
    let held = held(0, 10_000);
    assert_eq!(held.len(), 40_000);
    let expected = [(3, 4, (0, 0)), (3, 4, (0, 0)), (3, 4, (0, 0)), (3, 3, (0, 0))];
    assert_eq!(held[..4], expected, "a lane beside the first of each layer");
    // The last frames of each side end all.
    assert!(held[..held.len() - 4].chunks(4).all(|four| *four == expected));
}

#[test]
fn what_is_held_stays_flat_over_ten_thousand_layers_in_turn() {
    let held = held(OWN, 10_000);
    let expected = [(3, 3, (0, 0)), (3, 3, (0, 0)), (3, 3, (0, 0)), (2, 2, (0, 0))];
    assert_eq!(held[..4], expected);
    assert!(held[..held.len() - 4].chunks(4).all(|four| *four == expected));
}

#[test]
fn a_layer_that_one_side_ended_before_the_other_began_is_freed() {
    let mut wire = connected();
    for number in 1..=100 {
        // Asked without content, answered with some.
        wire.send(LINE, CLIENT, &mux(number, OWN | ENDS, b""));
        wire.send(LINE, SERVER, &mux(number, OWN, &say(b"answered")));
        wire.send(LINE, SERVER, &mux(number, OWN | ENDS, b""));
        // Neither with content.
        wire.send(LINE, CLIENT, &mux(1000 + number, OWN | ENDS, b""));
        wire.send(LINE, SERVER, &mux(1000 + number, OWN | ENDS, b""));
    }
    let open = watched(&wire.frames, |reader, _| reader.open_layers());
    let open = &open[3..open.len() - 2];
    assert!(open.chunks(5).all(|five| *five == [2, 3, 2, 2, 2][..five.len()]), "{open:?}");
    assert_eq!(told(&wire).iter().filter(|(_, _, kind, _)| *kind == 0).count(), 100);
}

#[test]
fn many_lanes_in_turn_read_the_same_however_they_are_cut() {
    for flags in [0, OWN] {
        let mut wire = connected();
        for number in 1..=60 {
            let (first, second) = (say(b"a message"), say(b"an answer"));
            wire.send(LINE, CLIENT, &mux(number, flags, &first[..3]));
            wire.send(LINE, SERVER, &mux(number.max(2) - 1, flags | ENDS, &second));
            wire.send(LINE, CLIENT, &mux(number, flags | ENDS, &first[3..]));
        }
        let texts = told(&wire).into_iter().filter(|(_, _, kind, _)| *kind == 0);
        assert_eq!(texts.count(), 120);
    }
}
