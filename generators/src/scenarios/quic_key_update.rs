//! Keys that are used up, and the next ones.
//!
//! After the handshake either side goes on to the next generation of keys whenever it likes: it
//! turns one bit in the header, and the other follows (RFC 9001, section 6). Nothing is exchanged
//! and nobody waits, for the new secret follows from the old one.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{Identity, Trust},
};

/// `quic-key-update`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-key-update",
    group: Group::Quic,
    title: "QUIC: the next generation of keys",
    teaches: "A key may seal only so much, so either side goes on to the next one without a word: one \
              bit in the header turns. \
              The other side tries the next key when it sees that, answers under it, and nothing \
              waits.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Sends back what two streams bring. Its library follows the client's keys by itself.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = Server::listen(&actor, Settings::of(ECHO), identity, ECHO_PORT, listening)?;
    server.echo_once(2).await
}

/// Asks under the first keys, and again under the next.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;
    connection.ask(b"under the first keys").await?;

    // The server has confirmed the handshake, for its answer came behind that: before, keys must
    // not be updated (RFC 9001, section 6.1).
    connection.update_keys();
    connection.ask(b"under the next keys").await?;

    connection.close(DONE, b"");
    client.finish().await;
    Ok(())
}
