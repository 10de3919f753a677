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
