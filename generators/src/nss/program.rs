//! `selfserv`, which runs beside its role and ends with it.

use std::{
    fs::File,
    io,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::{sync::oneshot, time::sleep};

use super::{Kit, NICKNAME, SELFSERV, missing};
use crate::{Failure, actor::Actor, web};

/// How long it is waited before something is looked at again that nobody tells of.
const A_MOMENT: Duration = Duration::from_millis(1);

/// What it says when it listens.
const LISTENS: &str = "About to call accept";

/// The program, and where it says what it does.
pub(crate) struct SelfServ {
    actor: Actor,
    child: Child,
    remarks: PathBuf,
}

impl SelfServ {
    /// Starts it on the standard port where the stage allows it, and tells `ready` the address once
    /// it listens.
    pub(crate) async fn listen(
        actor: &Actor,
        kit: &Kit,
        ready: oneshot::Sender<SocketAddr>,
    ) -> Result<SelfServ, Failure> {
        // It binds by itself: this only finds out which port is free.
        let at = actor.tcp_socket_on(web::HTTPS)?.local_addr();
        let at = at.map_err(|source| actor.cannot("find a port", source))?;
        let remarks = kit.folder().join("says");
        let said = File::create(&remarks);
        let said = said.map_err(|source| actor.cannot("prepare its program", source))?;
        let database = format!("sql:{}", kit.folder().display());
        let mut command = Command::new(SELFSERV);
        command.args(["-d", &database, "-n", NICKNAME, "-p", &at.port().to_string()]);
        // TLS 1.3 alone, with ALPN, no session cache, and told what it does.
        command.args(["-V", "tls1.3:tls1.3", "-Q", "-N", "-v", "-X", &kit.ech()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let started = command.current_dir(kit.folder()).spawn();
        let child = started.map_err(|cause| missing(actor.role(), SELFSERV, cause))?;
        let mut program = SelfServ { actor: actor.clone(), child, remarks };
        while !program.said().contains(LISTENS) {
            program.must_run()?;
            sleep(A_MOMENT).await;
        }
        actor.tell(ready, at)?;
        Ok(program)
    }

    /// Lets it serve until the client is done.
    pub(crate) async fn serve(mut self, done: oneshot::Receiver<()>) -> Result<(), Failure> {
        // One that has failed is told of by itself.
        let _ = done.await;
        self.must_run()
    }

    fn must_run(&mut self) -> Result<(), Failure> {
        let status = self.child.try_wait();
        match status.map_err(|source| self.actor.cannot("look at its program", source))? {
            None => Ok(()),
            Some(_) => Err(self.actor.cannot("have selfserv serve", io::Error::other(self.said()))),
        }
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.remarks).unwrap_or_default()
    }
}

impl Drop for SelfServ {
    fn drop(&mut self) {
        // One that has ended already cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
