//! A pre-shared key between OpenSSL's own programs: whoever names it in the key log sees its binder
//! made anew.

use std::io::Write;

use tempfile::NamedTempFile;
use wirestage_tests::program::run;
use wirestage_tests::skip;

use super::certificates::Made;
use super::openssl::{self, Client, Server};
use super::wire::{Seen, Wire};

const SHARED: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A handshake with that key, and the key log of it.
fn handshake(made: &Made, suite: &str) -> (Seen, String) {
    let keys = made.folder().join("keys.log");
    let _ = std::fs::remove_file(&keys);
    let arguments = ["-tls1_3", "-psk", SHARED, "-psk_identity", "us", "-ciphersuites", suite];
    let server = Server::start(made.folder(), &arguments);
    let wire = Wire::between(server.port());
    Client::run(made.folder(), wire.port(), &arguments, &keys);
    let seen = wire.finish();
    (seen, std::fs::read_to_string(&keys).expect("it logs its keys"))
}

/// What is told of the key schedule, with one more line in the key log where one is given.
fn told(seen: &Seen, key_log: &str, shared: Option<&str>) -> String {
    let random = key_log
        .lines()
        .find_map(|line| line.strip_prefix("CLIENT_HANDSHAKE_TRAFFIC_SECRET ")?.split(' ').next())
        .expect("a line of TLS 1.3");
    let line = shared.map(|shared| format!("PRE_SHARED_KEY {random} {shared}\n"));
    let key_log = format!("{key_log}{}", line.unwrap_or_default());
    let mut file: NamedTempFile =
        tempfile::Builder::new().suffix(".pcapng").tempfile().expect("a file");
    file.write_all(&seen.recording(&key_log)).expect("it can be written");
    let path = file.path().display().to_string();
    run(&["story", &path, "--key-schedule"]).done().text().to_owned()
}

#[test]
fn the_binder_of_a_key_that_a_key_log_names_is_made_anew() {
    if !openssl::is_there() {
        return skip("a pre-shared key of OpenSSL", "there is no openssl");
    }
    let made = Made::new();
    let (seen, key_log) = handshake(&made, "TLS_AES_128_GCM_SHA256");
    let unnamed = told(&seen, &key_log, None);
    assert!(unnamed.contains("of the pre-shared key, which both had before"), "{unnamed}");
    assert!(!unnamed.contains("binder"), "{unnamed}");
    let named = told(&seen, &key_log, Some(SHARED));
    for line in [
        "    pre-shared key\n        made by another way: both had it before; in the key log",
        "    Early Secret\n        made of the pre-shared key, which both had before; worked out",
        "    binder_key\n        made of the Early Secret, \"ext binder\"; worked out",
        "        the binder in frame 4 was made anew, and is right",
    ] {
        assert!(named.contains(line), "{line:?} is not in\n{named}");
    }
    assert!(!named.contains(SHARED), "values are shown on demand only");
    let other = SHARED.replace('0', "1");
    let other = told(&seen, &key_log, Some(&other));
    assert!(other.contains("the binder in frame 4 was made anew, and is WRONG"), "{other}");
    let hidden = "which both had before; never leaves either side";
    assert!(other.contains(hidden), "{other}");
}
