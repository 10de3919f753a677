//! Who speaks: found by bytes, at any place, in each direction; and how bytes are framed.

use wirestage_dissectors::ids::Direction;

use crate::made::say::{self, say};
use crate::made::talk;
use crate::made::wrap::{self, Inside, wrap};
use crate::play::{CLIENT, Line, SERVER, Wire, read, short};

/// Sends these segments of one TCP connection, and says what came out of them, their frames
/// counted from 1.
fn stream(port: u16, segments: &[(Direction, &[u8])]) -> Vec<String> {
    let (mut wire, line) = (Wire::default(), Line::to(port));
    for (way, bytes) in segments {
        wire.send(line, *way, bytes);
    }
    let told = read(&wire.frames).into_iter().filter(|one| one.kind != crate::made::END);
    short(&told.collect::<Vec<_>>())
}

/// The same with datagrams.
fn datagrams(port: u16, datagrams: &[(Direction, &[u8])]) -> Vec<String> {
    let (mut wire, line) = (Wire::default(), Line::to(port));
    for (way, bytes) in datagrams {
        wire.datagram(line, *way, bytes);
    }
    let told = read(&wire.frames).into_iter().filter(|one| one.kind != crate::made::END);
    short(&told.collect::<Vec<_>>())
}

#[test]
fn what_was_announced_before_a_switch_keeps_its_protocol() {
    let found = stream(
        talk::PORT,
        &[
            (CLIENT, b"hello\n"),
            (SERVER, b"welcome\n"),
            // Bytes behind the switch lie in the same segment.
            (CLIENT, b"SWITCH\n\x03one\x03t"),
            (SERVER, b"\x06answer"),
            (CLIENT, b"wo"),
        ],
    );
    let expected = [
        "1> talk \"hello\"",
        "2< talk \"welcome\"",
        "3> talk \"SWITCH\"",
        "3> say \"one\"",
        "4< say \"answer\"",
        "5> say \"two\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn each_direction_may_speak_something_else() {
    let found = stream(talk::PORT, &[(CLIENT, b"hello\n"), (SERVER, b"!\x81ab!\x81cd")]);
    assert_eq!(found, ["1> talk \"hello\"", "2< ping \"ab\"", "2< ping \"cd\""]);
}

#[test]
fn the_server_may_speak_first() {
    // As the capture began without a SYN, the port tells who it is.
    let found = stream(talk::PORT, &[(SERVER, b"welcome\n"), (CLIENT, b"hello\n")]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|one| one.contains(" talk ")), "{found:?}");
}

#[test]
fn a_protocol_is_found_after_unknown_bytes() {
    let found = stream(9, &[(CLIENT, b"\x01\x02?"), (CLIENT, b"!\x81ab"), (SERVER, b"!\x81cd")]);
    assert_eq!(found, ["1> raw \"\\x01\\x02?\"", "2> ping \"ab\"", "3< ping \"cd\""]);
}

#[test]
fn a_port_never_overrules_bytes() {
    // Surely another; and surely not this one, though nobody knows it.
    assert_eq!(stream(talk::PORT, &[(CLIENT, b"!\x81ab")]), ["1> ping \"ab\""]);
    let unknown = b"\x00\x01\x02\x03\x04\x05\x06\x07\x08";
    assert!(stream(talk::PORT, &[(CLIENT, unknown)])[0].starts_with("1> raw "));
    assert!(datagrams(talk::PORT, &[(CLIENT, unknown)])[0].starts_with("1> raw "));
    assert_eq!(stream(9, &[(CLIENT, b"TALK on\n")]), ["1> talk \"TALK on\""]);
}

#[test]
fn a_datagram_may_hold_several_packets() {
    let two = [say(b"one"), say(b"two")].concat();
    // What is cut off at the end of a datagram is gone, and told as far as it goes.
    let cut = [say(b"whole"), b"\x09half".to_vec()].concat();
    let found = datagrams(say::PORT, &[(CLIENT, &two), (SERVER, &cut), (CLIENT, &say(b"next"))]);
    let expected = [
        "1> say \"one\"",
        "1> say \"two\"",
        "2< say \"whole\"",
        "2< say.8 \"half\"",
        "3> say \"next\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn each_layer_says_how_the_next_is_framed() {
    let carried = |told: Vec<String>| -> Vec<String> {
        told.into_iter().filter(|one| !one.contains("wrap")).collect()
    };
    // A stream that carries datagrams: what one lacks, the next does not bring.
    let pieces = [wrap(Inside::Say, true, b"\x04lo"), wrap(Inside::Say, true, b"st\x02on")];
    let found = stream(wrap::PORT, &[(CLIENT, &pieces.concat())]);
    assert_eq!(carried(found)[..1], ["1> say.8 \"lo\""]);
    // Datagrams that carry pieces of a stream.
    let pieces = [wrap(Inside::Say, false, b"\x04fo"), wrap(Inside::Say, false, b"un\x02on")];
    let found = datagrams(wrap::PORT, &[(CLIENT, &pieces[0]), (CLIENT, &pieces[1])]);
    assert_eq!(carried(found), ["2> say \"foun\"", "2> say \"on\""]);
}

#[test]
fn protocols_on_one_datagram_flow_are_told_apart_datagram_by_datagram() {
    let found = datagrams(
        talk::PORT,
        &[
            (CLIENT, b"hello\n"),
            (CLIENT, b"!\x81ab"),
            (SERVER, b"!\x81cd"),
            (SERVER, b"welcome\n"),
            (CLIENT, b"TALK on\n"),
        ],
    );
    let expected = [
        "1> talk \"hello\"",
        "2> ping \"ab\"",
        "3< ping \"cd\"",
        "4< talk \"welcome\"",
        "5> talk \"TALK on\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_nothing_claims_is_found_by_its_bytes_inside_others_too() {
    let ping = wrap(Inside::Unknown, false, b"!\x81ab");
    let found = stream(wrap::PORT, &[(CLIENT, &ping)]);
    assert_eq!(found[1..], ["1> ping \"ab\""]);
}

#[test]
fn too_few_bytes_inside_another_layer_wait_for_more() {
    let carried = |segments: &[(Direction, &[u8])]| -> Vec<String> {
        let told = stream(wrap::PORT, segments).into_iter();
        told.filter(|one| !one.contains("wrap")).collect()
    };
    let of = |bytes: &[u8]| wrap(Inside::Unknown, false, bytes);
    // In one segment, in two, and in many.
    let both = [of(b"!"), of(b"\x81ab")].concat();
    assert_eq!(carried(&[(CLIENT, &both)]), ["1> ping \"ab\""]);
    assert_eq!(carried(&[(CLIENT, &of(b"!")), (CLIENT, &of(b"\x81ab"))]), ["2> ping \"ab\""]);
    let singly: Vec<Vec<u8>> = b"!\x81ab!\x81cd".iter().map(|byte| of(&[*byte])).collect();
    let singly: Vec<(Direction, &[u8])> = singly.iter().map(|one| (CLIENT, &one[..])).collect();
    assert_eq!(carried(&singly), ["8> ping \"ab\"", "8> ping \"cd\""]);
    // What is answered says no more: it stands where it is.
    let (asked, answered) = (of(b"hi"), of(b"ho"));
    let found = carried(&[(CLIENT, &asked), (SERVER, &answered), (CLIENT, &asked)]);
    assert_eq!(found, ["1> raw \"hi\"", "2< raw \"ho\"", "3> raw \"hi\""]);
    // Nor does what has ended.
    assert_eq!(carried(&[(CLIENT, &asked), (CLIENT, &answered)]), ["2> raw \"hiho\""]);
}
