//! The parent's side: a child that writes pcapng to a pipe, spooled into a file as it comes.
//!
//! The program itself never holds a privilege, and a child that crashes loses nothing that it
//! had written. The thread that starts the child is the one that reads its pipe and waits for
//! it: the kernel's death signal goes by that thread, which so lives exactly as long as needed.

#![allow(unsafe_code)] // Asking for the death signal happens between fork and exec.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::{Pid, getpid, getppid};

use super::child::PARENT_VARIABLE;
use super::probe::Way;
use super::{LabError, WAY_VARIABLE};
use crate::limits::MAX_UNFOLDED;
use crate::read::Recording;
use crate::read::spool::{spool_file, unwrapped};

/// How much a pipe may hold while we are busy; the kernel's default is 64 KiB.
const PIPE_BYTES: i32 = 1 << 20;
/// How much is taken from the pipe at once.
const READ_BYTES: usize = 256 << 10;
/// How much of the child's last words is quoted.
const LAST_WORDS: u64 = 2000;

/// How a live source ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its writer said that it is done.
    Done,
    /// Its writer ended otherwise; everything that came before is kept.
    Early {
        /// How, in a sentence.
        why: String,
    },
}

/// A recording that is being made by a child process, or comes over a pipe.
///
/// Dropping it ends the child.
pub struct LiveSource {
    recording: Arc<Recording>,
    shared: Arc<Shared>,
    /// Closing it asks the child to stop.
    stdin: Option<ChildStdin>,
    thread: Option<JoinHandle<()>>,
}

/// What the reading thread and the owner share.
#[derive(Default)]
struct Shared {
    child: Mutex<Option<Child>>,
    ended: OnceLock<Ended>,
}

/// Starts `command` in the lab, by the way that was found. It must call
/// [`enter`](super::enter), write pcapng to its standard output, and stop when its standard
/// input ends. `wake` is called after something came and at the end, from another thread.
///
/// # Errors
/// Where the way is refused, or the child cannot be started.
pub fn spawn(
    mut command: Command,
    way: &Way,
    wake: impl Fn() + Send + 'static,
) -> Result<LiveSource, LabError> {
    if let Way::Refused(refusal) = way {
        return Err(LabError::Refused(refusal.clone()));
    }
    command.env(WAY_VARIABLE, way.word());
    hear(command, wake)
}

/// Starts `command`, which writes pcapng to its standard output and stops when its standard input
/// ends, where it is: in no lab. `wake` is called as by [`spawn`].
///
/// # Errors
/// Where it cannot be started.
pub fn hear(
    mut command: Command,
    wake: impl Fn() + Send + 'static,
) -> Result<LiveSource, LabError> {
    let (spool, recording) = spooled().map_err(LabError::Spool)?;
    let last_words = spool_file().map_err(LabError::Spool)?;
    let stderr = last_words.try_clone().map_err(LabError::Spawn)?;
    let parent = getpid();
    command
        .env(PARENT_VARIABLE, parent.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(stderr);
    // SAFETY: both calls are plain system calls without memory of ours; the error is made
    // without allocating.
    unsafe {
        command.pre_exec(move || {
            set_pdeathsig(Signal::SIGKILL)?;
            if getppid() == parent { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
        });
    }

    let shared = Arc::new(Shared::default());
    let (started, starting) = channel();
    let of_thread = Arc::clone(&shared);
    let thread = thread::spawn(move || {
        let Some((pid, stdout)) = start(command, &of_thread, &started) else { return };
        // Whoever holds this end may stop waiting for the child to start.
        drop(started);
        let copied = pump(stdout, &spool, &wake);
        let ended = finish(&of_thread, pid, copied, &last_words);
        let _ = of_thread.ended.set(ended);
        wake();
    });
    match starting.recv() {
        Ok(Ok(stdin)) => Ok(LiveSource { recording, shared, stdin, thread: Some(thread) }),
        Ok(Err(error)) => Err(LabError::Spawn(error)),
        Err(_) => Err(LabError::Spawn(io::Error::other("the starting thread ended"))),
    }
}

impl LiveSource {
    /// A recording that comes over a pipe, for example standard input, compressed or not.
    ///
    /// # Errors
    /// Where there is no room for the spool file.
    pub fn from_reader(
        reader: impl Read + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let (spool, recording) = spooled()?;
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            let pumped =
                unwrapped(reader, MAX_UNFOLDED).and_then(|(reader, _)| pump(reader, &spool, &wake));
            let ended = match pumped {
                Ok(()) => Ended::Done,
                Err(error) => Ended::Early { why: format!("Reading the pipe failed: {error}.") },
            };
            let _ = of_thread.ended.set(ended);
            wake();
        });
        Ok(Self { recording, shared, stdin: None, thread: Some(thread) })
    }

    /// What has come so far; call [`Recording::refresh`] on it to see more.
    #[must_use]
    pub fn recording(&self) -> &Arc<Recording> {
        &self.recording
    }

    /// How it ended; nothing while it goes on.
    #[must_use]
    pub fn ended(&self) -> Option<&Ended> {
        self.shared.ended.get()
    }

    /// Asks the child to stop and to finish its file. Does not wait.
    pub fn stop(&mut self) {
        self.stdin = None;
    }

    /// Waits until it has ended, without asking it to.
    pub fn wait(&mut self) -> &Ended {
        if let Some(thread) = self.thread.take() {
            // A panic there leaves no end state, which is told below.
            let _ = thread.join();
        }
        self.shared.ended.get_or_init(|| Ended::Early { why: "Its reader failed.".into() })
    }
}

impl Drop for LiveSource {
    fn drop(&mut self) {
        self.stdin = None;
        let mut child = self.shared.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = child.as_mut() {
            // By its handle: once it was waited for, its number may be somebody else's.
            let _ = child.kill();
        }
    }
}

/// A spool file without a name, which nobody else can open, and a recording that reads it.
fn spooled() -> io::Result<(File, Arc<Recording>)> {
    let spool = spool_file()?;
    let recording = Recording::growing(spool.try_clone()?).map_err(io::Error::other)?;
    Ok((spool, Arc::new(recording)))
}

/// Starts the child and tells the starter; gives the child's number and output.
fn start(
    mut command: Command,
    shared: &Shared,
    started: &Sender<io::Result<Option<ChildStdin>>>,
) -> Option<(Pid, ChildStdout)> {
    match command.spawn() {
        Ok(mut child) => {
            let stdout = child.stdout.take()?;
            let stdin = child.stdin.take();
            let pid = Pid::from_raw(child.id().cast_signed());
            // More room in the pipe is welcome and not needed.
            let _ = fcntl(stdout.as_fd(), FcntlArg::F_SETPIPE_SZ(PIPE_BYTES));
            *shared.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
            started.send(Ok(stdin)).ok()?;
            Some((pid, stdout))
        }
        Err(error) => {
            let _ = started.send(Err(error));
            None
        }
    }
}

/// Copies everything into the spool file.
fn pump(mut from: impl Read, spool: &File, wake: &impl Fn()) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES];
    let mut at = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        spool.write_all_at(buffer.get(..read).unwrap_or_default(), at)?;
        at += read as u64;
        wake();
    }
}

/// Waits for the child whose output has ended, and says how it went.
fn finish(shared: &Shared, pid: Pid, copied: io::Result<()>, last_words: &File) -> Ended {
    let lock = || shared.child.lock().unwrap_or_else(PoisonError::into_inner);
    if copied.is_err() {
        // Nobody reads its output any more.
        let _ = lock().as_mut().map(Child::kill);
    }
    // Without reaping and without the lock, so that the owner can still kill a child that
    // closed its output and then hangs.
    while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)
        == Err(nix::errno::Errno::EINTR)
    {}
    let mut child = lock();
    let status = child.as_mut().map(Child::wait);
    if let Err(error) = copied {
        return Ended::Early { why: format!("The recording could not be stored: {error}.") };
    }
    let why = match status {
        Some(Ok(status)) if status.success() => return Ended::Done,
        Some(Ok(status)) => how(status),
        Some(Err(error)) => format!("the capture process was lost ({error})"),
        None => "the capture process was lost".to_string(),
    };
    let words = quoted(last_words);
    let said = if words.is_empty() { String::new() } else { format!(" It said: {words}") };
    Ended::Early { why: format!("Early end: {why}.{said}") }
}

/// How a process ended that did not succeed.
fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal().map(Signal::try_from)) {
        (Some(code), _) => format!("the capture process ended with code {code}"),
        (None, Some(Ok(signal))) => format!("the capture process was ended by {signal}"),
        (None, _) => "the capture process was ended".to_string(),
    }
}

/// The end of what the child wrote to its standard error.
fn quoted(last_words: &File) -> String {
    let len = last_words.metadata().map_or(0, |meta| meta.len());
    let start = len.saturating_sub(LAST_WORDS);
    let mut bytes = vec![0; (len - start) as usize];
    let read = last_words.read_exact_at(&mut bytes, start);
    if read.is_ok() { String::from_utf8_lossy(&bytes).trim().to_string() } else { String::new() }
}
