//! A connection that is broken off: a reset in the place of a close.
//!
//! Closing in order ends each direction with a FIN, behind the last byte of data. A reset ends both
//! at once, overtakes what is still on its way, and is not confirmed (RFC 9293, section 3.5.3). Two
//! things make a healthy kernel send one: a program asks for it (a linger time of zero), or it
//! closes a socket in which data lies that nobody has read (RFC 9293, section 3.6.1).

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
};

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript, actor::Actor, echo,
    perform::server_and_client,
};

/// `tcp-abort`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-abort",
    group: Group::Transport,
    title: "TCP: broken off by a reset",
    teaches: "A reset ends both directions at once, without a word of goodbye, and the program at \
              the other end gets an error where it waited for an answer. \
              A server sends one without meaning to when it closes a socket that still holds \
              unread data.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[WHY],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

const WHY: Knob = Knob {
    name: "why",
    help: "What makes the server's kernel send a reset: the program asks for it with a linger time \
           of zero, or it closes while data lies unread.",
    default: "linger",
    choices: &["linger", "unread"],
};

/// A line that is echoed, and one that is not.
const LINES: [&[u8]; 2] = [b"Are you well?\r\n", b"And now?\r\n"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends the first line back, and breaks off when the second has come.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(echo::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;
    echo::answer(&actor, &mut connection).await?;

    // The second line lies in the kernel now. Confirmed it is already, though no program has read
    // it.
    connection.spoken_to().await?;
    if actor.stage().knob("why") == "unread" {
        // An ordinary close; the kernel turns it into a reset, so that the client does not believe
        // that its line was read.
        connection.desert();
        return Ok(());
    }
    let [_, second] = LINES;
    let mut line = vec![0; second.len()];
    connection.read_exact(&mut line).await.map_err(|source| actor.cannot("read", source))?;
    // With a linger time of zero, close sends a reset and forgets the connection: no FIN-WAIT, no
    // TIME-WAIT.
    connection.abort()
}

/// Says both lines, and is told by an error that the connection is gone.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let mut connection = actor.connect(server).await?;
    let [first, second] = LINES;
    echo::ask(&actor, &mut connection, first).await?;

    connection.write_all(second).await.map_err(|source| actor.cannot("write", source))?;
    match connection.read(&mut [0; 64]).await {
        // ECONNRESET is what the sockets interface makes of the RST.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
            connection.broken("server");
            Ok(())
        }
        Err(error) => Err(actor.cannot("read", error)),
        Ok(0) => Err(actor.expected("a reset", "the server closed in order")),
        Ok(_) => Err(actor.expected("a reset", "an answer came")),
    }
}
