//! Tests of Modbus: questions, answers, refusals, and captures that begin in the middle.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, on_port, say};

/// A message of that number, to or from unit 1.
fn message(number: u8, pdu: &[u8]) -> Vec<u8> {
    [&[0, number, 0, 0, 0, pdu.len() as u8 + 1, 1][..], pdu].concat()
}

fn talk() -> Vec<Step> {
    vec![
        ask([message(1, &[3, 0, 40, 0, 2]), message(2, &[1, 0, 0, 0, 9])].concat()),
        say([message(2, &[1, 2, 0xff, 1]), message(1, &[3, 4, 0, 7, 1, 0])].concat()),
        ask(message(3, &[6, 0, 1, 0, 5])),
        say(message(3, &[0x86, 2])),
        ask(message(4, &[16, 0, 1, 0, 2, 4, 0, 1, 0, 2])),
        say(message(4, &[16, 0, 1, 0, 2])),
        ask(message(5, &[43, 14, 1, 0])),
        say(message(5, &[43, 14, 1, 1, 0, 0, 1, 0, 3, b'A', b'b', b'c'])),
    ]
}

#[test]
fn messages_and_what_answers_them() {
    let stage = on_port(502, &talk());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "modbus@1 1 Read Holding Registers, unit 1: 2 from 40",
            "modbus@1 2 Read Coils, unit 1: 9 from 0",
            "modbus@2 2 Read Coils, unit 1: done",
            "modbus@2 1 Read Holding Registers, unit 1: done",
            "modbus@3 3 Write Single Register, unit 1",
            "modbus@4 3 Write Single Register, unit 1: Illegal data address",
            "modbus@5 4 Write Multiple Registers, unit 1: 2 from 1",
            "modbus@6 4 Write Multiple Registers, unit 1: done",
            "modbus@7 5 Encapsulated Interface Transport, unit 1",
            "modbus@8 5 Encapsulated Interface Transport, unit 1: done",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(2, 1), (3, 0), (5, 4), (7, 6), (9, 8)]);
    assert_eq!(on_port(502, &crumble(&talk())).messages().len(), 10);
    for (name, expected) in [
        ("mbtcp.trans_id", "1 2 2 1 3 3 4 4 5 5"),
        ("modbus.func_code", "3 1 1 3 6 6 16 16 43 43"),
        ("modbus.exception_code", "2"),
        ("modbus.reference_num", "40 0 1 1 1"),
        ("modbus.regval_uint16", "7 256 5 1 2"),
        ("modbus.data", "ff01"),
        ("modbus.object_str_value", "Abc"),
        ("modbus.request_frame", "1 1 3 5 7"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn who_answers_is_known_also_where_the_question_was_not_captured() {
    let stage =
        on_port(502, &[ask(message(9, &[3, 4, 0, 7, 1, 0])), say(message(8, &[3, 0, 1, 0, 2]))]);
    assert_eq!(
        stage.rows(),
        "modbus@1 9 Read Holding Registers, unit 1: done\n\
         modbus@2 8 Read Holding Registers, unit 1: 2 from 1\n"
    );
}

#[test]
fn what_is_no_message_is_shown_as_bytes() {
    let stage = on_port(502, &[ask(message(1, &[3, 0, 40, 0, 2])), ask(b"hello, machine")]);
    assert_eq!(stage.messages().len(), 2);
    assert!(stage.rows().contains("\ndata@2 "), "{}", stage.rows());
}

#[test]
fn what_is_told() {
    let mut steps = talk();
    let mut more = |pdu: &[u8], answer: &[u8]| {
        steps.extend([ask(message(7, pdu)), say(message(7, answer))]);
    };
    more(&[5, 0, 1, 0xff, 0], &[5, 0, 1, 0xff, 0]);
    more(&[23, 0, 1, 0, 1, 0, 2, 0, 1, 2, 0, 9], &[23, 2, 0, 8]);
    more(&[8, 0, 0, 1, 2], &[0x88, 99]);
    check_told(
        &on_port(502, &steps),
        &[
            "Read Holding Registers | Asks for numbers that a machine holds | 2 from place 40 on, of unit 1.",
            "Read Coils | Asks how switches stand | 9 from place 0 on, of unit 1.",
            "Read Coils | Gives the values that were asked for",
            "Read Holding Registers | Gives the values that were asked for",
            "Write Single Register | Sets numbers in a machine | Of unit 1.",
            "Write Single Register | Cannot do what was asked | Illegal data address.",
            "Write Multiple Registers | Sets numbers in a machine | 2 from place 1 on, of unit 1.",
            "Write Multiple Registers | Has set what it was told to set",
            "Encapsulated Interface Transport | Asks a machine who it is | Of unit 1.",
            "Encapsulated Interface Transport | Answers what was asked",
            "Write Single Coil | Switches something on or off | Of unit 1.",
            "Write Single Coil | Has set what it was told to set",
            "Read Write Register | Sets numbers, and asks for others in the same breath | Of unit 1.",
            "Read Write Register | Gives the values that were asked for",
            "Diagnostics | Asks a machine for a function | Of unit 1.",
            "Diagnostics | Cannot do what was asked | Exception 99.",
        ],
    );
}
