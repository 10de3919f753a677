//! The whole life of a TCP connection: three-way handshake, data both ways, an orderly close.
//!
//! The service is Echo (RFC 862) again, now over TCP. What UDP did with two datagrams takes ten
//! segments or so here, and buys an agreement on sequence numbers, acknowledged and ordered bytes,
//! and a certain end (RFC 9293).

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
};

/// `tcp-lifecycle`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-lifecycle",
    group: Group::Transport,
    title: "TCP: from SYN to TIME-WAIT",
    teaches: "A connection is agreed on before the first byte, and each side gives it up for itself. \
              Follow the state of both ends from SYN-SENT to TIME-WAIT.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The well-known port of the Echo service.
const ECHO: u16 = 7;

/// What the client says, one line after the other.
const LINES: [&[u8]; 2] = [b"Hello over there!\r\n", b"This is all I wanted to say.\r\n"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends back what it reads, until there is nothing more to read.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    // From here on the kernel answers SYNs by itself: state LISTEN.
    let listener = actor.listen(ECHO, listening)?;

    // The kernel completes the handshake; accept only fetches the finished connection. State
    // ESTABLISHED.
    let mut connection = actor.accept(&listener).await?;

    let mut buffer = vec![0; 4096];
    loop {
        let length =
            connection.read(&mut buffer).await.map_err(|source| actor.cannot("read", source))?;
        // Reading nothing means that the client's FIN has come: it will not send any more. State
        // CLOSE-WAIT.
        let Some(line) = buffer.get(..length).filter(|line| !line.is_empty()) else {
            break;
        };
        connection.write_all(line).await.map_err(|source| actor.cannot("write", source))?;
    }

    // Our own FIN. State LAST-ACK, and CLOSED when the client acknowledges it.
    connection.close_after("client").await
}

/// Says its lines, each after the last has come back, and closes first.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;

    // SYN, SYN-ACK, ACK: from SYN-SENT to ESTABLISHED in one round trip, before any byte can be
    // sent.
    let mut connection = actor.connect(server).await?;

    for line in LINES {
        connection.write_all(line).await.map_err(|source| actor.cannot("write", source))?;
        // TCP carries bytes, not messages. An answer may come in pieces, so the client reads until
        // it has them all.
        let mut answer = vec![0; line.len()];
        connection
            .read_exact(&mut answer)
            .await
            .map_err(|source| actor.cannot("read the echo", source))?;
        if answer != line {
            return Err(actor.expected("its own line back", "other bytes came"));
        }
    }

    // Our FIN ends our direction only: state FIN-WAIT-1, then FIN-WAIT-2 when it is acknowledged.
    // The server's FIN ends the other. Who closes first stays in TIME-WAIT, so that a late segment
    // of this connection cannot be taken for one of the next (RFC 9293, section 3.3.2).
    connection.close_first("server").await
}
