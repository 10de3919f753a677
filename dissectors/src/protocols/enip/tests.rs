//! Tests of EtherNet/IP and CIP: sessions, requests in envelopes of both kinds, data at a rate.

use crate::engine::ports::Ports;
use crate::message::{Related, Relation};
use crate::protocol::Framing;
use crate::protocols::stage::{Step, ask, check_told, crumble, on_port, play_over, say};

/// A message of that command, session and context.
fn message(command: u16, session: u32, status: u32, context: u64, data: &[u8]) -> Vec<u8> {
    let mut bytes = command.to_le_bytes().to_vec();
    bytes.extend((data.len() as u16).to_le_bytes());
    bytes.extend(session.to_le_bytes());
    bytes.extend(status.to_le_bytes());
    bytes.extend(context.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}

/// An item of that kind.
fn item(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn items(all: &[Vec<u8>]) -> Vec<u8> {
    [(all.len() as u16).to_le_bytes().to_vec(), all.concat()].concat()
}

/// A message of CIP outside of any connection.
fn apart(context: u64, cip: &[u8]) -> Vec<u8> {
    let carried = items(&[item(0, &[]), item(0xb2, cip)]);
    message(0x6f, 7, 0, context, &[vec![0; 6], carried].concat())
}

/// A message of CIP on a connection, as number 5.
fn on_connection(cip: &[u8]) -> Vec<u8> {
    let carried = items(&[item(0xa1, &[1, 0, 0, 0]), item(0xb1, &[&[5, 0][..], cip].concat())]);
    message(0x70, 7, 0, 0, &[vec![0; 6], carried].concat())
}

/// Reads attribute 7 of the identity.
const READ: &[u8] = &[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7];

fn identity() -> Vec<u8> {
    let mut data = vec![1, 0, 0, 2, 0xaf, 0x12, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    data.extend([1, 0, 14, 0, 11, 0, 2, 3, 0x30, 0, 0x78, 0x56, 0x34, 0x12]);
    data.extend([5, b'D', b'r', b'i', b'v', b'e', 3]);
    items(&[item(0x0c, &data)])
}

fn talk() -> Vec<Step> {
    let several = [&[0x0a, 2, 0x20, 2, 0x24, 1, 2, 0, 6, 0, 14, 0][..], READ, READ].concat();
    vec![
        ask(message(0x63, 0, 0, 1, &[])),
        say(message(0x63, 0, 0, 1, &identity())),
        ask(message(0x65, 0, 0, 2, &[1, 0, 0, 0])),
        say(message(0x65, 7, 0, 2, &[1, 0, 0, 0])),
        ask([apart(3, READ), apart(4, READ)].concat()),
        say([apart(4, &[0x8e, 0, 8, 0]), apart(3, &[0x8e, 0, 0, 0, 1, b'x'])].concat()),
        ask(on_connection(&several)),
        say(on_connection(&[0x8a, 0, 0, 0])),
        ask(message(0x65, 0, 0, 5, &[9, 0, 0, 0])),
        say(message(0x65, 0, 0x69, 5, &[1, 0, 0, 0])),
        ask(message(0x66, 7, 0, 0, &[])),
    ]
}

#[test]
fn messages_and_what_answers_them() {
    let stage = on_port(44818, &talk());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "enip@1 List Identity",
            "enip@2 List Identity: Drive",
            "enip@3 Register Session",
            "enip@4 Register Session: Success",
            "enip@5 ",
            "cip@5 Get Attribute Single of Identity, instance 1, attribute 7",
            "enip@5 ",
            "cip@5 Get Attribute Single of Identity, instance 1, attribute 7",
            "enip@6 ",
            "cip@6 Get Attribute Single: Service not supported",
            "enip@6 ",
            "cip@6 Get Attribute Single: Success",
            "enip@7 ",
            "cip@7 Multiple Service Packet of Message Router, instance 1",
            "enip@8 ",
            "cip@8 Multiple Service Packet: Success",
            "enip@9 Register Session",
            "enip@10 Register Session: Unsupported Protocol Revision",
            "enip@11 Unregister Session",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(1, 0), (3, 2), (8, 6), (10, 4), (14, 12), (17, 16)]);
    assert_eq!(on_port(44818, &crumble(&talk())).messages().len(), 19);
    for (name, expected) in [
        ("enip.session", "0 0 0 7 7 7 7 7 7 7 0 0 7"),
        ("enip.cpf.typeid", "12 0 178 0 178 0 178 0 178 161 177 161 177"),
        ("enip.lir.name", "Drive"),
        ("enip.lir.serial", "305419896"),
        ("cip.seq", "5 5"),
        ("cip.genstat", "8 0 0"),
        ("cip.class", "1 1 2 1 1"),
        ("cip.attribute", "7 7 7 7"),
        ("cip.data", "0178"),
        ("cip.msp.offset", "6 14"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn paths_and_messages_inside_others() {
    // To hand on, through port 1 to slot 0: read a tag by its name.
    let tag = [0x4c, 3, 0x91, 3, b'r', b'p', b'm', 0, 1, 0];
    let wait = [&[0x52, 2, 0x20, 6, 0x24, 1, 10, 5, 10, 0][..], &tag, &[1, 0, 1, 0]].concat();
    let wide = [0x03, 4, 0x21, 0, 0x2c, 1, 0x25, 0, 1, 2, 1, 0, 2, 0];
    let stage = on_port(44818, &[ask(apart(1, &wait)), ask(apart(2, &wide))]);
    let rows = stage.rows();
    assert!(rows.contains("cip@1 Unconnected Send of Connection Manager, instance 1\n"), "{rows}");
    assert!(rows.contains("cip@2 Get Attribute List of class 0x12c, instance 513\n"), "{rows}");
    assert_eq!(stage.values("cip.symbol"), "rpm");
}

#[test]
fn hostile_offsets_do_no_harm() {
    let backward = [0x0a, 0, 3, 0, 8, 0, 2, 0, 8, 0, 1, 2, 3];
    let own = [0x0a, 0, 1, 0, 0, 0, 0x0a, 0, 1, 0, 0, 0];
    for cip in [&backward[..], &own, &[0x0a, 9], &[0x8a, 0], &[0x52, 2, 0x20, 6, 0x24, 1, 0, 0]] {
        let stage = on_port(44818, &[ask(apart(1, cip))]);
        assert_eq!(stage.messages().len(), 2);
        stage.messages().iter().for_each(|message| drop(stage.describe(message)));
    }
}

#[test]
fn in_datagrams() {
    let ports = Ports { framing: Framing::Datagram, ports: [2222, 2222], began: None };
    let io = items(&[item(0x8002, &[1, 0, 0, 0, 9, 0, 0, 0]), item(0xb1, &[1, 2, 3])]);
    let list = message(0x63, 0, 0, 1, &[]);
    let stage = play_over(ports, &[ask(io), ask(list)]);
    assert_eq!(stage.rows(), "enip@1 Connection 0x00000001, number 9\nenip@2 List Identity\n");
    assert_eq!(stage.values("enip.cpf.data"), "010203");
    check_told(
        &stage,
        &[
            "I/O | Sends what is measured or set, at the rate agreed on | On connection 0x00000001, as number 9.",
            "List Identity | Asks who is there",
        ],
    );
}

#[test]
fn what_is_told() {
    check_told(
        &on_port(44818, &talk()),
        &[
            "List Identity | Asks who is there",
            "List Identity | Says who it is | Drive.",
            "Register Session | Asks for a session: without one nothing is carried",
            "Register Session | Gives the session a number, which all that follows bears | Session 0x00000007.",
            "Send RR Data | Carries a request to an object, outside of any connection",
            "Get Attribute Single | Reads attributes of an object | To Identity, instance 1, attribute 7.",
            "Send RR Data | Carries a request to an object, outside of any connection",
            "Get Attribute Single | Reads attributes of an object | To Identity, instance 1, attribute 7.",
            "Send RR Data | Carries the answer of an object",
            "Get Attribute Single | Refuses, or has no more than a part | Service not supported.",
            "Send RR Data | Carries the answer of an object",
            "Get Attribute Single | Does what was asked",
            "Send Unit Data | Carries a request over a connection that is open",
            "Multiple Service Packet | Asks for several things at once | To Message Router, instance 1.",
            "Send Unit Data | Carries the answer over that connection",
            "Multiple Service Packet | Does what was asked",
            "Register Session | Asks for a session: without one nothing is carried",
            "Register Session | Refuses what was asked | Unsupported Protocol Revision.",
            "Unregister Session | Ends the session; nobody answers that",
        ],
    );
    let services = items(&[item(0x100, &[1, 0, 32, 1, b'C', 0])]);
    check_told(
        &on_port(
            44818,
            &[
                ask(message(4, 0, 0, 1, &[])),
                say(message(4, 0, 0, 1, &services)),
                ask(message(0x64, 0, 0, 2, &[])),
                say(message(0x64, 0, 0, 2, &[0, 0])),
                ask(message(0, 0, 0, 0, &[])),
                ask(apart(3, &[0x10, 1, 0x20, 1, 0, 0])),
                ask(apart(4, &[0x05, 1, 0x20, 1])),
                ask(apart(5, &[0x4b, 1, 0x20, 0x67])),
            ],
        ),
        &[
            "List Services | Asks what can be carried here",
            "List Services | Says what can be carried here",
            "List Interfaces | Asks by which ways else it may be reached",
            "List Interfaces | Says by which ways else it may be reached",
            "NOP | Says nothing, and wants no answer",
            "Send RR Data | Carries a request to an object, outside of any connection",
            "Set Attribute Single | Sets attributes of an object | To Identity.",
            "Send RR Data | Carries a request to an object, outside of any connection",
            "Reset | Has a machine start, stop or begin anew | To Identity.",
            "Send RR Data | Carries a request to an object, outside of any connection",
            "Service 0x4b | Asks an object for a service | To class 0x67.",
        ],
    );
}
