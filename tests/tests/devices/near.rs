//! The near end: makes both networks and what connects them, asks, and captures.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use wirestage_captures::lab;
use wirestage_captures::live::{Feed, Header, Tap, record};

use super::{INNER, KINDS, Kind, OUTER, ROLE, tun};

/// What the near end says before the reason where it cannot have a device.
pub(super) const REFUSED: &str = "refused: ";

/// So long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The far end, which does what it is told line by line.
struct Far {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Far {
    fn start() -> Self {
        let program = std::env::current_exe().expect("a test knows its path");
        let mut child = Command::new("unshare")
            .arg("--net")
            .arg(program)
            .env(ROLE, "far")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare starts");
        let out = BufReader::new(child.stdout.take().expect("it is a pipe"));
        let mut far = Self { child, out };
        far.heard().expect("it is ready");
        far
    }

    /// Tells it to do something, and waits until it has.
    fn tell(&mut self, what: &str) -> Result<(), String> {
        let stdin = self.child.stdin.as_mut().expect("it is a pipe");
        writeln!(stdin, "{what}").expect("it listens");
        self.heard()
    }

    fn heard(&mut self) -> Result<(), String> {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("it answers");
        if line.trim() == "ok" { Ok(()) } else { Err(line.trim().to_owned()) }
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends where its input does");
    }
}

/// Runs `ip`.
pub(super) fn ip(arguments: &str) -> Result<(), String> {
    let ran = Command::new("ip").args(arguments.split(' ')).output();
    let ran = ran.map_err(|error| format!("ip: {error}"))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(format!("ip {arguments}: {}", said.lines().next().unwrap_or("it failed")))
}

/// Captures an exchange through the device of this name into this file.
pub(super) fn run(arguments: &[String]) -> ExitCode {
    let [name, path] = arguments else { panic!("a kind and a file") };
    let kind = KINDS.iter().find(|kind| kind.name == name).expect("a kind");
    lab::enter().expect("the probe said that the lab can be entered");
    let mut far = Far::start();
    veth(&mut far).expect("the outer network");
    if let Err(why) = inner(kind, &mut far) {
        println!("{REFUSED}{why}");
        return ExitCode::SUCCESS;
    }
    let [_, server] = kind.hosts;
    far.tell(&format!("serve {server}:80")).expect("a server");
    let tap = Tap::open(kind.captured, Some("not icmp6")).expect("the device can be captured");
    capture(tap, path, || asked(server));
    ExitCode::SUCCESS
}

/// Two networks, one cable.
fn veth(far: &mut Far) -> Result<(), String> {
    let peer = far.child.id();
    let [own, other] = OUTER;
    ip(&format!("link add outer type veth peer name outer netns {peer}"))?;
    ip("link set lo up")?;
    ip(&format!("address add {own}/24 dev outer"))?;
    ip("link set outer up")?;
    far.tell(&format!("ip address add {other}/24 dev outer"))?;
    far.tell("ip link set outer up")
}

/// The device at both ends, with its addresses.
fn inner(kind: &Kind, far: &mut Far) -> Result<(), String> {
    if kind.hosts == OUTER {
        return Ok(());
    }
    let [own, other] = OUTER;
    if kind.command.is_empty() {
        tun::open(own, other)?;
        far.tell(&format!("tun {other} {own}"))?;
    } else {
        ip(&kind.command.replace("OWN", own).replace("PEER", other))?;
        far.tell(&format!("ip {}", kind.command.replace("OWN", other).replace("PEER", own)))?;
    }
    let [own, other] = INNER;
    ip(&format!("address add {own}/24 dev inner"))?;
    ip("link set inner up")?;
    far.tell(&format!("ip address add {other}/24 dev inner"))?;
    far.tell("ip link set inner up")
}

/// Records what passes while something is done.
fn capture(mut tap: Tap, path: &str, act: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let recorder = scope.spawn(|| {
            let (_feed, notes) = Feed::new();
            let file = File::create(path).expect("a file");
            record(&mut tap, &notes, &stop, &Header::default(), file).expect("a recording")
        });
        act();
        stop.store(true, Ordering::Release);
        let summary = recorder.join().expect("it ends");
        assert_eq!(summary.dropped, 0);
    });
}

/// Asks the server, and hears its answer to the end.
fn asked(server: &str) {
    let address = format!("{server}:80").parse().expect("an address");
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("it can be set");
    stream.write_all(b"GET /inner HTTP/1.1\r\nHost: inner.test\r\n\r\n").expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.ends_with("hello"), "{answer}");
}
