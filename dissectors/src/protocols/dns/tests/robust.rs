//! Cut, counted wrong, led in circles, flipped: nothing panics, and every span lies in its buffer
//! (which the stage checks of all that is said).

use super::{answer, framed, message, name, opt, over_tcp, over_udp, question, record, text};
use crate::protocols::stage::{ask, crumble};

/// A message with much in it.
fn rich() -> Vec<u8> {
    let svcb = [&[0, 1][..], &name("s.e"), &[0, 1, 0, 3, 2, b'h', b'2', 0, 4, 0, 4, 1, 1, 1, 1]];
    let nsec3 = [1, 1, 0, 10, 1, 0xaa, 5, 0, 1, 2, 3, 4, 0, 1, 0x40];
    let rrsig = [&[0, 1, 13, 2, 0, 0, 1, 44, 0, 0, 0, 2, 0, 0, 0, 1, 0, 7][..], &name("e"), &[9]];
    let soa = [&[0xc0, 12][..], &[0xc0, 12], &[0; 20]];
    message(
        0x1234,
        0x8180,
        [
            &[question("www.example.org", 1)],
            &[
                record("www.example.org", 1, &[192, 0, 2, 1]),
                record("e", 65, &svcb.concat()),
                record("e", 16, &text("hello")),
                record("e", 257, &[&[0][..], &text("issue"), b"ca"].concat()),
                record("_s._tcp.e", 33, &[0, 1, 0, 2, 0, 3, 0xc0, 12]),
            ],
            &[record("e", 6, &soa.concat()), record("e", 50, &nsec3)],
            &[record("e", 46, &rrsig.concat()), opt([0, 0, 0x80, 0], &[0, 10, 0, 1, 7])],
        ],
    )
}

#[test]
fn a_message_cut_anywhere_is_told_as_far_as_it_goes() {
    let whole = rich();
    for len in 0..whole.len() {
        let stage = over_udp(53, &[ask(&whole[..len])]);
        let rows = stage.rows();
        assert_eq!(rows.starts_with("dns@1 "), len >= 12, "{len}: {rows}");
        if len >= 12 {
            let heard = stage.describe(&stage.messages()[0]);
            let notes: Vec<_> = heard.notes.iter().filter(|note| note.contains("claims")).collect();
            let name = heard.notes.iter().any(|note| note.contains("runs past"));
            assert!(!notes.is_empty() || name, "{len} bytes end inside the message");
        }
    }
    assert!(over_udp(53, &[ask(whole)]).rows().contains("A 192.0.2.1"));
}

#[test]
fn flipped_bits_never_panic() {
    let whole = rich();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            over_udp(53, &[ask(&bytes)]).rows();
            over_udp(5353, &[ask(&bytes)]).rows();
        }
        let mut bytes = whole.clone();
        bytes[at] = 0xff;
        over_udp(53, &[ask(&bytes)]).rows();
        over_tcp(&[ask(framed(&bytes))]).rows();
    }
}

#[test]
fn counts_that_lie_are_noted() {
    let mut bytes = answer(1, "e.org", 1, &[record("e.org", 1, &[1, 2, 3, 4])]);
    bytes[6] = 0xff;
    let stage = over_udp(53, &[ask(&bytes)]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.summary, "Standard query response 0x0001 A e.org A 1.2.3.4");
    assert!(heard.notes[0].contains("runs past the end"), "{:?}", heard.notes);
}

#[test]
fn names_in_circles_are_noted() {
    let mut circle = vec![0xc0, 12];
    circle.extend([0, 1, 0, 1]);
    let stage = over_udp(53, &[ask(message(1, 0x0100, [&[circle], &[], &[], &[]]))]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.notes, ["the pointers in this name lead in circles"]);
    assert_eq!(heard.summary, "Standard query 0x0001 A <Name contains a pointer that loops>");
    let forward = [&[0xc0, 14][..], &[0, 1, 0, 1]].concat();
    let stage = over_udp(53, &[ask(message(1, 0x0100, [&[forward], &[], &[], &[]]))]);
    assert!(stage.describe(&stage.messages()[0]).notes[0].contains("leads forward"));
}

#[test]
fn a_message_of_pointers_stays_cheap() {
    // Five thousand records, each of which points at the longest name there is.
    let long = [b"\x01a".repeat(127), vec![0]].concat();
    let mut bytes = message(1, 0x8180, [&[], &[], &[], &[]]);
    bytes[7] = 1;
    bytes.extend([long, vec![0, 1, 0, 1, 0, 0, 0, 0, 0, 0]].concat());
    let more = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0].repeat(5000);
    bytes.extend(more);
    bytes[6..8].copy_from_slice(&5001u16.to_be_bytes());
    let stage = over_udp(53, &[ask(&bytes)]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.fields.iter().filter(|(name, _)| *name == "dns.resp.name").count(), 5001);
    assert!(heard.summary.len() < 1000, "a row has its bounds");
}

#[test]
fn a_long_message_comes_in_crumbs() {
    let many: Vec<_> = (0..200).map(|_| record("e.org", 16, &text("some text"))).collect();
    let bytes = framed(&answer(1, "e.org", 16, &many));
    assert_eq!(over_tcp(&crumble(&[ask(bytes)])).values("dns.txt").split(' ').count(), 400);
}
