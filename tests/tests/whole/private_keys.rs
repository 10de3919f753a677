//! The server's private key opens what clients have sealed to it, and nothing else.

use wirestage_tests::program::{no_lab, run};
use wirestage_tests::skip;

/// The type of a Decryption Secrets Block, and the type of a block that is left out by readers
/// that do not know it (pcapng, section 4).
const SECRETS: u32 = 0x0000_000a;
const UNKNOWN: u32 = 0x7fff_ffff;

/// The same file whose secrets nobody reads.
fn without_secrets(mut file: Vec<u8>) -> Vec<u8> {
    let word = |file: &[u8], at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let mut at = 0;
    while at < file.len() {
        let len = word(&file, at + 4) as usize;
        if word(&file, at) == SECRETS {
            file[at..at + 4].copy_from_slice(&UNKNOWN.to_le_bytes());
        }
        at += len;
    }
    file
}

/// Whether the line that the client says can be read, without keys and with the server's.
#[track_caller]
fn check(exchange: &str, expected: [bool; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (recording, key) = (path("a.pcapng"), path("server.key"));
    let (exchange, file) = (format!("exchange={exchange}"), format!("key_file={key}"));
    let ran = run(&["record", "tls12-rsa", "--set", &exchange, "--set", &file, "-o", &recording]);
    if ran.code != 0 && ran.err.contains("which is not installed") {
        return skip("a server's private key", &ran.err);
    }
    let _ = ran.done();
    let sealed = without_secrets(std::fs::read(&recording).unwrap());
    std::fs::write(&recording, sealed).unwrap();
    let said = |arguments: &[&str]| {
        let told = run(&[&["story", &recording], arguments].concat()).done();
        told.text().contains("who will read this")
    };
    let found = [said(&[]), said(&["--keys", &key])];
    assert_eq!(found, expected, "{exchange}");
}

#[test]
fn a_private_key_opens_what_was_sealed_to_it_and_nothing_else() {
    if let Some(why) = no_lab() {
        return skip("a server's private key", &why);
    }
    check("rsa", [false, true]);
    check("ecdhe", [false, false]);
}
