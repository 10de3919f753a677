//! TLS as far as its keys: suites of all ages with a key log that opens them, and key logs in each
//! form that was ever written.

use super::{dialogues, talk};
use crate::input::{Carrier, Input};

/// Records that other programs sealed: version and suite, then the first and the second one. The
/// tests of the protocol hold its keys against them.
const VECTORS: &str = include_str!("../../../../dissectors/src/protocols/tls/keys/vectors.txt");

/// Random bytes of both sides, and the master secret that the records were sealed with.
const CLIENT: &str = "07";
const SERVER: &str = "08";
const MASTER: &str = "09";

/// A record of TLS, in hexadecimal digits.
fn record(kind: &str, version: &str, content: &str) -> String {
    format!("{kind} {version} {:04x} {content} ", content.replace(' ', "").len() / 2)
}

/// A message of the handshake, in a record.
fn message(kind: &str, version: &str, body: &str) -> String {
    let len = body.replace(' ', "").len() / 2;
    record("16", version, &format!("{kind} {len:06x} {body}"))
}

/// Both sides of a handshake that takes this suite, with a session id and extensions.
fn handshake(version: &str, suite: &str, (session, list): (&str, &str)) -> [String; 3] {
    let id = format!("{:02x} {session}", session.len() / 2);
    let list = match list.len() / 2 {
        0 => String::new(),
        len => format!("{len:04x} {list}"),
    };
    let (client, server) = (CLIENT.repeat(32), SERVER.repeat(32));
    let hello = format!("{version} {client} {id} 0002 {suite} 01 00 {list}");
    let answer = format!("{version} {server} {id} {suite} 00 {list}");
    let exchange = format!("0010 {}", "0102030405060708".repeat(2));
    [
        message("01", version, &hello),
        message("02", version, &answer),
        message("10", version, &exchange) + &record("14", version, "01"),
    ]
}

/// A connection with that key log.
fn connection(hellos: &[String; 3], records: &[&str], log: &str) -> Input {
    let [hello, answer, exchange] = hellos;
    let mut said = vec![format!("Cx {hello}"), format!("Sx {answer}"), format!("Cx {exchange}")];
    said.extend(records.iter().map(|record| format!("Cx {record}")));
    // What the server seals nobody has sealed, so it is what fails to open.
    said.push(format!("Sx 14 0303 0001 01 17 0303 0040 {}", "5a".repeat(64)));
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    Input { secrets: log.into(), ..talk(Carrier::Tcp(443), &said) }
}

/// How the master secret is logged.
fn logged() -> String {
    format!("CLIENT_RANDOM {} {}\n", CLIENT.repeat(32), MASTER.repeat(48))
}

/// Suites from SSL 3.0 to TLS 1.2, also where they encrypt first; and samples of today.
pub(super) fn ages() -> Vec<Input> {
    let mut found = dialogues::of(&[443], &["tls"]);
    for line in VECTORS.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [version, suite, records @ ..] = &words[..] else { continue };
        for list in ["", "00160000", "00170000"] {
            let hellos = handshake(version, suite, ("", list));
            found.push(connection(&hellos, records, &logged()));
        }
    }
    found
}

/// Every label over one connection, and over the samples.
pub(super) fn logs() -> Vec<Input> {
    let (random, secret) = (CLIENT.repeat(32), MASTER.repeat(48));
    let session = "0a".repeat(32);
    let forms = [
        logged(),
        format!("\u{feff}# a comment\r\nclient_random {random} {secret}\r\n"),
        format!("RSA Session-ID:{session} Master-Key:{secret}\n"),
        format!("RSA 0102030405060708 {secret}\nPMS_CLIENT_RANDOM {random} {secret}\n"),
        format!(
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET {random} {secret}\nSOME_FUTURE_SECRET {random} 00\n"
        ),
        format!("CLIENT_RANDOM {random}\nRSA\n-----BEGIN PRIVATE KEY-----\nAAAA\n"),
    ];
    let mut found = dialogues::of(&[], &["tls12", "tls13"]);
    for (form, line) in forms.iter().zip(VECTORS.lines().cycle()) {
        let words: Vec<&str> = line.split(' ').collect();
        let [version, suite, records @ ..] = &words[..] else { continue };
        let hellos = handshake(version, suite, (&session, ""));
        found.push(connection(&hellos, records, form));
    }
    found
}
