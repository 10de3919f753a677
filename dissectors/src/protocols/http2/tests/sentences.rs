//! Every sentence of HTTP/2, beside the frames.

use super::{frame, opening};
use crate::protocols::stage::{Step, ask, check_told, play, say, told};

/// A literal field that no table takes in.
fn field(name: &str, value: &str) -> Vec<u8> {
    let lengths = [name, value].map(|text| text.len() as u8);
    [&[0, lengths[0]][..], name.as_bytes(), &lengths[1..], value.as_bytes()].concat()
}

/// A request for that path of the host `h`.
fn get(path: &str) -> Vec<u8> {
    [&b"\x82\x86\x41\x01h"[..], &field(":path", path)].concat()
}

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    let stage = play(steps);
    check_told(&stage, expected);
}

#[test]
fn frames_of_both_sides() {
    let steps = [
        opening(&[
            frame(4, 0, 0, &[0, 3, 0, 0, 0, 100, 0, 99, 0, 0, 0, 1]),
            frame(1, 0, 1, b"\x83"),
            frame(9, 4, 1, b"\x84\x87\x41\x01h"),
            frame(0, 1, 1, b"question"),
            frame(6, 0, 0, &[7; 8]),
            frame(2, 0, 1, &[0; 5]),
            frame(16, 0, 0, b"\x00\x00\x00\x01u=1"),
        ]),
        say([
            frame(4, 0, 0, &[]),
            frame(4, 1, 0, &[]),
            frame(6, 1, 0, &[7; 8]),
            frame(8, 0, 0, &[0, 0, 1, 0]),
            frame(5, 4, 1, &[&[0, 0, 0, 2][..], &get("/p")].concat()),
            frame(1, 4, 1, &[&b"\x88"[..], &field("content-length", "6")].concat()),
            frame(0, 0, 1, b"ans"),
            frame(0, 1, 1, b"wer"),
            frame(3, 0, 2, &[0, 0, 0, 8]),
            frame(3, 0, 4, &[0, 0, 0, 99]),
            frame(12, 0, 0, b"\x00\x01a"),
            frame(10, 0, 1, b"\x00\x01a"),
            frame(7, 0, 0, &[0, 0, 0, 1, 0, 0, 0, 0, b'!']),
            frame(7, 0, 0, &[0x7f, 0xff, 0xff, 0xff]),
            frame(200, 0, 0, b"x"),
        ]
        .concat()),
    ];
    check(
        &steps,
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | Max \
             concurrent streams 100, Setting 99 1.",
            "HEADERS | Begins a header block, which goes on in the next frame",
            "POST / | Gives the server something to process | POST https://h/. 3 header fields \
             with 29 bytes in 5.",
            "DATA 8 B end | Ends its content, and with it this side of the stream | 8 bytes of \
             content in 1 frame.",
            "PING | Asks for an answer at once: how long that takes, and whether anybody is there",
            "PRIORITY | Says how much a stream matters beside others; receivers need not care",
            "PRIORITY_UPDATE | Says how urgent an answer is, and whether it is of use in parts | \
             u=1.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "SETTINGS ACK | Takes the other side's settings into use",
            "PING ACK | Sends a ping back as it came",
            "WINDOW_UPDATE | Gives the other side room to send more | 256 bytes more on the \
             connection, 65,783 in all.",
            "Promise GET /p | Promises a response that nobody asked for | It is what GET /p would \
             have been answered with. 4 header fields with 39 bytes in 15. It will come on stream 2, \
             and need not be asked for.",
            "200 OK | The request succeeded, and this is its result | It answers POST / after \
             1.00 ms. 6 bytes are to follow. 2 header fields with 25 bytes in 19.",
            "DATA 3 B | Sends content on a stream, in pieces that can be mixed with others | 3 \
             bytes.",
            "DATA 3 B end | Ends its content, and with it this side of the stream | 6 bytes of \
             content in 2 frames, whole 1.00 ms after its request POST /.",
            "RST_STREAM CANCEL | Ends its stream at once; the connection stays | CANCEL. It was for \
             GET /p.",
            "RST_STREAM Error 99 | Ends its stream at once; the connection stays | Error 99.",
            "ORIGIN | Says for which other sites this connection can be used",
            "ALTSVC | Says where else the same can be had",
            "GOAWAY | Takes leave: no new streams on this connection | NO_ERROR. Streams up to 1 \
             were taken up, later ones were not. It adds “!”",
            "GOAWAY | Takes leave: no new streams on this connection | No error code. It names no \
             last stream yet: what is on its way is still taken up.",
            "UNKNOWN | A frame that can be left aside",
        ],
    );
}

#[test]
fn a_header_block_in_several_frames_is_told_as_one() {
    let (cookie, agent) = (field("cookie", "a=1"), field("user-agent", "t"));
    let head = [get("/c"), cookie[..5].to_vec()].concat();
    check(
        &[
            opening(&[frame(4, 0, 0, &[0, 4, 0, 0, 64, 0, 0, 2, 0, 0, 0, 0])]),
            ask([frame(1, 1, 1, &head), frame(9, 0, 1, &cookie[5..]), frame(9, 4, 1, &agent)]
                .concat()),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | Initial window \
             size 16,384, Enable PUSH 0. So the other side may send 16,384 bytes on each stream before it \
             has to wait. So nothing may be promised that was not asked for.",
            "GET /c | Asks for a resource; nothing seals the request | GET http://h/c. \
             The block goes on in a frame of its own kind, and nothing may come between (section 6.10).",
            "CONTINUATION | Goes on with the header block of the frame before",
            "CONTINUATION | Goes on with the header block of the frame before | All 3 frames of the \
             block: 6 header fields with 59 bytes in 41; it is unpacked as one (section 4.3).",
        ],
    );
}

#[test]
fn who_leaves_in_peace_asks_whether_that_was_heard() {
    let leaves = frame(7, 0, 0, &[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    check(
        &[
            opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, &get("/a"))]),
            say([frame(4, 0, 0, &[]), leaves, frame(6, 0, 0, &[7; 8])].concat()),
            ask(frame(6, 1, 0, &[7; 8])),
            say([frame(7, 0, 0, &[0, 0, 0, 1, 0, 0, 0, 0]), frame(6, 0, 0, &[8; 8])].concat()),
            say([
                frame(5, 4, 1, &[&[0, 0, 0, 2][..], &get("/p")].concat()),
                frame(1, 5, 2, b"\x88"),
            ]
            .concat()),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "GET /a | Asks for a resource; nothing seals the request | GET http://h/a. 4 header \
             fields with 39 bytes in 15.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "GOAWAY | Takes leave: no new streams on this connection | NO_ERROR. It names no \
             last stream yet: what is on its way is still taken up.",
            "PING | Asks for an answer, to be sure that its leave-taking was heard | What the other side \
             sent before it heard of that has come once the answer is there.",
            "PING ACK | Sends a ping back as it came",
            "GOAWAY | Takes leave: no new streams on this connection | NO_ERROR. It has said before that \
             it would leave, and now names the last stream. Streams up to 1 were taken up, later ones \
             were not.",
            "PING | Asks for an answer at once: how long that takes, and whether anybody is there",
            "Promise GET /p | Promises a response that nobody asked for | It is what GET /p would \
             have been answered with. 4 header fields with 39 bytes in 15. It will come on stream 2, \
             and need not be asked for.",
            "200 OK | The request succeeded, and this is its result | It answers GET /p. No content \
             follows. 1 header field with 10 bytes in 1. Nobody asked for it: it was promised.",
        ],
    );
}

#[test]
fn an_answer_to_what_took_time_to_ask_is_timed_from_its_last_byte() {
    check(
        &[
            opening(&[frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x83\x86\x84\x41\x01h")]),
            ask(frame(0, 0, 1, b"que")),
            ask(frame(0, 1, 1, b"stion")),
            say([frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x88")].concat()),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "POST / | Gives the server something to process | POST http://h/. 4 header fields with 39 \
             bytes in 6.",
            "DATA 3 B | Sends content on a stream, in pieces that can be mixed with others | 3 bytes.",
            "DATA 5 B end | Ends its content, and with it this side of the stream | 8 bytes of content \
             in 2 frames.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "200 OK | The request succeeded, and this is its result | It answers POST /, 1.00 ms after \
             its last byte. No content follows. 1 header field with 10 bytes \
             in 1.",
        ],
    );
}

#[test]
fn requests_and_answers() {
    let get_connect = [&b"\x41\x01h"[..], &field(":method", "CONNECT")].concat();
    let tunnel = [&get_connect[..], b"\x84\x86", &field(":protocol", "websocket")].concat();
    let typed = [&b"\x88"[..], &field("content-type", "a/b"), &field("content-encoding", "br")];
    let typed = typed.concat();
    let sized = [&typed[..], &field("content-length", "9")].concat();
    check(
        &[
            opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, &get("/a"))]),
            ask([frame(1, 5, 3, &get("/b")), frame(1, 5, 5, &get("/c"))].concat()),
            say([
                frame(4, 0, 0, &[]),
                frame(1, 4, 1, &field(":status", "103")),
                frame(1, 4, 1, &typed),
                frame(1, 4, 3, &sized),
                frame(0, 0, 1, b"one"),
                frame(0, 0, 3, b"tw"),
                frame(0, 1, 3, b"o"),
                frame(1, 5, 1, &field("x", "y")),
                frame(1, 5, 5, b"\x8d"),
            ]
            .concat()),
            ask([frame(1, 5, 7, &get("/d")), frame(1, 4, 9, &get_connect)].concat()),
            ask(frame(1, 4, 11, &tunnel)),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "GET /a | Asks for a resource; nothing seals the request | GET http://h/a. 4 header \
             fields with 39 bytes in 15.",
            "GET /b | Does not wait for the answers before: each request has a stream | GET \
             http://h/b. Request 2 on this connection; one more waits for its answer. 4 header \
             fields with 39 bytes in 15.",
            "GET /c | Does not wait for the answers before: each request has a stream | GET \
             http://h/c. Request 3 on this connection; 2 more wait for their answers. 4 header \
             fields with 39 bytes in 15.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "103 Early Hints | An interim word; the final response is still to come | It answers \
             GET /a after 2.00 ms. 1 header field with 10 bytes in 13.",
            "200 OK | The request succeeded, and this is its result | It answers GET /a after \
             2.00 ms. Content of type a/b, packed with br is to follow. 3 header fields with 43 \
             bytes in 40.",
            "200 OK | The request succeeded, and this is its result | It answers GET /b after \
             1.00 ms. 9 bytes of a/b, packed with br are to follow. 4 header fields with 58 bytes \
             in 58.",
            "DATA 3 B | Sends content on a stream, in pieces that can be mixed with others | 3 \
             bytes.",
            "DATA 2 B | Takes turns: content of several streams shares the connection | 2 bytes. \
             Stream 1 has not ended.",
            "DATA 1 B end | Ends its content, and with it this side of the stream | 3 bytes of \
             content in 2 frames, whole 1.00 ms after its request GET /b.",
            "Trailers | Sends what was not known before the content was: fields behind it | x: y. \
             1 header field with 2 bytes in 5.",
            "404 Not Found | The server has nothing to show at this address | It answers GET /c \
             after 1.00 ms. No content follows. 1 header field with 10 bytes in 1.",
            "GET /d | No new handshake: the connection is reused | GET http://h/d. Request 4 on \
             this connection. 4 header fields with 39 bytes in 15.",
            "CONNECT h | Asks the proxy for a tunnel to another host, on one stream | CONNECT h. \
             Request 5 on this connection; one more waits for its answer. 2 header fields with 25 \
             bytes in 20.",
            "CONNECT / | Asks for a stream on which another protocol is spoken | CONNECT \
             http://h/. The protocol is websocket. Request 6 on this connection; 2 more wait for \
             their answers. 5 header fields with 60 bytes in 43.",
        ],
    );
}

#[test]
fn a_call_that_fails_at_once_says_so_in_its_head() {
    let failed = [b"\x88", &field("grpc-status", "5")[..], &field("grpc-message", "no")].concat();
    check(
        &[
            opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, &get("/a"))]),
            say([frame(4, 0, 0, &[]), frame(1, 5, 1, &failed)].concat()),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "GET /a | Asks for a resource; nothing seals the request | GET http://h/a. 4 header \
             fields with 39 bytes in 15.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "200 OK, NOT_FOUND 5 | HTTP succeeded and the call did not: its own status stands in the head | It \
             answers GET /a after 1.00 ms. No content follows. grpc-status: 5 (NOT_FOUND). 3 header fields \
             with 36 bytes in 33.",
        ],
    );
}

#[test]
fn windows_that_are_used_up() {
    check(
        &[
            opening(&[frame(4, 0, 0, &[0, 4, 0, 0, 0, 5]), frame(1, 5, 1, &get("/a"))]),
            say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), frame(0, 0, 1, b"12345")].concat()),
            ask(frame(8, 0, 1, &[0, 0, 0, 4])),
            say(frame(0, 1, 1, b"6789")),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | Initial window size 5. So the other side may send 5 bytes on each stream before it has to wait.",
            "GET /a | Asks for a resource; nothing seals the request | GET http://h/a. 4 header \
             fields with 39 bytes in 15.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "200 OK | The request succeeded, and this is its result | It answers GET /a after \
             1.00 ms. 1 header field with 10 bytes in 1.",
            "DATA 5 B | Sends the last that the other side allows for now | 5 bytes. The window \
             of the stream is used up: nothing more may be sent on it until a WINDOW_UPDATE comes. \
             It began with 5 bytes: the other side's SETTINGS ask for that in frame 1 \
             (SETTINGS_INITIAL_WINDOW_SIZE).",
            "WINDOW_UPDATE | Lets the other side go on, which had to wait | 4 bytes more on its \
             stream, 4 in all. For 1.00 ms nothing could be sent there: the window was used up.",
            "DATA 4 B end | Ends its content, and with it this side of the stream | 9 bytes of \
             content in 2 frames, whole 3.00 ms after its request GET /a.",
        ],
    );
}

#[test]
fn a_window_begins_with_what_the_standard_says() {
    let content: Vec<u8> = (0..4u8)
        .flat_map(|part| frame(0, 0, 1, &vec![part; if part < 3 { 16_384 } else { 16_383 }]))
        .collect();
    let update = frame(8, 0, 0, &[0, 1, 0, 0]);
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[]), update, frame(1, 5, 1, &get("/a"))]),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), content].concat()),
    ]);
    let cause = "until a WINDOW_UPDATE comes. It began with 65,535 bytes, for no SETTINGS said \
                 otherwise (section 6.9.2).";
    let told = told(&stage);
    assert!(told.last().is_some_and(|line| line.ends_with(cause)), "{told:#?}");
}

#[test]
fn the_window_of_a_connection_is_used_up() {
    let content: Vec<u8> = (0..4u8)
        .flat_map(|part| frame(0, 0, 1, &vec![part; if part < 3 { 16_384 } else { 16_383 }]))
        .collect();
    check(
        &[
            opening(&[frame(4, 0, 0, &[0, 4, 0, 1, 0, 0]), frame(1, 5, 1, &get("/a"))]),
            say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), content].concat()),
            ask(frame(8, 0, 0, &[0, 0, 0, 4])),
        ],
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | Initial window size 65,536. So the other side may send 65,536 bytes on each stream before it has to wait.",
            "GET /a | Asks for a resource; nothing seals the request | GET http://h/a. 4 header \
             fields with 39 bytes in 15.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "200 OK | The request succeeded, and this is its result | It answers GET /a after \
             1.00 ms. 1 header field with 10 bytes in 1.",
            "DATA 16,384 B | Sends content on a stream, in pieces that can be mixed with others | \
             16,384 bytes.",
            "DATA 16,384 B | Sends content on a stream, in pieces that can be mixed with others | \
             16,384 bytes.",
            "DATA 16,384 B | Sends content on a stream, in pieces that can be mixed with others | \
             16,384 bytes.",
            "DATA 16,383 B | Sends the last that the other side allows for now | 16,383 bytes. The \
             window of the connection is used up: no stream may send until a WINDOW_UPDATE comes. It \
             began with 65,535 bytes, which no SETTINGS can change (section 6.9.2).",
            "WINDOW_UPDATE | Lets the other side go on, which had to wait | 4 bytes more on the \
             connection, 4 in all. For 1.00 ms nothing could be sent there: the window was used \
             up.",
        ],
    );
}

#[test]
fn what_is_out_of_order() {
    let resets = (7..209u32).step_by(2).map(|stream| {
        [frame(1, 5, stream, b"\x82\x84\x86"), frame(3, 0, stream, &[0, 0, 0, 8])].concat()
    });
    let resets: Vec<u8> = resets.flatten().collect();
    let mut flood = frame(1, 1, 5, b"\x82");
    flood.extend((0..1025).flat_map(|_| frame(9, 0, 5, b"")));
    let stage = play(&[
        say([frame(1, 5, 1, b"\xc0"), frame(0, 1, 1, b"late"), frame(9, 4, 3, b"\x88")].concat()),
        say([frame(1, 1, 5, b"\x88"), frame(6, 0, 0, &[0; 8]), frame(9, 4, 5, b"")].concat()),
    ]);
    check_told(
        &stage,
        &[
            "HEADERS | Sends header fields; whose, is not in the recording | 1 header field with \
             0 bytes in 1. What 1 field stands for was said before the recording, or where bytes \
             are missing.",
            "DATA 4 B end | Ends its content, and with it this side of the stream | 4 bytes.",
            "CONTINUATION | Sends header fields; whose, is not in the recording | Nobody began \
             the header block that it goes on with.",
            "200 OK | The request succeeded, and this is its result | No content follows. \
             The block goes on in a frame of its own kind, and nothing may come between (section 6.10).",
            "PING | Asks for an answer at once: how long that takes, and whether anybody is there | It stands between the frames of a \
             header block, where none may stand.",
            "CONTINUATION | Goes on with the header block of the frame before | All 2 frames of the block: 1 header field with 10 bytes in 1; it is unpacked as one (section 4.3).",
        ],
    );
    for (steps, sentence) in [
        (
            opening(&[frame(4, 0, 0, &[]), resets]),
            "Many streams in a row were broken off before an answer: a rapid reset \
             (CVE-2023-44487).",
        ),
        (
            opening(&[flood]),
            "Its header block is longer than anyone takes, as in a CONTINUATION flood.",
        ),
        (
            opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82"), frame(0, 1, 1, b"late")]),
            "Its stream had ended before.",
        ),
        (
            opening(&[frame(4, 0, 0, &[]), frame(7, 0, 0, &[0; 8])]),
            "NO_ERROR. No stream of the other side was taken up.",
        ),
        (
            opening(&[frame(4, 0, 0, &[]), frame(7, 0, 0, b"\x7f\xff\xff\xff\0\0\0\0")]),
            "NO_ERROR. It names no last stream yet: what is on its way is still taken up.",
        ),
    ] {
        let stage = play(&[steps]);
        let view = stage.view();
        let last = stage
            .messages()
            .iter()
            .rev()
            .find_map(|message| crate::protocols::http2::tell::tell(message, &view));
        let told = last.expect("frames are told").detail;
        assert!(told.ends_with(sentence), "{told}");
    }
}

#[test]
fn a_request_that_does_not_wait_for_long() {
    let asked = |timeout: &str, expected: &str| {
        let head = [&get("/a")[..], &field("grpc-timeout", timeout)].concat();
        let stage = play(&[opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, &head)])]);
        let told = told(&stage);
        let last = told.last().expect("a request");
        let deadline = format!(" It waits for {expected} at most: its deadline (grpc-timeout).");
        assert_eq!(last.contains(&deadline), !expected.is_empty(), "{timeout}: {last}");
    };
    for (timeout, expected) in [
        ("400000u", "400 ms"),
        ("1500m", "1500 ms"),
        ("2000000000n", "2 s"),
        ("0n", "0 ns"),
        ("7S", "7 s"),
        ("5M", "5 min"),
        ("1H", "1 h"),
        ("7x", ""),
        ("S", ""),
        ("", ""),
    ] {
        asked(timeout, expected);
    }
}

#[test]
fn a_call_whose_deadline_is_over_is_broken_off() {
    let call = |wait: &str| [get("/s/m"), field("grpc-timeout", wait)].concat();
    let check = |wait: &str, expected: &str| {
        let stage = play(&[
            opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, &call(wait))]),
            say(frame(4, 0, 0, &[])),
            ask(frame(3, 0, 1, &[0, 0, 0, 8])),
        ]);
        assert_eq!(told(&stage).last().map(String::as_str), Some(expected), "{wait}");
    };
    let begin = "RST_STREAM CANCEL | Ends its stream at once; the connection stays | CANCEL. It was for GET \
                 /s/m.";
    check(
        "2m",
        &format!(
            "{begin} Its deadline is over: it was to wait for 2 ms, and has waited for 2.00 ms. Whoever \
             called gets DEADLINE_EXCEEDED (4)."
        ),
    );
    check("3m", begin);
    check("1H", begin);
    let two = [frame(4, 0, 0, &[]), frame(1, 5, 1, &get("/a")), frame(1, 5, 3, &get("/b"))];
    let stage = play(&[opening(&two), ask(frame(3, 0, 1, &[0, 0, 0, 8]))]);
    let expected = "RST_STREAM CANCEL | Ends one stream at once; the others go on | CANCEL. It was for GET /a.";
    assert_eq!(told(&stage).last().map(String::as_str), Some(expected));
}
