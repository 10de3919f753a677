//! A TLS 1.3 handshake whose key exchange is two in one: X25519 and ML-KEM-768.
//!
//! The client's share is a lattice key and a curve's, 1216 bytes; the server's a ciphertext and a
//! curve's key, 1120 bytes. The two shared secrets go into the key schedule one after the other, so
//! that who breaks one still lacks the other.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP_HYBRID, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-hybrid-pq`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-hybrid-pq",
    group: Group::Tls,
    title: "TLS 1.3: hybrid key exchange",
    teaches: "X25519MLKEM768 makes one key out of two exchanges, an elliptic curve and a lattice, and holds \
              as long as either does: a recording of today stays closed to the quantum computers of \
              tomorrow. \
              Watch what it costs: the ClientHello grows beyond one Ethernet frame, and the round \
              trips stay as they were.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP_HYBRID, SUITE, web::PAGE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Proves itself, serves one connection, and closes after the client.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?;

    // The group is the client's first choice, and its share is there: no retry.
    tls.serve_once(listening).await
}

/// Sends the large share, asks for one page, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;
    tls.fetch_once(server_address).await
}
