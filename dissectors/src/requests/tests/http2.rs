//! Requests of HTTP/2.

use super::stage::{Stage, check};

/// A frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A literal field that no table takes in.
fn field(name: &str, value: &str) -> Vec<u8> {
    [&[0, name.len() as u8], name.as_bytes(), &[value.len() as u8], value.as_bytes()].concat()
}

/// A header block with the usual fields of a request.
fn asked(method: &str, path: &str) -> Vec<u8> {
    let all = [(":method", method), (":scheme", "https"), (":authority", "h"), (":path", path)];
    all.iter().flat_map(|(name, value)| field(name, value)).collect()
}

fn opening(frames: &[Vec<u8>]) -> Vec<u8> {
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    [&preface[..], &frame(4, 0, 0, &[]), &frames.concat()].concat()
}

#[test]
fn streams_that_are_mixed_are_requests_of_their_own() {
    let post = asked("POST", "/b");
    let first = opening(&[frame(1, 5, 1, &asked("GET", "/a")), frame(1, 4, 3, &post)]);
    let kind = [b"\x88".to_vec(), field("content-type", "text/html; charset=utf-8")].concat();
    let steps = [
        (1, ">", &first[..]),
        (1, ">", &frame(0, 1, 3, b"question")),
        (1, "<", &[frame(4, 0, 0, &[]), frame(1, 4, 1, &kind), frame(0, 0, 1, b"one")].concat()),
        (1, "<", &[frame(1, 4, 3, b"\x88"), frame(0, 1, 3, b"three")].concat()),
        (1, "<", &[frame(0, 0, 1, b", two"), frame(0, 9, 1, b"\x03end\0\0\0")].concat()),
    ];
    let (one, three) = (asked("GET", "/a").len(), post.len());
    check(
        &steps,
        &[
            &format!(
                "HTTP/2 GET https://h/a on 1 > {one}+0 @1-1 < {}+11 @3-5 200 text/html",
                kind.len()
            ),
            &format!("HTTP/2 POST https://h/b on 3 > {three}+8 @1-2 < 1+5 @4-4 200"),
        ],
    );
    let details = Stage::of(&steps).requests();
    let bodies = details.iter().map(|(_, detail)| {
        let text = |half: &crate::requests::Half| {
            half.content.as_ref().map(|content| String::from_utf8(content.bytes.clone()).unwrap())
        };
        [text(&detail.question), text(&detail.answer)]
    });
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        bodies.collect::<Vec<_>>(),
        [[None, some("one, twoend")], [some("question"), some("three")]]
    );
}

#[test]
fn answers_for_now_trailers_and_long_heads_belong_to_their_stream() {
    let early = field(":status", "103");
    let (begun, rest) = (field("x-begun", "1"), field("x-rest", "2"));
    let head = [frame(1, 0, 1, &[&b"\x88"[..], &begun].concat()), frame(9, 4, 1, &rest)].concat();
    let trailers = field("grpc-status", "0");
    let steps = [
        (1, ">", &opening(&[frame(1, 5, 1, &asked("GET", "/a"))])[..]),
        (1, "<", &[frame(4, 0, 0, &[]), frame(1, 4, 1, &early)].concat()),
        (1, "<", &head),
        (1, "<", &[frame(0, 0, 1, b"body"), frame(1, 5, 1, &trailers)].concat()),
    ];
    let packed = 1 + begun.len() + rest.len() + trailers.len();
    let one = asked("GET", "/a").len();
    check(
        &steps,
        &[&format!("HTTP/2 GET https://h/a on 1 > {one}+0 @1-1 | 103 @2 < {packed}+4 @3-4 200")],
    );
    let (_, detail) = Stage::of(&steps).requests().remove(0);
    let names: Vec<_> = detail.answer.fields.iter().map(|(name, _)| &name[..]).collect();
    assert_eq!(names, [&b":status"[..], b"x-begun", b"x-rest"]);
    assert_eq!(detail.answer.trailers, [(b"grpc-status".to_vec(), b"0".to_vec())]);
    assert_eq!(detail.answer.content.unwrap().bytes, b"body");
}

#[test]
fn who_breaks_a_stream_off_is_told() {
    let get = asked("GET", "/a");
    let first = opening(&[frame(1, 5, 1, &get), frame(1, 5, 3, &get), frame(1, 5, 5, &get)]);
    let cancel = frame(3, 0, 1, &[0, 0, 0, 8]);
    let answers = [
        frame(4, 0, 0, &[]),
        frame(1, 4, 3, b"\x88"),
        frame(0, 0, 3, b"part"),
        frame(3, 0, 3, &[0, 0, 0, 2]),
    ];
    let asks = format!("> {}+0 @1-1", get.len());
    check(
        &[(1, ">", &first), (1, ">", &cancel), (1, "<", &answers.concat())],
        &[
            &format!("HTTP/2 GET https://h/a on 1 {asks} < nothing: broken off by who asked"),
            &format!(
                "HTTP/2 GET https://h/a on 3 {asks} < 1+4 @3-3 200: broken off by who answers"
            ),
            &format!("HTTP/2 GET https://h/a on 5 {asks} < nothing: no answer recorded"),
        ],
    );
}

#[test]
fn what_was_promised_is_a_request_that_nobody_made() {
    let promise = [&2u32.to_be_bytes()[..], &asked("GET", "/style.css")].concat();
    let answers = [
        frame(4, 0, 0, &[]),
        frame(5, 4, 1, &promise),
        frame(1, 5, 1, b"\x88"),
        frame(1, 4, 2, b"\x88"),
        frame(0, 1, 2, b"css"),
    ];
    let get = asked("GET", "/a");
    let steps = [(1, ">", &opening(&[frame(1, 5, 1, &get)])[..]), (1, "<", &answers.concat())];
    let promised = promise.len() - 4;
    check(
        &steps,
        &[
            &format!("HTTP/2 GET https://h/a on 1 > {}+0 @1-1 < 1+0 @2-2 200", get.len()),
            &format!("HTTP/2 GET https://h/style.css on 2 > {promised}+0 @2-2 < 1+3 @2-2 200"),
        ],
    );
    assert!(Stage::of(&steps).requests()[1].0.is_promised);
}

#[test]
fn what_goes_on_with_a_stream_that_nobody_saw_begin_is_no_request() {
    check(&[(1, "<", &[frame(0, 0, 1, b"body"), frame(0, 1, 1, b"end")].concat())], &[]);
}

#[test]
fn a_request_that_asks_for_http2_is_one_with_its_answer() {
    let ask = "GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n\
               Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
    let turn = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    let first = [frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), frame(0, 1, 1, b"both")].concat();
    let get = asked("GET", "/next");
    let steps = [
        (1, ">", ask.as_bytes()),
        (1, "<", turn.as_bytes()),
        (1, "<", &first),
        (1, ">", &opening(&[frame(1, 5, 3, &get)])),
        (1, "<", &frame(1, 5, 3, b"\x88")),
    ];
    let len = ask.len();
    check(
        &steps,
        &[
            &format!("HTTP/1.1 GET http://h/up > {len}+0 @1-1 | 101 @2 < 1+4 @3-3 200"),
            &format!("HTTP/2 GET https://h/next on 3 > {}+0 @4-4 < 1+0 @5-5 200", get.len()),
        ],
    );
    let (_, detail) = &Stage::of(&steps).requests()[0];
    assert_eq!(
        detail.answer.content.as_ref().map(|content| &content.bytes[..]),
        Some(&b"both"[..])
    );
}
