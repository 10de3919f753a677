//! Field by field, in Wireshark's order.

use crate::protocols::stage::{Step, ask, frames, play, say};

/// Plays the steps and compares the fields of one message.
fn check(steps: &[Step], message: usize, expected: &[(&str, &str)]) {
    let stage = play(steps);
    let fields = stage.describe(&stage.messages()[message]).fields;
    let found: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, &**text)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_request() {
    let request = "GET /a?q=1&r HTTP/1.1\r\nHost: h\r\nCookie: a=1; b=2\r\nX-Own: 1\r\n\
                   Authorization: Basic dTpw\r\nContent-Length: 0\r\n\r\n";
    check(
        &[ask(request)],
        0,
        &[
            ("http.chat", "GET /a?q=1&r HTTP/1.1"),
            ("http.request.method", "GET"),
            ("http.request.uri", "/a?q=1&r"),
            ("http.request.uri.path", "/a"),
            ("http.request.uri.query", "q=1&r"),
            ("http.request.uri.query.parameter", "q=1"),
            ("http.request.uri.query.parameter", "r"),
            ("http.request.version", "HTTP/1.1"),
            ("http.host", "h"),
            ("http.request.line", "Host: h\r\n"),
            ("http.cookie", "a=1; b=2"),
            ("http.cookie_pair", "a=1"),
            ("http.cookie_pair", "b=2"),
            ("http.request.line", "Cookie: a=1; b=2\r\n"),
            ("http.request.line", "X-Own: 1\r\n"),
            ("http.authorization", "Basic dTpw"),
            ("http.authbasic", "u:p"),
            ("http.request.line", "Authorization: Basic dTpw\r\n"),
            ("http.content_length_header", "0"),
            ("http.content_length", "0"),
            ("http.request.line", "Content-Length: 0\r\n"),
            ("http.request.full_uri", "http://h/a?q=1&r"),
            ("http.request", "1"),
            ("http.request_number", "1"),
        ],
    );
}

#[test]
fn a_second_response() {
    let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    check(
        &[ask(get), say(ok), ask(get), say(ok)],
        3,
        &[
            ("http.chat", "HTTP/1.1 200 OK"),
            ("http.response.version", "HTTP/1.1"),
            ("http.response.code", "200"),
            ("http.response.code.desc", "OK"),
            ("http.response.phrase", "OK"),
            ("http.content_length_header", "2"),
            ("http.content_length", "2"),
            ("http.response.line", "Content-Length: 2\r\n"),
            ("http.response", "1"),
            ("http.response_number", "2"),
            ("http.time", "1000000"),
            ("http.prev_request_in", "1"),
            ("http.prev_response_in", "2"),
            ("http.request_in", "3"),
            ("http.request.uri", "/"),
            ("http.request.full_uri", "http://h/"),
            ("http.file_data", "hi"),
        ],
    );
}

#[test]
fn what_is_asked_for_as_a_whole_uri() {
    for (line, host, expected) in [
        ("GET http://a/b HTTP/1.1", "h", "http://a/b"),
        ("CONNECT a:443 HTTP/1.1", "a:443", "a:443"),
        ("OPTIONS * HTTP/1.1", "h", "http://h*"),
    ] {
        let stage = play(&[ask(format!("{line}\r\nHost: {host}\r\n\r\n"))]);
        assert_eq!(stage.values("http.request.full_uri"), expected);
        assert_eq!(frames(&stage), 1);
    }
    let stage = play(&[ask("GET /a HTTP/1.0\r\n\r\n"), say("HTTP/1.0 204 \r\n\r\n")]);
    assert_eq!(stage.values("http.request.full_uri"), "");
    assert_eq!(stage.values("http.request.uri"), "/a /a");
}

#[test]
fn what_stands_on_the_beads() {
    let get = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: a/b\r\n\r\nno";
    let stage = play(&[ask(get), say(gone), ask(get)]);
    let view = stage.view();
    let told: Vec<_> = stage
        .messages()
        .iter()
        .filter_map(|message| {
            let layer = view.layer(message.layer)?;
            crate::registry::standard().get(layer.protocol).tell(message, &view)
        })
        .collect();
    let labels: Vec<&str> = told.iter().map(|told| told.label.as_str()).collect();
    assert_eq!(labels, ["GET /", "404 Not Found  2 B", "GET /"]);
    assert!(
        told[0].turn.asks && told[1].turn.answers && told[0].detail.contains("Connection: close")
    );
    assert_eq!(told[1].outcome, crate::telling::Outcome::Refused);
    assert_eq!(told[2].headline, "No new handshake: the connection is reused");
}

#[test]
fn settings_of_http2_in_a_request() {
    let ask_with = |settings: &str| {
        let head = format!("GET / HTTP/1.1\r\nHost: h\r\nHTTP2-Settings: {settings}\r\n\r\n");
        let stage = play(&[ask(head)]);
        let told = stage.describe(&stage.messages()[0]);
        let own = told.fields.iter().filter(|(name, _)| name.contains("ettings"));
        let own: Vec<String> = own.map(|(name, text)| format!("{name}={text}")).collect();
        (own.join(" "), told.notes)
    };
    let (fields, notes) = ask_with("AAMAAABkABUAAAAH");
    let expected = "http.http2_settings=AAMAAABkABUAAAAH http2.settings= \
                    http2.settings.id=3 http2.settings.max_concurrent_streams=100 \
                    http2.settings= http2.settings.id=21 http2.settings.unknown=7";
    assert_eq!((&*fields, notes.len()), (expected, 0));
    for broken in ["AAMAAAB", "AAMAAABk=", "äöü", "AAMA"] {
        let (fields, notes) = ask_with(broken);
        assert_eq!(fields, format!("http.http2_settings={broken}"));
        let text =
            "HTTP2-Settings holds no settings in the digits of a URL (RFC 7540, section 3.2.1)";
        assert_eq!(notes, [text]);
    }
}
