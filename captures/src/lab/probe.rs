//! Which way into a lab is open, found by going it in a throw-away child.
//!
//! Asking single settings is not enough: Ubuntu 24.04 lets `unshare` succeed and then refuses
//! the mapping. Only the whole sequence tells.

#![allow(unsafe_code)] // The throw-away child is forked.

use std::io::Read;
use std::os::fd::AsRawFd;

use nix::fcntl::OFlag;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork, pipe2};

use super::WAY_VARIABLE;
use super::cause::{Clues, Refusal, explain};
use super::steps::{Failed, Maps, Step, raw_socket, run};

/// The way into a lab that is open here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A private user and network namespace: the child has a loopback of its own.
    Namespace,
    /// No namespace, but raw sockets: the child captures on the host's loopback.
    HostLoopback {
        /// Why there is no namespace.
        because: Refusal,
    },
    /// Neither.
    Refused(Refusal),
}

impl Way {
    /// The word for it in [`WAY_VARIABLE`].
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::HostLoopback { .. } => "host",
            Self::Refused(_) => "refused",
        }
    }
}

/// Finds the way, within a few milliseconds. May be called with threads running.
#[must_use]
pub fn probe() -> Way {
    let chosen = std::env::var(WAY_VARIABLE).unwrap_or_default();
    let by_variable =
        |cause: String| Refusal::new(cause, format!("unset the variable {WAY_VARIABLE}"));
    match chosen.as_str() {
        "refused" => Way::Refused(by_variable(format!("{WAY_VARIABLE}=refused is set."))),
        "namespace" => namespace().map_or_else(Way::Refused, |()| Way::Namespace),
        "host" => {
            let because = by_variable(format!("{WAY_VARIABLE}=host is set."));
            host().map_or_else(Way::Refused, |()| Way::HostLoopback { because })
        }
        _ => match (namespace(), host()) {
            (Ok(()), _) => Way::Namespace,
            (Err(because), Ok(())) => Way::HostLoopback { because },
            (Err(namespace), Err(host)) => Way::Refused(Refusal::new(
                format!("{} And on the host: {}", namespace.cause, host.cause),
                namespace.mend,
            )),
        },
    }
}

/// Whether a namespace can be entered and captured in.
pub(crate) fn namespace() -> Result<(), Refusal> {
    match in_child() {
        Ok(None) => Ok(()),
        Ok(Some(failed)) => Err(explain(failed, &Clues::look())),
        Err(error) => Err(Refusal::new(
            format!("A child process to try namespaces with cannot be started ({error})."),
            "close other programs and try again",
        )),
    }
}

/// Whether the host's loopback can be captured.
pub(crate) fn host() -> Result<(), Refusal> {
    if !std::path::Path::new("/sys/class/net/lo").exists() {
        return Err(Refusal::new("There is no loopback interface here.", "sudo ip link set lo up"));
    }
    raw_socket().map_err(|failed| explain(failed, &Clues::look()))
}

/// Goes the whole way in a forked child; says which step failed there.
fn in_child() -> nix::Result<Option<Failed>> {
    let maps = Maps::new();
    let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
    // SAFETY: the process may have threads, so between fork and exit the child makes only plain
    // system calls: `run` and `raw_socket` promise that, and so are `write` and `_exit`.
    let child = match unsafe { fork() }? {
        ForkResult::Child => {
            let (step, error) = match run(&maps).and_then(|()| raw_socket()) {
                Ok(()) => (0, 0),
                Err((step, error)) => (step as u8, error),
            };
            let mut answer = [step, 0, 0, 0, 0];
            for (to, from) in answer.iter_mut().skip(1).zip(error.to_le_bytes()) {
                *to = from;
            }
            // SAFETY: pointer and length are those of one array; `_exit` runs nothing of ours,
            // which is what a forked child of a process with threads needs.
            unsafe {
                libc::write(writer.as_raw_fd(), answer.as_ptr().cast(), answer.len());
                libc::_exit(0)
            }
        }
        ForkResult::Parent { child } => child,
    };
    drop(writer);
    let mut answer = [0; 5];
    let read = std::fs::File::from(reader).read_exact(&mut answer);
    while waitpid(child, None) == Err(nix::errno::Errno::EINTR) {}
    let [step, error @ ..] = answer;
    Ok(match (read, step) {
        (Ok(()), 0) => None,
        (Ok(()), step) => {
            Some((Step::from_number(step).unwrap_or(Step::Unshare), i32::from_le_bytes(error)))
        }
        // It was killed, as some sandboxes do instead of refusing.
        (Err(_), _) => Some((Step::Unshare, libc::EPERM)),
    })
}
