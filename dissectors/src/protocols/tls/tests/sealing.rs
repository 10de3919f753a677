//! Records in captures that begin late: none is read in the clear because nobody saw the handshake.
//! Of each that stays sealed, the reason.

use super::{
    GCM, HANDSHAKE, TLS10, TLS12, client_hello, hellos, log, message, played, record, sealed,
};
use crate::protocols::stage::{Step, ask, on_port, say};

const ALERT: u8 = 21;

#[track_caller]
fn rows(steps: &[Step], expected: &[&str]) {
    let found = on_port(443, steps).rows();
    let found: Vec<&str> = found.lines().map(str::trim_end).filter(|row| *row != "tls@1").collect();
    assert_eq!(found, expected);
}

#[test]
fn alerts_are_sealed_where_they_are_too_long() {
    let bytes: Vec<u8> = (0..48).map(|byte| byte * 5 + 3).collect();
    rows(&[say(record(ALERT, TLS10, &bytes))], &["tls@1 Encrypted Alert"]);
    rows(
        &[say(record(ALERT, TLS10, &[1, 0]))],
        &["tls@1 Alert (Level: Warning, Description: Close Notify)"],
    );
}

#[test]
fn handshake_messages_are_sealed_where_none_begins_so() {
    // What a sealed Finished looks like, in the middle of a connection.
    let bytes: Vec<u8> = (0..40).map(|byte| 0x73 + byte).collect();
    rows(&[ask(record(HANDSHAKE, TLS12, &bytes))], &["tls@1 Encrypted Handshake Message"]);
    let certificate = message(11, &[&[0, 0, 15, 0, 0, 12][..], &[7; 12]].concat());
    rows(&[say(record(HANDSHAKE, TLS12, &certificate))], &["tls@1 Certificate"]);
}

#[test]
fn a_hello_behind_a_change_cipher_spec_is_one() {
    let hello = || record(HANDSHAKE, TLS12, &client_hello(TLS12, 0x1301));
    let again = [record(20, TLS12, &[1]), hello()].concat();
    let found = on_port(443, &[ask(hello()), ask(again)]).rows();
    let said: Vec<&str> =
        found.lines().filter(|row| row.contains(' ') && !row.ends_with(' ')).collect();
    assert_eq!(said, ["tls@1 Client Hello", "tls@2 Change Cipher Spec", "tls@2 Client Hello"]);
}

/// A client that says hello and something more, with a suite.
fn connection(suite: u16, last: Vec<u8>) -> Vec<Step> {
    let [hello, answer] = hellos(TLS12, suite);
    vec![hello, answer, ask(record(20, TLS12, &[1])), ask(last)]
}

#[track_caller]
fn stays(steps: &[Step], log: &str, expected: &str) {
    let played = played(steps, log);
    assert_eq!(played.values("tls.record.sealed"), expected);
    let last = played.messages().last().unwrap();
    let notes = played.describe(last).notes;
    assert_eq!(notes, if expected.is_empty() { vec![] } else { vec![expected.to_owned()] });
}

#[test]
fn each_record_that_stays_sealed_says_why() {
    let known = log("07");
    let said = || sealed(23, 0, b"hello");
    stays(&connection(GCM, said()), &known, "");
    stays(
        &connection(GCM, said()),
        "",
        "A key log with the secrets of this connection would open it",
    );
    stays(
        &connection(GCM, said()),
        &log("06"),
        "The keys at hand are those of other connections: no line of the key log bears the random of \
         this ClientHello",
    );
    stays(
        &connection(GCM, said()),
        &known.replace("CLIENT_RANDOM", "EXPORTER_SECRET"),
        "The key log holds other secrets of this connection, and not the one that this takes",
    );
    // TLS_RSA_WITH_RC2_CBC_MD5 was none that TLS took over; the one of GOST is not opened here.
    stays(&connection(0xc102, said()), &known, "The cipher suite is none that is opened here");
    let mut changed = said();
    changed[14] ^= 1;
    stays(
        &connection(GCM, changed),
        &known,
        "The key at hand does not open it: it was changed on its way, or the key is that of another \
         connection",
    );
    stays(
        &[ask(said())],
        &known,
        "What both sides agreed on is not in the capture: no key can be tried",
    );
}
