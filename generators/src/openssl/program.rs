//! A program that runs beside a role, and ends with it.

use std::{
    fs::File,
    io,
    os::{fd::OwnedFd, unix::net},
    path::Path,
    process::{Child, Command},
};

use tokio::{net::UnixStream, time::sleep};

use super::{A_MOMENT, OPENSSL};
use crate::{Failure, actor::Actor, names, steps};

/// The program, what it reads and writes, and what it says of itself.
pub(super) struct Program {
    actor: Actor,
    child: Child,
    console: Option<net::UnixStream>,
    remarks: std::path::PathBuf,
}

impl Program {
    /// Starts it in this folder, in the network of the role whose thread this is.
    pub(super) fn start(
        actor: &Actor,
        mut command: Command,
        folder: &Path,
    ) -> Result<Program, Failure> {
        let remarks = folder.join(format!("{}.says", actor.role()));
        let mut prepare = || {
            let (console, its_own) = net::UnixStream::pair()?;
            console.set_nonblocking(true)?;
            let input = OwnedFd::from(its_own.try_clone()?);
            command.stdin(input).stdout(OwnedFd::from(its_own)).stderr(File::create(&remarks)?);
            Ok(console)
        };
        let console: io::Result<net::UnixStream> = prepare();
        let console = console.map_err(|source| actor.cannot("prepare its program", source))?;
        let started = command.arg("-brief").current_dir(folder).spawn();
        let child = started.map_err(|cause| missing(actor.role(), cause))?;
        Ok(Program { actor: actor.clone(), child, console: Some(console), remarks })
    }

    /// The lines that go in and come out.
    pub(super) fn console(&mut self) -> Result<UnixStream, Failure> {
        let console = self.console.take().ok_or_else(|| io::ErrorKind::NotFound.into());
        let console = console.and_then(UnixStream::from_std);
        console.map_err(|source| self.actor.cannot("talk to its program", source))
    }

    /// Whether it still runs.
    pub(super) fn runs(&mut self) -> Result<bool, Failure> {
        let status = self.child.try_wait();
        let status = status.map_err(|source| self.actor.cannot("look at its program", source))?;
        Ok(status.is_none())
    }

    /// Waits until it has ended; gives what it has said of the handshake.
    pub(super) async fn ended(mut self) -> Result<Agreed, Failure> {
        while self.runs()? {
            sleep(A_MOMENT).await;
        }
        let said = std::fs::read_to_string(&self.remarks);
        let said = said.map_err(|source| self.actor.cannot("read what openssl says", source))?;
        let after = |what: &str| said.lines().find_map(|line| line.strip_prefix(what));
        match (after("Protocol version: TLSv"), after("Ciphersuite: ")) {
            (Some(version), Some(suite)) => {
                Ok(Agreed { version: format!("TLS {version}"), suite: suite.to_owned() })
            }
            _ => Err(self.actor.expected("a handshake", said)),
        }
    }

    /// The failure of one that ended before its time.
    pub(super) fn broke(&self, doing: &str, cause: io::Error) -> Failure {
        let said = std::fs::read_to_string(&self.remarks).unwrap_or_default();
        let cause = if said.is_empty() { cause } else { io::Error::other(said) };
        self.actor.cannot(format!("have openssl {doing}"), cause)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the program says was agreed on.
pub(super) struct Agreed {
    version: String,
    /// By the name that OpenSSL has for it.
    suite: String,
}

impl Agreed {
    pub(super) fn say(&self, actor: &Actor) -> Result<(), Failure> {
        let suite = names::tls_suite_of_openssl(&self.suite)
            .ok_or_else(|| actor.expected("a suite that it was asked for", &*self.suite))?;
        actor.say(steps::tls_agreed(&self.version, suite));
        Ok(())
    }
}

/// The failure of not being able to start the program.
pub(super) fn missing(role: &'static str, cause: io::Error) -> Failure {
    match cause.kind() {
        io::ErrorKind::NotFound => Failure::NeedsProgram { role, program: OPENSSL },
        _ => Failure::Io { role, doing: format!("start {OPENSSL}"), cause },
    }
}
