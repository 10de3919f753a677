//! Tests of BGP: what both sides open with, routes, and how it ends.

use crate::protocols::stage::{Step, ask, check_told, crumble, on_port, say};

/// A message of that kind.
fn message(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff; 16];
    bytes.extend((19 + data.len() as u16).to_be_bytes());
    bytes.push(kind);
    bytes.extend(data);
    bytes
}

/// Version 4 of AS 65001, with two capabilities.
fn open() -> Vec<u8> {
    let options = [2, 12, 1, 4, 0, 2, 0, 1, 65, 4, 0, 0, 0xfd, 0xe9];
    let head = [4, 0xfd, 0xe9, 0, 180, 192, 0, 2, 1, options.len() as u8];
    message(1, &[&head[..], &options].concat())
}

/// Takes 10.0.0.0/8 back, and announces 192.0.2.0/24.
fn update() -> Vec<u8> {
    let mut attributes = vec![0x40, 1, 1, 0];
    attributes.extend([0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xea]);
    attributes.extend([0x40, 3, 4, 192, 0, 2, 9, 0x80, 4, 4, 0, 0, 0, 5, 0x40, 5, 4, 0, 0, 0, 100]);
    attributes.extend([0xc0, 8, 4, 0xfd, 0xe9, 0, 7, 0x90, 14, 0, 5, 0, 2, 1, 0, 0]);
    let data = [&[0, 2, 8, 10, 0, attributes.len() as u8][..], &attributes, &[24, 192, 0, 2]];
    message(2, &data.concat())
}

fn talk() -> Vec<Step> {
    vec![
        ask(open()),
        say([open(), message(4, &[])].concat()),
        ask([message(4, &[]), update()].concat()),
        say(message(2, &[0, 0, 0, 0])),
        say(message(2, &[0, 2, 8, 10, 0, 0])),
        say(message(2, &[0, 0, 0, 4, 0x40, 1, 1, 0, 8, 10])),
        ask(message(5, &[0, 1, 0, 1])),
        say(message(3, &[6, 2])),
    ]
}

#[test]
fn messages_and_their_fields() {
    let stage = on_port(5555, &talk());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "bgp@1 OPEN Message, AS 65001",
            "bgp@2 OPEN Message, AS 65001",
            "bgp@2 KEEPALIVE Message",
            "bgp@3 KEEPALIVE Message",
            "bgp@3 UPDATE Message",
            "bgp@4 UPDATE Message",
            "bgp@5 UPDATE Message",
            "bgp@6 UPDATE Message",
            "bgp@7 ROUTE-REFRESH Message",
            "bgp@8 NOTIFICATION Message",
        ]
    );
    assert_eq!(on_port(179, &crumble(&talk())).messages().len(), 10);
    for (name, expected) in [
        ("bgp.type", "1 1 4 4 2 2 2 2 5 3"),
        ("bgp.cap.type", "1 65 1 65"),
        ("bgp.cap.4as", "65001 65001"),
        ("bgp.withdrawn_prefix", "0a000000 0a000000"),
        ("bgp.nlri_prefix", "c0000200 0a000000"),
        ("bgp.update.path_attribute.as_path_segment.as4", "65001 65002"),
        ("bgp.update.path_attribute.next_hop", "c0000209"),
        ("bgp.update.path_attribute.multi_exit_disc", "5"),
        ("bgp.update.path_attribute.local_pref", "100"),
        ("bgp.update.path_attribute.community_value", "7"),
        ("bgp.update.path_attribute.mp_reach_nlri.afi", "2"),
        ("bgp.notify.major_error", "6"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn numbers_of_two_bytes_and_long_options() {
    let attributes = [0x40, 2, 6, 2, 2, 0xfd, 0xe9, 0xfd, 0xea];
    let update = message(2, &[&[0, 0, 0, attributes.len() as u8][..], &attributes].concat());
    let options = [255, 255, 0, 9, 2, 0, 6, 65, 4, 0, 1, 0, 1];
    let open = message(1, &[&[4, 0xfd, 0xe9, 0, 180, 192, 0, 2, 1][..], &options].concat());
    let stage = on_port(179, &[ask(open), ask(update)]);
    let systems = stage.values("bgp.update.path_attribute.as_path_segment.as2");
    assert_eq!(systems, "65001 65002");
    assert_eq!(stage.values("bgp.cap.4as"), "65537");
}

#[test]
fn lengths_that_do_not_hold_are_noted() {
    let stage = on_port(179, &[ask(message(2, &[0, 9, 8, 10])), ask(message(1, &[4]))]);
    for message in stage.messages() {
        assert_eq!(stage.describe(message).notes.len(), 1);
    }
}

#[test]
fn what_is_told() {
    let mut steps = talk();
    steps.push(ask(message(6, &[])));
    check_told(
        &on_port(179, &steps),
        &[
            "Open | Says which network it speaks for, and what it can do | AS 65001; after 180 seconds of silence the other side is taken to be gone.",
            "Open | Says which network it speaks for, and what it can do | AS 65001; after 180 seconds of silence the other side is taken to be gone.",
            "Keepalive | Says that it is still here; after an Open, that it agrees",
            "Keepalive | Says that it is still here; after an Open, that it agrees",
            "Update | Takes routes back, and announces others",
            "Update | Says that all routes have been announced",
            "Update | Takes routes back",
            "Update | Announces which addresses can be reached, and through whom",
            "Route refresh | Asks for all routes once more",
            "Notification | Says what was wrong, and ends the connection | Cease, number 2.",
            "Capability | Changes what was agreed on in the Open",
        ],
    );
}
