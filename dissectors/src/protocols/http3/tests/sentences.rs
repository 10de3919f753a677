//! What is told of messages: every sentence beside what makes it true.

use super::{By, Say, frame, headers, play};
use crate::protocols::stage::line;
use crate::registry::standard;

#[track_caller]
fn check(said: &[Say<'_>], expected: &[&str]) {
    let stage = play(said);
    let view = stage.view();
    let told = stage.messages().iter().filter_map(|message| {
        let protocol = view.layer(message.layer)?.protocol;
        let is_own = protocol == super::super::PROTOCOL_ID;
        is_own.then(|| standard().get(protocol).tell(message, &view)).flatten()
    });
    let lines: Vec<String> = told.map(|told| line(&told)).collect();
    assert_eq!(lines, expected, "{lines:#?}");
}

fn get(path: &str) -> [(&str, &str); 4] {
    [(":method", "GET"), (":scheme", "https"), (":authority", "h.example"), (":path", path)]
}

#[test]
fn requests_and_responses() {
    let answer =
        headers(&[(":status", "200"), ("content-type", "text/plain"), ("content-length", "4")]);
    let [a, b] = ["/a", "/b"].map(|path| headers(&get(path)));
    check(
        &[
            Say(By::Client, 0, &a, true),
            Say(By::Client, 4, &b, true),
            Say(By::Server, 0, &[answer, frame(0, b"some")].concat(), true),
            Say(
                By::Server,
                4,
                &[headers(&[(":status", "103")]), headers(&[(":status", "404")])].concat(),
                true,
            ),
            Say(By::Client, 8, &a, true),
        ],
        &[
            "GET /a | Asks for a resource; only who has the keys can read the request | GET https://h.example/a. 4 header fields with 48 bytes in 61.",
            "GET /b | Does not wait for the answers before: each request has a stream | GET https://h.example/b. Request 2 on this connection; one more waits for its answer. 4 header fields with 48 bytes in 61.",
            "200 OK | The request succeeded, and this is its result | It answers GET /a after 2.00 ms. 4 bytes of text/plain are to follow. 3 header fields with 47 bytes in 58.",
            "DATA 4 B | Sends content on its stream, which waits for no other | 4 bytes.",
            "end | Ends its content, and with it this side of the stream | 4 bytes of content in 1 frame, whole 2.00 ms after its request GET /a.",
            "103 Early Hints | An interim word; the final response is still to come | It answers GET /b after 2.00 ms. 1 header field with 10 bytes in 15.",
            "404 Not Found | The server has nothing to show at this address | It answers GET /b after 2.00 ms. No content follows. 1 header field with 10 bytes in 15.",
            "GET /a | No new handshake: the connection is reused | GET https://h.example/a. Request 3 on this connection. 4 header fields with 48 bytes in 61.",
        ],
    );
}

#[test]
fn streams_of_one_side() {
    check(
        &[
            Say(
                By::Client,
                2,
                &[&[0][..], &frame(4, &[1, 0x50, 0, 0x21, 3, 0x40, 0x99, 1])].concat(),
                false,
            ),
            Say(By::Client, 6, &[2, 0x3f, 0xbd, 1, 0xc0, 1, b'h'], false),
            Say(By::Server, 3, &[3, 1], false),
            Say(By::Server, 3, &[0x44], false),
            Say(By::Server, 7, &[1, 5], false),
            Say(By::Server, 11, &[0x21], false),
            Say(By::Client, 2, &frame(0xf_0700, b"\x04u=1, i"), false),
            Say(By::Client, 2, &frame(0x0d, &[9]), false),
            Say(By::Client, 2, &frame(3, &[9]), false),
            Say(By::Client, 2, &frame(0x40, b"x"), false),
            Say(By::Client, 2, &frame(0x39, b"x"), false),
            Say(By::Client, 2, &frame(7, &[8]), false),
        ],
        &[
            "control stream | Opens the stream on which it says how it works",
            "SETTINGS | Says what this side can take: header fields, extensions | QPACK_MAX_TABLE_CAPACITY 4096, one that means nothing, setting 0x99 1.",
            "encoder stream | Opens the stream on which it fills the table for its header fields",
            "QPACK insert | Puts header fields into the table, so that later ones need only a number | 1 entry in 6 bytes.",
            "decoder stream | Opens the stream on which it says what it has read of the table",
            "QPACK heard | Says which entries of the table it has: the other side can rely on them",
            "QPACK heard | Gives up header fields of a stream that it reads no more",
            "push stream | Opens a stream for a response that it has promised",
            "unknown stream | Opens a stream of a type that can be left aside",
            "PRIORITY_UPDATE | Says how urgent an answer is, and whether it is of use in parts | u=1, i is for 4.",
            "MAX_PUSH_ID | Lets the server promise responses that nobody asked for",
            "CANCEL_PUSH | Wants nothing of a response that was promised",
            "Reserved (GREASE) | Means nothing: it is sent so that nobody gets used to knowing all frames",
            "Unknown | A frame that can be left aside",
            "GOAWAY | Takes leave: no new requests on this connection | What has the number 8 or a higher one was not taken up.",
        ],
    );
}

#[test]
fn other_parts_of_exchanges() {
    let connect = headers(&[(":method", "CONNECT"), (":authority", "h.example:443")]);
    let other = headers(&[
        (":method", "CONNECT"),
        (":scheme", "https"),
        (":authority", "h.example"),
        (":path", "/chat"),
        (":protocol", "websocket"),
    ]);
    let promise = frame(5, &[&[0][..], &headers(&get("/p"))[2..]].concat());
    let unknown = headers(&[("content-type", "text/plain")]);
    check(
        &[
            Say(By::Client, 0, &connect, false),
            Say(By::Client, 4, &other, false),
            Say(By::Server, 4, &promise, false),
            Say(By::Server, 0, &[headers(&[(":status", "200")]), frame(0, b"x")].concat(), false),
            Say(By::Server, 4, &[headers(&[(":status", "200")]), frame(0, b"y")].concat(), false),
            Say(By::Server, 4, &headers(&[("grpc-status", "0"), ("grpc-message", "")]), true),
            Say(By::Server, 8, &unknown, false),
        ],
        &[
            "CONNECT h.example:443 | Asks the proxy for a tunnel to another host, on one stream | CONNECT h.example:443. 2 header fields with 37 bytes in 45.",
            "CONNECT /chat | Asks for a stream on which another protocol is spoken | CONNECT https://h.example/chat. The protocol is websocket. Request 2 on this connection; one more waits for its answer. 5 header fields with 73 bytes in 89.",
            "Promise GET /p | Promises a response that nobody asked for | It is what GET /p would have been answered with. 4 header fields with 48 bytes in 61.",
            "200 OK | The request succeeded, and this is its result | It answers CONNECT h.example:443 after 3.00 ms. 1 header field with 10 bytes in 15.",
            "DATA 1 B | Sends content on its stream, which waits for no other | 1 byte.",
            "200 OK | The request succeeded, and this is its result | It answers CONNECT /chat after 3.00 ms. 1 header field with 10 bytes in 15.",
            "DATA 1 B | Takes turns: content of several streams shares the connection | 1 byte. Stream 0 has not ended.",
            "Trailers | The call succeeded: its status stands behind the messages | grpc-status: 0 (OK), grpc-message: . 2 header fields with 24 bytes in 32.",
            "end | Ends its content, and with it this side of the stream | 1 byte of content in 1 frame, whole 4.00 ms after its request CONNECT /chat.",
            "HEADERS | Sends header fields; whose, is not in the recording | 1 header field with 22 bytes in 27.",
        ],
    );
}

#[test]
fn a_section_that_had_to_wait() {
    let section = frame(1, &[3, 0x81, 0xd1, 0x10, 0x11]);
    let inserts = [&[2, 0x3f, 0xbd, 1, 0xc0, 1, b'h', 0xc1, 2, b'/', b'x'][..]].concat();
    let lost = [&[2, 0x3f, 0xbd, 1, 0x05][..]].concat();
    let offer = [&[0][..], &frame(4, &[1, 0x40, 220])].concat();
    check(
        &[
            Say(By::Server, 3, &offer, false),
            Say(By::Client, 0, &section, true),
            Say(By::Client, 2, &inserts, false),
            Say(By::Client, 4, &section, true),
        ],
        &[
            "control stream | Opens the stream on which it says how it works",
            "SETTINGS | Says what this side can take: header fields, extensions | QPACK_MAX_TABLE_CAPACITY 220.",
            "encoder stream | Opens the stream on which it fills the table for its header fields",
            "QPACK insert | Puts header fields into the table, so that later ones need only a number | 2 entries in 10 bytes.",
            "GET /x | Asks for a resource; only who has the keys can read the request | GET /x. 3 header fields with 28 bytes in 5. It names entries of the table that had not come yet: it was read with frame 6.",
            "GET /x | Does not wait for the answers before: each request has a stream | GET /x. Request 2 on this connection; one more waits for its answer. 3 header fields with 28 bytes in 5.",
        ],
    );
    check(
        &[
            Say(By::Server, 3, &offer, false),
            Say(By::Client, 2, &lost, false),
            Say(By::Client, 0, &frame(1, &[0, 0, 0xd1, 0x81]), true),
        ],
        &[
            "control stream | Opens the stream on which it says how it works",
            "SETTINGS | Says what this side can take: header fields, extensions | QPACK_MAX_TABLE_CAPACITY 220.",
            "encoder stream | Opens the stream on which it fills the table for its header fields",
            "QPACK insert | Puts header fields into the table, so that later ones need only a number | 1 entry in 4 bytes.",
            "GET  | Asks for a resource; only who has the keys can read the request | GET . 2 header fields with 10 bytes in 4. What 1 field stands for was said before the recording, or where bytes are missing.",
        ],
    );
}

#[test]
fn what_streams_carry_and_how_they_end() {
    let ask =
        headers(&[(":method", "POST"), (":path", "/s/one"), ("content-type", "application/grpc")]);
    let answer = headers(&[(":status", "200"), ("content-type", "text/event-stream")]);
    let events = headers(&[(":method", "GET"), (":path", "/e")]);
    let stage = play(&[
        Say(By::Client, 0, &[ask, frame(0, b"\0\0\0\0\x01x")].concat(), false),
        Say(By::Client, 0, &[], true),
        Say(By::Server, 0, &headers(&[(":status", "200"), ("grpc-status", "5")]), true),
        Say(By::Client, 4, &events, false),
        Say(By::Client, 4, &[], true),
        Say(By::Server, 4, &[answer, frame(0, b"data: a\n\n")].concat(), false),
    ]);
    let view = stage.view();
    let told = stage.messages().iter().filter_map(|message| {
        let protocol = view.layer(message.layer)?.protocol;
        let told = standard().get(protocol).tell(message, &view)?;
        let name = standard().get(protocol).name();
        ["http3", "grpc", "sse"]
            .contains(&name)
            .then(|| (told.chapter.clone(), told.lane, line(&told)))
    });
    let lines: Vec<String> =
        told.map(|(chapter, lane, line)| format!("{} {lane:?} {line}", chapter.title)).collect();
    assert_eq!(
        lines,
        [
            "HTTP/3 Some(0) POST /s/one | Gives the server something to process | POST /s/one. 3 header fields with 50 bytes in 60.",
            "HTTP/3 Some(0) DATA 6 B | Sends content on its stream, which waits for no other | 6 bytes.",
            "HTTP/3 Some(0) Message 1 B | Sends one message of a call, with its length before it | 1 byte. Its method is /s/one.",
            "HTTP/3 Some(0) end | Ends its content, and with it this side of the stream | 6 bytes of content in 1 frame.",
            "HTTP/3 Some(0) 200 OK, NOT_FOUND 5 | HTTP succeeded and the call did not: its own status stands in the head | It answers POST /s/one after 2.00 ms. No content follows. grpc-status: 5 (NOT_FOUND). 2 header fields with 22 bytes in 30.",
            "HTTP/3 Some(4) GET /e | No new handshake: the connection is reused | GET /e. Request 2 on this connection. 2 header fields with 17 bytes in 24.",
            "HTTP/3 Some(4) end | Says apart that nothing more follows on this side of the stream",
            "HTTP/3 Some(4) 200 OK | The request succeeded, and this is its result | It answers GET /e after 2.00 ms. Content of type text/event-stream is to follow. 2 header fields with 39 bytes in 47.",
            "HTTP/3 Some(4) DATA 9 B | Sends content on its stream, which waits for no other | 9 bytes.",
            "HTTP/3 Some(4) event | Pushes an event, as a further piece of the answer | “a”.",
        ]
    );
}
