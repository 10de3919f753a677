//! The scenarios of execution, patterns and balancers, run for real on the host's loopback.

use crate::{
    common::{play, stage, steps},
    http::told,
};

/// What the server's program did, in order.
fn deeds(name: &str) -> Vec<&'static str> {
    let (transcript, recorder) = play(stage(name));
    transcript.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    recorder.marks().iter().map(|mark| mark.what).collect()
}

#[test]
fn one_thread_closes_before_it_accepts_again_and_threads_are_started_for_each() {
    let deeds_of = deeds("exec-single-thread");
    let second = deeds_of.iter().rposition(|one| *one == "accept");
    assert!(second > deeds_of.iter().position(|one| *one == "close"), "{deeds_of:?}");
    let threads = |name: &str| deeds(name).iter().filter(|one| **one == "thread").count();
    assert_eq!(threads("exec-thread-per-connection"), 2);
    assert_eq!(threads("exec-event-loop"), 0);
}

#[test]
fn exec_accept_queue_serves_whoever_waited() {
    let (transcript, _) = play(stage("exec-accept-queue"));
    let transcript = transcript.expect("it plays");
    let begun = ["tcp.accepted"; 3];
    let ended = ["tcp.sent", "tcp.received", "tcp.closed"].repeat(3);
    assert_eq!(steps(&transcript, "server"), [&begun[..], &ended].concat());
}

#[test]
fn exec_accept_queue_lets_one_wait_outside_whatever_room_there_is() {
    for (backlog, connections) in [("0", 2), ("2", 4), ("4", 6)] {
        let (transcript, _) = play(stage("exec-accept-queue").knob("backlog", backlog));
        let transcript = transcript.expect("it plays");
        let accepted = told(&transcript, "server", "tcp.accepted", []).len();
        assert_eq!(accepted, connections, "{backlog}");
    }
}

#[test]
fn exec_idempotency_pays_twice_without_a_key_and_once_with_one() {
    let (transcript, _) = play(stage("exec-idempotency"));
    let transcript = transcript.expect("it plays");
    let answers = told(&transcript, "client", "http.response.received", ["status", "location"]);
    let paid = |number| ["201".to_owned(), format!("/payments/{number}")];
    let list = ["200".to_owned(), String::new()];
    // The answers to the first and to the third payment were lost.
    assert_eq!(answers, [paid(2), list.clone(), paid(3), list]);
    let broken = told(&transcript, "client", "tcp.aborted", ["by"]);
    assert_eq!(broken, [["server"], ["server"]]);
    let requests = told(&transcript, "server", "http.request.received", ["method"]);
    assert_eq!(requests, [["POST"], ["POST"], ["GET"], ["POST"], ["POST"], ["GET"]]);
}

#[test]
fn polls_are_answered_at_once_or_held() {
    for (name, last) in [("pattern-short-polling", "200"), ("pattern-long-polling", "200")] {
        let (transcript, _) = play(stage(name));
        let transcript = transcript.expect("it plays");
        let answers = told(&transcript, "client", "http.response.received", ["status"]);
        assert_eq!(
            answers,
            told(&transcript, "server", "http.response.sent", ["status"]),
            "{name}"
        );
        assert_eq!(answers.last(), Some(&[last.to_owned()]), "{name}");
    }
}

#[test]
fn a_session_is_known_to_one_server_and_a_token_to_both() {
    let (transcript, _) = play(stage("pattern-stateful-stateless"));
    let transcript = transcript.expect("it plays");
    let answers = |role| told(&transcript, role, "http.response.sent", ["status"]).concat();
    assert_eq!(answers("server"), ["200", "200", "200", "200", "204", "401"]);
    assert_eq!(answers("server-b"), ["401", "200", "401", "401", "200"]);
}

#[test]
fn a_balancer_hands_on_connections_or_requests() {
    let (transcript, _) = play(stage("balancer-l4-l7"));
    let transcript = transcript.expect("it plays");
    let bytes = told(&transcript, "client", "http.response.received", ["body_sha256"]);
    let (one, two) = (&bytes[0], &bytes[4]);
    assert_ne!(one, two);
    let answered_by: Vec<_> =
        bytes.iter().map(|digest| if digest == one { 1 } else { 2 }).collect();
    assert_eq!(answered_by, [1, 1, 1, 1, 2, 1]);
    // At layer 4 it has read nothing.
    assert_eq!(told(&transcript, "balancer", "http.request.received", ["target"]).len(), 3);
}
