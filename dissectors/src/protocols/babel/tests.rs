//! Packets with each kind of TLV, and what is none of it.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, ask, check_told, play_over};

const HELLO: &[u8] = &[4, 6, 0, 0, 0xe3, 0x16, 1, 0x90];
const HEARD: &[u8] = &[5, 14, 3, 0, 1, 0, 4, 0xb0, 2, 0, 0, 0, 0, 0, 0, 1];
const UPDATE: &[u8] = &[8, 13, 1, 0, 24, 0, 0xff, 0xff, 0, 9, 0, 96, 10, 0, 1];

fn packet(tlvs: &[&[u8]]) -> Vec<u8> {
    let body = tlvs.concat();
    [&[42, 2, 0, body.len() as u8][..], &body].concat()
}

fn play(bytes: &[u8]) -> Played {
    let ports = Ports { framing: Framing::Datagram, ports: [6696, 6696], began: None };
    play_over(ports, &[ask(bytes)])
}

#[track_caller]
fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
    let stage = play(bytes);
    assert_eq!(stage.rows(), rows);
    for (field, expected) in values {
        assert_eq!(stage.values(field), *expected, "{field}");
    }
}

#[test]
fn each_kind_is_told() {
    check(
        &packet(&[HELLO, HEARD, &[0], UPDATE]),
        "babel@1 hello ihu pad1 update\n",
        &[
            ("babel.bodylen", "40"),
            ("babel.message.type", "4 5 0 8"),
            ("babel.message.seqno", "58134 9"),
            ("babel.message.interval", "400 1200 65535"),
            ("babel.message.rxcost", "256"),
            ("babel.message.plen", "24"),
            ("babel.message.metric", "96"),
        ],
    );
    let router: &[u8] = &[6, 10, 0, 0, 2, 0, 0, 0xff, 0xfe, 0, 0, 1];
    check(
        &packet(&[router, &[9, 2, 0, 0], &[2, 6, 0, 0, 0xab, 0xcd, 0, 50]]),
        "babel@1 router-id request ack-req\n",
        &[("babel.message.routerid", "020000fffe000001"), ("babel.message.nonce", "43981")],
    );
    // What proves who sends stands behind the body.
    let proven = [packet(&[HELLO, &[17, 4, 0, 0, 0, 5]]), vec![16, 2, 1, 2]].concat();
    check(&proven, "babel@1 hello pc hmac\n", &[("babel.message.index", "5")]);
}

#[test]
fn what_is_missing_is_said_and_what_is_none_of_it_is_data() {
    check(
        &packet(&[&[8, 40, 1]]),
        "babel@1 update\n",
        &[("babel.message.length", "40"), ("babel.message.ae", "")],
    );
    check(&[42, 2, 0, 9, 1, 1], "data@1 6 bytes\n", &[]);
    check(&[42, 1, 0, 0], "data@1 4 bytes\n", &[]);
}

#[test]
fn packets_are_told_by_what_they_bring() {
    let request: &[u8] = &[9, 2, 0, 0];
    for (tlvs, expected) in [
        (&[HELLO, HEARD][..], "Hello | Says that it is there, and whom it hears"),
        (&[HELLO, UPDATE, UPDATE], "2 routes | Tells how far each network is from here"),
        (&[HELLO, request], "Request | Asks its neighbours for routes"),
        (&[&[3, 2, 0, 1]], "Babel | Talks with its neighbours about routes"),
    ] {
        check_told(&play(&packet(tlvs)), &[expected]);
    }
}
