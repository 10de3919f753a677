//! Tests of LDAP: numbers, operations, StartTLS, the layer of SASL, and datagrams.

mod operations;
mod sentences;

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, play_over, say};

fn message(id: u8, tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x30, 5 + content.len() as u8, 2, 1, id, tag, content.len() as u8];
    bytes.extend(content);
    bytes
}

fn everything() -> Vec<Step> {
    let name = [&[0x80, 22][..], b"1.3.6.1.4.1.1466.20037"].concat();
    vec![
        ask(message(1, 0x60, &[2, 1, 3, 4, 0, 0x80, 0])),
        say(message(1, 0x61, &[10, 1, 0, 4, 0, 4, 0])),
        ask([message(2, 0x63, &[4, 0]), message(3, 0x63, &[4, 0])].concat()),
        say([message(3, 0x64, &[4, 0]), message(3, 0x65, &[10, 1, 32, 4, 0, 4, 0])].concat()),
        say(message(2, 0x65, &[10, 1, 0, 4, 0, 4, 0])),
        ask(message(4, 0x77, &name)),
        say(message(4, 0x78, &[10, 1, 0, 4, 0, 4, 0])),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(389, &everything());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "ldap@1 bindRequest(1) ",
            "ldap@2 bindResponse(1) success ",
            "ldap@3 searchRequest(2) ",
            "ldap@3 searchRequest(3) ",
            "ldap@4 searchResEntry(3) ",
            "ldap@4 searchResDone(3) noSuchObject ",
            "ldap@5 searchResDone(2) success ",
            "ldap@6 extendedReq(4) ",
            "ldap@7 extendedResp(4) success ",
            "tls@8 ",
            "tls@8 Client Hello",
        ]
    );
    assert_eq!(stage.values("ldap.messageID"), "1 1 2 3 3 3 2 4 4");
    assert_eq!(stage.values("ldap.protocolOp"), "0 1 3 3 4 5 5 23 24");
    assert_eq!(stage.values("ldap.response_to"), "1 3 3 3 6");
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(389, &everything()).rows());
    for at in 1..50 {
        assert_eq!(numberless(on_port(389, &cut(&everything(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(389, &crumble(&everything())).rows()), whole);
}

#[test]
fn what_cannot_be_read_is_data() {
    let sealed = [0, 0, 0, 40, 1, 2, 3];
    let rows = on_port(389, &[everything()[0].clone(), say(sealed), say("more")]).rows();
    assert_eq!(rows, "ldap@1 bindRequest(1) \nldap@2 Data\nldap@3 Data\n");
    let mut long = vec![0x30, 0x83, 1, 0x11, 0x78, 2, 1, 7, 0x64, 0x83, 1, 0x11, 0x70];
    long.resize(70_013, 0);
    let rows = on_port(389, &[say(long)]).rows();
    assert!(rows.contains("searchResEntry(7)"), "{rows}");
}

/// A bind by SASL, and that it went well.
fn bound() -> [Step; 2] {
    let bind = [2, 1, 3, 4, 0, 0xa3, 8, 4, 6, b'G', b'S', b'S', b'A', b'P', b'I'];
    [ask(message(1, 0x60, &bind)), say(message(1, 0x61, &[10, 1, 0, 4, 0, 4, 0]))]
}

/// A buffer of the layer: a token with these flags, turned by so much.
fn layer(flags: u8, rotated: u8, content: &[u8]) -> Vec<u8> {
    let checksum = [0xee; 12];
    let whole = match rotated {
        0 => [content, &checksum].concat(),
        _ => [&checksum, content].concat(),
    };
    let head = [5, 4, flags, 0xff, 0, 12, 0, rotated, 0, 0, 0, 0, 0, 0, 0, 9];
    let len = (head.len() + whole.len()) as u32;
    [&len.to_be_bytes()[..], &head, &whole].concat()
}

#[test]
fn what_sasl_only_signs_is_read() {
    let search = message(2, 0x63, &[4, 0]);
    let found = [message(2, 0x64, &[4, 0]), message(2, 0x65, &[10, 1, 0, 4, 0, 4, 0])].concat();
    let [bind, well] = bound();
    // A message may reach over buffers.
    let (head, tail) = found.split_at(12);
    let answer = [layer(5, 12, head), layer(5, 12, tail)].concat();
    let steps = [bind, well, ask(layer(4, 0, &search)), say(answer), ask(layer(6, 12, &search))];
    let stage = on_port(389, &steps);
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "ldap@1 bindRequest(1) ",
            "ldap@2 bindResponse(1) success ",
            "ldap@3 SASL GSS-API Integrity",
            "ldap@3 searchRequest(2) ",
            "ldap@4 SASL GSS-API Integrity",
            "ldap@4 searchResEntry(2) ",
            "ldap@4 SASL GSS-API Integrity",
            "ldap@4 searchResDone(2) success ",
            "ldap@5 SASL GSS-API Privacy: 21 bytes",
        ]
    );
    assert_eq!(stage.values("ldap.response_to"), "1 3 3");
    assert_eq!(stage.values("ldap.sasl_buffer_length"), "37 40 39 37");
    let count = |rows: &str| rows.lines().filter(|row| row.contains("search")).count();
    for at in 1..40 {
        assert_eq!(count(&on_port(389, &cut(&steps, at)).rows()), 3, "cut at {at}");
    }
}

#[test]
fn a_layer_needs_somebody_who_was_let_in_by_sasl() {
    let rows = on_port(389, &[everything()[0].clone(), ask(layer(4, 0, b"x"))]).rows();
    assert!(rows.ends_with("ldap@2 Data\n"), "{rows}");
    let [bind, _] = bound();
    let refused = say(message(1, 0x61, &[10, 1, 49, 4, 0, 4, 0]));
    let rows = on_port(389, &[bind, refused, ask(layer(4, 0, b"x"))]).rows();
    assert!(rows.ends_with("ldap@3 Data\n"), "{rows}");
    // Another mechanism's, or one that turns its content into itself.
    for token in [vec![0, 0, 0, 3, 1, 0, 0], layer(4, 5, b"longer than five")] {
        let [bind, well] = bound();
        let rows = on_port(389, &[bind, well, ask(token)]).rows();
        assert!(rows.contains("ldap@3 SASL buffer: "), "{rows}");
    }
}

#[test]
fn datagrams_hold_whole_messages() {
    let ports = Ports { framing: Framing::Datagram, ports: [40000, 389], began: None };
    let both = [message(7, 0x64, &[4, 0]), message(7, 0x65, &[10, 1, 0, 4, 0, 4, 0])].concat();
    let steps = [
        ask(message(7, 0x63, &[4, 0])),
        say(both),
        say("text, not BER"),
        say(message(8, 0x64, &[4, 0])),
    ];
    let rows = play_over(ports, &steps).rows();
    let found: Vec<&str> = rows.lines().filter(|row| row.starts_with("cldap")).collect();
    assert_eq!(
        found,
        [
            "cldap@1 searchRequest(7) ",
            "cldap@2 searchResEntry(7) ",
            "cldap@2 searchResDone(7) success ",
            "cldap@4 searchResEntry(8) ",
        ]
    );
}
