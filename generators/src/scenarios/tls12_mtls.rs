//! TLS 1.2 with certificates on both sides.
//!
//! The server asks with a CertificateRequest, and the client answers with its certificate and a
//! signature over everything said so far (RFC 5246, sections 7.4.4 to 7.4.8). All of it crosses the
//! wire in the clear: a tap learns who the client is.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::mutually_proven,
    tls::{self, GROUP_TLS12, Identity, SUITE, Trust, Version},
    web,
};

/// `tls12-mtls`
pub static SCENARIO: Scenario = Scenario {
    name: "tls12-mtls",
    group: Group::Tls,
    title: "TLS 1.2: mutual authentication",
    teaches: "The server wants to know who the client is, too: it asks, and the client shows a certificate \
              and proves that it holds the key. \
              In TLS 1.2 all of that can be read by anyone on the way, the client's name included.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP_TLS12, SUITE, web::PAGE],
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
    let tls = tls::Server::demanding(&actor, Version::Tls12, tls::HTTP_1, identity, clients)?;

    // After its own ServerKeyExchange it sends CertificateRequest. Reads Certificate,
    // ClientKeyExchange and CertificateVerify, and goes on only if the client is one it knows.
    tls.serve_once(listening).await
}

/// Checks who answers, shows who it is itself, asks for one page, and closes first.
async fn client(
    actor: Actor,
    own: Identity,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls12, tls::HTTP_1, trust)?.proving(own)?;
    tls.fetch_once(server_address).await
}
