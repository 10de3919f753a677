//! Rows: each connection in exactly one, scans in one, those that fared differently apart.

use std::collections::BTreeSet;

use super::stage::{CLIENT, OTHER, SERVER, Step, Wire};
use crate::overview::text::to_text;
use crate::overview::{Band, Kind, Report};

const WELL: [Step<'static>; 7] = [
    (">S", ""),
    ("<SA", ""),
    (">A", ""),
    (">A", "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"),
    ("<A", "HTTP/1.1 204 No Content\r\n\r\n"),
    (">FA", ""),
    ("<FA", ""),
];
const REFUSED: [Step<'static>; 2] = [(">S", ""), ("<RA", "")];
const HUNG_UP: [Step<'static>; 3] = [(">S", ""), ("<SA", ""), (">R", "")];

/// Each row as "title: fates", in their order.
fn rows(report: &Report) -> Vec<String> {
    report.rows.iter().map(|row| format!("{}: {}", row.title, row.fates)).collect()
}

/// Every connection is in exactly one row, and the fates add up to the total.
#[track_caller]
fn check(wire: &Wire, expected: &[&str]) {
    wire.seen(false, |known, report| {
        assert_eq!(rows(report), expected);
        let places: Vec<u32> =
            report.rows.iter().flat_map(|row| row.service.places.iter().copied()).collect();
        let distinct: BTreeSet<u32> = places.iter().copied().collect();
        assert_eq!((places.len(), distinct.len()), (known.lines.len(), known.lines.len()));
        assert_eq!(report.sums.counts.total() as usize, known.lines.len());
        for row in &report.rows {
            assert_eq!(row.service.counts.total() as usize, row.service.places.len());
            let clients: u32 = row.service.clients.iter().map(|one| one.connections).sum();
            assert_eq!(clients as usize, row.service.places.len());
        }
    });
}

#[test]
fn clients_that_got_nowhere_have_a_row_of_their_own() {
    let mut wire = Wire::default();
    for port in 0..3 {
        wire.tcp([(CLIENT, 40_000 + port), (SERVER, 80)], &WELL);
        wire.tcp([(OTHER, 40_000 + port), (SERVER, 80)], &REFUSED);
    }
    check(&wire, &["TCP port 80: 3 refused", "HTTP: 3 closed in order"]);
    // Who fails now and then stays with the others.
    wire.tcp([(CLIENT, 50_000), (SERVER, 80)], &HUNG_UP);
    check(&wire, &["TCP port 80: 3 refused", "HTTP: 1 reset, 3 closed in order"]);
}

#[test]
fn a_scan_is_one_row_and_tells_which_ports_answered() {
    let mut wire = Wire::default();
    for port in 1..=30 {
        let steps = if [22, 25].contains(&port) { &HUNG_UP[..] } else { &REFUSED };
        wire.tcp([(CLIENT, 40_000 + port), (SERVER, port)], steps);
    }
    wire.tcp([(CLIENT, 45_000), (SERVER, 80)], &WELL);
    check(&wire, &["Port scan: 28 refused, 2 reset", "HTTP: 1 closed in order"]);
    wire.seen(false, |_, report| {
        let scan = report.rows.first().unwrap();
        assert_eq!(scan.band, Band::LookHereFirst);
        assert_eq!(scan.service.kind, Kind::Scan { ports: 30, answered: vec![22, 25] });
        assert_eq!(scan.headline, "One host tries 30 ports of another");
        let beads: Vec<&str> = scan.beads.iter().map(|bead| bead.label.as_str()).collect();
        assert_eq!(beads, ["28 refused", "22 and 25 answered"]);
    });
}

#[test]
fn attempts_that_are_few_or_slow_are_no_scan() {
    let mut few = Wire::default();
    let mut slow = Wire::default();
    let mut one = Wire::default();
    for port in 1..=19 {
        few.tcp([(CLIENT, 40_000 + port), (SERVER, port)], &REFUSED);
    }
    for port in 1..=30 {
        slow.tcp([(CLIENT, 40_000 + port), (SERVER, port)], &REFUSED);
        slow.now += 1_000;
        // The same port again and again is somebody who does not give up.
        one.tcp([(CLIENT, 40_000 + port), (SERVER, 443)], &REFUSED);
    }
    few.seen(false, |_, report| assert_eq!(report.rows.len(), 19));
    slow.seen(false, |_, report| assert_eq!(report.rows.len(), 30));
    check(&one, &["TCP port 443: 30 refused"]);
}

#[test]
fn any_mix_of_connections_is_told_once_each() {
    const KINDS: [&[Step<'static>]; 5] = [&WELL, &REFUSED, &HUNG_UP, &[(">S", "")], &[(">A", "x")]];
    let mut seed = 7_u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    for round in 0..20 {
        let mut wire = Wire::default();
        let count = 1 + next(60);
        for number in 0..count {
            let client = [10, 0, 1, next(4) as u8];
            let ends = [(client, 30_000 + number as u16), (SERVER, 1 + next(40) as u16)];
            match next(6) {
                5 => {
                    wire.udp(ends, next(2), b"x");
                }
                kind => {
                    wire.tcp(ends, KINDS[kind]);
                }
            }
        }
        wire.seen(false, |known, report| {
            let mut places: Vec<u32> =
                report.rows.iter().flat_map(|row| row.service.places.iter().copied()).collect();
            places.sort_unstable();
            let all: Vec<u32> = (0..known.lines.len() as u32).collect();
            assert_eq!(places, all, "round {round}");
            assert_eq!(report.sums.counts.total() as usize, known.lines.len());
            let bands: Vec<Band> = report.rows.iter().map(|row| row.band).collect();
            assert!(bands.is_sorted(), "what needs a look comes first");
        });
    }
}

#[test]
fn the_text_says_it_in_sentences() {
    let mut wire = Wire::default();
    for port in 0..3 {
        wire.tcp([(CLIENT, 40_000 + port), (SERVER, 80)], &WELL);
    }
    wire.tcp([(OTHER, 40_000), (SERVER, 81)], &REFUSED);
    let text = wire.seen(true, |_, report| to_text(report));
    let expected = "\
3 hosts, 4 connections, 22.0 ms
23 packets · 1.4 kB · 22.0 ms

Look here first
  1  TCP port 81
     10.0.0.2:81 · 1 connection · 108 B
     from 10.0.0.3
     1 refused
     The connection is refused. RST answers the SYN: nothing takes connections there, or something on the way says so.

As it should be
  2  HTTP, shop.test
     10.0.0.2:80 · 3 connections · 1.3 kB
     from 10.0.0.1 (3)
     3 closed in order
     All closed in order. First: GET /.

3 of 4 connections went well: 1 refused, 3 closed in order.
";
    assert_eq!(text, expected);
}
