//! The program `openssl` as one end of TLS, for what the library here speaks no more.
//!
//! Its role keeps the TCP connection, and hands bytes on between that and the program:
//!
//! ```text
//!   TCP <── Counted <── carry ── Unix socket ── openssl s_client ── lines in and out
//!                         └── secrets, before the bytes that they seal ──┘ -keylogfile
//! ```
//!
//! `openssl` writes a secret into its key log when it has made it, and so before it sends anything
//! that is sealed with it. What both ends agreed on it says itself (`-brief`).

mod keys;
mod program;

use std::{io, path::Path, path::PathBuf, process::Command, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    time::sleep,
};

use crate::{Failure, actor::Actor, counted::Counted, steps, web::SERVER_NAME};
use keys::Keys;
use program::Program;

/// What the program is called.
const OPENSSL: &str = "openssl";

/// How long it is waited before something is looked at again that nobody tells of.
const A_MOMENT: Duration = Duration::from_millis(1);

/// As much as is handed on at once: a record of TLS and what is around it.
const AT_ONCE: usize = 17 * 1024;

/// A certificate with an RSA key, signed by itself, in a folder that is gone with it.
pub(crate) struct Kit {
    folder: TempDir,
}

impl Kit {
    /// Makes both for [`SERVER_NAME`].
    pub(crate) fn new() -> Result<Kit, Failure> {
        let role = "the server's administrator";
        let failed = |doing: &str| {
            let doing = doing.to_owned();
            move |cause| Failure::Io { role, doing, cause }
        };
        let folder = tempfile::tempdir().map_err(failed("make a folder"))?;
        let subject = format!("/CN={SERVER_NAME}");
        let name = format!("subjectAltName=DNS:{SERVER_NAME}");
        let arguments = [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            KEY,
            "-out",
            CERTIFICATE,
            "-days",
            "90",
            "-subj",
            &subject,
            "-addext",
            &name,
        ];
        let made = Command::new(OPENSSL).args(arguments).current_dir(folder.path()).output();
        let made = made.map_err(|cause| program::missing(role, cause))?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(failed("make a certificate")(io::Error::other(said)));
        }
        Ok(Kit { folder })
    }

    /// Copies the server's private key to a file.
    pub(crate) fn save_key(&self, path: &Path) -> Result<(), Failure> {
        let copied = std::fs::copy(self.folder.path().join(KEY), path);
        copied.map(drop).map_err(|cause| Failure::Io {
            role: "the server's administrator",
            doing: format!("copy the private key to {}", path.display()),
            cause,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

const KEY: &str = "server.key";
const CERTIFICATE: &str = "server.pem";

/// One end: the program, and both ways into it.
pub(crate) struct End {
    actor: Actor,
    program: Program,
    /// What goes to and comes from TCP.
    below: UnixStream,
    keys: Keys,
}

impl End {
    /// A server that proves itself with the kit and takes one connection.
    pub(crate) async fn server(
        actor: &Actor,
        kit: &Kit,
        arguments: &[&str],
    ) -> Result<End, Failure> {
        let folder = kit.path();
        let (socket, keys) = (folder.join("server"), folder.join("server.keys"));
        let mut command = Command::new(OPENSSL);
        command.args(["s_server", "-cert", CERTIFICATE, "-key", KEY, "-naccept", "1"]);
        command.arg("-unix").arg(&socket).arg("-keylogfile").arg(&keys).args(arguments);
        let mut program = Program::start(actor, command, &folder)?;
        let below = loop {
            match UnixStream::connect(&socket).await {
                Ok(below) => break below,
                // It is not there yet.
                Err(_) if program.runs()? => sleep(A_MOMENT).await,
                Err(cause) => return Err(program.broke("listen", cause)),
            }
        };
        Ok(End { actor: actor.clone(), program, below, keys: Keys::in_file(keys) })
    }

    /// A client that believes the certificate of the kit, and asks for [`SERVER_NAME`].
    pub(crate) async fn client(
        actor: &Actor,
        kit: &Kit,
        arguments: &[&str],
    ) -> Result<End, Failure> {
        let folder = kit.path();
        let (socket, keys) = (folder.join("client"), folder.join("client.keys"));
        let listener = UnixListener::bind(&socket)
            .map_err(|source| actor.cannot("listen for its program", source))?;
        let mut command = Command::new(OPENSSL);
        command.args(["s_client", "-CAfile", CERTIFICATE, "-verify_return_error"]);
        command.args(["-servername", SERVER_NAME, "-verify_hostname", SERVER_NAME]);
        command.arg("-unix").arg(&socket).arg("-keylogfile").arg(&keys).args(arguments);
        let mut program = Program::start(actor, command, &folder)?;
        let below = loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((below, _)) => break below,
                    Err(cause) => return Err(program.broke("connect", cause)),
                },
                () = sleep(A_MOMENT) => if !program.runs()? {
                    return Err(program.broke("connect", io::ErrorKind::BrokenPipe.into()));
                },
            }
        };
        Ok(End { actor: actor.clone(), program, below, keys: Keys::in_file(keys) })
    }

    /// Lets the program speak on a connection while `talk` types what it is to say, until the
    /// program has ended; gives the connection back when the other side has nothing more to say
    /// either.
    pub(crate) async fn speak(
        self,
        mut connection: Counted,
        talk: impl AsyncFnOnce(&mut Console) -> Result<(), Failure>,
    ) -> Result<Counted, Failure> {
        let End { actor, mut program, mut below, mut keys } = self;
        let mut console = Console {
            actor: actor.clone(),
            lines: program.console()?,
            keys: keys.clone(),
            sent: Vec::new(),
            received: Vec::new(),
            again: 0,
        };
        tokio::try_join!(
            carry(&actor, &mut connection, &mut below, &mut keys),
            talk(&mut console)
        )?;
        program.ended().await?.say(&actor)?;
        console.tell();
        Ok(connection)
    }
}

/// Hands bytes on both ways until the program has ended its direction, then waits for the other
/// side's end.
async fn carry(
    actor: &Actor,
    connection: &mut Counted,
    below: &mut UnixStream,
    keys: &mut Keys,
) -> Result<(), Failure> {
    let failed = |source| actor.cannot("hand bytes on", source);
    let (mut ours, mut theirs) = (vec![0; AT_ONCE], vec![0; AT_ONCE]);
    let mut has_ended = false;
    loop {
        tokio::select! {
            read = below.read(&mut ours) => {
                let len = read.map_err(failed)?;
                keys.hand_over(actor)?;
                let Some(bytes) = ours.get(..len).filter(|bytes| !bytes.is_empty()) else { break };
                connection.write_all(bytes).await.map_err(failed)?;
            }
            read = connection.read(&mut theirs), if !has_ended => {
                let len = read.map_err(failed)?;
                has_ended = len == 0;
                match theirs.get(..len).filter(|_| !has_ended) {
                    Some(bytes) => below.write_all(bytes).await.map_err(failed)?,
                    None => below.shutdown().await.map_err(failed)?,
                }
            }
        }
    }
    // The program waits for that, for half a second, before it ends.
    below.shutdown().await.map_err(failed)?;
    if actor.role() == "client" {
        // It takes leave first.
        connection.shutdown().await.map_err(failed)?;
    }
    while !has_ended {
        // Whom it was for is gone.
        has_ended = connection.read(&mut theirs).await.map_err(failed)? == 0;
    }
    Ok(())
}

/// What somebody types into a program, and reads from it.
pub(crate) struct Console {
    actor: Actor,
    lines: UnixStream,
    keys: Keys,
    sent: Vec<u8>,
    received: Vec<u8>,
    /// How often hands were shaken again.
    again: usize,
}

impl Console {
    /// Types a line. What begins with a capital letter may be a command to a client's program.
    pub(crate) async fn say(&mut self, line: &str) -> Result<(), Failure> {
        self.write(line).await?;
        self.sent.extend_from_slice(line.as_bytes());
        Ok(())
    }

    /// Waits for a line of the other side.
    pub(crate) async fn hear(&mut self) -> Result<(), Failure> {
        loop {
            let read = self.lines.read_u8().await;
            let read = read.map_err(|source| self.actor.cannot("read a line", source))?;
            self.received.push(read);
            if read == b'\n' {
                return Ok(());
            }
        }
    }

    /// Has the program shake hands again, and waits until it has made new keys.
    pub(crate) async fn renegotiate(&mut self) -> Result<(), Failure> {
        let before = self.keys.count()?;
        self.write("R\n").await?;
        while self.keys.count()? == before {
            sleep(A_MOMENT).await;
        }
        self.again += 1;
        Ok(())
    }

    /// Has the program take leave.
    pub(crate) async fn quit(&mut self) -> Result<(), Failure> {
        self.write("Q\n").await
    }

    async fn write(&mut self, line: &str) -> Result<(), Failure> {
        let written = self.lines.write_all(line.as_bytes()).await;
        written.map_err(|source| self.actor.cannot("type a line", source))
    }

    /// Says what was typed and read.
    fn tell(self) {
        for _ in 0..self.again {
            self.actor.say(steps::tls_renegotiated());
        }
        self.actor.say(steps::tls_lines_sent(&self.sent));
        self.actor.say(steps::tls_lines_received(&self.received));
    }
}
