//! OpenSSL's own client and server, as processes that end with the test.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};

use super::programs::{Running, ended, says_version};

pub(super) fn is_there() -> bool {
    says_version("openssl", "version")
}

/// A server that takes one connection after the other.
pub(super) struct Server {
    _child: Running,
    port: u16,
    /// It ends when this is closed.
    _input: Option<ChildStdin>,
}

impl Server {
    pub(super) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = command(folder, arguments);
        let mut child = command.spawn().expect("openssl runs");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("it was asked for"));
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| line.strip_prefix("ACCEPT")?.rsplit(':').next()?.trim().parse().ok());
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let child = Running(child);
        Self { _child: child, port: port.expect("it says where it listens"), _input: input }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// It is not told to be quiet: else it does not say its port.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(["s_server", "-accept", "127.0.0.1:0"]);
    if !arguments.contains(&"-cert") {
        command.args(["-cert", "server.pem", "-key", "server.key"]);
    }
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// A client that connects once, and says goodbye if that goes well.
pub(super) struct Client;

impl Client {
    pub(super) fn run(folder: &Path, port: u16, arguments: &[&str], keys: &Path) {
        let mut child = Command::new("openssl")
            .args(["s_client", "-connect", &format!("127.0.0.1:{port}")])
            .args(["-servername", "server.wirestage.test", "-keylogfile"])
            .arg(keys)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl runs");
        if let Some(mut input) = child.stdin.take() {
            // Data, so that a server of TLS 1.3 that refuses afterwards is heard; then the end.
            let _ = input.write_all(b"hello\n");
        }
        ended(child);
    }
}
