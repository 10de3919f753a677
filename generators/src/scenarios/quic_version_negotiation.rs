//! A client that asks in a version which the server does not speak.
//!
//! The client still knows a draft of QUIC, and tries it. The server does not, says which versions
//! it speaks, and keeps nothing (RFC 9000, section 6.1). So the client begins anew with version 1.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, DRAFT_29, ECHO, ECHO_PORT, Server, Settings},
    tls::{Identity, Trust},
};

/// `quic-version-negotiation`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-version-negotiation",
    group: Group::Quic,
    title: "QUIC: a version that is not spoken",
    teaches: "A server that does not speak a client's version names those that it does, in a packet \
              that anybody can read and anybody could forge. \
              The client begins anew with one of them: the round trip is lost, and the version is \
              confirmed under seal.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Speaks version 1, and no other. Its program never hears of the first try.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = Server::listen(&actor, Settings::of(ECHO), identity, ECHO_PORT, listening)?;
    server.echo_once(1).await
}

/// Tries the version that was current in 2020 first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO), trust)?;
    let server = actor.hear(server_address).await?;

    client.connect_in_vain(server, DRAFT_29).await?;

    let connection = client.connect(server).await?;
    connection.ask(b"Do we understand each other?").await?;
    connection.close(DONE, b"");
    client.finish().await;
    Ok(())
}
