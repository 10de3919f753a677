//! Other people's programs in the lab: servers in the background, and one command whose end is the
//! end of the recording.
//!
//! ```text
//!   parent ── lab ──> child: tap ── servers ── wait until one listens ── command ── settle
//!      │ key log (SSLKEYLOGFILE) <───── programs
//!      └── recording <── pcapng         the keys go ahead of the packets once all is over
//! ```

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirestage_captures::lab::{self, Place, family, streams};
use wirestage_captures::live::{Feed, Header, Tap, hear_interrupts, record};
use wirestage_captures::write::{Mark, SectionHeader};
use wirestage_dissectors::ids::Time;

use super::listening::sockets;
use super::take::{Take, launch};
use crate::document::PREFIX;
use crate::trouble::Trouble;

/// The hidden command by which the program calls itself.
pub const PROGRAMS_COMMAND: &str = "lab-run";
/// The comment that says how the command ended.
const ENDED: &str = "command.ended=";
/// How long a server may take until it listens.
const TO_LISTEN: Duration = Duration::from_secs(10);
/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// What is still under way when the command has ended: acknowledgements, the ends of connections.
const TO_SETTLE: Duration = Duration::from_millis(100);

/// What is started in the lab.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// Servers, each a command of the shell, in the order in which they are started.
    pub servers: Vec<String>,
    /// The command.
    pub command: Vec<OsString>,
    /// Where programs log the keys of TLS.
    pub keys: PathBuf,
}

impl Programs {
    /// Starts the recording of them.
    ///
    /// # Errors
    /// Where this machine allows none.
    pub fn start(&self) -> Result<Take, Trouble> {
        self.start_as(None, || {})
    }

    /// The same by another program than the one that runs; `wake` is called as by
    /// [`start`](super::start()).
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_as(
        &self,
        program: Option<&Path>,
        wake: impl Fn() + Send + 'static,
    ) -> Result<Take, Trouble> {
        let mut arguments =
            vec![PROGRAMS_COMMAND.into(), "--keys".into(), self.keys.clone().into()];
        for server in &self.servers {
            arguments.extend(["--with".into(), server.into()]);
        }
        arguments.push("--".into());
        arguments.extend(self.command.iter().cloned());
        launch((program, true), arguments, &lab::probe(), wake)
    }

    /// The command as one would type it.
    fn typed(&self) -> String {
        let words = self.command.iter().map(|word| word.to_string_lossy());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// How the command of a recording ended: 0 where well; `None` if that is not known.
#[must_use]
pub fn command_ended(recording: &wirestage_captures::Recording) -> Option<i32> {
    let comments = recording.comments();
    let told = comments.iter().filter_map(|one| one.text.strip_prefix(PREFIX));
    told.rev().find_map(|fact| fact.strip_prefix(ENDED)?.parse().ok())
}

/// The child: runs the programs, records what they say to each other, and writes pcapng to `out`.
/// Call it before anything starts a thread.
///
/// # Errors
/// Where the lab cannot be entered or captured in, or a program does not start.
pub fn attend(programs: &Programs, out: impl Write) -> Result<(), Trouble> {
    hear_interrupts();
    let terminal = Terminal { streams: streams::lent() };
    let place = lab::enter_as_oneself()?;
    family::adopt();
    let mut tap = Tap::open("lo", None)?;
    let (feed, notes) = Feed::new();
    let asked = Arc::new(AtomicBool::new(false));
    let by_parent = Arc::clone(&asked);
    lab::when_stdin_ends(move || by_parent.store(true, Ordering::Release));
    let over = Arc::new(AtomicBool::new(false));
    let (end, of_player) = (Arc::clone(&over), programs.clone());
    let player = thread::spawn(move || {
        let played = play(&of_player, &terminal, &feed, &asked);
        let words = match &played {
            Ok(code) => format!("{PREFIX}{ENDED}{code}"),
            Err(trouble) => {
                format!("{PREFIX}failure={}", serde_json::to_string(trouble).unwrap_or_default())
            }
        };
        feed.transcript(words);
        family::end_all();
        end.store(true, Ordering::Release);
        played
    });
    let recorded = record(&mut tap, &notes, &over, &header(programs, place), out);
    let wrong = || Trouble::new("the programs were lost", "run it again");
    let played = player.join().unwrap_or_else(|_| Err(wrong()));
    recorded?;
    played.map(drop)
}

/// Starts servers, and the command once they listen. Gives the code with which that ended.
fn play(
    programs: &Programs,
    terminal: &Terminal,
    feed: &Feed,
    asked: &AtomicBool,
) -> Result<i32, Trouble> {
    let mut known = sockets();
    for (number, server) in programs.servers.iter().enumerate() {
        let mut command = Command::new("sh");
        command.args(["-c", server]);
        tell(feed, "server", format!("start {server}"));
        // Its output stands beside that of the command, not in it.
        let mut child = start(&mut command, programs, terminal, (terminal.error(), Stdio::null()))
            .map_err(|error| cannot_start(OsStr::new("sh"), &error))?;
        wait_until_it_listens(&mut child, (number, server), &mut known, asked)?;
    }
    let Some((program, arguments)) = programs.command.split_first() else { return Ok(0) };
    let mut command = Command::new(program);
    command.args(arguments);
    tell(feed, "client", format!("start {}", programs.typed()));
    let mut child = start(&mut command, programs, terminal, (terminal.output(), terminal.input()))
        .map_err(|error| cannot_start(program, &error))?;
    let code = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.code().unwrap_or(-1),
            Ok(None) if asked.load(Ordering::Acquire) => break -1,
            Ok(None) => thread::sleep(LOOK),
            Err(_) => break -1,
        }
    };
    tell(feed, "client", format!("end with code {code}"));
    thread::sleep(TO_SETTLE);
    Ok(code)
}

fn start(
    command: &mut Command,
    programs: &Programs,
    terminal: &Terminal,
    (output, input): (Stdio, Stdio),
) -> std::io::Result<Child> {
    command.env("SSLKEYLOGFILE", &programs.keys).stdin(input).stdout(output);
    // What this process says there is taken for its own last words.
    command.stderr(terminal.error()).spawn()
}

/// Waits until there is a socket that was not there before. A server may put itself into the
/// background: that its first process ends well is then no failure.
fn wait_until_it_listens(
    child: &mut Child,
    (number, server): (usize, &str),
    known: &mut HashSet<(bool, u64)>,
    asked: &AtomicBool,
) -> Result<(), Trouble> {
    let begun = Instant::now();
    loop {
        let now = sockets();
        if now.difference(known).next().is_some() {
            *known = now;
            return Ok(());
        }
        if let Ok(Some(status)) = child.try_wait()
            && !status.success()
        {
            return Err(Trouble::new(
                format!("the server `{server}` ended before it listened, with {status}"),
                "try it by itself: what it says stands above",
            ));
        }
        if begun.elapsed() > TO_LISTEN || asked.load(Ordering::Acquire) {
            let seconds = TO_LISTEN.as_secs();
            return Err(Trouble::new(
                format!("server {} (`{server}`) did not listen within {seconds} s", number + 1),
                "try it by itself, and see whether it opens a port",
            ));
        }
        thread::sleep(LOOK);
    }
}

fn cannot_start(program: &OsStr, error: &std::io::Error) -> Trouble {
    Trouble::new(
        format!("{} cannot be started: {error}", Path::new(program).display()),
        "check its name, and that it is installed; behind --with stands a command of the shell",
    )
}

fn tell(feed: &Feed, role: &str, message: String) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = now.map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    feed.mark(Mark { time: Time(nanos), role: role.to_owned(), message, fields: Vec::new() });
}

fn header(programs: &Programs, place: Place) -> Header {
    let way = match place {
        Place::Namespace => "namespace",
        Place::Host => "host",
    };
    Header {
        section: SectionHeader::ours(vec![
            format!("{PREFIX}way={way}"),
            format!("{PREFIX}title={}", programs.typed()),
        ]),
        ..Header::default()
    }
}

/// Input and outputs of whoever started the recording: those of this process carry the recording.
struct Terminal {
    streams: Option<[File; 3]>,
}

impl Terminal {
    /// A stream of it; nothing where none was lent.
    fn stream(&self, number: usize) -> Stdio {
        let file = self.streams.as_ref().and_then(|streams| streams.get(number));
        file.and_then(|file| file.try_clone().ok()).map_or_else(Stdio::null, Stdio::from)
    }

    fn input(&self) -> Stdio {
        self.stream(0)
    }

    fn output(&self) -> Stdio {
        self.stream(1)
    }

    fn error(&self) -> Stdio {
        self.stream(2)
    }
}
