//! The HTTP scenarios, run for real on the host's loopback.

use wirestage_generators::Transcript;

use crate::common::{only, play, stage, steps};

/// The facts called `names` of every entry of `role` for `step`, in order; an absent one is empty.
pub(crate) fn told<const N: usize>(
    transcript: &Transcript,
    role: &str,
    step: &str,
    names: [&str; N],
) -> Vec<[String; N]> {
    transcript
        .of(role)
        .filter(|entry| entry.step == step)
        .map(|entry| names.map(|name| entry.facts.get(name).cloned().unwrap_or_default()))
        .collect()
}

#[test]
fn http1_keepalive_asks_four_times_on_one_connection() {
    let (transcript, recorder) = play(stage("http1-keepalive"));
    let transcript = transcript.expect("it plays");
    let exchange = ["http.request.sent", "http.response.received"];
    let connection = ["tcp.connected", "tcp.sent", "tcp.received", "tcp.closed"];
    assert_eq!(steps(&transcript, "client"), [&connection[..], &exchange.repeat(4)].concat());
    let exchange = ["http.request.received", "http.response.sent"];
    let connection = ["tcp.accepted", "tcp.sent", "tcp.received", "tcp.closed"];
    assert_eq!(steps(&transcript, "server"), [&connection[..], &exchange.repeat(4)].concat());

    let facts = ["method", "target", "version", "host", "connection", "body_bytes"];
    let requests = told(&transcript, "client", "http.request.sent", facts);
    assert_eq!(
        requests,
        [
            ["GET", "/", "HTTP/1.1", "server.wirestage.test", "", "0"],
            ["GET", "/about.html", "HTTP/1.1", "server.wirestage.test", "", "0"],
            ["POST", "/guestbook", "HTTP/1.1", "server.wirestage.test", "", "41"],
            ["GET", "/thanks.html", "HTTP/1.1", "server.wirestage.test", "close", "0"],
        ]
    );
    assert_eq!(requests, told(&transcript, "server", "http.request.received", facts));

    let facts = ["status", "location", "connection", "body_bytes"];
    let responses = told(&transcript, "client", "http.response.received", facts);
    assert_eq!(
        responses,
        [
            ["200", "", "", "412"],
            ["200", "", "", "290"],
            ["303", "/thanks.html", "", "0"],
            ["200", "", "close", "193"],
        ]
    );
    let facts = ["version", "status", "location", "connection", "body_bytes", "body_sha256"];
    assert_eq!(
        told(&transcript, "client", "http.response.received", facts),
        told(&transcript, "server", "http.response.sent", facts),
    );

    let facts = |role, step| &only(&transcript, role, step).facts;
    assert_eq!(facts("client", "tcp.sent"), facts("server", "tcp.received"));
    assert_eq!(facts("client", "tcp.received"), facts("server", "tcp.sent"));
    assert_eq!(facts("client", "tcp.closed")["by"], "server");
    assert_eq!(facts("server", "tcp.closed")["by"], "server");

    // Each answer leaves in one write: head and body are not split over segments.
    let order: Vec<_> = recorder.marks().iter().map(|mark| mark.what).collect();
    let expected =
        [&["listen", "accept"][..], &["read", "write"].repeat(4), &["shutdown", "end", "close"]];
    assert_eq!(order, expected.concat());
}

#[test]
fn http10_close_pays_a_connection_for_each_page() {
    let (transcript, _) = play(stage("http10-close"));
    let transcript = transcript.expect("it plays");
    let steps = steps(&transcript, "client");
    assert_eq!(steps.iter().filter(|step| **step == "tcp.connected").count(), 2);
    let facts = ["version", "status", "body_bytes"];
    let answers = told(&transcript, "client", "http.response.received", facts);
    assert_eq!(answers, [["HTTP/1.0", "200", "412"], ["HTTP/1.0", "200", "290"]]);
    assert_eq!(answers, told(&transcript, "server", "http.response.sent", facts));
    let closed = told(&transcript, "client", "tcp.closed", ["by"]);
    assert_eq!(closed, [["server"], ["server"]]);
}

#[test]
fn http1_pipelining_is_answered_in_its_order() {
    let (transcript, recorder) = play(stage("http1-pipelining"));
    let transcript = transcript.expect("it plays");
    let steps = steps(&transcript, "client");
    let exchange = [["http.request.sent"; 3].as_slice(), &["http.response.received"; 3]].concat();
    let spoken: Vec<_> = steps.into_iter().filter(|step| step.starts_with("http")).collect();
    assert_eq!(spoken, exchange);
    let answers = told(&transcript, "client", "http.response.received", ["status", "body_bytes"]);
    assert_eq!(answers, [["200", "20"], ["200", "290"], ["200", "412"]]);
    // All three requests are read before the first answer is written.
    let order: Vec<_> = recorder.marks().iter().map(|mark| mark.what).collect();
    assert_eq!(order.first_chunk(), Some(&["listen", "accept", "read", "write"]));
}

#[test]
fn http1_chunked_holds_what_each_page_was_asked_for() {
    let (transcript, _) = play(stage("http1-chunked"));
    let transcript = transcript.expect("it plays");
    let facts = ["status", "body_bytes", "content_encoding"];
    let answers = told(&transcript, "client", "http.response.received", facts);
    assert_eq!(answers, [["200", "290", ""], ["200", "193", ""], ["200", "412", "gzip"]]);
    let digests = told(&transcript, "client", "http.response.received", ["content_digest"]);
    let has_digest: Vec<_> = digests.iter().map(|[digest]| !digest.is_empty()).collect();
    assert_eq!(has_digest, [false, true, false]);
    let all = ["status", "body_bytes", "body_sha256", "content_encoding", "content_digest"];
    assert_eq!(
        told(&transcript, "client", "http.response.received", all),
        told(&transcript, "server", "http.response.sent", all),
    );
}

#[test]
fn http1_expect_continue_sends_only_what_is_wanted() {
    let (transcript, _) = play(stage("http1-expect-continue"));
    let transcript = transcript.expect("it plays");
    let interim = told(&transcript, "client", "http.interim.received", ["status"]);
    assert_eq!(interim, [["100"]]);
    let facts = ["method", "target", "body_bytes"];
    let requests = told(&transcript, "client", "http.request.sent", facts);
    assert_eq!(requests, [["PUT", "/files/small.bin", "4000"], ["PUT", "/files/large.bin", "0"]]);
    assert_eq!(requests, told(&transcript, "server", "http.request.received", facts));
    let answers = told(&transcript, "client", "http.response.received", ["status"]);
    assert_eq!(answers, [["201"], ["413"]]);
}
