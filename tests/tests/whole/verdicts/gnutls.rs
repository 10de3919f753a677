//! GnuTLS' own client and server, and what fails between them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Case;
use super::programs::{Running, ended, says_version};

/// What a client is told to do with certificates: believe our root, for the name that it asks for.
const CHECKS: &[&str] = &["--x509cafile", "root.pem", "--verify-hostname", "server.wirestage.test"];

/// The same failures as OpenSSL's, in the words of this library.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "GnuTLS: no common version",
        server: &["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"],
        client: &["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "--insecure"],
        // It says so by handshake_failure, which names no version.
        cause: "handshake-failure",
        says: "GnuTLS where no version is common",
    },
    Case {
        name: "GnuTLS: no common suite",
        server: &["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM"],
        client: &["--priority", "NORMAL:-CIPHER-ALL:+AES-256-GCM", "--insecure"],
        cause: "handshake-failure",
        says: "It offers the suite",
    },
    Case {
        name: "GnuTLS: no common group",
        server: &["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP384R1"],
        client: &["--priority", "NORMAL:-GROUP-ALL:+GROUP-X25519", "--insecure"],
        cause: "handshake-failure",
        says: "It offers the group x25519.",
    },
    Case {
        name: "GnuTLS: no common signature scheme",
        server: &["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"],
        client: &["--priority", "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256", "--insecure"],
        cause: "handshake-failure",
        says: "It offers the signature scheme rsa_pss_rsae_sha256.",
    },
    Case {
        name: "GnuTLS: no common ALPN",
        server: &["--alpn", "h2", "--alpn-fatal"],
        client: &["--alpn", "http/1.1", "--insecure"],
        cause: "no-common-alpn",
        says: "The client offers to speak http/1.1, and nothing else.",
    },
    Case {
        name: "GnuTLS: unknown CA",
        server: &["--x509certfile", "stranger.pem", "--x509keyfile", "stranger.key"],
        client: CHECKS,
        // It says so by bad_certificate, which names no issuer.
        cause: "bad-certificate",
        says: "signed by CN=Somebody Else. No other certificate came along: if one stands between \
               it and a root, it is missing. The alert is bad_certificate, which names no reason: \
               GnuTLS sends it where it knows nobody",
    },
    Case {
        name: "GnuTLS: expired",
        server: &["--x509certfile", "expired.pem", "--x509keyfile", "expired.key"],
        client: CHECKS,
        cause: "expired",
        says: "The certificate of the server has run out.",
    },
    Case {
        name: "GnuTLS: signed by itself",
        server: &["--x509certfile", "selfsigned.pem", "--x509keyfile", "selfsigned.key"],
        client: CHECKS,
        cause: "bad-certificate",
        says: "is signed by itself.",
    },
    Case {
        name: "GnuTLS: not valid yet",
        server: &["--x509certfile", "early.pem", "--x509keyfile", "early.key"],
        client: CHECKS,
        cause: "not-yet-valid",
        says: "The certificate of the server is not valid yet.",
    },
    Case {
        name: "GnuTLS: wrong name",
        server: &["--x509certfile", "other.pem", "--x509keyfile", "other.key"],
        client: CHECKS,
        cause: "wrong-name",
        says: "The certificate is for other.wirestage.test.",
    },
    Case {
        name: "GnuTLS: no client certificate, TLS 1.3",
        server: &["--require-client-cert", "--x509cafile", "root.pem"],
        client: &["--insecure"],
        cause: "no-client-certificate",
        says: "the client’s Certificate is empty.",
    },
    Case {
        name: "GnuTLS: no client certificate, TLS 1.2",
        server: &["--require-client-cert", "--x509cafile", "root.pem"],
        client: &["--insecure", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"],
        // It says so by decode_error.
        cause: "decode-error",
        says: "the client’s Certificate is empty: GnuTLS refuses that by decode_error",
    },
    Case {
        name: "GnuTLS: unknown CA of a client, after it takes itself for connected",
        server: &["--require-client-cert", "--verify-client-cert", "--x509cafile", "root.pem"],
        client: &["--insecure", "--x509certfile", "stranger.pem", "--x509keyfile", "stranger.key"],
        // It says so by access_denied.
        cause: "access-denied",
        says: "signed by CN=Somebody Else. The alert is access_denied: who is shown is known, and \
               has no right to come in. GnuTLS’ server sends it for a certificate that it does not \
               trust, too.",
    },
];

pub(super) fn is_there() -> bool {
    ["gnutls-serv", "gnutls-cli"].iter().all(|program| says_version(program, "--version"))
}

/// A server that takes one connection after the other.
pub(super) struct Server {
    _child: Running,
    port: u16,
}

impl Server {
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// Starts a server; it listens when this returns.
pub(super) fn serve(folder: &Path, arguments: &[&str]) -> Server {
    // It takes no port of the system's choice, so one is taken that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let port = free.expect("a port is free").port();
    let mut command = Command::new("gnutls-serv");
    command.args(["--echo", "--port", &port.to_string()]);
    if !arguments.contains(&"--x509certfile") {
        command.args(["--x509certfile", "server.pem", "--x509keyfile", "server.key"]);
    }
    if !arguments.contains(&"--require-client-cert") {
        command.arg("--disable-client-cert");
    }
    let mut child = command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("gnutls-serv runs");
    let output = BufReader::new(child.stderr.take().expect("it was asked for"));
    let mut lines = output.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("listening on IPv4")), "it says that it listens");
    // What else it says is read, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    Server { _child: Running(child), port }
}

/// Connects once, and says goodbye if that goes well.
pub(super) fn connect(folder: &Path, port: u16, arguments: &[&str], keys: &Path) {
    let mut child = Command::new("gnutls-cli")
        .args(["--port", &port.to_string(), "--sni-hostname", "server.wirestage.test"])
        .args(arguments)
        .arg("127.0.0.1")
        .env("SSLKEYLOGFILE", keys)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnutls-cli runs");
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(b"hello\n");
    }
    ended(child);
}
