//! Tests of MQTT: the way in, all qualities of service, subscriptions, and both versions' codes.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, play, say};

/// A packet with that first byte.
fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![first];
    let mut len = content.len();
    while len > 0x7f {
        bytes.push(len as u8 | 0x80);
        len >>= 7;
    }
    bytes.push(len as u8);
    bytes.extend(content);
    bytes
}

/// A text behind its length.
fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u16).to_be_bytes(), value.as_bytes()].concat()
}

/// A CONNECT of version 3.1.1 with a last will, a name and a password.
fn connect() -> Vec<u8> {
    packet(
        0x10,
        &[
            &text("MQTT"),
            &[4, 0xee, 0, 60],
            &text("lamp"),
            &text("gone"),
            &text("bye"),
            &text("joe"),
            &text("secret"),
        ],
    )
}

fn connect_five() -> Vec<u8> {
    packet(0x10, &[&text("MQTT"), &[5, 2, 0, 0, 5, 0x11, 0, 0, 0, 10], &text("lamp")])
}

fn plain() -> Vec<Step> {
    vec![
        ask(connect()),
        say(packet(0x20, &[&[1, 0]])),
        ask(packet(0x82, &[&[0, 1], &text("house/#"), &[2]])),
        say(packet(0x90, &[&[0, 1, 2]])),
        ask(packet(0x30, &[&text("a"), b"now"])),
        ask(packet(0x3b, &[&text("b"), &[0, 7], b"once"])),
        say(packet(0x40, &[&[0, 7]])),
        ask(packet(0x34, &[&text("c"), &[0, 8], b"exactly once"])),
        say(packet(0x50, &[&[0, 8]])),
        ask(packet(0x62, &[&[0, 8]])),
        say(packet(0x70, &[&[0, 8]])),
        ask(packet(0xa2, &[&[0, 9], &text("house/#")])),
        say(packet(0xb0, &[&[0, 9]])),
        ask(packet(0xc0, &[])),
        say(packet(0xd0, &[])),
        ask(packet(0xe0, &[])),
    ]
}

fn five() -> Vec<Step> {
    let user = [&[10, 0x26][..], &text("key"), &text("it")].concat();
    vec![
        ask(connect_five()),
        say(packet(0x20, &[&[0, 0, 3, 0x21, 0, 20]])),
        ask(packet(0x32, &[&text("a"), &[0, 1], &user[..1], &user[1..], b"x"])),
        say(packet(0x40, &[&[0, 1, 0x10, 0]])),
        ask(packet(0x82, &[&[0, 2, 0], &text("b"), &[0x2d]])),
        say(packet(0x90, &[&[0, 2, 0, 0x87]])),
        say(packet(0xf0, &[&[0x18, 0]])),
        say(packet(0xe0, &[&[0x8b]])),
        ask(packet(0xe0, &[&[4, 0]])),
    ]
}

/// Which message answers which, by their places.
fn answers(steps: &[Step]) -> Vec<(u32, u32)> {
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    on_port(1883, steps).related().iter().filter_map(pair).collect()
}

#[test]
fn packets_and_what_they_are_about() {
    let rows = play(&plain()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "mqtt@1 Connect Command",
            "mqtt@2 Connect Ack",
            "mqtt@3 Subscribe Request (id=1) [house/#]",
            "mqtt@4 Subscribe Ack (id=1)",
            "mqtt@5 Publish Message [a]",
            "mqtt@6 Publish Message (id=7) [b]",
            "mqtt@7 Publish Ack (id=7)",
            "mqtt@8 Publish Message (id=8) [c]",
            "mqtt@9 Publish Received (id=8)",
            "mqtt@10 Publish Release (id=8)",
            "mqtt@11 Publish Complete (id=8)",
            "mqtt@12 Unsubscribe Request (id=9)",
            "mqtt@13 Unsubscribe Ack (id=9)",
            "mqtt@14 Ping Request",
            "mqtt@15 Ping Response",
            "mqtt@16 Disconnect Req",
        ]
    );
}

#[test]
fn four_packets_deliver_once() {
    assert_eq!(
        answers(&plain()),
        [(1, 0), (3, 2), (6, 5), (8, 7), (9, 8), (10, 9), (12, 11), (14, 13)]
    );
}

#[test]
fn fields_of_both_versions() {
    #[track_caller]
    fn check(steps: &[Step], expected: &[(&str, &str)]) {
        let stage = on_port(1883, steps);
        for (name, value) in expected {
            assert_eq!(stage.values(name), *value, "{name}");
        }
    }
    check(
        &plain(),
        &[
            ("mqtt.msgtype", "1 2 8 9 3 3 4 3 5 6 7 10 11 12 13 14"),
            ("mqtt.ver", "4"),
            ("mqtt.clientid", "lamp"),
            ("mqtt.kalive", "60"),
            ("mqtt.willtopic", "gone"),
            ("mqtt.username", "joe"),
            ("mqtt.passwd", "secret"),
            ("mqtt.conack.flags.sp", "1"),
            ("mqtt.conack.val", "0"),
            ("mqtt.topic", "house/# a b c house/#"),
            ("mqtt.qos", "0 1 2"),
            ("mqtt.dupflag", "0 1 0"),
            ("mqtt.msg", "6e6f77 6f6e6365 65786163746c79206f6e6365"),
            ("mqtt.sub.qos", "2"),
            ("mqtt.suback.qos", "2"),
        ],
    );
    check(
        &five(),
        &[
            ("mqtt.ver", "5"),
            ("mqtt.prop_number", "10 20"),
            ("mqtt.prop_key", "key"),
            ("mqtt.prop_value", "it"),
            ("mqtt.msg", "78"),
            ("mqtt.puback.reason_code", "16"),
            ("mqtt.subscription_options_qos", "1"),
            ("mqtt.subscription_options_nl", "1"),
            ("mqtt.suback.reason_code", "135"),
            ("mqtt.disconnect.reason_code", "139 4"),
            ("mqtt.conack.val", ""),
        ],
    );
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(1883, &plain()).rows());
    for at in 1..50 {
        assert_eq!(numberless(on_port(1883, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(1883, &crumble(&plain())).rows()), whole);
}

#[test]
fn behind_a_hole_a_packet_is_found_again() {
    let steps = [
        ask(connect()),
        say(packet(0x20, &[&[0, 0]])),
        Step::Miss(9),
        say("the rest of something"),
        say(packet(0x30, &[&text("a"), b"now"])),
    ];
    let rows = on_port(1883, &steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "mqtt@1 Connect Command",
            "mqtt@2 Connect Ack",
            "data@4 21 bytes",
            "mqtt@5 Publish Message [a]"
        ]
    );
}

#[test]
fn a_length_that_lies_is_noted() {
    let stage = on_port(1883, &[ask([0x10, 8, 0, 4, b'M', b'Q', b'T', b'T', 4, 2])]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.notes, ["Keep Alive claims 2 bytes, but only 0 are there"]);
}

#[test]
fn what_is_told_of_old_versions() {
    let mut steps = plain();
    steps.push(say(packet(0x20, &[&[0, 5]])));
    check_told(
        &on_port(1883, &steps),
        &[
            "CONNECT lamp | Connects to the broker and says who it is | If it is silent for more than one and a half times 60 seconds, the broker counts it as gone. Its last will, about gone, is to be published where it goes without a word.",
            "CONNACK | Lets the client in, and still knows its subscriptions",
            "SUBSCRIBE house/# | Subscribes: wants every message whose topic matches",
            "SUBACK | Grants the subscription | At most with quality of service 2.",
            "PUBLISH a | Publishes a message, and does not ask whether it arrived | It carries 3 bytes.",
            "PUBLISH b, QoS 1, retained | Publishes a message until somebody acknowledges it: it may arrive twice | It carries 4 bytes. It may have been sent before. The broker keeps it for who subscribes later.",
            "PUBACK | Has the message: who published it may forget it | Identifier 7.",
            "PUBLISH c, QoS 2 | Publishes a message that is to arrive exactly once: four packets see to that | It carries 12 bytes.",
            "PUBREC | Has the message, and takes no other under this number | Identifier 8.",
            "PUBREL | Knows that it arrived: the message may be forgotten | Identifier 8.",
            "PUBCOMP | Has forgotten the number, which is free again | Identifier 8.",
            "UNSUBSCRIBE house/# | No longer wants the messages of these topics",
            "UNSUBACK | Ends the subscription",
            "PINGREQ | Says that it is still there, as there was nothing else to say",
            "PINGRESP | Says that it is there, too",
            "DISCONNECT | Takes leave: if it left a last will, that is not sent",
            "CONNACK | Lets the client not in, and says why | Connection Refused: not authorized.",
        ],
    );
}

#[test]
fn what_is_told_of_version_five() {
    let mut steps = five();
    steps.push(ask(packet(0x33, &[&text("a"), &[0, 1, 0], b"x"])));
    steps.push(say(packet(0x31, &[&text("a"), &[0], b"x"])));
    check_told(
        &on_port(1883, &steps),
        &[
            "CONNECT lamp | Connects to the broker and says who it is | It may be silent for as long as it likes.",
            "CONNACK | Lets the client in",
            "PUBLISH a, QoS 1 | Publishes a message until somebody acknowledges it: it may arrive twice | It carries 1 byte.",
            "PUBACK | Has the message: who published it may forget it | Identifier 1.",
            "SUBSCRIBE b | Subscribes: wants every message whose topic matches",
            "SUBACK | Refuses a subscription, and says why | Not authorized.",
            "AUTH | Goes on with proving who it is",
            "DISCONNECT | Ends the connection, and says why | Server shutting down.",
            "DISCONNECT | Takes leave, and wants its last will to be sent",
            "PUBLISH a, QoS 1, retained | Publishes a message until somebody acknowledges it: it may arrive twice | It carries 1 byte. The broker keeps it for who subscribes later.",
            "PUBLISH a, retained | Publishes a message, and does not ask whether it arrived | It carries 1 byte. The broker had kept it: it was published before this subscription.",
        ],
    );
}

#[test]
fn the_standard_of_its_version_is_cited() {
    let check = |steps: &[Step], expected: &[&str]| {
        let stage = on_port(1883, steps);
        let view = stage.view();
        let told = stage.messages().iter().filter_map(|message| {
            let layer = view.layer(message.layer)?;
            let told = crate::registry::standard().get(layer.protocol).tell(message, &view)?;
            (told.chapter.title == "MQTT").then(|| told.source.map(|source| source.to_string()))?
        });
        let told: Vec<String> = told.collect();
        assert_eq!(told, expected);
    };
    let publish = || ask(packet(0x32, &[&text("a"), &[0, 1], b"x"]));
    let first = connect_five()[..].to_vec();
    check(&[ask(first)], &["MQTT 5.0, section 3.1"]);
    check(
        &[ask(connect()), say(packet(0x20, &[&[0, 0]])), publish()],
        &["MQTT 3.1.1, section 3.1", "MQTT 3.1.1, section 3.2", "MQTT 3.1.1, section 4.3"],
    );
    let oldest = packet(0x10, &[&text("MQIsdp"), &[3, 2, 0, 60], &text("lamp")]);
    check(
        &[ask(oldest), say(packet(0x20, &[&[0, 0]])), publish()],
        &["MQTT 3.1, section 3.1", "MQTT 3.1, section 3.2", "MQTT 3.1, section 4.1"],
    );
}
