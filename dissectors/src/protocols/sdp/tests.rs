//! Tests of SDP in the body of an HTTP request, where its media type brings it, too.

use crate::protocols::stage::{Played, ask, on_port, told};

fn posted(body: &str) -> Played {
    let len = body.len();
    let head = format!("POST / HTTP/1.1\r\nContent-Type: application/sdp\r\nContent-Length: {len}");
    on_port(8080, &[ask(format!("{head}\r\n\r\n{body}"))])
}

fn check(body: &str, field: &str, expected: &str) {
    assert_eq!(posted(body).values(field), expected, "{body:?}");
}

#[test]
fn lines_are_told_by_their_letters() {
    let body = "v=0\r\no=a 1 2 IN IP6 ::1\r\ns=Call\r\na=group:BUNDLE 0\r\nt=0 0\r\n\
                m=video 9/2 UDP/TLS/RTP/SAVPF 96 97\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n\
                broken\r\nm=audio x RTP/AVP\r\nz=0\r\n";
    check(body, "sdp.version", "0");
    check(body, "sdp.owner.address", "::1");
    check(body, "sdp.session_attr.value", "BUNDLE 0");
    check(body, "sdp.media.port", "9");
    check(body, "sdp.media.format", "96 97");
    check(body, "sdp.media_attribute.field", "rtcp-mux rtpmap");
    check(body, "sdp.unknown", "0");
}

#[test]
fn a_description_has_no_row_of_its_own() {
    let stage = posted("v=0\nm=audio 8000 RTP/AVP 0");
    assert!(stage.rows().contains("sdp@1 \n"), "{}", stage.rows());
    let described = stage.messages().last().unwrap();
    assert_eq!(stage.describe(described).notes, Vec::<String>::new());
}

#[test]
fn what_is_told() {
    let check = |body: &str, expected: &str| {
        let all = told(&posted(body));
        assert_eq!(all.last().map(String::as_str), Some(expected), "{all:?}");
    };
    let headline = "Says where it wants media sent, and in which codings";
    let sent = "To IN IP4 10.0.0.1. audio 8000 RTP/AVP 0.";
    check(
        "v=0\nc=IN IP4 10.0.0.1\nm=audio 8000 RTP/AVP 0",
        &format!("audio 8000 | {headline} | {sent}"),
    );
    check("v=0", &format!("SDP | {headline}"));
}
