//! Tests of the session service of NetBIOS: who asks for whom, and what is none of it.

use super::probe;
use crate::protocol::Likelihood;
use crate::protocols::stage::{ask, crumble, on_port, say};

/// A name as two letters for each byte.
fn name(text: &str, kind: u8) -> Vec<u8> {
    let padded = format!("{text:<15}");
    let letters = padded.bytes().chain([kind]).flat_map(|byte| [byte >> 4, byte & 15]);
    let letters = letters.map(|half| b'A' + half);
    [32].into_iter().chain(letters).chain([0]).collect()
}

#[test]
fn a_session_is_asked_for_and_refused() {
    let names = [name("FILES", 0x20), name("CLIENT", 0)].concat();
    let steps = [
        ask([&[0x81, 0, 0, 68][..], &names].concat()),
        say([0x83, 0, 0, 1, 0x82]),
        ask([&[0x81, 0, 0, 68][..], &names].concat()),
        say([0x82, 0, 0, 0]),
        ask([0x85, 0, 0, 0]),
    ];
    let stage = on_port(139, &steps);
    assert_eq!(
        stage.rows(),
        "nbss@1 Session request\nnbss@2 Negative session response\nnbss@3 Session request\n\
         nbss@4 Positive session response\nnbss@5 Session keep-alive\n"
    );
    assert_eq!(stage.values("nbss.called_name"), "FILES<20> FILES<20>");
    assert_eq!(stage.values("nbss.calling_name"), "CLIENT<00> CLIENT<00>");
    assert_eq!(stage.values("nbss.error_code"), "130");
    let crumbs = on_port(139, &crumble(&steps));
    for name in ["nbss.called_name", "nbss.calling_name", "nbss.error_code"] {
        assert_eq!(crumbs.values(name), stage.values(name), "{name}, byte by byte");
    }
}

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(probe(bytes), expected, "{bytes:?}");
}

#[test]
fn a_port_alone_makes_no_session() {
    check(b"\0\0\0\x40\xfeSMB", Likelihood::Surely);
    check(b"\0\0\0\x40\xffSMB", Likelihood::Surely);
    check(b"\0\0\0\x40\xfeS", Likelihood::Unsaid);
    check(b"\0\0\0\x40HTTP", Likelihood::No);
    check(b"GET / HTTP/1.1\r\n", Likelihood::No);
    check(&[0x85, 0, 0, 0], Likelihood::Unsaid);
    check(&[0x85, 0, 0, 9], Likelihood::No);
    let rows = on_port(445, &[ask("GET / HTTP/1.1\r\n\r\n")]).rows();
    assert_eq!(rows, "http@1 GET / HTTP/1.1 \n");
}
