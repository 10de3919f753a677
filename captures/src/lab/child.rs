//! The child's side: into the lab first, and out when the parent is gone.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;

use super::cause::{Clues, explain};
use super::steps::{Maps, run};
use super::{LabError, WAY_VARIABLE};

/// Tells the child which process to die with.
pub(super) const PARENT_VARIABLE: &str = "WIRESTAGE_PARENT";

/// Where the child captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a network of its own: all of 127.0.0.0/8 and every port are free.
    Namespace,
    /// On the host's loopback, beside everybody else.
    Host,
}

/// A setting for the programs of a group.
type OfGroup = fn(u32) -> String;

/// What a network allows to programs of ordinary users, each with its value for a group: ports
/// below 1024, and `ping`.
const ALLOWED: [(&str, OfGroup); 2] = [
    ("/proc/sys/net/ipv4/ip_unprivileged_port_start", |_| "0".to_owned()),
    ("/proc/sys/net/ipv4/ping_group_range", |group| format!("{group} {group}")),
];

/// Enters the lab as root of it. Call this first in `main` of the child, before anything starts a
/// thread: an async runtime does.
///
/// Takes the way from `WIRESTAGE_LAB`, which [`spawn`](super::spawn) sets; without it, a
/// namespace.
///
/// # Errors
/// Where the system refuses, threads are running, or the parent has ended already.
pub fn enter() -> Result<Place, LabError> {
    enter_as(&Maps::new())
}

/// Enters the lab as [`enter`] does, but stays who one is outside. Programs that are started there
/// do as well, and may do in their network what they cannot outside: take any port, and ping. A
/// server that gives up rights where it is started by root (nginx, Apache) needs users that a lab
/// has not.
///
/// # Errors
/// As [`enter`].
pub fn enter_as_oneself() -> Result<Place, LabError> {
    let place = enter_as(&Maps::oneself())?;
    if place == Place::Namespace {
        let group = nix::unistd::getegid().as_raw();
        for (path, value) in ALLOWED {
            // Where the system does not let us, high ports are left.
            let _ = std::fs::write(path, value(group));
        }
    }
    Ok(place)
}

fn enter_as(who: &Maps) -> Result<Place, LabError> {
    let threads = threads();
    if threads > 1 {
        return Err(LabError::Threads(threads));
    }
    let place = if std::env::var(WAY_VARIABLE).is_ok_and(|way| way == "host") {
        Place::Host
    } else {
        run(who).map_err(|f| LabError::Refused(explain(f, &Clues::look())))?;
        Place::Namespace
    };
    // Changing who one is may clear the death signal, so it is set again here; a parent that
    // ended before this line is found by its number.
    if let Some(parent) = std::env::var(PARENT_VARIABLE).ok().and_then(|pid| pid.parse().ok()) {
        let set = set_pdeathsig(Signal::SIGKILL);
        if set.is_err() || nix::unistd::getppid().as_raw() != parent {
            return Err(LabError::Orphan);
        }
    }
    Ok(place)
}

/// How many threads this process has; one where nobody knows.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(1, |tasks| tasks.count().max(1))
}

/// A flag that is set once standard input ends: the parent closes it to stop the child, and the
/// kernel does when the parent is gone. Starts a thread, so call [`enter`] first.
#[must_use]
pub fn stop_with_stdin() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    when_stdin_ends(move || flag.store(true, Ordering::Release));
    stop
}

/// Calls `then` once standard input ends, from a thread of its own, so call [`enter`] first.
pub fn when_stdin_ends(then: impl FnOnce() + Send + 'static) {
    thread::spawn(move || {
        let mut ignored = [0; 64];
        let mut stdin = std::io::stdin().lock();
        loop {
            match stdin.read(&mut ignored) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        then();
    });
}
