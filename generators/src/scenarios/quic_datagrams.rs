//! Bytes that are worth nothing when they are late.
//!
//! A stream brings everything, in order, however often it must be sent. What a game or a call has
//! to say is stale by then: a DATAGRAM frame is sealed and acknowledged like all others, and never
//! sent again (RFC 9221, section 5).

use std::{net::SocketAddr, time::Duration};

use hyper::body::Bytes;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{Identity, Trust},
};

/// `quic-datagrams`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-datagrams",
    group: Group::Quic,
    title: "QUIC: datagrams beside streams",
    teaches: "Beside streams, which bring everything in order, a connection carries datagrams that \
              nobody sends again. \
              They share its keys and its congestion control, and have no stream, no order and no \
              flow control.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// Where a ball is, again and again: the latest is worth more than all before.
const POSITIONS: [&[u8]; 3] = [b"ball at 12, 40", b"ball at 15, 42", b"ball at 18, 43"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Sends back what a stream brings, and what datagrams do.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let settings = Settings::of(ECHO).datagrams();
    let server = Server::listen(&actor, settings, identity, ECHO_PORT, listening)?;
    let connection = server.accept().await?;
    connection.echo().await?;

    let mut received = Vec::new();
    for _ in POSITIONS {
        received.push(connection.receive_datagram().await?);
    }
    for position in received {
        connection.send_datagram(position)?;
    }
    connection.ended().await?;
    server.finish().await;
    Ok(())
}

/// Joins the game on a stream, and plays it with datagrams.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO).datagrams(), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;

    // That the other side takes datagrams, and how large, its transport parameters say.
    connection.ask(b"May I join the game?").await?;

    for position in POSITIONS {
        connection.send_datagram(Bytes::from_static(position))?;
    }
    for _ in POSITIONS {
        connection.receive_datagram().await?;
    }
    connection.close(DONE, b"");
    client.finish().await;
    Ok(())
}
