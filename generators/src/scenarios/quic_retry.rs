//! A server that wants to be sure of an address before it does any work.
//!
//! Whoever writes somebody else's address on its packets makes a server answer there. So a server
//! may ask a client to come again with a token that it has just been sent (RFC 9000, section
//! 8.1.2): it keeps nothing of the client meanwhile, and one round trip is lost.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{Identity, Trust},
};

/// `quic-retry`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-retry",
    group: Group::Quic,
    title: "QUIC: come again with a token",
    teaches: "A server that is busy or careful answers the first packet with a token, and with nothing \
              else. \
              The client sends the same ClientHello again and the token with it, which proves that it \
              gets what is sent to its address; the price is a round trip.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Sends the first one that comes back for a token.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = Server::listen(&actor, Settings::of(ECHO), identity, ECHO_PORT, listening)?;

    // The token holds, sealed for the server itself, what it would otherwise have to remember: the
    // client's address, and the id that its first packet went to.
    server.retry().await?;

    server.echo_once(1).await
}

/// Notices nothing: its library comes again by itself.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO), trust)?;
    let server = actor.hear(server_address).await?;

    let connection = client.connect(server).await?;
    connection.ask(b"Is it me you are looking for?").await?;
    connection.close(DONE, b"");
    client.finish().await;
    Ok(())
}
