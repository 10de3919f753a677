//! Tests of STUN: messages of RFC 5769 and made ones, addresses, errors, relays.

use crate::engine::ports::Ports;
use crate::message::{Related, Relation};
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, check_told, crumble, on_port, play_over, say};

use super::wire;

/// Over UDP, to a port that nobody has.
fn over_udp(steps: &[Step]) -> Played {
    to_port(5555, steps)
}

fn to_port(port: u16, steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, port], began: None }, steps)
}

fn attribute(number: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend((value.len() as u16).to_be_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A message of that type, with a transaction id made of one byte.
fn message(kind: u16, id: u8, attributes: &[Vec<u8>]) -> Vec<u8> {
    let attributes = attributes.concat();
    let mut bytes = kind.to_be_bytes().to_vec();
    bytes.extend((attributes.len() as u16).to_be_bytes());
    bytes.extend(wire::COOKIE);
    bytes.extend([id; 12]);
    bytes.extend(attributes);
    bytes
}

/// The address 192.0.2.1:32853 under the mask of a message whose id is made of that byte.
fn masked() -> Vec<u8> {
    vec![0, 1, 0x80 ^ 0x21, 0x55 ^ 0x12, 192 ^ 0x21, 0x12, 2 ^ 0xa4, 1 ^ 0x42]
}

/// With a fingerprint behind it.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let len = bytes.len() - wire::HEAD + 8;
    bytes[2..4].copy_from_slice(&(len as u16).to_be_bytes());
    let sum = wire::checksum(&bytes);
    bytes.extend(attribute(0x8028, &sum.to_be_bytes()));
    bytes
}

/// The sample request of RFC 5769, section 2.1.
fn sample() -> Vec<u8> {
    let hex = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e20746573742063\
        6c69656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a683676592020200008\
        00149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn the_sample_request_of_the_standard() {
    let stage = over_udp(&[ask(sample())]);
    assert_eq!(stage.rows(), "stun@1 Binding Request user: evtj:h6vY\n");
    for (name, expected) in [
        ("stun.type", "1"),
        ("stun.id", "b7e7a701bc34d686fa87dfae"),
        ("stun.att.type", "32802 36 32809 6 8 32808"),
        ("stun.att.software", "STUN test client"),
        ("stun.att.username", "evtj:h6vY"),
        ("stun.att.priority", "1845494271"),
        ("stun.att.tie-breaker", "932ff9b151263b36"),
        ("stun.att.hmac", "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"),
        ("stun.att.crc32.status", "1"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn a_fingerprint_of_another_message_is_noted() {
    let mut bytes = sample();
    bytes[30] ^= 1;
    let stage = over_udp(&[ask(bytes)]);
    assert_eq!(stage.values("stun.att.crc32.status"), "0");
    let notes = stage.describe(&stage.messages()[0]).notes;
    assert!(notes[0].starts_with("The fingerprint is not that of this message"), "{notes:?}");
}

#[test]
fn answers_bear_the_number_of_their_request() {
    let steps = [
        ask(message(1, 1, &[])),
        ask(message(1, 2, &[])),
        ask(message(1, 1, &[])),
        say(message(0x101, 2, &[attribute(0x20, &masked())])),
        say(message(0x111, 1, &[attribute(9, b"\0\0\x04\x00Bad")])),
    ];
    let stage = over_udp(&steps);
    let related: Vec<_> =
        stage.related().iter().map(|one: &Related| (one.from.0, one.relation, one.to.0)).collect();
    let expected =
        [(2, Relation::Repeats, 0), (3, Relation::Answers, 1), (4, Relation::Answers, 0)];
    assert_eq!(related, expected);
    assert_eq!(stage.values("stun.att.ipv4"), "c0000201");
    assert_eq!(stage.values("stun.att.port"), "32853");
    assert_eq!(stage.values("stun.response-to"), "2 1");
    assert_eq!(stage.values("stun.reqduplicate"), "1");
    assert!(stage.rows().contains("XOR-MAPPED-ADDRESS: 192.0.2.1:32853"), "{}", stage.rows());
    assert!(stage.rows().contains("error-code: 400 Bad"), "{}", stage.rows());
}

#[test]
fn an_address_of_sixteen_bytes_is_masked_by_the_id_too() {
    let mut value = vec![0, 2, 0x80 ^ 0x21, 0x55 ^ 0x12];
    let mask: Vec<u8> = wire::COOKIE.into_iter().chain([7; 12]).collect();
    let plain = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    value.extend(plain.iter().zip(&mask).map(|(byte, mask)| byte ^ mask));
    let stage = over_udp(&[say(message(0x101, 7, &[attribute(0x20, &value)]))]);
    assert_eq!(stage.values("stun.att.ipv6"), "20010db8000000000000000000000009");
}

#[test]
fn on_a_stream_messages_follow_each_other() {
    let channel = [&[0x40, 0, 0, 3][..], b"abc\0"].concat();
    let steps = [
        ask([sealed(message(1, 1, &[])), message(1, 2, &[])].concat()),
        say(message(0x101, 2, &[])),
        ask(channel),
    ];
    let whole = on_port(3478, &steps).rows();
    assert_eq!(
        whole,
        "stun@1 Binding Request\nstun@1 Binding Request\nstun@2 Binding Success Response\n\
         stun@3 ChannelData TURN Message, channel 0x4000\n"
    );
    assert_eq!(on_port(3478, &crumble(&steps)).messages().len(), 4);
}

#[test]
fn what_is_cut_says_so() {
    let stage = over_udp(&[ask(message(1, 1, &[vec![0x80, 0x22, 0, 9, b'a', 0, 0, 0]]))]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.notes, ["An attribute claims 9 bytes, but only 4 are there"]);
}

#[test]
fn what_is_told() {
    let mapped = || attribute(0x20, &masked());
    let steps = [
        ask(message(1, 1, &[])),
        say(message(0x101, 1, &[mapped()])),
        ask(message(1, 2, &[attribute(6, b"them:us")])),
        say(message(0x101, 2, &[mapped(), attribute(8, &[0; 20])])),
        ask(message(1, 3, &[attribute(6, b"them:us"), attribute(0x25, b"")])),
        say(message(0x111, 3, &[attribute(9, b"\0\0\x04\x57Role Conflict")])),
        ask(message(0x11, 4, &[])),
        ask(message(3, 5, &[])),
        say(message(0x113, 5, &[attribute(9, b"\0\0\x04\x01Unauthorized")])),
        ask(message(3, 6, &[])),
        say(message(0x103, 6, &[attribute(0x16, &masked())])),
        ask(message(4, 7, &[])),
        say(message(0x104, 7, &[attribute(13, &[0, 0, 2, 88])])),
        ask(message(4, 17, &[])),
        say(message(0x104, 17, &[attribute(13, &[0; 4])])),
        say(message(0x114, 7, &[attribute(9, b"\0\0\x04\x26Stale Nonce")])),
        ask(message(8, 8, &[])),
        say(message(0x108, 8, &[])),
        ask(message(9, 9, &[])),
        say(message(0x119, 9, &[attribute(9, b"\0\0\x04\x03Forbidden")])),
        say(message(0x111, 9, &[attribute(9, b"\0\0\x03\x00Try Alternate")])),
        say(message(0x118, 9, &[])),
        ask(message(0x16, 10, &[])),
        say(message(0x17, 11, &[])),
        ask(message(0x1f, 12, &[])),
        ask(message(0xf, 13, &[])),
        ask([0x40, 0, 0, 1, b'x']),
        ask(message(1, 1, &[])),
    ];
    check_told(
        &to_port(3478, &steps),
        &[
            "Binding | Asks under which address it is seen from outside | A router on the way may have put its own address in place of the sender's.",
            "192.0.2.1:32853 | Says from which address the request came",
            "Binding | Checks whether this pair of addresses works | For them:us.",
            "192.0.2.1:32853 | Answers the check: this pair of addresses works",
            "Binding, chosen | Checks this pair of addresses, and chooses it",
            "487 Role Conflict | Says that both sides want to decide: one has to give in",
            "Binding indication | Keeps the way through routers open; nothing answers",
            "Allocate | Asks for an address on the relay",
            "401 Unauthorized | Wants a proof, and gives the realm and the nonce to make it with",
            "Allocate | Asks for an address on the relay",
            "192.0.2.1:32853 | Gives it an address on the relay | Whatever peers send there, the relay hands on.",
            "Refresh | Asks to keep its address on the relay, or gives it back",
            "Refresh | Keeps the address on the relay for as long as it says | For 600 seconds.",
            "Refresh | Asks to keep its address on the relay, or gives it back",
            "Refresh | Keeps the address on the relay for as long as it says | It is given back.",
            "438 Stale Nonce | Wants the proof again, made with a newer nonce",
            "CreatePermission | Allows a peer to send to it through the relay",
            "success | Has done what was asked",
            "ChannelBind | Gives a peer a number, so that four bytes stand for its address",
            "403 Forbidden | Refuses, and says why",
            "300 Try Alternate | Sends the client to another server",
            "error | Refuses, and does not say why",
            "Send | Has the relay send data to a peer",
            "Data | Brings what a peer sent to the relay",
            "indication | Says something that nothing answers",
            "request | Asks something that only newer or other programs know",
            "channel 0x4000 | Sends data through the relay, under the number of a channel | 1 byte behind a head of four.",
            "Binding | Asks under which address it is seen from outside | A router on the way may have put its own address in place of the sender's.",
        ],
    );
}
