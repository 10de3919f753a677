//! TLS 1.3 with certificates on both sides.
//!
//! The CertificateRequest comes in the server's flight, and the client's certificate goes with its
//! Finished, both under handshake keys (RFC 9846, sections 4.4.2, 4.5.1 and 4.5.2): who the client
//! is only the server learns. It costs no round trip, but the client believes that it is connected
//! before the server has judged it.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::mutually_proven,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-mtls`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-mtls",
    group: Group::Tls,
    title: "TLS 1.3: mutual authentication",
    teaches: "The server asks for a certificate, and the client shows one along with its Finished: no \
              round trip is added. \
              Both certificates are sealed, so that a tap learns neither name; compare tls12-mtls.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE, web::PAGE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    mutually_proven(stage, server, client)
}

/// Proves itself, lets in only clients it knows, and closes after the client.
async fn server(
    actor: Actor,
    identity: Identity,
    clients: Trust,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::demanding(&actor, Version::Tls13, tls::HTTP_1, identity, clients)?;

    // Sends CertificateRequest before its own Certificate. Reads the client's Certificate,
    // CertificateVerify and Finished, and goes on only if the client is one it knows.
    tls.serve_once(listening).await
}

/// Checks who answers, shows who it is itself, asks for one page, and closes first.
async fn client(
    actor: Actor,
    own: Identity,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?.proving(own)?;
    tls.fetch_once(server_address).await
}
