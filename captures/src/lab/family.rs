//! The programs that run in a lab, and theirs: none of them outlives it.
//!
//! A server may put itself into the background, where nobody waits for it any more. Whoever adopts
//! orphans gets it back, and can end it.

use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, getpid};

/// How long programs may take to end by themselves.
const GRACE: Duration = Duration::from_secs(2);
/// How often they are looked at meanwhile.
const PATIENCE: Duration = Duration::from_millis(20);

/// Adopts whatever is left behind by programs that this process starts.
pub fn adopt() {
    // Without it a server in the background lives on: a pity, and no reason to record nothing.
    let _ = set_child_subreaper(true);
}

/// Ends all programs that descend from this process: they are asked first.
pub fn end_all() {
    let asked = Instant::now();
    tell(Signal::SIGTERM);
    while !reaped() && asked.elapsed() < GRACE {
        thread::sleep(PATIENCE);
    }
    while !reaped() {
        tell(Signal::SIGKILL);
        thread::sleep(PATIENCE);
        if asked.elapsed() > 2 * GRACE {
            // What even that does not end waits for a device, and ends with it.
            return;
        }
    }
}

/// Sends a signal to all descendants.
fn tell(signal: Signal) {
    for pid in descendants() {
        // It may have ended by now.
        let _ = kill(pid, signal);
    }
}

/// Takes in those that have ended. Whether none is left.
fn reaped() -> bool {
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        if status.pid().is_none() {
            return false;
        }
    }
    descendants().is_empty()
}

/// All processes that descend from this one, by what the kernel says of their parents.
fn descendants() -> Vec<Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let pairs: Vec<(i32, i32)> = pids.filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut found = vec![getpid().as_raw()];
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        let children = pairs.iter().filter(|(_, parent)| *parent == pid).map(|(child, _)| *child);
        let fresh: Vec<i32> = children.filter(|child| !found.contains(child)).collect();
        found.extend(fresh);
        next += 1;
    }
    found.into_iter().skip(1).map(Pid::from_raw).collect()
}

/// The parent of a process that has not ended (`proc_pid_stat(5)`).
fn parent(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Its name stands in parentheses, and may hold any.
    let mut rest = stat.rsplit_once(") ")?.1.split(' ');
    let state = rest.next()?;
    (state != "Z").then(|| rest.next()?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_of_this_process_is_known() {
        let own = getpid().as_raw();
        assert_eq!(parent(own), Some(nix::unistd::getppid().as_raw()));
        assert!(!descendants().contains(&Pid::from_raw(own)));
    }
}
