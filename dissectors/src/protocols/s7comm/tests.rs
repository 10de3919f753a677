//! Tests of S7comm in ISO's transport protocol: connections, jobs, and data in several packets.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, on_port, say};

/// A packet behind its length.
fn packet(bytes: &[u8]) -> Vec<u8> {
    let len = (bytes.len() as u16 + 4).to_be_bytes();
    [&[3, 0, len[0], len[1]][..], bytes].concat()
}

/// Data in one packet.
fn data(bytes: &[u8]) -> Vec<u8> {
    packet(&[&[2, 0xf0, 0x80][..], bytes].concat())
}

/// A message of that kind and number.
fn message(kind: u8, number: u8, error: &[u8], parameters: &[u8]) -> Vec<u8> {
    let head = [0x32, kind, 0, 0, 0, number, 0, parameters.len() as u8, 0, 0];
    [&head[..], error, parameters].concat()
}

const CONNECT: &[u8] = &[13, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0];

fn talk() -> Vec<Step> {
    let read = message(1, 2, &[], &[4, 1, 0x12, 10]);
    let (first, second) = read.split_at(7);
    let pieces = [
        packet(&[&[2, 0xf0, 0][..], first].concat()),
        packet(&[&[2, 0xf0, 0x80][..], second].concat()),
    ];
    vec![
        ask(packet(CONNECT)),
        say(packet(&[6, 0xd0, 0, 1, 0, 2, 0])),
        ask(data(&message(1, 1, &[], &[0xf0, 0, 0, 1]))),
        say(data(&message(3, 1, &[0, 0], &[0xf0, 0, 0, 1]))),
        ask(pieces.concat()),
        say(data(&message(3, 2, &[0, 0], &[4, 1]))),
        ask(data(b"something else")),
        ask(data(&message(1, 3, &[], &[5, 1]))),
        say(data(&message(2, 3, &[0x81, 4], &[]))),
    ]
}

#[test]
fn jobs_and_what_answers_them() {
    let stage = on_port(102, &talk());
    let rows = stage.rows();
    let rows: Vec<&str> = rows.lines().filter(|row| !row.starts_with("tpkt")).collect();
    assert_eq!(
        rows,
        [
            "cotp@1 CR Connect Request",
            "cotp@2 CC Connect Confirm",
            "cotp@3 DT Data",
            "s7comm@3 Job 1, Setup communication",
            "cotp@4 DT Data",
            "s7comm@4 Ack_Data 1, Setup communication",
            "cotp@5 DT Data",
            "cotp@5 DT Data",
            "s7comm@5 Job 2, Read Var",
            "cotp@6 DT Data",
            "s7comm@6 Ack_Data 2, Read Var",
            "cotp@7 DT Data",
            "data@7 14 bytes",
            "cotp@8 DT Data",
            "s7comm@8 Job 3, Write Var",
            "cotp@9 DT Data",
            "s7comm@9 Ack 3",
        ]
    );
    let is_answer = |one: &&Related| one.relation == Relation::Answers;
    assert_eq!(stage.related().iter().filter(is_answer).count(), 3);
    let crumbled = on_port(102, &crumble(&talk()));
    assert_eq!(crumbled.messages().len(), stage.messages().len());
    for (name, expected) in [
        ("cotp.type", "14 13 15 15 15 15 15 15 15 15"),
        ("cotp.src-tsap-bytes", "0100"),
        ("s7comm.header.pduref", "1 1 2 2 3 3"),
        ("s7comm.param.func", "240 240 4 4 5"),
        ("s7comm.header.errcod", "0 0 4"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn lengths_that_do_not_hold_are_noted() {
    for bytes in [&[9, 0xe0, 0][..], &[2, 0xf0, 0x80, 0x32, 1, 0, 0, 0, 1, 0, 9, 0, 0]] {
        let stage = on_port(102, &[ask(packet(bytes))]);
        let notes = stage.messages().iter().flat_map(|one| stage.describe(one).notes);
        assert_eq!(notes.count(), 1, "{bytes:?}");
    }
}

#[test]
fn what_is_told() {
    let mut steps = talk();
    steps.extend([0x1a, 0x1d, 0x28, 0x29].map(|code| ask(data(&message(1, 9, &[], &[code])))));
    steps.push(ask(data(&message(7, 10, &[], &[0, 1, 0x12, 4, 0x11, 0x44, 1, 0]))));
    steps.push(say(packet(&[6, 0x80, 0, 1, 0, 2, 0])));
    steps.push(say(packet(&[4, 0x70, 0, 1, 0])));
    check_told(
        &on_port(102, &steps),
        &[
            "Connect | Asks for a connection to an access point",
            "Confirm | Agrees to the connection",
            "Data | Carries data, or a part of it",
            "Setup communication | Asks how much may be under way, and how long messages may be",
            "Data | Carries data, or a part of it",
            "Setup communication | Has done what was asked",
            "Data | Carries data, or a part of it",
            "Data | Carries data, or a part of it",
            "Read Var | Reads what the controller holds",
            "Data | Carries data, or a part of it",
            "Read Var | Gives what was read",
            "Data | Carries data, or a part of it",
            "14 bytes | Hands over content; what it means is between the two programs | \
             “something else”.",
            "Data | Carries data, or a part of it",
            "Write Var | Sets what the controller holds",
            "Data | Carries data, or a part of it",
            "Ack | Cannot do what was asked | Class 0x81, error 0x04.",
            "Data | Carries data, or a part of it",
            "Request download | Puts a program into the controller",
            "Data | Carries data, or a part of it",
            "Start upload | Fetches a program out of the controller",
            "Data | Carries data, or a part of it",
            "PI-Service | Has the controller start, or take over what was loaded",
            "Data | Carries data, or a part of it",
            "PLC Stop | Has the controller stop",
            "Data | Carries data, or a part of it",
            "Userdata | Asks the controller about itself",
            "Disconnect | Refuses or ends the connection",
            "Transport | Says that a packet was wrong, or that it has heard the end",
        ],
    );
}
