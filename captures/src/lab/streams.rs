//! Input and outputs of whoever started the lab, lent to the programs in it: those of the child
//! itself carry the recording.
//!
//! A file that is opened anew through `/proc` has a place of its own in it, and two who write there
//! write over each other. So descriptors are passed on as they are.

#![allow(unsafe_code)] // A descriptor that came by its number is taken over.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::process::Command;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};

/// Tells the child their numbers.
const VARIABLE: &str = "WIRESTAGE_STREAMS";

/// What is lent, for as long as the child is being started.
pub struct Lent(#[allow(dead_code, reason = "held until the child has them")] [OwnedFd; 3]);

/// Lends standard input, output and error of this process to a command.
///
/// # Errors
/// Where there are too many open files.
pub fn lend(command: &mut Command) -> io::Result<Lent> {
    let copy = |stream: std::os::fd::BorrowedFd<'_>| {
        let copy = stream.try_clone_to_owned()?;
        // It stays open in the program that is started.
        fcntl(copy.as_fd(), FcntlArg::F_SETFD(FdFlag::empty())).map_err(io::Error::from)?;
        Ok::<OwnedFd, io::Error>(copy)
    };
    let copies =
        [copy(io::stdin().as_fd())?, copy(io::stdout().as_fd())?, copy(io::stderr().as_fd())?];
    let numbers = copies.each_ref().map(|copy| copy.as_raw_fd().to_string());
    command.env(VARIABLE, numbers.join(","));
    Ok(Lent(copies))
}

/// Takes what was lent to this process: input, output and error. Call it once, before anything
/// opens a file.
#[must_use]
pub fn lent() -> Option<[File; 3]> {
    let told = std::env::var(VARIABLE).ok()?;
    let numbers: Vec<RawFd> = told.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let numbers: [RawFd; 3] = numbers.try_into().ok()?;
    let [input, output, error] = numbers;
    let are_own = numbers.iter().all(|number| *number > 2);
    if !are_own || input == output || output == error || input == error {
        return None;
    }
    let take = |number: RawFd| {
        // SAFETY: the process that started this one left it open under this number for nobody else,
        // and nothing was opened since that could own it.
        let file = unsafe { File::from_raw_fd(number) };
        // Programs that are started get copies of it. A number that names nothing is refused here.
        fcntl(file.as_fd(), FcntlArg::F_GETFD).ok()?;
        fcntl(file.as_fd(), FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
        Some(file)
    };
    Some([take(input)?, take(output)?, take(error)?])
}
