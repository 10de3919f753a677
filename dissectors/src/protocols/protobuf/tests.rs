//! Tests of messages in contents of HTTP.

use crate::limits::MAX_PROTOBUF_DEPTH;
use crate::protocols::stage::{Played, ask, play, say};

/// A message that comes as a content.
fn content(message: &[u8]) -> Played {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n",
        message.len()
    );
    let asked = "GET /m HTTP/1.1\r\nHost: h\r\n\r\n";
    play(&[ask(asked), say([head.as_bytes(), message].concat())])
}

/// What a field says of it.
#[track_caller]
fn check(message: &[u8], field: &str, expected: &str) {
    let stage = content(message);
    assert_eq!(stage.values(field), expected, "{}", stage.rows());
}

/// 1 “Ada”, 2 = 150, 3 {1 = 1}, 4 four bytes.
const MESSAGE: &[u8] = b"\x0a\x03Ada\x10\x96\x01\x1a\x02\x08\x01\x25\x09\0\0\0";

#[test]
fn fields_are_told_with_what_they_are_most_likely() {
    check(MESSAGE, "protobuf.field.number", "1 2 3 1 4");
    check(MESSAGE, "protobuf.field.wiretype", "2 0 2 0 5");
    check(MESSAGE, "protobuf.field.value.length", "3 2");
    check(MESSAGE, "protobuf.field.value", "416461 9601 0801 01 09000000");
    check(MESSAGE, "protobuf.field.value.string", "Ada");
    check(MESSAGE, "protobuf.field.value.uint64", "150 1 9");
}

#[test]
fn messages_a_thousand_deep_are_opened_as_far_as_anybody_nests_them() {
    let mut message = vec![0x08, 1];
    for _ in 0..1000 {
        let len = message.len() as u32;
        let length = [len as u8 | 0x80, (len >> 7) as u8 | 0x80, (len >> 14) as u8];
        message = [&[0x0a][..], &length, &message].concat();
    }
    let stage = content(&message);
    let notes = stage.describe(stage.messages().last().unwrap()).notes;
    let deep = format!("No more than {MAX_PROTOBUF_DEPTH} messages are opened in each other");
    assert_eq!(notes, [deep]);
    let opened = stage.values("protobuf.field.number").split(' ').count();
    assert_eq!(opened, MAX_PROTOBUF_DEPTH + 1);
}

#[test]
fn what_is_no_message_is_not_called_one() {
    check(b"{\"name\": \"Ada\"}", "protobuf.field.number", "");
}
