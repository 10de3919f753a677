//! Two algorithms that wait for each other: Nagle's, and delayed acknowledgements.
//!
//! Nagle's algorithm holds a small segment back while an earlier one is unacknowledged (RFC 9293,
//! section 3.7.4). The other side delays its acknowledgement, because an answer may be about to
//! carry it (section 3.8.6.3). A program that writes a request in two pieces and waits for the
//! answer meets both: the second piece waits for an acknowledgement that waits for the answer,
//! which waits for the second piece. A timer of about 40 ms ends it.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpListener, sync::oneshot};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, counted::Counted, echo,
    perform::server_and_client,
};

/// `tcp-nagle`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-nagle",
    group: Group::Transport,
    title: "TCP: two small writes, and a wait of 40 ms",
    teaches: "A request written in two pieces stalls: Nagle's algorithm holds the second back until \
              the first is confirmed, and the other side delays that confirmation. \
              The same requests with TCP_NODELAY, on a second connection, wait for nothing.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the client asks, each in two pieces. The first is never held up: a new connection is
/// acknowledged at once, until the kernel has seen that its program answers.
const REQUESTS: [[&[u8]; 2]; 3] =
    [[b"one plus ", b"one\r\n"], [b"two plus ", b"two\r\n"], [b"three plus ", b"three\r\n"]];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends back each line when all of it has come, first on one connection, then on another.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(echo::PORT, listening)?;
    serve(&actor, &listener).await?;
    serve(&actor, &listener).await
}

async fn serve(actor: &Actor, listener: &TcpListener) -> Result<(), Failure> {
    let mut connection = actor.accept(listener).await?;
    while echo::answer(actor, &mut connection).await? {}
    connection.close_after("client").await
}

/// Asks everything twice.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;

    // As sockets are unless a program says otherwise: with Nagle's algorithm.
    let connection = actor.connect(server).await?;
    connection.gather_small_writes()?;
    ask(&actor, connection).await?;

    // With TCP_NODELAY each write leaves at once. One write for the whole request would mend it as
    // well, and save a packet.
    let connection = actor.connect(server).await?;
    ask(&actor, connection).await
}

/// Writes each request in two pieces, and waits for its answer before the next.
async fn ask(actor: &Actor, mut connection: Counted) -> Result<(), Failure> {
    for pieces in REQUESTS {
        for piece in pieces {
            connection.write_all(piece).await.map_err(|source| actor.cannot("write", source))?;
        }
        echo::hear(actor, &mut connection, &pieces.concat()).await?;
    }
    connection.close_first("server").await
}
