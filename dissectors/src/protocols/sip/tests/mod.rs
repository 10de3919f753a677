//! Tests of SIP over datagrams and streams, with descriptions of sessions inside.

mod sentences;

use super::head::probe;
use crate::engine::ports::Ports;
use crate::protocol::{Framing, Likelihood};
use crate::protocols::stage::{Played, Step, ask, crumble, cut, on_port, play_over, say};

const SDP: &str = "v=0\r\no=bob 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
                   m=audio 8000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n";

/// A message: start line, number and method of its request, body.
fn message(start: &str, cseq: &str, body: &str) -> Vec<u8> {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    let branch = cseq.replace(' ', "");
    format!(
        "{start}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{branch}\r\nf: <sip:a@example.org>\r\n\
         To: <sip:b@example.org>\r\nCall-ID: abc@192.0.2.1\r\nCSeq: {cseq}\r\n{kind}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

fn everything() -> Vec<Step> {
    vec![
        ask(message("INVITE sip:b@example.org SIP/2.0", "1 INVITE", SDP)),
        say(message("SIP/2.0 100 Trying", "1 INVITE", "")),
        say(message("SIP/2.0 200 OK", "1 INVITE", SDP)),
        ask(message("ACK sip:b@example.org SIP/2.0", "1 ACK", "")),
        say(message("BYE sip:a@example.org SIP/2.0", "9 BYE", "")),
        ask(message("SIP/2.0 481 No Such Call", "9 BYE", "")),
    ]
}

const EXPECTED: &str = "sip@1 Request: INVITE sip:b@example.org
sdp@1 
sip@2 Status: 100 Trying
sip@3 Status: 200 OK (INVITE)
sdp@3 
sip@4 Request: ACK sip:b@example.org
sip@5 Request: BYE sip:a@example.org
sip@6 Status: 481 No Such Call
";

fn over_udp(steps: &[Step]) -> Played {
    let ports = Ports { framing: Framing::Datagram, ports: [5060, 40000], began: None };
    play_over(ports, steps)
}

#[test]
fn a_call_over_datagrams_and_over_a_stream() {
    for stage in [over_udp(&everything()), on_port(5555, &everything())] {
        assert_eq!(stage.rows(), EXPECTED);
        assert_eq!(stage.values("sip.Method"), "INVITE ACK BYE");
        assert_eq!(stage.values("sip.Status-Code"), "100 200 481");
        assert_eq!(stage.values("sip.Call-ID").split(' ').count(), 6);
        assert_eq!(stage.values("sip.CSeq.seq"), "1 1 1 1 9 9");
        assert_eq!(stage.values("sip.From").split(' ').count(), 6);
        assert_eq!(stage.values("sip.response-request"), "1 1 5");
        assert_eq!(stage.values("sdp.media"), "audio 8000 RTP/AVP 0 8 audio 8000 RTP/AVP 0 8");
        assert_eq!(stage.values("sdp.connection_info.address"), "192.0.2.1 192.0.2.1");
        let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
        assert_eq!(answers, [(2, 0), (3, 0), (7, 6)]);
    }
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |steps: &[Step]| -> Vec<String> {
        let rows = on_port(5060, steps).rows();
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(&everything());
    for at in (1..420).step_by(7) {
        assert_eq!(numberless(&cut(&everything(), at)), whole, "cut at {at}");
    }
    assert_eq!(numberless(&crumble(&everything())), whole);
}

#[test]
fn what_is_sent_again_is_told_as_such() {
    let invite = || ask(message("INVITE sip:b@example.org SIP/2.0", "1 INVITE", ""));
    let stage = over_udp(&[invite(), invite(), say("\r\n\r\n"), say([0, 0])]);
    assert!(stage.rows().contains("sip@3 Keep-alive\n"), "{}", stage.rows());
    assert_eq!(stage.values("sip.resend"), "0 1");
    assert_eq!(stage.values("sip.resend-original"), "1");
}

#[test]
fn a_body_that_is_cut_and_a_head_that_never_ends_are_told_as_far_as_they_go() {
    let cut_off = String::from_utf8(message("SIP/2.0 200 OK", "1 INVITE", SDP)).unwrap();
    let stage = over_udp(&[say(cut_off.get(..cut_off.len() - 40).unwrap())]);
    let notes: Vec<_> = stage.messages().iter().flat_map(|one| stage.describe(one).notes).collect();
    let len = SDP.len();
    let expected = format!("Content-Length is {len}, but only {} bytes follow", len - 40);
    assert_eq!(notes, [expected]);
    let steps = [ask("BYE sip:a SIP/2.0\r\n"), ask(vec![b'a'; 70_000]), ask("\r\n\r\nx")];
    assert!(on_port(5060, &steps).rows().starts_with("sip@2 "));
}

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(probe(bytes, Framing::Datagram), expected, "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn only_the_start_line_counts() {
    check(b"INVITE sip:a SIP/2.0\r\n", Likelihood::Surely);
    check(b"SIP/2.0 200 OK\r\n", Likelihood::Surely);
    check(b"SIP/2.0 20 OK\r\n", Likelihood::No);
    check(b"SIP/2.0 200 OK\r\nHTTP/1.1 200 OK\r\n", Likelihood::No);
    check(b"SIP/2.0 200 OK\r\nVia : SIP/2.0/UDP a\r\n", Likelihood::Surely);
    check(b"OPTIONS sip:a@b", Likelihood::Surely);
    check(b"OPTIONS * HTTP/1.1\r\n", Likelihood::No);
    check(b"DESCRIBE rtsp://a RTSP/1.0\r\n", Likelihood::No);
    check(b"\r\n\r\n", Likelihood::Unsaid);
    check(&[0x80; 20], Likelihood::No);
}
