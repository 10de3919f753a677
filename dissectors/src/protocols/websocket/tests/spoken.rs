//! Tests of what is spoken inside a WebSocket.

use super::{frame, masked, opened_for};
use crate::protocols::stage::{Step, ask, crumble, play, say, told};

/// What is told of the last messages of a connection, as many as are expected.
#[track_caller]
fn check(path: &str, subprotocol: &str, steps: &[Step], expected: &[&str]) {
    let stage = play(&opened_for(path, subprotocol, steps));
    let told = told(&stage);
    let last = told.get(told.len().saturating_sub(expected.len())..).unwrap_or_default();
    assert_eq!(last, expected);
}

/// CONNECT of MQTT 3.1.1 by a client that is called “a”, and the answer.
const CONNECT: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01a";
const CONNACK: &[u8] = b"\x20\x02\0\0";

#[test]
fn mqtt_heeds_no_bounds_of_frames() {
    let steps = [
        ask([masked(0x82, &CONNECT[..4]), masked(0x82, &CONNECT[4..])].concat()),
        say([frame(0x02, &CONNACK[..1]), frame(0x80, &CONNACK[1..])].concat()),
    ];
    let steps = opened_for("/mqtt", "mqtt", &steps);
    for steps in [crumble(&steps), steps] {
        let stage = play(&steps);
        assert_eq!(stage.values("mqtt.clientid"), "a");
        assert_eq!(stage.values("mqtt.msgtype"), "1 2");
    }
    // Without the name nobody may read it so.
    let unnamed = opened_for("/mqtt", "", &[ask(masked(0x82, CONNECT))]);
    assert_eq!(play(&unnamed).values("mqtt.msgtype"), "");
}

#[test]
fn a_long_frame_leaves_a_hole() {
    let long = frame(0x82, &vec![0x30; 600 << 10]);
    let steps = [ask(masked(0x82, CONNECT)), say([long, frame(0x82, CONNACK)].concat())];
    let stage = play(&opened_for("/mqtt", "mqtt", &steps));
    assert_eq!(stage.values("mqtt.msgtype"), "1 2");
}

#[test]
fn graphql_is_told_by_its_types() {
    let subscribe =
        r#"{"id": "1", "type": "subscribe", "payload": {"query": "subscription S { s }"}}"#;
    let steps = [
        ask(masked(0x81, br#"{"type": "connection_init"}"#)),
        say(frame(0x81, br#"{"type": "connection_ack"}"#)),
        ask(masked(0x81, subscribe.as_bytes())),
        say(frame(0x81, br#"{"id": 1, "type": "next"}"#)),
        say(frame(0x81, br#"{"id": "1", "type": "complete"}"#)),
    ];
    let client = "Masked, as all that a client sends (section 5.3).";
    check(
        "/graphql",
        "graphql-transport-ws",
        &steps,
        &[
            &format!(
                "connection_init | Begins a conversation in GraphQL, and may say who it is | {client} \
                 “{{\"type\": \"connection_init\"}}”."
            ),
            "connection_ack | Takes the client in: operations may begin | “{\"type\": \
             \"connection_ack\"}”.",
            &format!(
                "subscribe 1 | Runs an operation; its results come under the same id | It runs the \
                 subscription S of GraphQL. {client} “{}”.",
                subscribe
            ),
            "next 1 | Gives one result of an operation; more may follow | “{\"id\": 1, \"type\": \
             \"next\"}”.",
            "complete 1 | Says that nothing more comes of an operation, or is wanted | “{\"id\": \
             \"1\", \"type\": \"complete\"}”.",
        ],
    );
    for (kind, headline) in [
        ("connection_error", "Refuses the client"),
        ("connection_terminate", "Takes leave"),
        ("ka", "Keeps the connection alive"),
        ("pong", "Answers a ping"),
        ("error", "Says that an operation failed"),
        ("stop", "Wants nothing more of an operation"),
    ] {
        let text = format!("{{\"type\": \"{kind}\"}}");
        let told = format!("{kind} | {headline} | “{text}”.");
        check("/", "graphql-ws", &[say(frame(0x81, text.as_bytes()))], &[&told]);
    }
    let other = "Text 13 B | Sends a message: either side may, at any time | “{\"type\": \"x\"}”.";
    check("/", "graphql-ws", &[say(frame(0x81, br#"{"type": "x"}"#))], &[other]);
}

#[test]
fn packets_of_socket_io() {
    let path = "/socket.io/?EIO=4&transport=websocket";
    let event = br#"42/admin,12["news",{"a":1}]"#;
    let steps = opened_for(path, "", &[say(frame(0x81, event)), say(frame(0x81, b"2"))]);
    let stage = play(&steps);
    assert_eq!(stage.values("engineio.type"), "4 2");
    assert_eq!(stage.values("socketio.type"), "2");
    assert_eq!(stage.values("socketio.namespace"), "/admin");
    assert_eq!(stage.values("socketio.id"), "12");
    assert_eq!(stage.values("json.key"), "a");
    let binary = play(&opened_for(path, "", &[say(frame(0x81, b"451-[\"x\"]"))]));
    assert_eq!(binary.values("socketio.attachments"), "1");
    for (text, expected) in [
        (
            "42/admin,12[\"news\",1]",
            "EVENT news | Sends an event by its name | Namespace /admin. It wants an acknowledgement, \
             number 12.",
        ),
        ("40", "CONNECT | Enters a namespace of Socket.IO, or says that one is entered |"),
        ("41/a", "DISCONNECT | Leaves a namespace of Socket.IO | Namespace /a."),
        ("437[1]", "ACK | Acknowledges an event under its number | Number 7."),
        ("44{}", "CONNECT_ERROR | Refuses to let the other side into a namespace |"),
        (
            "451-[\"x\"]",
            "BINARY_EVENT x | Sends an event by its name | 1 message of bytes belongs to it.",
        ),
        ("0{}", "open | Opens a session of Engine.IO, and says how often to ask for life |"),
        ("1", "close | Ends the session of Engine.IO |"),
        ("2probe", "ping | Asks whether the other side is there, in Engine.IO's own way |"),
        ("3", "pong | Says that this side is there, in Engine.IO's own way |"),
        ("4hi", "message | Sends a message of Engine.IO |"),
        ("5", "upgrade | Goes on here with what began in requests of HTTP |"),
        ("6", "noop | Says nothing, so that a request of HTTP that waits can end |"),
    ] {
        let expected = format!("{expected} “{text}”.");
        check(path, "", &[say(frame(0x81, text.as_bytes()))], &[&expected]);
    }
    let strange = "Text 2 B | Sends a message: either side may, at any time | “hi”.";
    check(path, "", &[say(frame(0x81, b"hi"))], &[strange]);
}

#[test]
fn json_is_laid_out_whatever_is_spoken() {
    let stage = play(&opened_for("/", "", &[say(frame(0x81, br#"{"a": [1]}"#))]));
    assert_eq!(stage.values("json.key"), "a");
    for text in ["{a}", "[1", "1", "{} {}"] {
        let stage = play(&opened_for("/", "", &[say(frame(0x81, text.as_bytes()))]));
        assert_eq!(stage.values("json.value.number"), "", "{text}");
    }
}

/// A frame of HTTP/2 on the first stream; of SETTINGS on none.
fn on_stream(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let stream = u8::from(kind != 4);
    [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream][..], payload].concat()
}

/// A header field in HPACK that no table takes in.
fn field(name: &str, value: &str) -> Vec<u8> {
    let of = |text: &str| [&[text.len() as u8][..], text.as_bytes()].concat();
    [vec![0], of(name), of(value)].concat()
}

#[test]
fn the_answer_names_what_is_spoken_on_a_stream() {
    let asks = [
        field(":method", "CONNECT"),
        field(":protocol", "websocket"),
        b"\x84\x86".to_vec(),
        field(":authority", "h"),
        field("sec-websocket-protocol", "v12.stomp, mqtt"),
    ];
    let check = |answer: &[u8], expected: &str| {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let steps = [
            ask([&preface[..], &on_stream(4, 0, b""), &on_stream(1, 4, &asks.concat())].concat()),
            say([on_stream(4, 0, b""), on_stream(1, 4, answer)].concat()),
            ask(on_stream(0, 0, &masked(0x82, CONNECT))),
            say(on_stream(0, 0, &frame(0x82, CONNACK))),
        ];
        assert_eq!(play(&steps).values("mqtt.msgtype"), expected);
        assert_eq!(play(&crumble(&steps)).values("mqtt.msgtype"), expected, "byte by byte");
    };
    let agreed = field("sec-websocket-protocol", "mqtt");
    check(&[&b"\x88"[..], &agreed].concat(), "1 2");
    check(b"\x88", "");
}
