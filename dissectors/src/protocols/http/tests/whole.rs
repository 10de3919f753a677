//! Heads that were cut, and bodies that are not all there: what is told of them.

use crate::protocols::stage::{Played, Step, ask, play, play_known, say};
use crate::registry::standard;

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// The label and the detail of each message.
fn told(stage: &Played) -> Vec<(String, String)> {
    let view = stage.view();
    let one = |message: &crate::message::Message| {
        let protocol = standard().get(view.layer(message.layer)?.protocol);
        let told = protocol.tell(message, &view)?;
        Some((told.label, told.detail))
    };
    stage.messages().iter().filter_map(one).collect()
}

/// Plays one response: the notes on it, its label, and how its story begins.
fn check(after: &[Step], notes: &[&str], label: &str, detail: &str) {
    let steps: Vec<Step> = [ask(GET)].into_iter().chain(after.iter().cloned()).collect();
    let stage = play(&steps);
    let message = &stage.messages()[1];
    assert_eq!(stage.describe(message).notes, notes);
    let (found, said) = told(&stage).swap_remove(1);
    assert_eq!(found, label);
    assert_eq!(said, detail);
}

#[test]
fn a_body_that_ended_early_is_not_as_announced() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\nContent-Type: a/b\r\n\r\n";
    let short = "19 of 20 announced bytes; incomplete (RFC 9112, section 8)";
    check(
        &[say(format!("{head}{}", "x".repeat(19))), Step::Fin],
        &[&format!("Body: {short}")],
        "200 OK  19 of 20 B",
        &format!("Body: {short}."),
    );
    let short = "7 of 20 bytes captured, transfer not complete";
    check(
        &[say(head), say("1234567")],
        &[&format!("Body: {short}")],
        "200 OK  7 of 20 B",
        &format!("Body: {short}."),
    );
    let short = "0 of 20 bytes captured, transfer not complete";
    check(
        &[say(head)],
        &[&format!("Body: {short}")],
        "200 OK  0 of 20 B",
        &format!("Body: {short}."),
    );
    let short = "2 of 20 bytes captured, then the capture has a hole";
    check(
        &[say(format!("{head}xy")), Step::Miss(30), say("rest")],
        &[&format!("Body: {short}")],
        "200 OK  2 of 20 B",
        &format!("Body: {short}. Another request may follow on this connection."),
    );
}

#[test]
fn a_body_with_a_hole_in_it_is_complete_and_not_all_captured() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";
    let short = "12 of 20 bytes captured; the rest is missing from the capture";
    check(
        &[say(format!("{head}{}", "x".repeat(6))), Step::Miss(8), say("y".repeat(6))],
        &[&format!("Body: {short}")],
        "200 OK  12 of 20 B",
        &format!("Body: {short}. Another request may follow on this connection."),
    );
}

#[test]
fn a_body_that_has_no_length_ends_with_the_connection_only() {
    let head = "HTTP/1.1 200 OK\r\n\r\nabc";
    check(&[say(head), Step::Fin], &[], "200 OK  3 B", "3 bytes of body.");
    let short = "3 bytes captured, transfer not complete";
    check(&[say(head)], &[&format!("Body: {short}")], "200 OK  3 B", &format!("Body: {short}."));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    let short = "3 bytes; incomplete (RFC 9112, section 8)";
    check(
        &[say(chunked), Step::Fin],
        &[&format!("Body: {short}")],
        "200 OK  3 B",
        &format!("Body: {short}."),
    );
}

#[test]
fn what_is_no_trailer_section_ends_the_response() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\n \n";
    let stage = play(&[ask(GET), say(chunked), ask(GET)]);
    assert!(stage.rows().starts_with("http@1 GET / HTTP/1.1 \nhttp@2 HTTP/1.1 200 OK "));
    assert_eq!(stage.values("http.file_data"), "abc  \n");
}

#[test]
fn a_head_that_was_cut_is_told_as_far_as_it_goes() {
    let steps = [
        ask("GET /one HTTP/1.1\r\nHost: a.test\r\nUser-Ag"),
        Step::MissAsked(200),
        say("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: te"),
        Step::Miss(500),
        ask("GET /two HTTP/1.1\r\nHost: a.t"),
        Step::MissAsked(200),
        say("HTTP/1.1 404 Not F"),
        Step::Miss(500),
        ask("GET /three?and=more"),
        Step::MissAsked(200),
        say("HTTP/1.1 204 No Content\r\n\r\n"),
    ];
    let stage = play_known(&steps);
    assert_eq!(
        stage.values("http.request.uri"),
        "/one /one /two /two /three?and=more /three?and=more"
    );
    assert_eq!(stage.values("http.request.line"), "Host: a.test\r\n");
    assert_eq!(stage.values("http.response.line"), "Server: s\r\n");
    assert_eq!(stage.values("http.response.code"), "200 404 204");
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(1, 0), (3, 2), (5, 4)]);
    let cut = "The capture cut this head: what is whole of it is shown";
    for message in stage.messages() {
        let whole = stage.describe(message).summary.contains("204");
        let notes: &[&str] = if whole { &[] } else { &[cut] };
        assert_eq!(stage.describe(message).notes, notes);
    }
    let (_, detail) = told(&stage).swap_remove(0);
    assert!(detail.ends_with("The capture kept the beginning of this head only."), "{detail}");
}

#[test]
fn versions_that_somebody_sends_are_versions() {
    for version in ["HTTP/0.9", "HTTP/1.01", "HTTP/2.0", "HTTP/1.", "HTTP/1.1\0"] {
        let stage = play(&[
            ask(format!("HEAD / {version}\r\nHost: h\r\n\r\n")),
            say(format!("{version} 200 ok\r\nContent-Length: 9\r\n\r\n")),
        ]);
        assert_eq!(stage.values("http.request.version"), version);
        assert_eq!(stage.values("http.response.version"), version);
        assert_eq!(stage.values("http.request_in"), "1");
        let sound = stage.describe(&stage.messages()[0]).notes.is_empty();
        assert_eq!(sound, ["HTTP/0.9", "HTTP/2.0"].contains(&version), "{version}");
    }
    for none in ["HTTP/x 200 ok\r\n\r\n", "HTTP/ 200 ok\r\n\r\n", "HTTP-1.1 200 ok\r\n\r\n"] {
        let rows = play(&[ask(GET), say(none)]).rows();
        assert!(rows.ends_with("Continuation\n"), "{rows}");
    }
}
