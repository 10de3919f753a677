//! The gRPC scenarios, run for real on the host's loopback.

use wirestage_generators::{Transcript, steps::TIMED_OUT};

use crate::{
    common::{only, play, stage, steps},
    http::told,
};

/// Plays `name`: what one side sent the other must have received.
fn check(name: &str) -> Transcript {
    let transcript = play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    for (from, to) in [("client", "server"), ("server", "client")] {
        let facts = ["bytes", "sha256"];
        assert_eq!(
            told(&transcript, from, "grpc.message.sent", facts),
            told(&transcript, to, "grpc.message.received", facts),
            "{name}"
        );
    }
    let facts = ["method", "timeout"];
    assert_eq!(
        told(&transcript, "client", "grpc.call.sent", facts),
        told(&transcript, "server", "grpc.call.received", facts),
        "{name}"
    );
    transcript
}

/// The steps of one role that are gRPC's, without the name that is before all of them.
fn spoken<'a>(transcript: &'a Transcript, role: &'a str) -> Vec<&'a str> {
    steps(transcript, role).into_iter().filter_map(|step| step.strip_prefix("grpc.")).collect()
}

#[test]
fn grpc_unary_succeeds_and_fails() {
    let transcript = check("grpc-unary");
    let facts = ["code", "message"];
    let statuses = told(&transcript, "client", "grpc.status.received", facts);
    assert_eq!(statuses, [["OK", ""], ["NOT_FOUND", "nobody measures there"]]);
    assert_eq!(statuses, told(&transcript, "server", "grpc.status.sent", facts));
    assert_eq!(
        spoken(&transcript, "client"),
        [
            "call.sent",
            "message.sent",
            "message.received",
            "status.received",
            "call.sent",
            "message.sent",
            "status.received",
        ]
    );
}

#[test]
fn grpc_server_stream_answers_four_times() {
    let transcript = check("grpc-server-stream");
    let expected =
        [&["call.received", "message.received"][..], &["message.sent"; 4], &["status.sent"]];
    assert_eq!(spoken(&transcript, "server"), expected.concat());
}

#[test]
fn grpc_client_stream_is_answered_once() {
    let transcript = check("grpc-client-stream");
    let expected =
        [&["call.sent"][..], &["message.sent"; 3], &["message.received", "status.received"]];
    assert_eq!(spoken(&transcript, "client"), expected.concat());
}

#[test]
fn grpc_bidi_goes_to_and_fro() {
    let transcript = check("grpc-bidi");
    let turns = ["message.sent", "message.received"].repeat(3);
    let expected = [&["call.sent"][..], &turns, &["status.received"]];
    assert_eq!(spoken(&transcript, "client"), expected.concat());
}

#[test]
fn grpc_deadline_gives_up_and_is_told_so() {
    let transcript = check("grpc-deadline");
    let given_up = &only(&transcript, "client", "grpc.given-up").facts;
    assert_eq!((given_up["code"].as_str(), given_up["message"].as_str()), ("CANCELLED", TIMED_OUT));
    let server = ["call.received", "message.received", "call.dropped"];
    assert_eq!(spoken(&transcript, "server"), server);
    let timeout = &only(&transcript, "server", "grpc.call.received").facts["timeout"];
    assert_eq!(timeout, "400000u");
}
