//! Tests of DNP3: polls, what is switched, and messages in several frames.

use crate::engine::ports::Ports;
use crate::message::{Related, Relation};
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, check_told, crumble, on_port, play_over, say};

/// A frame of that control, with zeros for checksums.
fn frame(control: u8, to: u8, from: u8, carries: &[u8]) -> Vec<u8> {
    let mut bytes = vec![5, 0x64, carries.len() as u8 + 5, control, to, 0, from, 0, 0, 0];
    for block in carries.chunks(16) {
        bytes.extend(block);
        bytes.extend([0, 0]);
    }
    bytes
}

fn request(number: u8, function: u8) -> Vec<u8> {
    frame(0xc4, 10, 1, &[0xc0, 0xc0 | number, function, 60, 2, 6])
}

fn response(number: u8, function: u8) -> Vec<u8> {
    frame(0x44, 1, 10, &[&[0x40, 0xc0 | number, function, 0x80, 0][..], &[7; 30]].concat())
}

fn talk() -> Vec<Step> {
    vec![
        ask([request(1, 1), request(2, 3)].concat()),
        say([response(2, 129), response(1, 129)].concat()),
        say(frame(0x44, 1, 10, &[0x81, 9, 9])),
        ask(frame(0xc9, 10, 1, &[])),
    ]
}

#[test]
fn frames_and_what_answers_them() {
    let stage = on_port(20000, &talk());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "dnp3@1 from 1 to 10, Read",
            "dnp3@1 from 1 to 10, Select",
            "dnp3@2 from 10 to 1, Response",
            "dnp3@2 from 10 to 1, Response",
            "dnp3@3 from 10 to 1, part of a message",
            "dnp3@4 from 1 to 10, link only",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(2, 1), (3, 0)]);
    assert_eq!(on_port(20000, &crumble(&talk())).messages().len(), 6);
    for (name, expected) in [
        ("dnp3.dst", "10 10 1 1 1 10"),
        ("dnp3.al.func", "1 3 129 129"),
        ("dnp3.al.seq", "1 2 2 1"),
        ("dnp3.al.iin", "32768 32768"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn in_datagrams() {
    let ports = Ports { framing: Framing::Datagram, ports: [40000, 20000], began: None };
    let stage: Played = play_over(ports, &[ask(request(1, 1)), say(response(1, 129))]);
    assert_eq!(stage.rows(), "dnp3@1 from 1 to 10, Read\ndnp3@2 from 10 to 1, Response\n");
    assert_eq!(stage.related().len(), 1);
}

#[test]
fn what_is_told() {
    let mut steps = talk();
    steps.extend([0, 4, 6, 13, 130, 2].map(|function| ask(request(3, function))));
    check_told(
        &on_port(20000, &steps),
        &[
            "Read | Asks for what is measured | From address 1 to 10.",
            "Select | Says what is to be switched: it has to come back as it was said | From address 1 to 10.",
            "Response | Answers, and says how it is doing | From address 10 to 1.",
            "Response | Answers, and says how it is doing | From address 10 to 1.",
            "part | Goes on with a message that is too long for one frame | From address 10 to 1.",
            "link | Looks after the link between the two, and says nothing else | From address 1 to 10.",
            "Confirm | Confirms that it has the response | From address 1 to 10.",
            "Operate | Has something switched | From address 1 to 10.",
            "Direct Operate No Ack | Has something switched, and wants no answer | From address 1 to 10.",
            "Cold Restart | Has the outstation restart | From address 1 to 10.",
            "Unsolicited Response | Reports what has changed, without being asked | From address 1 to 10.",
            "Write | Asks the outstation something | From address 1 to 10.",
        ],
    );
}
