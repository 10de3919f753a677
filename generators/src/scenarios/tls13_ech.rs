//! A TLS 1.3 handshake whose ClientHello holds an encrypted_client_hello of random bytes.
//!
//! Without a server that publishes a key for it there is nothing to encrypt to. Clients send the
//! extension all the same (GREASE, RFC 9849, section 6.2): if only those sent it that have
//! something to hide, whoever stands between could single them out or turn them away.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
};

/// `tls13-ech`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-ech",
    group: Group::Tls,
    title: "TLS 1.3: encrypted ClientHello, as GREASE",
    teaches: "A client that knows a key of the server can encrypt its ClientHello and hide which name it \
              asks for; one that knows none sends random bytes in the same place, so that the two \
              look alike. \
              Here it is the second: the name is still there for all to read, and the server does not \
              know the extension and passes over it.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE],
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

    // It does not know the extension, and what it does not know it passes over.
    tls.serve_once(listening).await
}

/// Says hello as if it had something to hide, asks for one page, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::greasing(&actor, tls::HTTP_1, trust)?;
    tls.fetch_once(server_address).await
}
