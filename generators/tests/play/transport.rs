//! The transport scenarios, run for real on the host's loopback.

use crate::common::{only, play, stage, steps};

#[test]
fn udp_echo_is_two_datagrams() {
    let (transcript, recorder) = play(stage("udp-echo"));
    let transcript = transcript.expect("it plays");
    assert_eq!(steps(&transcript, "client"), ["udp.sent", "udp.received"]);
    assert_eq!(steps(&transcript, "server"), ["udp.received", "udp.sent"]);

    let question = &only(&transcript, "client", "udp.sent").facts;
    assert_eq!(question, &only(&transcript, "server", "udp.received").facts);
    assert!(question["from"].starts_with("127.0.0.1:"));
    assert!(question["to"].starts_with("127.0.0.2:"));
    assert_eq!(question["bytes"], "17");

    let answer = &only(&transcript, "client", "udp.received").facts;
    assert_eq!(answer, &only(&transcript, "server", "udp.sent").facts);
    assert_eq!(answer["sha256"], question["sha256"]);
    assert_eq!((&answer["from"], &answer["to"]), (&question["to"], &question["from"]));

    let marks: Vec<_> = recorder.marks().iter().map(|mark| (mark.role, mark.what)).collect();
    assert_eq!(marks, [("server", "read"), ("server", "write")]);
}

#[test]
fn tcp_lifecycle_closes_both_directions_in_order() {
    let (transcript, recorder) = play(stage("tcp-lifecycle"));
    let transcript = transcript.expect("it plays");
    assert_eq!(
        steps(&transcript, "client"),
        ["tcp.connected", "tcp.sent", "tcp.received", "tcp.closed"]
    );
    assert_eq!(
        steps(&transcript, "server"),
        ["tcp.accepted", "tcp.sent", "tcp.received", "tcp.closed"]
    );

    let facts = |role, step| &only(&transcript, role, step).facts;
    assert_eq!(facts("client", "tcp.connected"), facts("server", "tcp.accepted"));
    assert_eq!(facts("client", "tcp.sent"), facts("server", "tcp.received"));
    assert_eq!(facts("client", "tcp.received"), facts("server", "tcp.sent"));
    assert_eq!(facts("client", "tcp.sent"), facts("client", "tcp.received"), "an echo");
    for role in ["client", "server"] {
        assert_eq!(facts(role, "tcp.closed")["by"], "client");
    }

    let marks = recorder.marks();
    assert!(marks.iter().all(|mark| mark.role == "server"), "clients do not mark");
    let order: Vec<_> = marks.iter().map(|mark| mark.what).collect();
    assert_eq!(
        order,
        ["listen", "accept", "read", "write", "read", "write", "end", "shutdown", "close"]
    );
    assert!(marks.is_sorted_by_key(|mark| mark.unix_nanos));
}

#[test]
fn tcp_loss_recovery_brings_a_whole_page_and_says_nothing_of_losses_without_a_link() {
    let (transcript, _) = play(stage("tcp-loss-recovery"));
    let transcript = transcript.expect("it plays");
    let common = ["tcp.sent", "tcp.received", "tcp.closed"];
    for (role, first) in [("client", "tcp.connected"), ("server", "tcp.accepted")] {
        assert_eq!(steps(&transcript, role), [&[first], &common[..]].concat());
    }
    let facts = |role, step| &only(&transcript, role, step).facts;
    assert_eq!(facts("server", "tcp.sent")["bytes"], "14480", "ten full segments");
    assert_eq!(facts("server", "tcp.sent"), facts("client", "tcp.received"));
    assert_eq!(facts("client", "tcp.sent")["bytes"], "0");
}

#[test]
fn tcp_refused_is_heard_by_the_client_alone() {
    let (transcript, _) = play(stage("tcp-refused"));
    let transcript = transcript.expect("it plays");
    assert_eq!(steps(&transcript, "client"), ["tcp.refused"]);
    assert_eq!(steps(&transcript, "server"), [""; 0]);
    let facts = &only(&transcript, "client", "tcp.refused").facts;
    assert!(facts["from"].starts_with("127.0.0.1:") && facts["to"].starts_with("127.0.0.2:"));
}
