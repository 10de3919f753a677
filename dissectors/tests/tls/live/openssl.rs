//! OpenSSL's client and server with each other.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};

use wirestage_dissectors::secret::Secrets;

use super::{Folder, Running, Sent, converse_at_length, fault, records, says_version};
use crate::skip::skip;

/// All that it can do, however weak.
const ALL: &str = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

/// The suites of TLS 1.3, which it offers by another switch.
const OF_13: [&str; 5] = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256",
];

/// A secret that both sides know beforehand.
const SHARED: &str = "000102030405060708090a0b0c0d0e0f";

/// It, with nothing that a system has configured: some forbid old versions.
fn openssl(folder: &Path) -> Command {
    let mut command = Command::new("openssl");
    command.current_dir(folder).env("OPENSSL_CONF", "/dev/null").stderr(Stdio::null());
    command
}

/// A key and a certificate of that kind in `NAME.key` and `NAME.pem`.
fn certificate(folder: &Path, name: &str, kind: &[&str]) {
    let (key, file) = (format!("{name}.key"), format!("{name}.pem"));
    let made = openssl(folder)
        .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=server.wirestage.test"])
        .args(["-config", "names.cnf", "-keyout", &key, "-out", &file, "-newkey"])
        .args(kind)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "{name}");
}

/// A folder with three certificates.
pub(super) fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let at = folder.path();
    fs::write(at.join("names.cnf"), "[req]\ndistinguished_name = names\n[names]\n").unwrap();
    certificate(at, "rsa", &["rsa:2048"]);
    certificate(at, "ec", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let made = openssl(at).args(["dsaparam", "-out", "dsa.params", "2048"]).status();
    assert!(made.is_ok_and(|status| status.success()));
    certificate(at, "dsa", &["dsa:dsa.params"]);
    folder
}

/// A server that turns around each line that it is sent, for one client after the other.
pub(super) struct Server {
    _child: Running,
    port: u16,
    /// It ends when this is closed.
    _input: Option<ChildStdin>,
}

impl Server {
    pub(super) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = openssl(folder)
            .args(["s_server", "-accept", "127.0.0.1:0", "-rev", "-cipher", ALL])
            .args(["-ciphersuites", &OF_13.join(":"), "-psk", SHARED])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| line.strip_prefix("ACCEPT")?.rsplit(':').next()?.trim().parse().ok());
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { _child: Running(child), port: port.unwrap(), _input: input }
    }

    /// One session with it: what was sent, and the key log. Nothing where it does not come about.
    pub(super) fn session(&self, folder: &Path, arguments: &[&str]) -> Option<(Sent, String)> {
        self.session_of(1, folder, arguments)
    }

    /// The same, of so many lines.
    fn session_of(
        &self,
        lines: usize,
        folder: &Path,
        arguments: &[&str],
    ) -> Option<(Sent, String)> {
        let keys = folder.join("keys.log");
        let _ = fs::remove_file(&keys);
        let sent = converse_at_length(lines, self.port, |port| {
            let mut command = openssl(folder);
            command
                .args(["s_client", "-connect", &format!("127.0.0.1:{port}")])
                .args(["-quiet", "-no_ign_eof", "-psk", SHARED, "-keylogfile", "keys.log"])
                .args(arguments);
            command
        });
        sent.map(|sent| (sent, fs::read_to_string(keys).unwrap_or_default()))
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// The suites that a version may be spoken with.
fn suites(folder: &Path, version: &str) -> Vec<String> {
    let asked = openssl(folder).args(["ciphers", "-s", "-psk", version, ALL]).output().unwrap();
    let listed = String::from_utf8(asked.stdout).unwrap();
    let is_old = |name: &&str| !name.starts_with("TLS_");
    listed.trim().split(':').filter(is_old).map(str::to_owned).collect()
}

/// The server that can speak a suite.
fn certified<'s>(suite: &str, [usual, of_dsa]: [&'s Server; 2]) -> &'s Server {
    if suite.contains("DSS") { of_dsa } else { usual }
}

#[test]
fn every_suite_and_version_that_openssl_offers_opens() {
    if !says_version("openssl", "version") {
        return skip("every_suite_and_version_that_openssl_offers_opens", "openssl is missing");
    }
    let folder = folder("openssl");
    let at = folder.path();
    let usual = ["-cert", "rsa.pem", "-key", "rsa.key", "-dcert", "ec.pem", "-dkey", "ec.key"];
    let usual = Server::start(at, &usual);
    let of_dsa = Server::start(at, &["-cert", "dsa.pem", "-key", "dsa.key"]);
    let private = fs::read_to_string(at.join("rsa.key")).unwrap();
    let (mut faults, mut opened, mut refused) = (Vec::new(), 0, Vec::new());
    let mut check = |name: String, session: Option<(Sent, String)>, seals: bool| {
        let Some((sent, keys)) = session else { return refused.push(name) };
        opened += 1;
        faults.extend(fault(&sent, &keys, &name));
        if seals {
            faults.extend(fault(&sent, &private, &format!("{name} with the private key")));
        }
    };
    for version in ["-tls1", "-tls1_1", "-tls1_2"] {
        for suite in suites(at, version) {
            let server = certified(&suite, [&usual, &of_dsa]);
            let cipher = format!("{suite}:@SECLEVEL=0");
            let session = server.session(at, &[version, "-cipher", &cipher]);
            check(format!("{version} {suite}"), session, is_sealed_to_rsa(&suite));
        }
    }
    for suite in OF_13 {
        let session = usual.session(at, &["-tls1_3", "-ciphersuites", suite]);
        check(suite.to_owned(), session, false);
    }
    // What both may agree on besides.
    for extra in [&["-no_etm"][..], &["-maxfraglen", "512"], &["-no_ticket"]] {
        let asked = [&["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"][..], extra].concat();
        check(format!("{extra:?}"), usual.session(at, &asked), true);
    }
    assert_eq!(faults, [""; 0], "of {opened}");
    assert!(opened >= 20, "only {opened} came about; refused: {refused:?}");
    eprintln!("{opened} opened; refused: {refused:?}");
}

/// Sessions that tshark does not open, with ARIA or without any cipher: there is no other judge
/// than what the programs have sent, a record for each line.
#[test]
fn every_record_of_suites_that_tshark_does_not_open_is_opened() {
    const TEST: &str = "every_record_of_suites_that_tshark_does_not_open_is_opened";
    const LINES: usize = 5;
    if !says_version("openssl", "version") {
        return skip(TEST, "openssl is missing");
    }
    let folder = folder("aria");
    let at = folder.path();
    let usual = ["-cert", "rsa.pem", "-key", "rsa.key", "-dcert", "ec.pem", "-dkey", "ec.key"];
    let server = Server::start(at, &usual);
    let mut tried = [0; 2];
    for version in ["-tls1", "-tls1_1", "-tls1_2"] {
        let all = suites(at, version);
        for (kind, part) in ["ARIA", "NULL"].into_iter().enumerate() {
            for suite in all.iter().filter(|suite| suite.contains(part)) {
                let cipher = format!("{suite}:@SECLEVEL=0");
                let asked = [version, "-cipher", &cipher];
                let Some((sent, keys)) = server.session_of(LINES, at, &asked) else { continue };
                tried[kind] += 1;
                let mut secrets = Secrets::default();
                secrets.add_key_log(&keys);
                let expected = [(LINES, LINES); 2];
                assert_eq!(records(&sent, &secrets), expected, "{version} {suite}");
                let nothing = records(&sent, &Secrets::default()).map(|(_, opened)| opened);
                assert_eq!(nothing, [0; 2], "{version} {suite} without keys");
            }
        }
    }
    eprintln!("{tried:?} sessions with ARIA and without a cipher, {LINES} records each way");
    assert!(tried.iter().all(|sessions| *sessions > 0), "{tried:?}");
}

/// Whether the client seals a secret to the server's RSA key: no other exchange is in the name.
fn is_sealed_to_rsa(suite: &str) -> bool {
    let others = ["DH", "PSK", "ADH"];
    !others.iter().any(|other| suite.contains(other))
}
