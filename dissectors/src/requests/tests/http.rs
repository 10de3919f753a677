//! Requests of HTTP/1.1.

use std::io::Write;

use super::stage::{Stage, check};

const GET: &[u8] = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; charset=utf-8\r\n\
                    Content-Length: 5\r\n\r\nhello";

#[test]
fn each_request_of_a_connection_is_one() {
    let not_found = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    check(
        &[(1, ">", GET), (1, "<", OK), (1, ">", b"GET /b HTTP/1.1\r\n\r\n"), (1, "<", not_found)],
        &[
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+5 @2-2 200 text/plain",
            "HTTP/1.1 GET http:/b > 19+0 @3-3 < 45+0 @4-4 404",
        ],
    );
}

#[test]
fn pipelined_requests_meet_their_answers() {
    let three = [GET, GET, GET].concat();
    let two = [OK, OK].concat();
    check(
        &[(1, ">", &three), (1, "<", &two), (1, "<", &OK[..40]), (1, "<", &OK[40..])],
        &[
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+5 @2-2 200 text/plain",
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+5 @2-2 200 text/plain",
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+5 @3-4 200 text/plain",
        ],
    );
}

#[test]
fn several_connections_stand_in_the_order_of_their_requests() {
    check(
        &[(1, ">", GET), (2, ">", GET), (2, "<", OK), (1, "<", OK)],
        &[
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+5 @4-4 200 text/plain",
            "HTTP/1.1 GET http://h/a > 28+0 @2-2 < 79+5 @3-3 200 text/plain",
        ],
    );
}

#[test]
fn chunks_are_counted_without_their_framing_and_trailers_are_kept() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let steps = [
        (1, ">", GET),
        (1, "<", &head[..]),
        (1, "<", b"3\r\nabc\r\n2\r\nde\r\n"),
        (1, "<", b"0\r\nX-Sum: 7\r\n\r\n"),
    ];
    check(&steps, &["HTTP/1.1 GET http://h/a > 28+0 @1-1 < 47+5 @2-4 200"]);
    let (_, detail) = Stage::of(&steps).requests().remove(0);
    assert_eq!(detail.answer.trailers, [(b"X-Sum".to_vec(), b"7".to_vec())]);
    assert_eq!(detail.answer.content.unwrap().bytes, b"abcde");
    assert_eq!(detail.reason, b"OK");
    assert_eq!(detail.question.fields, [(b"Host".to_vec(), b"h".to_vec())]);
}

#[test]
fn a_body_that_was_held_back_belongs_to_its_question() {
    let asked = b"PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let steps = [
        (1, ">", &asked[..]),
        (1, "<", &go_on[..]),
        (1, ">", b"data"),
        (1, "<", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ];
    check(&steps, &["HTTP/1.1 PUT http://h/a > 69+4 @1-3 | 100 @2 < 27+0 @4-4 204"]);
    let (_, detail) = Stage::of(&steps).requests().remove(0);
    assert_eq!(detail.question.content.unwrap().bytes, b"data");
}

#[test]
fn content_is_counted_as_sent_and_as_decoded() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&[b'a'; 1000]).unwrap();
    let packed = packer.finish().unwrap();
    let head = |coding: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
            packed.len()
        )
    };
    let [known, unknown] = ["gzip", "xz"].map(|coding| [head(coding).as_bytes(), &packed].concat());
    let steps = [(1, ">", GET), (1, "<", &known), (1, ">", GET), (1, "<", &unknown)];
    let sent = packed.len();
    check(
        &steps,
        &[
            &format!("HTTP/1.1 GET http://h/a > 28+0 @1-1 < 63+{sent}=1000 @2-2 200"),
            &format!("HTTP/1.1 GET http://h/a > 28+0 @3-3 < 61+{sent} @4-4 200"),
        ],
    );
    let contents = Stage::of(&steps).requests().into_iter().map(|(_, detail)| {
        let content = detail.answer.content.unwrap();
        (content.bytes, content.is_coded)
    });
    assert_eq!(contents.collect::<Vec<_>>(), [(vec![b'a'; 1000], false), (packed, true)]);
}

#[test]
fn what_was_not_answered_or_not_to_the_end_says_so() {
    let half = &OK[..OK.len() - 2];
    check(&[(1, ">", GET)], &["HTTP/1.1 GET http://h/a > 28+0 @1-1 < nothing: no answer recorded"]);
    let cut = "HTTP/1.1 GET http://h/a > 28+0 @1-1 < 79+3 @2-2 200 text/plain";
    let short = |why: &str| format!("{cut}: {why}");
    check(&[(1, ">", GET), (1, "<", half)], &[&short("the recording ends before the answer does")]);
    check(
        &[(1, ">", GET), (1, "<", half), (1, "<.", b""), (1, ">.", b"")],
        &[&short("the connection ended before the answer did")],
    );
    check(
        &[(1, ">", GET), (1, "<", half), (1, "<x", b"")],
        &[&short("the connection was reset before the answer ended")],
    );
}

#[test]
fn where_one_side_was_recorded_its_half_is_told() {
    check(
        &[(1, ">", GET), (1, ">", GET)],
        &[
            "HTTP/1.1 GET http://h/a > 28+0 @1-1 < nothing: no answer recorded",
            "HTTP/1.1 GET http://h/a > 28+0 @2-2 < nothing: no answer recorded",
        ],
    );
    check(&[(1, "<", OK)], &["HTTP/1.1   > nothing < 79+5 @1-1 200 text/plain"]);
}

#[test]
fn targets_are_told_in_whichever_form_they_came() {
    let proxied = b"GET http://o:8080/x?y=1 HTTP/1.1\r\nHost: p\r\n\r\n";
    let tunnel = b"CONNECT o:443 HTTP/1.1\r\nHost: o:443\r\n\r\n";
    check(
        &[(1, ">", proxied), (2, ">", tunnel)],
        &[
            "HTTP/1.1 GET http://o:8080/x?y=1 > 45+0 @1-1 < nothing: no answer recorded",
            "HTTP/1.1 CONNECT o:443 > 39+0 @2-2 < nothing: no answer recorded",
        ],
    );
}
