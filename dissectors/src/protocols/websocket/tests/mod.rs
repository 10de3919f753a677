//! Tests of WebSocket behind a request of HTTP/1.1.

mod spoken;

use super::PROTOCOL_ID;
use super::frame::unmask;
use crate::protocols::stage::{Played, Step, ask, check_told, crumble, play, say, told};

const KEY: [u8; 4] = [1, 2, 3, 4];

/// A frame of the server.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        len @ ..126 => out.push(len as u8),
        len @ ..0x1_0000 => {
            out.push(126);
            out.extend((len as u16).to_be_bytes());
        }
        len => {
            out.push(127);
            out.extend((len as u64).to_be_bytes());
        }
    }
    out.extend(payload);
    out
}

/// A frame of the client.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first, 0x80 | payload.len() as u8];
    out.extend(KEY);
    unmask(KEY, payload, &mut out);
    out
}

/// A connection that turns to WebSocket.
fn opened(steps: &[Step]) -> Vec<Step> {
    opened_for("/chat", "", steps)
}

/// The same for a path, with a subprotocol where one is agreed on.
fn opened_for(path: &str, subprotocol: &str, steps: &[Step]) -> Vec<Step> {
    let asked = format!(
        "GET {path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    );
    let agreed = match subprotocol {
        "" => String::new(),
        name => format!("Sec-WebSocket-Protocol: {name}\r\n"),
    };
    let said = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{agreed}\r\n"
    );
    [&[ask(asked), say(said)], steps].concat()
}

/// The values of a field, over all messages.
#[track_caller]
fn check(steps: &[Step], field: &str, expected: &str) {
    let steps = opened(steps);
    assert_eq!(play(&steps).values(field), expected);
    assert_eq!(play(&crumble(&steps)).values(field), expected, "byte by byte");
}

#[test]
fn payloads_are_unmasked_and_messages_put_together() {
    let text = "websocket.payload.text";
    check(&[ask(masked(0x81, b"hello"))], text, "hello");
    check(&[say(frame(0x81, &[b'a'; 300]))], "websocket.payload_length_ext_16", "300");
    let parts = [frame(1, b"one, "), frame(0x89, b"?"), frame(0, b"two, "), frame(0x80, b"three")];
    check(&[say(parts.concat())], text, "one, two, three");
    check(&[say(parts.concat())], "websocket.payload.ping", "3f");
    check(&[say(parts.concat())], "websocket.reassembled.length", "15");
    let close = [ask(masked(0x88, b"\x03\xe8bye")), say(frame(0x88, b"\x03\xe8"))];
    check(&close, "websocket.payload.close.status_code", "1000 1000");
    check(&close, "websocket.payload.close.reason", "bye");
}

#[test]
fn packed_messages_may_point_back_into_those_before() {
    // RFC 7692, section 7.2.3.2: the same message twice, the second pointing into the first.
    let one = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let two = [0xf2, 0x00, 0x11, 0x00, 0x00];
    let steps = [say(frame(0xc1, &one)), say(frame(0xc1, &two))];
    check(&steps, "websocket.payload.text", "Hello Hello");
    // Section 7.2.3.1: in two frames.
    let parts = [frame(0x41, &one[..3]), frame(0x80, &one[3..])].concat();
    check(&[say(parts)], "websocket.payload.text", "Hello");
}

fn notes(stage: &Played) -> Vec<String> {
    stage.messages().iter().flat_map(|one| stage.describe(one).notes).collect()
}

#[test]
fn what_is_out_of_bounds_is_named() {
    let long = frame(0x89, &[0; 126]);
    let stage = play(&opened(&[say(long)]));
    let expected =
        "A control frame has 125 bytes of payload at most, and is whole (RFC 6455, section 5.5)";
    assert_eq!(notes(&stage), [expected]);
    // A frame that claims more than there is in the world.
    let claim = [&[0x82, 127][..], &(1u64 << 63).to_be_bytes(), b"some"].concat();
    let stage = play(&opened(&[say(claim)]));
    assert_eq!(notes(&stage), ["The payload is too long to be kept: it passed by"]);
    // One that passes by; the next is read.
    let passes = frame(0x82, &vec![7; 600 << 10]);
    check(&[say([passes, frame(0x81, b"then")].concat())], "websocket.payload.text", "then");
}

#[test]
fn frames_are_told() {
    let steps = opened(&[
        ask(masked(0x81, b"hello")),
        say([frame(0x02, b"ab"), frame(0x80, b"c"), frame(0x89, b""), frame(0x83, b"")].concat()),
        ask([masked(0x8a, b""), masked(0x88, b"\x03\xe8bye")].concat()),
        say([frame(0x88, b"\x0f\xa0"), frame(0x88, b"")].concat()),
    ]);
    let stage = play(&steps);
    check_told(
        &stage,
        &[
            "GET /chat | Asks, and offers to go on in another protocol | GET /chat HTTP/1.1, \
             Host: h. Upgrade: websocket.",
            "101 Switching Protocols | From here on the two sides speak another protocol | A \
             response of this kind has no body.",
            "Text 5 B | Sends a message: either side may, at any time | Masked, as all that a \
             client sends (section 5.3). “hello”.",
            "Binary 2 B | Sends a part of a message; others of its frames follow",
            "Continuation 1 B | Ends a message that came in several frames | 1 B here, 3 B in all.",
            "Ping | Asks whether the other side is there",
            "Opcode 3 | A frame of a kind that no standard knows",
            "Pong | Says that this side is there",
            "Close | Wants to end the conversation: after its answer nobody sends anything more | \
             1000, Normal Closure. “bye”.",
            "Close | Answers the Close: nobody sends anything more | 4000.",
            "Close | Answers the Close: nobody sends anything more | No reason is given.",
        ],
    );
}

#[test]
fn calls_that_texts_hold() {
    let call = r#"{"jsonrpc": "2.0", "method": "news"}"#;
    let stage = play(&opened(&[say(frame(0x81, call.as_bytes()))]));
    let last = told(&stage).pop().unwrap();
    assert!(last.ends_with("}”. It tells news by JSON-RPC, and wants no answer."), "{last}");
}

/// The sections that the frames of a conversation are told by.
#[test]
fn each_kind_of_frame_has_its_section() {
    let frames = [frame(0x02, b"ab"), frame(0x80, b"c"), frame(0x81, b"d"), frame(0x89, b"")];
    let steps = opened(&[say(frames.concat()), ask(masked(0x88, b""))]);
    let stage = play(&steps);
    let view = stage.view();
    let own = stage.messages().iter().filter_map(|message| {
        view.layer(message.layer).filter(|layer| layer.protocol == PROTOCOL_ID)?;
        super::tell::tell(message, &view)?.source
    });
    let sections: Vec<&str> = own.map(|source| source.section).collect();
    assert_eq!(sections, ["5.4", "5.4", "5.6", "5.5.2", "5.5.1"]);
}
