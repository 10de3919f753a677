//! Foreign handshakes that fail, made by OpenSSL and GnuTLS while the test runs: each gets the
//! right verdict.
//!
//! ```text
//!   openssl s_client ──> wire ──> openssl s_server      wire: passes bytes on, and writes down what
//!   gnutls-cli       ──> wire ──> gnutls-serv           went by as packets of TCP
//! ```
//!
//! Where one of them is not there, its test says so aloud and does nothing.

mod binders;
mod certificates;
mod gnutls;
mod openssl;
mod programs;
mod wire;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use certificates::Made;
use openssl::{Client, Server};
use wire::{Ending, Seen, Wire};
use wirestage::document::Opening;
use wirestage_tests::{open, skip};

/// What fails, how it is made, and the verdict on it: its cause, and a part of what it says.
struct Case {
    name: &'static str,
    server: &'static [&'static str],
    client: &'static [&'static str],
    cause: &'static str,
    says: &'static str,
}

/// What a client is told to do with certificates: believe our root, and stop at the first fault.
const CHECKS: &[&str] = &["-CAfile", "root.pem", "-verify_return_error"];

const CASES: &[Case] = &[
    Case {
        name: "no common version",
        server: &["-tls1_3"],
        client: &["-tls1_2"],
        cause: "no-common-version",
        says: "The client offers TLS 1.2.",
    },
    Case {
        name: "no common suite, TLS 1.2",
        server: &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
        client: &["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"],
        cause: "handshake-failure",
        says: "It offers the suite TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384.",
    },
    Case {
        name: "no common suite, TLS 1.3",
        server: &["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"],
        client: &["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
        cause: "handshake-failure",
        says: "It offers the suite TLS_CHACHA20_POLY1305_SHA256.",
    },
    Case {
        name: "no common group",
        server: &["-tls1_3", "-groups", "P-384"],
        client: &["-tls1_3", "-groups", "X25519"],
        cause: "handshake-failure",
        says: "It offers the group x25519.",
    },
    Case {
        name: "no common signature scheme",
        server: &["-tls1_3"],
        client: &["-tls1_3", "-sigalgs", "ed25519"],
        cause: "handshake-failure",
        says: "It offers the signature scheme ed25519.",
    },
    Case {
        name: "no common ALPN",
        server: &["-alpn", "h2"],
        client: &["-alpn", "http/1.1"],
        cause: "no-common-alpn",
        says: "The client offers to speak http/1.1, and nothing else.",
    },
    Case {
        name: "unknown CA",
        server: &["-cert", "stranger.pem", "-key", "stranger.key", "-tls1_2"],
        client: CHECKS,
        cause: "unknown-issuer",
        says: "signed by CN=Somebody Else.",
    },
    Case {
        name: "signed by itself",
        server: &["-cert", "selfsigned.pem", "-key", "selfsigned.key"],
        client: CHECKS,
        cause: "unknown-issuer",
        says: "is signed by itself.",
    },
    Case {
        name: "expired",
        server: &["-cert", "expired.pem", "-key", "expired.key"],
        client: CHECKS,
        cause: "expired",
        says: "The certificate of the server has run out.",
    },
    Case {
        name: "not valid yet",
        server: &["-cert", "early.pem", "-key", "early.key"],
        client: CHECKS,
        cause: "not-yet-valid",
        says: "The certificate of the server is not valid yet.",
    },
    Case {
        name: "wrong name",
        server: &["-cert", "other.pem", "-key", "other.key"],
        client: &[
            "-CAfile",
            "root.pem",
            "-verify_return_error",
            "-verify_hostname",
            "server.wirestage.test",
        ],
        cause: "wrong-name",
        says: "The certificate is for other.wirestage.test.",
    },
    Case {
        name: "no client certificate, TLS 1.2",
        server: &["-tls1_2", "-Verify", "1", "-CAfile", "root.pem"],
        client: &[],
        cause: "no-client-certificate",
        says: "the client’s Certificate is empty.",
    },
    Case {
        name: "no client certificate, TLS 1.3",
        server: &["-tls1_3", "-Verify", "1", "-CAfile", "root.pem"],
        client: &[],
        cause: "no-client-certificate",
        says: "the client’s Certificate is empty.",
    },
    Case {
        name: "unknown CA of a client, after it takes itself for connected",
        server: &["-Verify", "1", "-verify_return_error", "-CAfile", "root.pem"],
        client: &["-cert", "stranger.pem", "-key", "stranger.key"],
        cause: "unknown-issuer",
        says: "The server knows nobody who vouches for the certificate of the client.",
    },
];

#[test]
fn failures_of_openssl_get_the_right_verdict() {
    if !openssl::is_there() {
        return skip("foreign handshakes that fail", "there is no openssl");
    }
    check(CASES, |made, case, keys| {
        let server = Server::start(made.folder(), case.server);
        let wire = Wire::between(server.port());
        Client::run(made.folder(), wire.port(), case.client, keys);
        wire.finish()
    });
}

#[test]
fn failures_of_gnutls_get_the_right_verdict() {
    if !gnutls::is_there() {
        return skip("foreign handshakes that fail", "there is no gnutls-serv and gnutls-cli");
    }
    check(gnutls::CASES, |made, case, keys| {
        let server = gnutls::serve(made.folder(), case.server);
        let wire = Wire::between(server.port());
        gnutls::connect(made.folder(), wire.port(), case.client, keys);
        wire.finish()
    });
}

/// Makes each handshake, and holds the verdict on it against what is expected.
fn check(cases: &[Case], make: impl Fn(&Made, &Case, &Path) -> Seen) {
    let made = Made::new();
    let mut wrong = Vec::new();
    for case in cases {
        let keys = made.folder().join("keys.log");
        let _ = std::fs::remove_file(&keys);
        let seen = make(&made, case, &keys);
        let key_log = std::fs::read_to_string(&keys).unwrap_or_default();
        wrong.extend(differs(case.name, &judged(&seen, &key_log), (case.cause, case.says)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn another_protocol_and_silence_get_the_right_verdict() {
    if !openssl::is_there() {
        return skip("foreign handshakes that fail", "there is no openssl");
    }
    let made = Made::new();
    let refusal = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    let cases: [(&str, &'static [u8], Ending, &str, &str); 3] = [
        ("a web server", refusal, Ending::Ends, "not-tls", "The server answers in HTTP"),
        ("one that hangs up", b"", Ending::Ends, "silence", "ends the connection without a word"),
        ("one that breaks off", b"", Ending::BreaksOff, "silence", "breaks the connection off"),
    ];
    let mut wrong = Vec::new();
    for (name, answer, ending, cause, says) in cases {
        let wire = Wire::to(answer, ending);
        Client::run(made.folder(), wire.port(), &[], &made.folder().join("none.log"));
        wrong.extend(differs(name, &judged(&wire.finish(), ""), (cause, says)));
        if gnutls::is_there() {
            let wire = Wire::to(answer, ending);
            gnutls::connect(made.folder(), wire.port(), &[], &made.folder().join("none.log"));
            let name = format!("GnuTLS: {name}");
            wrong.extend(differs(&name, &judged(&wire.finish(), ""), (cause, says)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_server_that_speaks_first_gets_the_right_verdict() {
    let made = Made::new();
    let keys = made.folder().join("none.log");
    let greeting = b"220 mail.wirestage.test ESMTP ready\r\n";
    let mut wrong = Vec::new();
    let mut judge = |name: &str, connect: &dyn Fn(u16)| {
        let wire = Wire::greeted(greeting);
        connect(wire.port());
        let expected = ("not-tls", "The server speaks first, ");
        wrong.extend(differs(name, &judged(&wire.finish(), ""), expected));
    };
    match openssl::is_there() {
        true => judge("OpenSSL", &|port| Client::run(made.folder(), port, &[], &keys)),
        false => skip("a client of OpenSSL at a mail server", "there is no openssl"),
    }
    match gnutls::is_there() {
        true => judge("GnuTLS", &|port| gnutls::connect(made.folder(), port, &[], &keys)),
        false => skip("a client of GnuTLS at a mail server", "there is no gnutls-cli"),
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_client_that_speaks_no_tls_gets_the_right_verdict() {
    if !gnutls::is_there() {
        return skip("HTTP at a port of TLS", "there is no gnutls-serv");
    }
    // OpenSSL’s server hangs up on it without a word, as a server of HTTP may.
    let made = Made::new();
    let server = gnutls::serve(made.folder(), &[]);
    let wire = Wire::between(server.port());
    let mut client = TcpStream::connect(("127.0.0.1", wire.port())).expect("it listens");
    client.write_all(b"GET / HTTP/1.1\r\nHost: server.wirestage.test\r\n\r\n").expect("it goes");
    let mut answer = Vec::new();
    let _ = client.read_to_end(&mut answer);
    drop(client);
    let expected = ("not-tls", "The client speaks HTTP, and the server TLS.");
    assert_eq!(differs("HTTP", &judged(&wire.finish(), ""), expected), None);
}

#[test]
fn without_keys_the_alert_alone_is_heard() {
    if !openssl::is_there() {
        return skip("foreign handshakes that fail", "there is no openssl");
    }
    let made = Made::new();
    let server =
        Server::start(made.folder(), &["-tls1_3", "-cert", "expired.pem", "-key", "expired.key"]);
    let wire = Wire::between(server.port());
    Client::run(made.folder(), wire.port(), CHECKS, &made.folder().join("keys.log"));
    // OpenSSL's client refuses before it seals anything.
    let found = judged(&wire.finish(), "");
    assert_eq!(differs("without keys", &found, ("expired", "is sealed here")), None);
}

#[test]
fn a_handshake_that_succeeds_gets_no_verdict() {
    if !openssl::is_there() {
        return skip("foreign handshakes", "there is no openssl");
    }
    let made = Made::new();
    for version in ["-tls1_2", "-tls1_3"] {
        let server = Server::start(made.folder(), &[version]);
        let wire = Wire::between(server.port());
        let keys = made.folder().join("keys.log");
        let _ = std::fs::remove_file(&keys);
        Client::run(made.folder(), wire.port(), CHECKS, &keys);
        let seen = wire.finish();
        let key_log = std::fs::read_to_string(&keys).unwrap_or_default();
        for keys in ["", key_log.as_str()] {
            let found = judged(&seen, keys);
            assert!(found.is_empty(), "{version}: {found:?}");
        }
    }
}

/// The verdicts on what was seen: each cause, and all that is said.
fn judged(seen: &Seen, key_log: &str) -> Vec<(String, String)> {
    let mut file = tempfile::Builder::new().suffix(".pcapng").tempfile().expect("a file");
    file.write_all(&seen.recording(key_log)).expect("it can be written");
    let document = open(file.path(), Opening::default());
    let story = document.story(None);
    let verdicts = story.verdicts.iter().map(|one| &one.verdict);
    verdicts.map(|one| (one.cause.to_owned(), one.told())).collect()
}

fn differs(name: &str, found: &[(String, String)], (cause, says): (&str, &str)) -> Option<String> {
    match found {
        [(own, told)] if own == cause && told.contains(says) => None,
        _ => Some(format!("{name}: expected {cause} with {says:?}, found {found:?}")),
    }
}
