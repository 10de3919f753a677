//! What is taken for DNS, and what is not.

use super::{answer, framed, message, name, opt, query, question, record};
use crate::protocol::{Framing, Likelihood, Protocol};
use crate::protocols::dns::{Dns, Mdns};

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(Dns.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
}

#[test]
fn messages_of_dns_are_known_by_what_only_dns_has() {
    let a = [record("e.org", 1, &[1, 2, 3, 4])];
    check(&answer(1, "e.org", 1, &a), Likelihood::Surely);
    let extended = message(1, 0x0100, [&[question("e.org", 1)], &[], &[], &[opt([0; 4], &[])]]);
    check(&extended, Likelihood::Surely);
    // LLMNR and mDNS look the same.
    check(&query(1, "e.org", 1), Likelihood::Perhaps);
    let local = message(0, 0x8400, [&[], &a, &[], &[]]);
    check(&local, Likelihood::Perhaps);
    assert_eq!(Mdns.probe(&extended, Framing::Datagram), Likelihood::Perhaps);
}

#[test]
fn a_cut_message_is_still_one() {
    let whole = answer(1, "example.org", 1, &[record("example.org", 1, &[1, 2, 3, 4])]);
    for len in 29..whole.len() {
        check(&whole[..len], Likelihood::Perhaps);
    }
    check(&whole[..11], Likelihood::No);
}

#[test]
fn other_bytes_are_not_dns() {
    check(&[0; 12], Likelihood::No);
    check(&[0; 48], Likelihood::No);
    check(b"this is text and not a message", Likelihood::No);
    check(&[0xff; 60], Likelihood::No);
    // A ClientHello, an NTP request, a STUN binding request.
    check(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 9, 9, 9, 9, 9], Likelihood::No);
    check(&[&[0x23, 0, 6, 0xec][..], &[0; 44]].concat(), Likelihood::No);
    check(&[&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12]].concat(), Likelihood::No);
    // More behind the last part than nothing, a name in circles: a port may say so.
    check(&[&query(1, "e.org", 1)[..], &[0; 9]].concat(), Likelihood::Unsaid);
    let circle = vec![0xc0, 12, 0, 1, 0, 1];
    check(&message(1, 0x0100, [&[circle], &[], &[], &[]]), Likelihood::Unsaid);
    // Bits that are to be zero and are not: where every byte is in its place, a port may say so.
    let mut asked = query(1, "e.org", 1);
    asked[3] |= 3;
    check(&asked, Likelihood::Unsaid);
    asked.push(0);
    check(&asked, Likelihood::No);
    // A name of NetBIOS.
    let netbios = [vec![32], vec![b'C'; 32], name(""), vec![0, 0x20, 0, 1]].concat();
    check(&message(1, 0x0110, [&[netbios], &[], &[], &[]]), Likelihood::No);
}

/// A header of an operation that nobody knows, and questions of unknown types and classes.
fn row(questions: usize) -> Vec<u8> {
    let one = [&name("a.b")[..], &[1, 0xfb, 3, 1]].concat();
    let mut bytes = message(1, 0xffef, [&vec![one; questions], &[], &[], &[]]);
    bytes[4] = 0xfb;
    bytes
}

#[test]
fn many_parts_in_a_row_make_up_for_a_header_that_does_not_fit() {
    check(&row(15), Likelihood::No);
    check(&row(16), Likelihood::Unsaid);
    check(&[&row(1)[..], &[0; 400]].concat(), Likelihood::No);
    // Pointers that lead out of the message.
    let out = vec![vec![0xff; 6]; 40];
    check(&message(1, 0xffef, [&out, &[], &[], &[]]), Likelihood::No);
}

#[test]
fn of_a_part_that_ends_before_its_class_too_little_is_there() {
    // A link frame of DNP3, which a length and counts could be read out of.
    let frame =
        [0x05, 0x64, 0x0a, 0x44, 3, 0, 2, 0, 0x53, 0x82, 0xd5, 0xc1, 0x81, 0, 0, 0xf8, 0x2f];
    assert_eq!(Dns.probe(&frame, Framing::Stream), Likelihood::No);
    let whole = framed(&query(1, "e.org", 1));
    assert_eq!(Dns.probe(&whole[..whole.len() - 1], Framing::Stream), Likelihood::Unsaid);
}

#[test]
fn a_stream_begins_with_a_length() {
    let check = |bytes: &[u8], expected| {
        assert_eq!(Dns.probe(bytes, Framing::Stream), expected, "{bytes:02x?}");
    };
    let framed = framed(&query(1, "e.org", 1));
    check(&framed, Likelihood::Perhaps);
    for len in 1..14 {
        check(&framed[..len], Likelihood::Unsaid);
    }
    check(&query(1, "e.org", 1), Likelihood::No);
    check(&[0, 3, 1, 2, 3], Likelihood::No);
}
