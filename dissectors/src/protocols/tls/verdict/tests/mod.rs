//! Every verdict, beside what was said before it.

mod certificates;

use super::super::handshake::wire::{ANYWHERE, HandshakeType as Type};
use super::certificate::Shown;
use super::*;
use crate::bytes::Reader;

const CLIENT: Direction = Direction::Forward;
const SERVER: Direction = Direction::Backward;

/// The 29th of November 2026.
const NOW: Time = Time(1_795_910_400 * 1_000_000_000);

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
}

fn hello(suites: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = extensions.concat();
    let len = (list.len() as u16).to_be_bytes();
    [&[3, 3][..], &[7; 32], &[0], suites, &len, &list].concat()
}

/// A client that offers both versions, one suite, two groups, one signature scheme, two protocols,
/// and asks for a name.
fn offered() -> Case {
    let name = extension(0, &[0, 8, 0, 0, 5, b'e', b'.', b'o', b'r', b'g']);
    let groups = extension(10, &[0, 6, 0x0a, 0x0a, 0, 29, 0, 23]);
    let schemes = extension(13, &[0, 2, 4, 3]);
    let alpn = extension(16, b"\0\x0c\x02h2\x08http/1.1");
    let versions = extension(43, &[6, 0x1a, 0x1a, 3, 4, 3, 3]);
    let suites = [0, 6, 0x13, 1, 0, 0xff, 0x2a, 0x2a, 1, 0];
    said(&[(CLIENT, 1, &hello(&suites, &[name, groups, schemes, alpn, versions]))])
}

fn said(messages: &[(Direction, u8, &[u8])]) -> Case {
    let mut handshake = Case::default();
    say(&mut handshake, messages);
    handshake
}

fn say(handshake: &mut Case, messages: &[(Direction, u8, &[u8])]) {
    for (from, kind, body) in messages {
        handshake.read(Type(*kind), Reader::new(body, ANYWHERE), *from, true);
    }
}

/// A client that was answered with a version.
fn answered(version: u16) -> Case {
    let mut handshake = offered();
    let [high, low] = version.to_be_bytes();
    let answer = hello(&[0x13, 1, 0], &[extension(43, &[high, low])]);
    say(&mut handshake, &[(SERVER, 2, &answer)]);
    handshake
}

/// A client that was shown a certificate of `e.org`, valid so many days before and after.
fn shown(issuer: &str, name: &str, days: [i64; 2]) -> Case {
    let mut handshake = answered(0x0304);
    handshake.shown = [None, Some(Shown::made("CN=e.org", issuer, name, days))];
    handshake.last = [handshake.last[0], Some("Finished")];
    handshake
}

#[track_caller]
fn check(verdict: Option<Verdict>, expected: &str) {
    let found = verdict.map(|verdict| format!("{}: {}", verdict.cause, verdict.told()));
    assert_eq!(found.as_deref(), Some(expected));
}

#[track_caller]
fn alert(handshake: &Case, by: Direction, description: u8, expected: &str) {
    check(handshake.alert(&[2, description], by, Protection::Clear, NOW), expected);
}

#[test]
fn offers_that_do_not_meet() {
    alert(
        &offered(),
        SERVER,
        70,
        "no-common-version: The server speaks none of the versions that the client offers. The \
         client offers TLS 1.3 and TLS 1.2.",
    );
    alert(
        &answered(0x0302),
        CLIENT,
        70,
        "no-common-version: The client does not take the version that the server chose. The client \
         offers TLS 1.3 and TLS 1.2. The server chose TLS 1.1.",
    );
    alert(
        &offered(),
        SERVER,
        120,
        "no-common-alpn: The server speaks none of the protocols that the client offers (ALPN). The \
         client offers to speak h2 and http/1.1, and nothing else.",
    );
    let offers = "The client offers TLS 1.3 and TLS 1.2. It offers the suite \
                  TLS_AES_128_GCM_SHA256. It offers the groups x25519 and secp256r1. It offers the \
                  signature scheme ecdsa_secp256r1_sha256. It asks for e.org (SNI).";
    let refused = "handshake-failure: The server refuses what the client offers, and says only: \
                   handshake failure.";
    let open = "What the server lacks, it has not said: the alert is for no common suite, group or \
                signature scheme. Some send it for other reasons as well: GnuTLS where no version \
                is common, and servers of many names where they have no certificate for the one \
                that is asked for.";
    alert(&offered(), SERVER, 40, &format!("{refused} {offers} {open}"));
    let mut retried = answered(0x0304);
    retried.retried = true;
    alert(
        &retried,
        SERVER,
        40,
        &format!(
            "{refused} {offers} It had asked for another ClientHello, so a version, a suite and a \
             group were found; what is lacking, it has not said."
        ),
    );
    alert(
        &offered(),
        SERVER,
        71,
        "insufficient-security: The server will not go on: what the other side can do is not \
         strong enough for it.",
    );
    alert(
        &offered(),
        SERVER,
        112,
        "unknown-name: The server does not know the name that the client asks for. The client asks \
         for e.org (SNI).",
    );
}

#[test]
fn drafts_of_a_version_go_by_their_numbers() {
    let versions = extension(43, &[4, 0x7f, 14, 3, 3]);
    let case = said(&[(CLIENT, 1, &hello(&[0, 2, 0x13, 1, 1, 0], &[versions]))]);
    alert(
        &case,
        SERVER,
        70,
        "no-common-version: The server speaks none of the versions that the client offers. The \
         client offers TLS 1.3 as of draft 14 and TLS 1.2.",
    );
}

#[test]
fn offers_that_name_nothing() {
    let nameless = || said(&[(CLIENT, 1, &hello(&[0, 2, 0x13, 1, 1, 0], &[]))]);
    alert(
        &nameless(),
        SERVER,
        112,
        "unknown-name: The server wants to be asked for a name that it knows. The client asks for \
         no name (SNI).",
    );
    alert(
        &nameless(),
        SERVER,
        120,
        "no-common-alpn: The server speaks none of the protocols that the client offers (ALPN). The \
         client offers no protocol at all.",
    );
    let told = nameless().alert(&[2, 40], SERVER, Protection::Clear, NOW).expect("a verdict");
    assert!(told.told().contains("It asks for no name (SNI)."), "{}", told.told());
}

#[test]
fn alerts_whose_reason_nothing_before_proves_are_named() {
    let unheard = "No ClientHello was recorded before it.";
    for (description, name) in
        [(70, "protocol version"), (40, "handshake failure"), (112, "unrecognized name")]
    {
        alert(
            &Case::default(),
            SERVER,
            description,
            &format!("alert: The server will not go on, and says only: {name}. {unheard}"),
        );
    }
    alert(
        &answered(0x0304),
        SERVER,
        70,
        "alert: The server will not go on, and says only: protocol version.",
    );
    alert(
        &offered(),
        CLIENT,
        70,
        "alert: The client will not go on, and says only: protocol version.",
    );
}

#[test]
fn alerts_that_say_all_there_is() {
    let handshake = answered(0x0304);
    for (description, expected) in [
        (
            10,
            "unexpected-message: The client will not go on: a message came that has no place there.",
        ),
        (
            20,
            "bad-record: The client will not go on: a record could not be opened: the keys differ, \
             or bytes were changed on the way.",
        ),
        (
            40,
            "handshake-failure: The client will not go on: it cannot agree to what the other side \
             wants.",
        ),
        (44, "revoked: The client will not go on: the certificate was taken back."),
        (
            47,
            "illegal-parameter: The client will not go on: a field contradicts another one, or may \
             not be so.",
        ),
        (
            49,
            "access-denied: The client will not go on: it does not let the other side in. The alert is \
             access_denied: who is shown is known, and has no right to come in. GnuTLS’ server \
             sends it for a certificate that it does not trust, too.",
        ),
        (50, "decode-error: The client will not go on: a message could not be read."),
        (
            51,
            "decrypt-error: The client will not go on: a signature, a Finished or a binder is not \
             right.",
        ),
        (
            80,
            "internal-error: The client will not go on: something went wrong inside it; the other \
             side is no reason.",
        ),
        (
            86,
            "fallback: The client will not go on: the client says that this is its second try with \
             less, and the server could do more.",
        ),
        (
            109,
            "missing-extension: The client will not go on: an extension is missing that has to be \
             there.",
        ),
        (22, "alert: The client will not go on, and says only: record overflow."),
    ] {
        alert(&handshake, CLIENT, description, expected);
    }
}

#[test]
fn what_ends_nothing_is_no_failure() {
    let alert =
        |handshake: &Case, bytes: &[u8]| handshake.alert(bytes, CLIENT, Protection::Clear, NOW);
    let mut done = answered(0x0304);
    say(&mut done, &[(SERVER, 20, &[0; 32]), (CLIENT, 20, &[0; 32])]);
    assert_eq!(alert(&done, &[1, 0]), None, "close_notify");
    assert_eq!(done.silent(CLIENT, Ending::Closed), None);
    assert_eq!(alert(&answered(0x0304), &[1, 90]), None, "user_canceled");
    assert_eq!(alert(&answered(0x0303), &[1, 112]), None, "a warning");
    assert_eq!(Case::default().silent(SERVER, Ending::Reset), None, "nobody said hello");
    assert_eq!(alert(&answered(0x0304), &[2]), None, "half an alert");
}

#[test]
fn ends_without_an_alert() {
    let open = "A program that speaks no TLS does so, one that does not know the name, or a device \
                on the way: the bytes do not tell which.";
    check(
        offered().ends(SERVER, Ending::Reset),
        &format!(
            "silence: The server breaks the connection off without a word of TLS. It was asked for \
             e.org (SNI). {open}"
        ),
    );
    check(
        offered().ends(CLIENT, Ending::Closed),
        "gave-up: The client ends the connection before the server has said a word of TLS.",
    );
    check(
        shown("CN=Root", "e.org", [-9, 9]).ends(CLIENT, Ending::Closed),
        "no-alert: The client ends the connection in the middle of the handshake, without an alert. \
         The last that the server had said is its Finished. It was shown a certificate of CN=e.org, \
         signed by CN=Root.",
    );
    check(
        answered(0x0304).alert(&[1, 0], CLIENT, Protection::Handshake, NOW),
        "gave-up: The client takes leave before the handshake is complete.",
    );
    let mut handshake = offered();
    assert!(handshake.ends(SERVER, Ending::Reset).is_some());
    assert_eq!(handshake.ends(CLIENT, Ending::Closed), None, "what follows follows from it");
}

#[test]
fn another_protocol() {
    check(
        offered().beside("HTTP", SERVER),
        "not-tls: The server answers in HTTP: it expects no TLS on this port.",
    );
    check(offered().beside("Data", SERVER), "not-tls: The server answers with what is no TLS.");
    assert_eq!(Case::default().beside("SMTP", SERVER), None, "before TLS began");
    assert_eq!(answered(0x0304).beside("HTTP", SERVER), None);
}

#[test]
fn one_side_that_speaks_no_tls() {
    let spoke = |titles: [Option<&'static str>; 2], case: Case| Case { beside: titles, ..case };
    let asks = || spoke([Some("HTTP"), None], Case::default());
    alert(
        &asks(),
        SERVER,
        70,
        "not-tls: The client speaks HTTP, and the server TLS. It refuses with an alert, protocol \
         version; no ClientHello went before it.",
    );
    alert(
        &spoke([Some("Data"), None], Case::default()),
        SERVER,
        70,
        "alert: The server will not go on, and says only: protocol version. No ClientHello was \
         recorded before it.",
    );
    let greets = || spoke([None, Some("SMTP")], offered());
    let expected = "not-tls: The server speaks first, in SMTP: it expects no TLS on this port.";
    alert(&greets(), CLIENT, 70, expected);
    check(greets().ends(SERVER, Ending::Closed), expected);
    check(greets().ends(CLIENT, Ending::Reset), expected);
    check(
        spoke([None, Some("Data")], offered()).ends(CLIENT, Ending::Reset),
        "not-tls: The server speaks first, and what it says is no TLS.",
    );
    // Both have agreed on TLS.
    let agreed = spoke([Some("SMTP"), Some("SMTP")], offered()).ends(SERVER, Ending::Closed);
    assert_eq!(agreed.map(|one| one.cause), Some("silence"));
}

#[test]
fn a_first_sealed_record_that_can_only_be_an_alert() {
    let record = |len: usize| [&[23, 3, 3, 0, 19][..], &vec![0; len]].concat();
    check(
        answered(0x0304).sealed(&record(19), CLIENT),
        "sealed-alert: The client refuses, and why is sealed: its first sealed record is as long as \
         an alert.",
    );
    let mut handshake = answered(0x0304);
    assert_eq!(handshake.sealed(&record(69), CLIENT), None, "a Finished");
    assert_eq!(handshake.sealed(&record(19), CLIENT), None, "close_notify");
    assert_eq!(answered(0x0303).sealed(&record(19), CLIENT), None, "TLS 1.2");
}

#[test]
fn of_long_lists_the_first_few_are_named() {
    let words: Vec<String> = (1..=8).map(|number| format!("n{number}")).collect();
    assert_eq!(offer::listed(&words), "n1, n2, n3, n4, n5, n6 and 2 more");
    assert_eq!(offer::listed(&words[..3]), "n1, n2 and n3");
    assert_eq!(offer::listed(&[]), "nothing");
}

#[test]
fn messages_that_are_cut_or_of_another_kind_break_nothing() {
    let name = extension(0, &[0, 8, 0, 0, 5, b'e', b'.', b'o', b'r', b'g']);
    let body = hello(&[0, 2, 0x13, 1, 1, 0], &[name, extension(16, &[0, 3, 2, b'h', b'2'])]);
    for kind in 0..=67 {
        for len in 0..=body.len() {
            let mut case = said(&[(CLIENT, kind, &body[..len]), (SERVER, kind, &body[..len])]);
            for by in Direction::BOTH {
                for description in 0..=121 {
                    let _ = case.alert(&[2, description], by, Protection::Clear, NOW);
                }
                let _ = case.sealed(&body[..len], by);
            }
        }
    }
}

#[test]
fn a_client_whose_sealed_hello_was_not_opened_goes_on_with_nobody() {
    let sentence = "ech-required: The server has not opened the ClientHello that was sealed for it, \
                    and the client says nothing to anybody else.";
    let mut handshake = answered(0x0304);
    alert(&handshake, CLIENT, 121, sentence);
    let list = extension(0xfe0d, &[0, 0]);
    let body = [&(list.len() as u16).to_be_bytes()[..], &list].concat();
    say(&mut handshake, &[(SERVER, 8, &body)]);
    let keys = "The server has sent keys to come back with (retry_configs).";
    alert(&handshake, CLIENT, 121, &format!("{sentence} {keys}"));
}
