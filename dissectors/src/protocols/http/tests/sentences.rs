//! Every sentence of HTTP, beside what is said.

use crate::protocols::stage::{Step, ask, check_told, play, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&play(steps), expected);
}

fn get() -> Step {
    ask("GET / HTTP/1.1\r\n\r\n")
}

#[test]
fn methods() {
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT"];
    for (method, expected) in methods.into_iter().zip(EXPECTED_METHODS) {
        check(&[ask(format!("{method} /a HTTP/1.1\r\n\r\n"))], &[expected]);
    }
    check(
        &[get(), get()],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 2 on \
             this connection.",
        ],
    );
    check(
        &[ask("GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")],
        &[
            "GET / | Asks, and offers to go on in another protocol | GET / HTTP/1.1. Upgrade: websocket.",
        ],
    );
    check(
        &[ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")],
        &["GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1, Host: h. \
             Connection: close asks the server to end the connection after its answer."],
    );
    let head = "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    check(
        &[ask(head), say("HTTP/1.1 100 Continue\r\n\r\n"), ask("ab")],
        &[
            "100 Continue | The server has not refused so far: the client may send the body | A \
             response of this kind has no body.",
            "PUT / | Asks the server to keep what it sends under that name | PUT / HTTP/1.1. \
             Expect: 100-continue: the client wants to hear from the server before it sends \
             the body. 2 bytes of body.",
        ],
    );
    check(
        &[ask("GET / HTTP/1.1\r\nLast-Event-ID: 7\r\n\r\n")],
        &["GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1. \
             Last-Event-ID: 7: events go on behind that one."],
    );
}

#[test]
fn calls_that_bodies_hold() {
    let call = r#"{"jsonrpc": "2.0", "method": "add", "id": 7}"#;
    let answer = r#"{"jsonrpc": "2.0", "result": 9, "id": 7}"#;
    let typed = |length: usize| {
        format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n")
    };
    check(
        &[
            ask(format!("POST / HTTP/1.1\r\n{}{call}", typed(call.len()))),
            say(format!("HTTP/1.1 200 OK\r\n{}{answer}", typed(answer.len()))),
        ],
        &[
            "POST / | Gives the server something to process | POST / HTTP/1.1. 44 bytes of body. \
             It calls add by JSON-RPC, under the id 7.",
            "200 OK  40 B | The request succeeded, and this is its result | 40 bytes of \
             application/json, as announced by Content-Length. It answers the call 7 of JSON-RPC. \
             Another request may follow on this connection.",
        ],
    );
}

const EXPECTED_METHODS: [&str; 8] = [
    "GET /a | Asks for a resource; nothing seals the request | GET /a HTTP/1.1.",
    "HEAD /a | Asks for the head of a response only, without its body | HEAD /a HTTP/1.1.",
    "POST /a | Gives the server something to process | POST /a HTTP/1.1.",
    "PUT /a | Asks the server to keep what it sends under that name | PUT /a HTTP/1.1.",
    "DELETE /a | Asks the server to remove what lies under that name | DELETE /a HTTP/1.1.",
    "OPTIONS /a | Asks what may be done, without doing it | OPTIONS /a HTTP/1.1.",
    "PATCH /a | Asks the server to act on a resource | PATCH /a HTTP/1.1.",
    "CONNECT /a | Asks the proxy for a tunnel to another host | CONNECT /a HTTP/1.1.",
];

#[test]
fn bodies_and_what_becomes_of_the_connection() {
    let response = |text: &str| say(format!("HTTP/1.1 200 OK\r\n{text}"));
    let typed = "Content-Type: text/plain\r\n";
    check(
        &[get(), response("Content-Length: 0\r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK | The request succeeded, and this is its result | No body. Another request \
             may follow on this connection.",
        ],
    );
    check(
        &[get(), response(&format!("{typed}Content-Length: 2\r\n\r\nab"))],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of \
             text/plain, as announced by Content-Length. Another request may follow on this \
             connection.",
        ],
    );
    check(
        &[get(), response("Content-Length: 2\r\n\r\nab")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of body. \
             Another request may follow on this connection.",
        ],
    );
    check(
        &[
            get(),
            response(&format!("{typed}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")),
        ],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of \
             text/plain, in chunks, each with its own length. Another request may follow on \
             this connection.",
        ],
    );
    let chunks = "2\r\nab\r\n0\r\nContent-Digest: x\r\nB: y\r\n\r\n";
    check(
        &[get(), response(&format!("{typed}Transfer-Encoding: chunked\r\n\r\n{chunks}"))],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of \
             text/plain, in chunks, each with its own length. Behind the last chunk a trailer \
             follows: Content-Digest, B. Another request may follow on this connection.",
        ],
    );
    check(
        &[get(), response(&format!("{typed}\r\nab")), Step::Fin],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of \
             text/plain, up to the end of the connection, for the head announced no length.",
        ],
    );
    let coded = format!("{typed}Content-Encoding: br\r\nContent-Length: 2\r\n\r\nab");
    check(
        &[get(), response(&coded)],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | 2 bytes of \
             text/plain, compressed with br, as announced by Content-Length. Another request \
             may follow on this connection.",
        ],
    );
    check(
        &[
            ask("PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"),
            say("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"),
        ],
        &[
            "413 Content Too Large | The content is larger than the server will take | No body. It came \
             before the request's body was whole: until that body has come, the connection can \
             carry no other request.",
            "PUT / | Asks the server to keep what it sends under that name | PUT / \
             HTTP/1.1. Body: 2 of 5 bytes captured, transfer not complete.",
        ],
    );
    let three = "GET /a HTTP/1.1\r\n\r\n".repeat(3);
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    check(
        &[ask(three), say(answer), say(answer), say(answer)],
        &[
            "GET /a | Asks for a resource; nothing seals the request | GET /a HTTP/1.1.",
            "GET /a | No new handshake: the connection is reused | GET /a HTTP/1.1. Request 2 on \
             this connection.",
            "GET /a | No new handshake: the connection is reused | GET /a HTTP/1.1. Request 3 on \
             this connection.",
            "200 OK | Answers keep the order of the requests: 2 wait behind this | No body.",
            "200 OK | Answers keep the order of the requests: one more waits behind this | No body.",
            "200 OK | The request succeeded, and this is its result | No body. Another request \
             may follow on this connection.",
        ],
    );
    let two = "GET /a HTTP/1.1\r\n\r\n".repeat(2);
    check(
        &[ask(two), say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), say(answer)],
        &[
            "GET /a | Asks for a resource; nothing seals the request | GET /a HTTP/1.1.",
            "GET /a | No new handshake: the connection is reused | GET /a HTTP/1.1. Request 2 on \
             this connection.",
            "404 Not Found | The server has nothing to show at this address | No body. Answers keep the order of \
             the requests: one more waits behind this (RFC 9112, section 9.3.2).",
            "200 OK | The request succeeded, and this is its result | No body. Another request \
             may follow on this connection.",
        ],
    );
    check(
        &[get(), response("Connection: close\r\nContent-Length: 0\r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK | The request succeeded, and this is its result | No body. Connection: \
             close: the server will end the connection after this.",
        ],
    );
    check(
        &[get(), say("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK | The request succeeded, and this is its result | No body. HTTP/1.0 without \
             keep-alive: no other request may follow on this connection.",
        ],
    );
    let close = ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    check(
        &[close, response("Content-Length: 0\r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1. \
             Connection: close asks the server to end the connection after its answer.",
            "200 OK | The request succeeded, and this is its result | No body. The client asked \
             for the connection to be closed after this.",
        ],
    );
    check(
        &[ask("HEAD / HTTP/1.1\r\n\r\n"), response("Content-Length: 9\r\n\r\n")],
        &[
            "HEAD / | Asks for the head of a response only, without its body | HEAD / HTTP/1.1.",
            "200 OK | The request succeeded, and this is its result | The request was HEAD: no \
             body follows, whatever its headers announce. Another request may follow on this \
             connection.",
        ],
    );
    check(
        &[ask("CONNECT h:1 HTTP/1.1\r\n\r\n"), response("\r\n")],
        &[
            "CONNECT h:1 | Asks the proxy for a tunnel to another host | CONNECT h:1 HTTP/1.1.",
            "200 OK | The request succeeded, and this is its result | No body. From here on the \
             connection is a tunnel (RFC 9110, section 9.3.6).",
        ],
    );
}

#[test]
fn bodies_that_end_early() {
    let begun = say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    check(
        &[get(), begun.clone()],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 of 9 B | The request succeeded, and this is its result | Body: 2 of 9 \
             bytes captured, transfer not complete.",
        ],
    );
    check(
        &[get(), begun.clone(), Step::Fin],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 of 9 B | The request succeeded, and this is its result | Body: 2 of 9 \
             announced bytes; incomplete (RFC 9112, section 8).",
        ],
    );
    check(
        &[get(), begun, Step::Miss(2), say("xyz")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  5 of 9 B | The request succeeded, and this is its result | Body: 5 of 9 \
             bytes captured, transfer not complete.",
        ],
    );
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
    check(
        &[get(), say(chunked)],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | Body: 2 bytes \
             captured, transfer not complete.",
        ],
    );
    check(
        &[get(), say(format!("{chunked}no chunk\r\n"))],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "200 OK  2 B | The request succeeded, and this is its result | Body: 2 bytes, then \
             something that is no chunk (RFC 9112, section 7.1).",
            "12 bytes | Bytes that belong to no head that was captured",
        ],
    );
    check(
        &[Step::Open, Step::Miss(3), say("the end of something\r\n")],
        &["22 bytes | Sends bytes; what they mean is between the two programs | “the end of \
             something”."],
    );
}

#[test]
fn codes() {
    let codes = [
        100, 101, 103, 201, 202, 204, 206, 207, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403,
        404, 405, 418, 500, 502, 503, 504, 505, 700,
    ];
    let mut steps = Vec::new();
    for code in codes {
        // An interim answer leaves the request waiting for its last word.
        if !matches!(code, 103 | 201) {
            steps.push(get());
        }
        steps.push(say(format!("HTTP/1.1 {code}\r\nContent-Length: 0\r\n\r\n")));
        if code == 101 {
            steps.truncate(steps.len() - 2);
        }
    }
    let stage = play(&steps);
    check_told(
        &stage,
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "100 | The server has not refused so far: the client may send the body | A response \
             of this kind has no body.",
            "103 | An interim word; the final response is still to come | A response of this \
             kind has no body.",
            "201 | The request succeeded and made a new resource | No body. Another request may \
             follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 2 on \
             this connection.",
            "202 | The request was accepted; the work is not done yet | No body. Another \
             request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 3 on \
             this connection.",
            "204 | The request succeeded, and there is nothing to send back | A response of \
             this kind has no body. Another request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 4 on \
             this connection.",
            "206 | Here is the part of the resource that was asked for | No body. Another \
             request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 5 on \
             this connection.",
            "207 | The request succeeded | No body. Another request may follow on this \
             connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 6 on \
             this connection.",
            "301 | The resource has moved for good: ask at the new address | No body. Another \
             request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 7 on \
             this connection.",
            "302 | The resource is elsewhere for now: ask there | No body. Another request may \
             follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 8 on \
             this connection.",
            "303 | The answer is elsewhere: fetch it with GET | No body. Another request may \
             follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 9 on \
             this connection.",
            "304 | What the client keeps in its cache is still valid | A response of this kind \
             has no body. Another request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 10 on \
             this connection.",
            "305 | The client has to go somewhere else | No body. Another request may follow on \
             this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 11 on \
             this connection.",
            "307 | The resource is elsewhere for now: repeat the request there | No body. \
             Another request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 12 on \
             this connection.",
            "308 | The resource has moved for good: repeat the request there | No body. Another \
             request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 13 on \
             this connection.",
            "400 | The server finds fault with the request and does not process it | No body. \
             Another request may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 14 on \
             this connection.",
            "401 | The server wants to know who asks | No body. Another request may follow on \
             this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 15 on \
             this connection.",
            "403 | The server understood, and refuses | No body. Another request may follow on \
             this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 16 on \
             this connection.",
            "404 | The server has nothing to show at this address | No body. Another request \
             may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 17 on \
             this connection.",
            "405 | The resource does not take this method | No body. Another request may follow \
             on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 18 on \
             this connection.",
            "418 | The server finds fault with the request | No body. Another request may \
             follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 19 on \
             this connection.",
            "500 | The server failed on a request that may be right | No body. Another request \
             may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 20 on \
             this connection.",
            "502 | The server behind this one gave no usable answer | No body. Another request \
             may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 21 on \
             this connection.",
            "503 | The server cannot answer now, but may later | No body. Another request may \
             follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 22 on \
             this connection.",
            "504 | The server behind this one did not answer in time | No body. Another request \
             may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 23 on \
             this connection.",
            "505 | The server does not speak this version of HTTP | No body. Another request \
             may follow on this connection.",
            "GET / | No new handshake: the connection is reused | GET / HTTP/1.1. Request 24 on \
             this connection.",
            "700 | A code that no class of status codes knows | No body. Another request may \
             follow on this connection.",
        ],
    );
    check(
        &[get(), say("HTTP/1.1 101\r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "101 | From here on the two sides speak another protocol | A response of this kind \
             has no body.",
        ],
    );
    check(
        &[get(), say("HTTP/1.1 \r\n\r\n")],
        &[
            "GET / | Asks for a resource; nothing seals the request | GET / HTTP/1.1.",
            "No status code | A code that no class of status codes knows | Body: 0 bytes \
             captured, transfer not complete.",
        ],
    );
}

#[test]
fn a_request_that_is_to_be_done_once_says_by_which_key() {
    check(
        &[ask("POST /p HTTP/1.1\r\nIdempotency-Key: order-7\r\nContent-Length: 1\r\n\r\nx")],
        &["POST /p | Gives the server something to process | POST /p HTTP/1.1. Idempotency-Key: \
           order-7: however often it comes with that, it is to be done once. 1 byte of body."],
    );
}
