//! A full TLS 1.3 handshake, and one page fetched inside it.
//!
//! The client guesses what the server will agree to and sends its key share at once, so that the
//! server can seal everything after its ServerHello and the client can ask after one round trip
//! (RFC 9846, section 2). Each side changes keys as it goes: handshake keys first, application keys
//! as soon as it has sent its Finished.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-full`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-full",
    group: Group::Tls,
    title: "TLS 1.3: full handshake",
    teaches: "One round trip agrees on keys, proves who the server is, and hides everything after \
              the two hellos. \
              Watch each flight travel under its own key, and the ticket that makes the next \
              visit cheaper.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE, web::PAGE],
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

    // Reads ClientHello. Sends, as one flight: ServerHello, in the clear because it carries the key
    // share that completes the key exchange; then, under handshake keys, EncryptedExtensions,
    // Certificate, CertificateVerify and Finished. Reads the client's Finished and sends a
    // NewSessionTicket under application keys.
    tls.serve_once(listening).await
}

/// Checks who answers, asks for one page, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;

    // Sends ClientHello with a key share. When the server's flight has come and the certificate,
    // its signature and Finished are found good, sends its own Finished. That is all: one round
    // trip.
    // The request follows Finished at once, without waiting for the server.
    tls.fetch_once(server_address).await
}
