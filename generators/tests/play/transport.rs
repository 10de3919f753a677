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

#[test]
fn udp_unreachable_is_reported_to_the_socket_that_asked() {
    let (transcript, _) = play(stage("udp-unreachable"));
    let transcript = transcript.expect("it plays");
    assert_eq!(steps(&transcript, "client"), ["udp.sent", "udp.refused"]);
    assert_eq!(steps(&transcript, "server"), [""; 0]);
    let refused = &only(&transcript, "client", "udp.refused").facts;
    let sent = &only(&transcript, "client", "udp.sent").facts;
    assert_eq!((&refused["from"], &refused["to"]), (&sent["from"], &sent["to"]));
}

#[test]
fn udp_fragments_are_one_datagram_to_both_programs() {
    for bytes in ["1472", "1473", "8000"] {
        let (transcript, _) = play(stage("udp-fragments").knob("bytes", bytes));
        let transcript = transcript.expect("it plays");
        let sent = &only(&transcript, "client", "udp.sent").facts;
        assert_eq!(sent, &only(&transcript, "server", "udp.received").facts);
        assert_eq!(sent["bytes"], bytes);
    }
}

#[test]
fn tcp_abort_ends_both_sides_without_a_close() {
    for why in ["linger", "unread"] {
        let (transcript, recorder) = play(stage("tcp-abort").knob("why", why));
        let transcript = transcript.expect("it plays");
        for (role, first) in [("client", "tcp.connected"), ("server", "tcp.accepted")] {
            assert_eq!(steps(&transcript, role), [first, "tcp.sent", "tcp.aborted"], "{why}");
            assert_eq!(only(&transcript, role, "tcp.aborted").facts["by"], "server");
        }
        assert_eq!(recorder.marks().last().map(|mark| mark.what), Some("abort"));
    }
}

#[test]
fn tcp_half_close_sorts_what_came_before_the_end() {
    let (transcript, recorder) = play(stage("tcp-half-close"));
    let transcript = transcript.expect("it plays");
    let facts = |role, step| &only(&transcript, role, step).facts;
    assert_eq!(facts("client", "tcp.sent"), facts("server", "tcp.received"));
    assert_eq!(facts("server", "tcp.sent"), facts("client", "tcp.received"));
    assert_eq!(facts("client", "tcp.closed")["by"], "client");
    let marks: Vec<_> = recorder.marks().iter().map(|mark| mark.what).collect();
    let end = marks.iter().position(|what| *what == "end");
    let first = marks.iter().position(|what| *what == "write");
    assert!(end < first, "all words were there before the first of the answer: {marks:?}");
}

#[test]
fn what_waits_for_a_reader_a_peer_or_an_acknowledgement_comes_all_the_same() {
    for name in ["tcp-zero-window", "tcp-keepalive", "tcp-slow-start"] {
        let (transcript, _) = play(stage(name));
        let transcript = transcript.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let common = ["tcp.sent", "tcp.received", "tcp.closed"];
        for (role, first) in [("client", "tcp.connected"), ("server", "tcp.accepted")] {
            assert_eq!(steps(&transcript, role), [&[first], &common[..]].concat(), "{name}");
        }
        let facts = |role, step| &only(&transcript, role, step).facts;
        assert_eq!(facts("server", "tcp.sent"), facts("client", "tcp.received"), "{name}");
    }
}

#[test]
fn tcp_slow_start_sends_as_many_segments_as_are_asked_for() {
    for segments in [10, 30, 70, 150] {
        let (transcript, _) = play(stage("tcp-slow-start").knob("segments", segments.to_string()));
        let transcript = transcript.expect("it plays");
        let received = &only(&transcript, "client", "tcp.received").facts;
        assert_eq!(received["bytes"], (segments * 524).to_string());
    }
}

#[test]
fn tcp_nagle_asks_the_same_on_both_connections() {
    let (transcript, _) = play(stage("tcp-nagle"));
    let transcript = transcript.expect("it plays");
    for role in ["client", "server"] {
        for step in ["tcp.sent", "tcp.received"] {
            let of_step = transcript.of(role).filter(|entry| entry.step == step);
            let said: Vec<_> = of_step.map(|entry| &entry.facts["sha256"]).collect();
            assert_eq!(said.len(), 2, "{role} {step}");
            assert_eq!(said[0], said[1], "{role} {step}");
        }
    }
}
