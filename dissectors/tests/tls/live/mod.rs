//! Sessions that other programs have with each other while the test runs: every suite and version
//! that they still offer, opened with the key log that the client wrote, or with the server's
//! private key.

mod certificate;
mod gnutls;
mod openssl;
mod relay;
mod resumption;
mod tlslite;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wirestage_dissectors::ids::{Direction, MessageId};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::{data, tls::fields as tls};
use wirestage_dissectors::secret::Secrets;

use crate::feed::read_on;
use relay::Relay;

/// How long one session may take: nothing waits for as long as that where all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// The type of a record that holds it.
const APPLICATION_DATA: u8 = 23;

/// What the client says, and what it is answered.
const ASKED: &str = "hello\n";
const ANSWERED: &str = "olleh\n";

/// What one direction sent, in one piece or several.
type Sent = Vec<(Direction, Vec<u8>)>;

/// A process that is ended with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Waits until it ends by itself.
    fn ended(mut self) {
        let start = Instant::now();
        while self.0.try_wait().expect("it can be asked").is_none() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Has a client say something to a server, read the answer and go: what was sent between them;
/// nothing where it got no answer. The client is told which port it finds the server on.
fn converse(server: u16, client: impl FnOnce(u16) -> Command) -> Option<Sent> {
    converse_at_length(1, server, client)
}

/// The same, so many times one after the other: each line is a write, and each write a record.
fn converse_at_length(
    rounds: usize,
    server: u16,
    client: impl FnOnce(u16) -> Command,
) -> Option<Sent> {
    let relay = Relay::to(server);
    let mut command = client(relay.port());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let child = Running(child);
    let mut answers = String::new();
    for _ in 0..rounds {
        // One that was refused is gone already, and reads nothing.
        let _ = input.write_all(ASKED.as_bytes());
        let _ = output.read_line(&mut answers);
    }
    drop(input);
    child.ended();
    let sent = relay.sent();
    (answers == ANSWERED.repeat(rounds)).then_some(sent)
}

/// A folder of its own, which goes with this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wirestage-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether a program is there and says its version.
fn says_version(program: &str, ask: &str) -> bool {
    let found = Command::new(program).arg(ask).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// What both sides said in a session, each in one piece, and how many records stay sealed.
fn said(sent: &Sent, secrets: &Secrets) -> (String, String, usize) {
    let read = read_on(4433, sent, secrets);
    let view = read.view();
    let of = |direction| {
        let own = read.messages(data::PROTOCOL_ID).filter(|one| one.direction == direction);
        let bytes = own.flat_map(|one| view.bytes(one.span).to_vec()).collect();
        String::from_utf8(bytes).unwrap_or_default()
    };
    let sealed = read.messages(tls::PROTOCOL_ID).filter(|one| one.protection == Protection::Opaque);
    (of(Direction::Forward), of(Direction::Backward), sealed.count())
}

/// How many records of application data each side has sent, and how many of them were opened.
fn records(sent: &Sent, secrets: &Secrets) -> [(usize, usize); 2] {
    let read = read_on(4433, sent, secrets);
    let view = read.view();
    let mut counted = [(0, 0); 2];
    for record in read.messages(tls::PROTOCOL_ID).filter(|one| one.parent == MessageId::NONE) {
        if view.bytes(record.span).first() == Some(&APPLICATION_DATA) {
            let (all, opened) = &mut counted[record.direction.index()];
            *all += 1;
            *opened += usize::from(record.protection == Protection::Application);
        }
    }
    counted
}

/// What is wrong with a session that was recorded, where something is.
fn fault(sent: &Sent, keys: &str, name: &str) -> Option<String> {
    let mut secrets = Secrets::default();
    let added = secrets.add_key_log(keys);
    let found = said(sent, &secrets);
    let expected = (ASKED.to_owned(), ANSWERED.to_owned(), 0);
    (found != expected || !added.broken.is_empty()).then(|| format!("{name}: {found:?}"))
}
