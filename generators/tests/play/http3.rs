//! The scenarios of HTTP/3, run for real on the host's loopback.

use wirestage_generators::{StageBuilder, Transcript};

use crate::{
    common::{play, stage},
    http::told,
};

/// Plays it: what one side sent the other must have received.
fn check(stage: StageBuilder) -> Transcript {
    let transcript = play(stage).0.expect("it plays");
    let facts = ["stream", "method", "path", "fields_sha256", "body_sha256"];
    assert_eq!(
        told(&transcript, "client", "http3.request.sent", facts),
        told(&transcript, "server", "http3.request.received", facts),
    );
    let facts = ["stream", "status", "fields_sha256", "body_sha256"];
    assert_eq!(
        told(&transcript, "server", "http3.response.sent", facts),
        told(&transcript, "client", "http3.response.received", facts),
    );
    // H3_NO_ERROR (RFC 9114, section 8.1).
    for [code] in told(&transcript, "server", "quic.close.received", ["code"]) {
        assert_eq!(code, "256");
    }
    transcript
}

/// Stream, status and bytes of the content of each answer.
fn answers(transcript: &Transcript) -> Vec<[String; 3]> {
    let facts = ["stream", "status", "body_bytes"];
    told(transcript, "client", "http3.response.received", facts)
}

#[test]
fn http3_get_reads_a_page_and_writes() {
    let transcript = check(stage("http3-get"));
    assert_eq!(answers(&transcript), [["0", "200", "412"], ["4", "303", "0"]]);
    let alpn = told(&transcript, "client", "quic.connected", ["alpn"]);
    assert_eq!(alpn, [["h3"]]);
}

#[test]
fn http3_multiplexing_answers_three_at_once() {
    let transcript = check(stage("http3-multiplexing"));
    let expected = [["0", "200", "4000"], ["4", "200", "2000"], ["8", "200", "1000"]];
    assert_eq!(answers(&transcript), expected);
}

#[test]
fn three_pages_come_over_either_carrier() {
    let expected = [["0", "200", "3000"], ["4", "200", "3000"], ["8", "200", "3000"]];
    assert_eq!(answers(&check(stage("hol-blocking-http3"))), expected);
    let transcript = play(stage("hol-blocking-http2")).0.expect("it plays");
    let facts = ["stream", "status", "body_bytes"];
    let expected = [["1", "200", "3000"], ["3", "200", "3000"], ["5", "200", "3000"]];
    assert_eq!(told(&transcript, "client", "http2.response.received", facts), expected);
}

#[test]
fn https_quic_reads_a_page_and_so_does_the_second_visit() {
    assert_eq!(answers(&check(stage("https-quic"))), [["0", "200", "412"]]);
    let large = check(stage("https-quic").knob("page", "64000"));
    assert_eq!(answers(&large), [["0", "200", "64000"]]);
    let large = check(stage("https-quic-0rtt").knob("page", "16000"));
    let visits = [["0", "200", "16000"], ["0", "200", "16000"], ["4", "200", "290"]];
    assert_eq!(answers(&large), visits);
    for answer in ["at-once", "handshake-complete"] {
        let transcript = check(stage("https-quic-0rtt").knob("answer", answer));
        let visits = [["0", "200", "412"], ["0", "200", "412"], ["4", "200", "290"]];
        assert_eq!(answers(&transcript), visits, "{answer}");
        let early = told(&transcript, "client", "quic.connected", ["early"]);
        assert_eq!(early, [[""], ["accepted"]], "{answer}");
    }
}
