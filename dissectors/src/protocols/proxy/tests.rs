//! Tests of the PROXY header, and of what follows it.

use crate::protocols::stage::{Step, ask, check_told, crumble, cut, hello, play, say};

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// A header of version 2, with two TLVs.
fn binary() -> Vec<u8> {
    let mut bytes = b"\r\n\r\n\0\r\nQUIT\n\x21\x11".to_vec();
    bytes.extend([0, 12 + 5 + 4, 10, 0, 0, 1, 10, 0, 0, 2, 0x9c, 0x40, 1, 0xbb]);
    bytes.extend([1, 0, 2, b'h', b'2', 4, 0, 1, 0]);
    bytes
}

fn check(steps: &[Step], expected: &[&str]) {
    let rows = play(steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

#[test]
fn the_header_alone_or_with_data_behind_it() {
    let line = "PROXY TCP4 10.0.0.1 10.0.0.2 40000 443\r\n";
    let http = "http@2 GET / HTTP/1.1 ";
    check(&[ask(line), ask(GET)], &["proxy@1 PROXY TCP4 10.0.0.1 10.0.0.2 40000 443", http]);
    check(
        &[ask([line, GET].concat()), say("HTTP/1.1 204 No Content\r\n\r\n")],
        &[
            "proxy@1 PROXY TCP4 10.0.0.1 10.0.0.2 40000 443",
            "http@1 GET / HTTP/1.1 ",
            "http@2 HTTP/1.1 204 No Content ",
        ],
    );
    let mut both = binary();
    both.extend(hello());
    check(
        &[ask(both)],
        &["proxy@1 PROXY 10.0.0.1:40000 → 10.0.0.2:443", "tls@1 ", "tls@1 Client Hello"],
    );
    check(&[ask("PROXY UNKNOWN\r\n"), ask(GET)], &["proxy@1 PROXY UNKNOWN", http]);
    let server_first = [ask(line), say("220 m SMTP\r\n"), ask("EHLO x\r\n")];
    let rows = play(&server_first).rows();
    assert!(rows.ends_with("smtp@2 S: 220 m SMTP\nsmtp@3 C: EHLO x\n"), "{rows}");
}

#[test]
fn fields_are_those_of_wireshark() {
    let stage = play(&[ask(binary())]);
    for (name, expected) in [
        ("proxy.v2.version", "2"),
        ("proxy.v2.cmd", "1"),
        ("proxy.v2.length", "21"),
        ("proxy.src.ipv4", "0a000001"),
        ("proxy.dstport", "443"),
        ("proxy.v2.tlv.type", "1 4"),
        ("proxy.v2.tlv.value", "6832 00"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    let six = play(&[ask("PROXY TCP6 ::1 ::2 1 2\r\n")]);
    assert_eq!(six.values("proxy.v1.proto"), "TCP6");
    assert_eq!(six.values("proxy.dst.ipv6"), "00000000000000000000000000000002");
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let mut whole = binary();
    whole.extend(GET.bytes());
    let expected = numberless(play(&[ask(&whole)]).rows());
    assert_eq!(expected.len(), 2);
    for at in 1..whole.len() {
        assert_eq!(numberless(play(&cut(&[ask(&whole)], at)).rows()), expected, "cut at {at}");
    }
    assert_eq!(numberless(play(&crumble(&[ask(&whole)])).rows()), expected);
}

#[test]
fn a_broken_header_is_described_as_far_as_it_goes() {
    let mut bytes = binary();
    bytes[15] = 9;
    for len in 1..bytes.len() {
        play(&[ask(&bytes[..len])]).rows();
    }
    let stage = play(&[ask(&bytes[..25])]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.notes, ["The addresses claims 12 bytes, but only 9 are there"]);
    let endless = "PROXY TCP4 ".to_owned() + &"1".repeat(200);
    assert!(!play(&[ask(endless)]).rows().contains("proxy"));
}

#[test]
fn what_is_told() {
    let check = |header: &[u8], label: &str, detail: &str| {
        let headline = "Says whose connection this is, before the client's own first byte";
        check_told(&play(&[ask(header)]), &[&format!("{label} | {headline} | {detail}")]);
    };
    let ends = "From 10.0.0.1, port 40000, to 10.0.0.2, port 443. Nothing answers it.";
    check(b"PROXY TCP4 10.0.0.1 10.0.0.2 40000 443\r\n", "PROXY", ends);
    check(&binary(), "PROXY v2", ends);
    let nobody = "It names no addresses: the proxy speaks for itself, or does not know.";
    check(b"PROXY UNKNOWN\r\n", "PROXY", nobody);
}
