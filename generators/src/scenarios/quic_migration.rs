//! A connection that outlives its addresses.
//!
//! The client goes on from another socket, as a phone that leaves Wi-Fi for a mobile network. Its
//! packets bear another id that the server had handed out, so that nobody on the way can tie the
//! two paths together, and the server asks along the new path whether somebody is really there (RFC
//! 9000, section 9).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{Identity, Trust},
};

/// `quic-migration`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-migration",
    group: Group::Quic,
    title: "QUIC: another address, the same connection",
    teaches: "A connection goes by ids and not by addresses, so it goes on when the client's address \
              changes. \
              Watch the packets bear another id on the new path, and the server make sure that the \
              client is really there before it trusts it.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Sends back what two streams bring, from wherever they come.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = Server::listen(&actor, Settings::of(ECHO), identity, ECHO_PORT, listening)?;
    let connection = server.accept().await?;
    connection.echo().await?;
    let before = connection.peer();
    connection.echo().await?;
    server.follow(&connection, before)?;
    connection.ended().await?;
    server.finish().await;
    Ok(())
}

/// Asks, moves, and asks again.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;
    connection.ask(b"from home").await?;

    // Only now that the handshake is confirmed may it move (RFC 9000, section 9).
    client.move_away(&connection)?;
    connection.ask(b"from the road").await?;

    connection.close(DONE, b"");
    client.finish().await;
    Ok(())
}
