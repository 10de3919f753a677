//! A TLS 1.3 handshake in which the client guesses wrong.
//!
//! The client sends one key share, for x25519, and offers other groups beside it. The server takes
//! secp384r1 alone: it answers with a HelloRetryRequest that names it, and the client says hello
//! again with a share for that (RFC 9846, section 4.2.4).

use std::{net::SocketAddr, time::Duration};

use rustls::NamedGroup;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, Identity, SUITE, Terms, Trust, Version},
};

/// `tls13-hello-retry`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-hello-retry",
    group: Group::Tls,
    title: "TLS 1.3: HelloRetryRequest",
    teaches: "The client guesses which group the server will take and sends its key share for that; here \
              the guess is wrong. \
              Watch the server ask for another share, and the round trip that TLS 1.3 had saved come \
              back.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[SUITE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Insists on one group, serves one connection, and closes after the client.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    // Some servers are told to take no other group than this.
    let terms = Terms::only(Version::Tls13, NamedGroup::secp384r1);
    let tls = tls::Server::new(&actor, terms, tls::HTTP_1, identity)?;

    // Reads a ClientHello that offers secp384r1 and has no share for it. Sends HelloRetryRequest,
    // reads the second ClientHello, and goes on as in any handshake.
    tls.serve_once(listening).await
}

/// Guesses, guesses again, asks for one page, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;

    // Two round trips instead of one: the guess was wrong. A client of this kind remembers the
    // group and guesses better next time.
    tls.fetch_once(server_address).await
}
