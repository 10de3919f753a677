//! Tests of Kerberos: requests, replies and errors in datagrams and on a stream.

use crate::engine::ports::Ports;
use crate::message::{Related, Relation};
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, check_told, crumble, on_port, play_over, say};

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 88], began: None }, steps)
}

/// An element.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = match content.len() {
        len @ 0..0x80 => vec![len as u8],
        len => vec![0x82, (len >> 8) as u8, len as u8],
    };
    [&[tag][..], &len, &content].concat()
}

fn integer(tag: u8, value: &[u8]) -> Vec<u8> {
    der(0xa0 | tag, &[&der(2, &[value])])
}

fn text(tag: u8, value: &str) -> Vec<u8> {
    der(0xa0 | tag, &[&der(0x1b, &[value.as_bytes()])])
}

fn name(tag: u8, parts: &[&str]) -> Vec<u8> {
    let list: Vec<u8> = parts.iter().flat_map(|part| der(0x1b, &[part.as_bytes()])).collect();
    let list = der(0xa1, &[&der(0x30, &[&list])]);
    der(0xa0 | tag, &[&der(0x30, &[&integer(0, &[1]), &list])])
}

/// A request of that number, with a proof of that kind.
fn request(number: u8, proof: Option<u8>) -> Vec<u8> {
    let proofs = proof.map_or(Vec::new(), |kind| {
        let one = der(0x30, &[&integer(1, &[kind]), &der(0xa2, &[&der(4, &[b"sealed"])])]);
        der(0xa3, &[&der(0x30, &[&one])])
    });
    let body = [
        name(1, &["joe"]),
        text(2, "A.TEST"),
        name(3, &["http", "web.a.test"]),
        integer(7, &[0, 0x80, 0, 0, 7]),
        der(0xa8, &[&der(0x30, &[&der(2, &[&[18]]), &der(2, &[&[23]])])]),
    ]
    .concat();
    let body = der(0xa4, &[&der(0x30, &[&body])]);
    let all = [integer(1, &[5]), integer(2, &[number]), proofs, body].concat();
    der(0x60 + number, &[&der(0x30, &[&all])])
}

fn reply(number: u8) -> Vec<u8> {
    let sealed = |tag: u8| {
        der(0xa0 | tag, &[&der(0x30, &[&integer(0, &[18]), &der(0xa2, &[&der(4, &[b"x"])])])])
    };
    let ticket =
        [integer(0, &[5]), text(1, "A.TEST"), name(2, &["krbtgt", "A.TEST"]), sealed(3)].concat();
    let ticket = der(0xa5, &[&der(0x61, &[&der(0x30, &[&ticket])])]);
    let all = [
        integer(0, &[5]),
        integer(1, &[number]),
        text(3, "A.TEST"),
        name(4, &["joe"]),
        ticket,
        sealed(6),
    ]
    .concat();
    der(0x60 + number, &[&der(0x30, &[&all])])
}

fn error(code: u8) -> Vec<u8> {
    let all = [
        integer(0, &[5]),
        integer(1, &[30]),
        integer(6, &[code]),
        text(9, "A.TEST"),
        text(11, "no"),
    ]
    .concat();
    der(0x7e, &[&der(0x30, &[&all])])
}

fn talk() -> Vec<Vec<u8>> {
    vec![
        request(10, None),
        error(25),
        request(10, Some(2)),
        reply(11),
        request(12, Some(1)),
        reply(13),
    ]
}

#[test]
fn a_ticket_is_asked_for_and_given() {
    let steps: Vec<Step> = talk()
        .into_iter()
        .enumerate()
        .map(|(place, bytes)| if place % 2 == 0 { ask(bytes) } else { say(bytes) })
        .collect();
    let stage = over_udp(&steps);
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "kerberos@1 AS-REQ",
            "kerberos@2 KRB Error: eRR-PREAUTH-REQUIRED",
            "kerberos@3 AS-REQ",
            "kerberos@4 AS-REP",
            "kerberos@5 TGS-REQ",
            "kerberos@6 TGS-REP",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(1, 0), (3, 2), (5, 4)]);
    for (name, expected) in [
        ("kerberos.msg_type", "10 30 10 11 12 13"),
        ("kerberos.pvno", "5 5 5 5 5 5"),
        ("kerberos.padata_type", "2 1"),
        ("kerberos.CNameString", "joe joe joe joe joe"),
        ("kerberos.nonce", "2147483655 2147483655 2147483655"),
        ("kerberos.ENCTYPE", "18 23 18 23 18 23"),
        ("kerberos.etype", "18 18 18 18"),
        ("kerberos.error_code", "25"),
        ("kerberos.e_text", "no"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    for message in stage.messages() {
        assert_eq!(stage.describe(message).notes, [""; 0]);
    }
}

#[test]
fn on_a_stream_a_length_stands_before() {
    let record = |bytes: Vec<u8>| [&(bytes.len() as u32).to_be_bytes()[..], &bytes].concat();
    let steps = [ask(record(request(10, None))), say(record(error(6)))];
    let rows = "kerberos@1 AS-REQ\nkerberos@2 KRB Error: eRR-C-PRINCIPAL-UNKNOWN\n";
    assert_eq!(on_port(88, &steps).rows(), rows);
    assert_eq!(on_port(88, &crumble(&steps)).messages().len(), 2);
    assert!(
        on_port(88, &steps).values("kerberos.rm.length").ends_with(&error(6).len().to_string())
    );
}

#[test]
fn what_is_told() {
    let mut steps: Vec<Step> = talk().into_iter().map(ask).collect();
    let empty = |number: u8| {
        let all = [integer(0, &[5]), integer(1, &[number])].concat();
        der(0x60 + number, &[&der(0x30, &[&all])])
    };
    steps.extend([ask(empty(14)), say(empty(15)), say(error(6)), say(error(99)), ask(empty(21))]);
    check_told(
        &over_udp(&steps),
        &[
            "AS-REQ | Asks for a ticket to get tickets with, and has proved nothing yet",
            "proof required | Wants a proof first that the client knows the password",
            "AS-REQ | Asks for a ticket, and proves that it knows the password | The proof is the time of day, sealed with a key made of the password.",
            "AS-REP | Gives the ticket, and a key that only the password opens",
            "TGS-REQ web.a.test | Asks for a ticket for a service, and shows the one it has",
            "TGS-REP | Gives a ticket that only that service can read",
            "AP-REQ | Shows the service its ticket, and proves that it is its own",
            "AP-REP | Proves that it could read the ticket: it is the right service",
            "eRR-C-PRINCIPAL-UNKNOWN | Refuses the ticket, and says why",
            "error 99 | Refuses the ticket, and says why",
            "message | Sends something that both sides have sealed",
        ],
    );
}

#[test]
fn the_ticket_that_is_shown_for_another_is_told() {
    let shown = der(0x30, &[&[integer(0, &[5]), integer(1, &[14])].concat()]);
    let value = der(0xa2, &[&der(4, &[&der(0x6e, &[&shown])])]);
    let proof = |kind: u8| der(0x30, &[&integer(1, &[kind]), &value]);
    let request = |kind: u8| {
        let proofs = der(0xa3, &[&der(0x30, &[&proof(kind)])]);
        let all = [integer(1, &[5]), integer(2, &[12]), proofs].concat();
        der(0x6c, &[&der(0x30, &[&all])])
    };
    let stage = over_udp(&[ask(request(1)), ask(request(3))]);
    assert_eq!(stage.values("kerberos.msg_type"), "12 14 12");
}
