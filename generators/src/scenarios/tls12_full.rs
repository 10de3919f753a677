//! A full TLS 1.2 handshake with ephemeral elliptic-curve keys, and one page fetched inside it.
//!
//! Client and server first agree on what to use, in the clear, and only then exchange keys: that is
//! the second round trip, which TLS 1.3 saves. The certificate crosses the wire for all to read;
//! only Finished and what follows is sealed (RFC 5246, section 7.3; the key exchange is RFC 8422).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP_TLS12, Identity, SUITE, Trust, Version},
    web,
};

/// `tls12-full`
pub static SCENARIO: Scenario = Scenario {
    name: "tls12-full",
    group: Group::Tls,
    title: "TLS 1.2: full handshake",
    teaches: "Two round trips pass before the first request: one to agree on methods, one on keys. \
              Everything up to Finished can be read by anyone on the way, the certificate too.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP_TLS12, SUITE, web::PAGE],
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
    let tls = tls::Server::new(&actor, Version::Tls12, tls::HTTP_1, identity)?;

    // First round: reads ClientHello, sends ServerHello, Certificate, ServerKeyExchange (its half
    // of the key exchange, signed with the certificate's key) and ServerHelloDone. Second round:
    // reads ClientKeyExchange, ChangeCipherSpec and Finished, sends its own ChangeCipherSpec and
    // Finished.
    tls.serve_once(listening).await
}

/// Checks who answers, asks for one page, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls12, tls::HTTP_1, trust)?;

    // Sends ClientHello and waits: without the server's choice there is nothing to compute keys
    // with. Sends ClientKeyExchange, ChangeCipherSpec and Finished and waits again: the server's
    // Finished shows that both saw the same handshake. Two round trips.
    tls.fetch_once(server_address).await
}
