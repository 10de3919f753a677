//! Each connection comes to exactly one fate, and columns know which.

use super::stage::{CLIENT, Ends, SERVER, Step, Wire};
use crate::overview::{Condition, Fate, Known};

const ENDS: Ends = [(CLIENT, 40_000), (SERVER, 80)];

/// The fate of a connection of these steps, in words.
#[track_caller]
fn check(steps: &[Step<'_>], expected: &str) {
    let mut wire = Wire::default();
    wire.tcp(ENDS, steps);
    outcome(&wire, expected);
}

#[track_caller]
fn outcome(wire: &Wire, expected: &str) {
    let found = wire.seen(false, |known, report| {
        assert_eq!((known.lines.len(), report.sums.counts.total()), (1, 1));
        known.outcome(0)
    });
    assert_eq!(found, expected);
}

const OPEN: [Step<'static>; 3] = [(">S", ""), ("<SA", ""), (">A", "")];

/// An opened connection, and these steps.
#[track_caller]
fn opened(steps: &[Step<'_>], expected: &str) {
    check(&[&OPEN, steps].concat(), expected);
}

#[test]
fn what_never_came_about() {
    check(&[(">S", ""), ("<RA", "")], "refused: RST answers the SYN");
    check(&[(">S", "early"), ("<RA", "")], "refused: RST answers the SYN");
    // What a reset carries is no answer.
    check(&[(">S", ""), ("<RA", "no such pool")], "refused: RST answers the SYN");
    check(&[(">S", "")], "no answer recorded");
    check(&[(">S", ""), (">S!", ""), (">S!", "")], "no answer recorded, 2 segments sent again");
    check(&[(">S", ""), (">R", "")], "no answer recorded");
    check(&[(">S", ""), ("<SA", "")], "handshake unfinished");
}

#[test]
fn a_reset_that_the_server_never_sent_was_made_on_the_way() {
    let line = |steps: &[Step<'_>]| {
        let mut wire = Wire::default();
        wire.tcp(ENDS, &[&OPEN, steps].concat());
        wire.seen(false, |known, _| known.lines[0])
    };
    let told = |here: &[Step<'_>], there: &[Step<'_>]| {
        let mut wire = Wire::default();
        wire.tcp(ENDS, &[&OPEN, here].concat());
        wire.seen(false, |known, _| {
            let mut own = known.lines[0];
            own.see(&line(there));
            Known { lines: &[own], ..*known }.outcome(0)
        })
    };
    let (asked, reset) = ((">A", "GET"), ("<R", ""));
    assert_eq!(told(&[asked, reset], &[]), "reset on the way");
    assert_eq!(told(&[asked, reset], &[asked, reset]), "reset by the server");
    assert_eq!(told(&[asked, (">R", "")], &[asked]), "reset by the client");
    let again = [asked, (">A!", "GET"), reset];
    assert_eq!(told(&[asked, reset], &again), "reset by the server, 1 segment sent again");
}

#[test]
fn what_a_reset_ended() {
    opened(&[("<RA", "")], "reset by the server");
    opened(&[(">A", "GET"), (">R", "")], "reset by the client");
    opened(&[(">FA", ""), ("<RA", "")], "reset by the server");
    check(&[(">S", ""), ("<SA", ""), (">R", "")], "reset by the client");
    check(&[(">A", "x"), ("<RA", "")], "reset by the server, began before the recording");
    // Only the client was recorded: its acknowledgement says that there was a connection.
    check(&[(">S", ""), (">A", ""), (">A", "x"), ("<R", "")], "reset by the server");
}

#[test]
fn what_was_closed() {
    opened(&[(">FA", ""), ("<FA", ""), (">A", "")], "closed in order");
    opened(&[(">FA", ""), ("<FA", ""), (">R", "")], "closed in order");
    opened(&[("<FA", "")], "closed by the server only");
    opened(&[("<A", "x"), ("<FA", ""), (">A", "")], "closed by the server only");
    check(&[(">FA", ""), ("<FA", "")], "closed in order, began before the recording");
}

#[test]
fn what_goes_on_past_an_edge() {
    opened(&[(">A", "GET")], "open at the end");
    check(&[(">A", "x"), ("<A", "y")], "open at both ends");
    check(&[("<SA", ""), (">A", "x")], "open at the end");
}

#[test]
fn of_what_one_side_was_recorded_alone_nothing_more_is_said() {
    let only = "only the client’s side recorded";
    check(&[(">S", ""), (">A", ""), (">A", "x"), (">FA", ""), (">A", "")], only);
    check(&[(">S", ""), (">A", ""), (">A", "x")], only);
    check(&[("<SA", ""), ("<A", "y"), ("<FA", "")], "only the server’s side recorded");
    // One packet of the other side, and there are two sides to tell of.
    check(&[(">S", ""), ("<SA", ""), (">A", ""), (">FA", "")], "closed by the client only");
}

#[test]
fn what_was_sent_again_is_counted() {
    let steps =
        [(">A", "abc"), (">A!", "abc"), ("<A", "de"), (">FA", ""), ("<FA", ""), ("<FA!", "")];
    opened(&steps, "closed in order, 2 segments sent again");
}

#[test]
fn datagrams_and_what_errors_say_of_them() {
    let mut wire = Wire::default();
    wire.udp(ENDS, 0, b"hello");
    outcome(&wire, "one way only");
    wire.error((3, 3), 0);
    outcome(&wire, "unreachable: Port unreachable");
    wire.udp(ENDS, 1, b"after all");
    outcome(&wire, "both ways");

    let mut wire = Wire::default();
    wire.udp(ENDS, 0, b"hello").error((11, 0), 0);
    outcome(&wire, "expired on the way: TTL exceeded");
    let mut wire = Wire::default();
    wire.tcp(ENDS, &[(">S", "")]).error((3, 13), 0);
    outcome(&wire, "unreachable: Prohibited");
}

#[test]
fn the_round_trip_is_that_of_a_syn_that_was_sent_once() {
    let round_trip = |steps: &[Step<'_>]| {
        let mut wire = Wire::default();
        wire.tcp(ENDS, steps);
        wire.seen(false, |known, _| known.lines.first().and_then(|line| line.round_trip))
    };
    assert_eq!(round_trip(&OPEN), Some(1_000_000));
    assert_eq!(round_trip(&[(">S", ""), (">S!", ""), ("<SA", "")]), None);
    assert_eq!(round_trip(&[(">A", "x")]), None);
}

#[test]
fn verdicts_are_counted_where_they_belong() {
    for (place, verdict) in Condition::all().enumerate() {
        let mut counts = crate::overview::Counts::default();
        counts.add(verdict);
        assert_eq!(counts.each().collect::<Vec<_>>(), [(verdict, 1)], "{place}");
        assert_eq!(counts.troubled(), u32::from(verdict.is_trouble()));
    }
    for (place, fate) in Fate::ALL.into_iter().enumerate() {
        assert_eq!(fate as usize, place, "fates stand worst first");
    }
}
