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

/// What is open after each frame, of so many streams in turn.
fn open(flags: u8, streams: u16) -> Vec<(usize, usize)> {
    let mut wire = connected();
    for number in 1..=streams {
        wire.send(LINE, CLIENT, &mux(number, flags | ENDS, &say(b"asked")));
        wire.send(LINE, SERVER, &mux(number, flags | ENDS, &say(b"answered")));
    }
    let open = watched(&wire.frames, |reader| (reader.open_layers(), reader.open_lanes()));
    open.into_iter().skip(3).collect()
}

#[test]
fn what_is_open_stays_flat_over_ten_thousand_lanes_in_turn() {
    let open = open(0, 10_000);
    assert_eq!(open.len(), 20_000);
    assert_eq!((open[0], open[1]), ((3, 4), (3, 3)), "a lane beside the first of each layer");
    // The last two frames end all.
    assert!(open[..open.len() - 2].chunks(2).all(|pair| *pair == open[..2]));
}

#[test]
fn what_is_open_stays_flat_over_ten_thousand_layers_in_turn() {
    let open = open(OWN, 10_000);
    assert_eq!((open[0], open[1]), ((3, 3), (2, 2)));
    // The last two frames end all.
    assert!(open[..open.len() - 2].chunks(2).all(|pair| *pair == open[..2]));
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
