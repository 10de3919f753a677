//! A connection of QUIC from its first packet to its last, with a protocol of our own inside.
//!
//! What TCP and TLS do one after the other QUIC does at once: the first packet of the client
//! carries its ClientHello, the first datagrams of the server answer it with everything that TLS
//! has to say, and after one round trip both sides have keys for data (RFC 9001, section 2.1).
//! Packets of several levels share datagrams, each under keys of its own.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{GROUP, Identity, SUITE, Trust},
};

/// `quic-1rtt`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-1rtt",
    group: Group::Quic,
    title: "QUIC: one round trip for everything",
    teaches: "Transport and encryption are set up together, in one round trip, by packets of three \
              levels that share datagrams. \
              Watch the keys change from those that anybody can make to those of the two ends, and \
              how packets are numbered, padded and acknowledged.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the client says first.
const QUESTION: &[u8] = b"Is anybody there?";

/// What it says over and over then: more than one packet carries.
const AGAIN: &[u8] = b"This is more than one packet can carry. ";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Sends back what two streams bring.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = Server::listen(&actor, Settings::of(ECHO), identity, ECHO_PORT, listening)?;

    // Reads the Initial with the ClientHello. Sends, in as few datagrams as they fit into: an
    // Initial with the ServerHello, whose keys anybody can make, and Handshake packets with the
    // rest of what TLS says. Until the client has answered from its address it sends three times as
    // much as it got, and no more (RFC 9000, section 8.1).
    server.echo_once(2).await
}

/// Asks twice, each time on a stream of its own.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO), trust)?;
    let server = actor.hear(server_address).await?;

    // Sends an Initial, padded to 1200 bytes: what such a datagram cannot pass QUIC does not run
    // over (RFC 9000, section 14.1).
    let connection = client.connect(server).await?;

    // A stream costs nothing to open: its first byte opens it.
    connection.ask(QUESTION).await?;
    connection.ask(&AGAIN.repeat(100)).await?;

    connection.close(DONE, b"thank you");
    client.finish().await;
    Ok(())
}
