//! GnuTLS's client, another stack, with OpenSSL's server. (Its own server listens to the world.)

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::openssl::{self, Server};
use super::{Sent, converse, fault, says_version};
use crate::skip::skip;

/// Versions by their priority strings, each with what goes with it and the ciphers that both have.
const SESSIONS: [(&str, &str, &[&str]); 4] = [
    ("VERS-TLS1.0", "SHA1", &["AES-128-CBC", "AES-256-CBC", "CAMELLIA-128-CBC"]),
    ("VERS-TLS1.1", "SHA1", &["AES-128-CBC", "CAMELLIA-256-CBC", "NULL"]),
    (
        "VERS-TLS1.2",
        "AEAD:+SHA1:+SHA256",
        &["AES-128-GCM", "AES-256-CCM-8", "AES-128-CCM", "CHACHA20-POLY1305", "AES-256-CBC"],
    ),
    ("VERS-TLS1.3", "AEAD", &["AES-128-GCM", "AES-256-GCM", "AES-128-CCM", "CHACHA20-POLY1305"]),
];

/// A priority string: one version, one cipher, and all that goes with them.
fn priority(version: &str, mac: &str, cipher: &str) -> String {
    format!(
        "NONE:+{version}:+{cipher}:+{mac}:+RSA:+ECDHE-RSA:+DHE-RSA:+GROUP-ALL:+SIGN-ALL:+COMP-NULL:\
         +CTYPE-ALL:%VERIFY_ALLOW_SIGN_WITH_SHA1"
    )
}

/// One session: what was sent, and the key log. Nothing where it does not come about.
fn session(folder: &Path, server: &Server, priority: &str) -> Option<(Sent, String)> {
    let keys = folder.join("gnutls.log");
    let _ = fs::remove_file(&keys);
    let sent = converse(server.port(), |port| {
        let mut command = Command::new("gnutls-cli");
        command
            .args(["--insecure", "--priority", priority, "--port", &port.to_string()])
            .args(["--logfile", "client.log", "127.0.0.1"])
            .env("SSLKEYLOGFILE", &keys)
            .current_dir(folder)
            .stderr(Stdio::null());
        command
    });
    sent.map(|sent| (sent, fs::read_to_string(keys).unwrap_or_default()))
}

#[test]
fn what_gnutls_says_opens() {
    for (program, ask) in [("openssl", "version"), ("gnutls-cli", "--version")] {
        if !says_version(program, ask) {
            return skip("what_gnutls_says_opens", &format!("{program} is missing"));
        }
    }
    let folder = openssl::folder("gnutls");
    let server = Server::start(folder.path(), &["-cert", "rsa.pem", "-key", "rsa.key"]);
    let (mut faults, mut refused, mut opened) = (Vec::new(), Vec::new(), 0);
    for (version, mac, ciphers) in SESSIONS {
        for cipher in ciphers {
            let name = format!("{version} {cipher}");
            match session(folder.path(), &server, &priority(version, mac, cipher)) {
                Some((sent, keys)) => {
                    opened += 1;
                    faults.extend(fault(&sent, &keys, &name));
                }
                None => refused.push(name),
            }
        }
    }
    assert_eq!(faults, [""; 0], "of {opened}");
    assert!(opened >= 8, "only {opened} came about; refused: {refused:?}");
    eprintln!("{opened} opened; refused: {refused:?}");
}
