//! Tests of event streams in answers of HTTP/1.1 and HTTP/2.

use crate::protocols::stage::{Step, ask, check_told, crumble, play, say};

const ASKED: &str = "GET /prices HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n";
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

/// An answer with that framing, and what comes in it, a segment each.
fn stream(framing: &str, parts: &[&str]) -> Vec<Step> {
    let head = say(format!("{HEAD}{framing}\r\n"));
    [ask(ASKED), head].into_iter().chain(parts.iter().map(say)).collect()
}

/// The same in chunks, the last one among them.
fn chunked(parts: &[&str]) -> Vec<Step> {
    let chunk = |part: &&str| format!("{:x}\r\n{part}\r\n", part.len());
    let chunks: Vec<String> = parts.iter().chain([&""]).map(chunk).collect();
    let chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
    stream("Transfer-Encoding: chunked\r\n", &chunks)
}

/// The kinds of what is read, in order, however the stream is cut and framed.
#[track_caller]
fn check(parts: &[&str], expected: &str) {
    let length = format!("Content-Length: {}\r\n", parts.concat().len());
    let framed = [chunked(parts), stream(&length, parts), stream("", parts)];
    for steps in framed.into_iter().flat_map(|steps| [crumble(&steps), steps]) {
        let stage = play(&steps);
        let rows = stage.rows();
        let own = rows.lines().filter(|row| row.starts_with("sse@"));
        let own: Vec<&str> =
            own.map(|row| row.split_once(' ').map_or("", |(_, row)| row)).collect();
        assert_eq!(own.join(" | "), expected, "{rows}");
    }
}

#[test]
fn a_block_is_a_message() {
    check(&["data: a\n\n", "event: b\ndata: c\nid: 7\n\n"], "Event | Event b, id 7");
    check(&["data: a\r\n\r", "\ndata: b\r\r"], "Event | Event");
    check(&["\u{feff}retry: 5\n\n:\n\n", "id: 1\n\n"], "Setting | Comment | Setting, id 1");
    check(&["data: one\n", "data: two\n\n"], "Event");
}

#[test]
fn what_no_empty_line_ends_is_a_part() {
    check(&["data: a\n\ndata: b"], "Event | Part of an event");
}

#[test]
fn values_are_told_line_by_line() {
    let stage = play(&chunked(&["data: one\ndata:two\n: x\nretry: 10\nevent: e\n\n"]));
    assert_eq!(stage.values("sse.data"), "one two");
    assert_eq!(stage.values("sse.comment"), "x");
    assert_eq!(stage.values("sse.retry"), "10");
    assert_eq!(stage.values("sse.event"), "e");
}

#[test]
fn a_packed_stream_is_read_when_it_is_whole() {
    // "data: packed" and two line ends, as gzip stores them.
    let stored =
        [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 14, 0, 0xf1, 0xff][..], b"data: packed\n\n"]
            .concat();
    let mut crc = flate2::Crc::new();
    crc.update(b"data: packed\n\n");
    let body = [&stored[..], &crc.sum().to_le_bytes(), &14u32.to_le_bytes()].concat();
    let head = format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let stage = play(&[ask(ASKED), say([head.as_bytes(), &body].concat())]);
    assert_eq!(stage.values("sse.data"), "packed");
}

#[test]
fn events_on_a_stream_of_http2_are_read_as_they_come() {
    let frame = |kind: u8, flags: u8, payload: &[u8]| {
        let mut out = (payload.len() as u32).to_be_bytes()[1..].to_vec();
        out.extend([kind, flags, 0, 0, 0, 1]);
        out.extend(payload);
        out
    };
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let request = frame(1, 5, b"\x82\x86\x84");
    let asked = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings, &request].concat();
    let kind = [&b"\x88\x00\x0ccontent-type\x11"[..], b"text/event-stream"].concat();
    let said = [&settings[..], &frame(1, 4, &kind), &frame(0, 0, b"data: a\n")].concat();
    let stage = play(&[ask(asked), say(said), say(frame(0, 0, b"\ndata: b\n\n"))]);
    assert_eq!(stage.values("sse.data"), "a b");
}

#[test]
fn events_are_told() {
    let parts = [
        "retry: 3000\n\n",
        "id: 7\nevent: price\ndata: 12.30\ndata: EUR\n\n",
        "data: plain\n\n",
        ": still here\n\n",
        "data: cut",
    ];
    check_told(
        &play(&chunked(&parts)),
        &[
            "GET /prices | Asks for a resource; nothing seals the request | GET /prices HTTP/1.1, \
             Host: h.",
            "retry 3000 ms | Tells a client how to come again, and no event | A client that loses the \
             connection waits 3000 ms before it comes again.",
            "event price | Pushes an event, as a further piece of the answer | “12.30 EUR”. Its id is \
             7: a client that comes again names it.",
            "event | Pushes an event, as a further piece of the answer | “plain”.",
            "comment | A comment: no event for the client, and the connection stays in use | “still \
             here”.",
            // Its last byte comes last.
            "200 OK | The request succeeded, and this is its result | Content of type \
             text/event-stream; charset=utf-8 comes bit by bit, told below: 91 bytes in the end, in \
             chunks, each with its own length. Another request may follow on this connection.",
            "part of an event | Begins an event whose end is not here | “cut”.",
        ],
    );
}

#[test]
fn a_stream_whose_last_chunk_never_comes_says_so_of_its_end() {
    let stage = play(&[
        ask(ASKED),
        say(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n")),
        Step::Fin,
    ]);
    check_told(
        &stage,
        &[
            "GET /prices | Asks for a resource; nothing seals the request | GET /prices HTTP/1.1, \
             Host: h.",
            "event | Pushes an event, as a further piece of the answer | “a”.",
            "200 OK | The request succeeded, and this is its result | It comes bit by bit, told below, \
             and in the end there is: 9 bytes; incomplete (RFC 9112, section 8).",
        ],
    );
}
