//! The HTTP/2 scenarios, run for real on the host's loopback.

use wirestage_generators::{Transcript, steps::PUSH_DISABLED};

use crate::{
    common::{only, play, stage},
    http::told,
};

/// Plays `name`: what both sides say of each request and of each answer must be equal.
fn check(name: &str) -> Transcript {
    let transcript = play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    let request = [
        "stream",
        "method",
        "scheme",
        "authority",
        "path",
        "fields",
        "fields_sha256",
        "body_bytes",
        "body_sha256",
    ];
    assert_eq!(
        told(&transcript, "client", "http2.request.sent", request),
        told(&transcript, "server", "http2.request.received", request),
        "{name}"
    );
    let response = ["stream", "status", "fields", "fields_sha256", "body_bytes", "body_sha256"];
    assert_eq!(
        told(&transcript, "client", "http2.response.received", response),
        told(&transcript, "server", "http2.response.sent", response),
        "{name}"
    );
    for role in ["client", "server"] {
        let closed = told(&transcript, role, "tcp.closed", ["by"]);
        assert!(closed.iter().all(|by| by == &["server"]), "{name}: {closed:?}");
    }
    transcript
}

#[test]
fn http2_prior_knowledge_opens_a_stream_for_each_request() {
    let transcript = check("http2-prior-knowledge");
    let facts = ["stream", "method", "scheme", "authority", "path", "body_bytes"];
    let host = "server.wirestage.test";
    assert_eq!(
        told(&transcript, "client", "http2.request.sent", facts),
        [
            ["1", "GET", "http", host, "/", "0"],
            ["3", "GET", "http", host, "/about.html", "0"],
            ["5", "POST", "http", host, "/guestbook", "37"],
        ]
    );
    let facts = ["stream", "status", "body_bytes"];
    assert_eq!(
        told(&transcript, "server", "http2.response.sent", facts),
        [["1", "200", "412"], ["3", "200", "290"], ["5", "303", "0"]]
    );
    assert_eq!(only(&transcript, "client", "http2.settings.sent").facts["enable_push"], "0");
    let most = &only(&transcript, "server", "http2.settings.sent").facts["max_concurrent_streams"];
    assert_eq!(&only(&transcript, "client", "http2.streams.allowed").facts["most"], most);
}

#[test]
fn http2_multiplexing_takes_turns_inside_tls() {
    let transcript = check("http2-multiplexing");
    assert_eq!(only(&transcript, "client", "tls.established").facts["alpn"], "h2");
    assert_eq!(only(&transcript, "server", "http2.turns").facts["streams"], "1,3,5,1,3,1,1");
    let facts = ["stream", "body_bytes"];
    let answers = told(&transcript, "client", "http2.response.received", facts);
    assert_eq!(answers, [["1", "8000"], ["3", "4000"], ["5", "2000"]]);
}

#[test]
fn http2_flow_control_waits_for_either_window() {
    let transcript = check("http2-flow-control");
    let facts = ["stream", "bytes"];
    let spent = told(&transcript, "server", "http2.window.spent", facts);
    assert_eq!(spent, [["7", "16383"], ["9", "16384"]]);
    let opened = told(&transcript, "client", "http2.window.opened", facts);
    assert_eq!(opened, [["0", "65535"], ["9", "16384"]]);
    let answers = told(&transcript, "client", "http2.response.received", ["body_bytes"]);
    assert_eq!(answers, [["16384"], ["16384"], ["16384"], ["16384"], ["26384"]]);
}

#[test]
fn http2_control_pings_resets_and_takes_leave() {
    let transcript = check("http2-control");
    only(&transcript, "client", "http2.ping.answered");
    let facts = ["stream", "code"];
    let reset = [["3".to_owned(), "CANCEL".to_owned()]];
    assert_eq!(told(&transcript, "client", "http2.reset.sent", facts), reset);
    assert_eq!(told(&transcript, "server", "http2.reset.received", facts), reset);
    for (role, step) in [("server", "http2.goaway.sent"), ("client", "http2.goaway.received")] {
        assert_eq!(only(&transcript, role, step).facts["code"], "NO_ERROR");
    }
    // What was under way is still answered.
    let facts = ["stream", "status", "body_bytes"];
    let answers = told(&transcript, "client", "http2.response.received", facts);
    assert_eq!(answers.last(), Some(&["5", "200", "20"].map(str::to_owned)));
}

#[test]
fn http2_server_push_is_taken_once_and_refused_once() {
    let transcript = check("http2-server-push");
    let facts = ["stream", "promised", "path"];
    let promise = [["1", "2", "/style.css"].map(str::to_owned)];
    assert_eq!(told(&transcript, "server", "http2.push.promised", facts), promise);
    assert_eq!(told(&transcript, "client", "http2.push.received", facts), promise);
    let refused = only(&transcript, "server", "http2.push.refused");
    assert_eq!(refused.facts["because"], PUSH_DISABLED);
    // Asked for only on the second connection, and got on both.
    let asked = told(&transcript, "client", "http2.request.sent", ["path"]);
    assert_eq!(asked.iter().filter(|path| path == &&["/style.css"]).count(), 1);
    let got = told(&transcript, "client", "http2.response.received", ["stream", "body_bytes"]);
    assert_eq!(got, [["1", "412"], ["1", "412"], ["2", "39"], ["3", "39"]]);
}
