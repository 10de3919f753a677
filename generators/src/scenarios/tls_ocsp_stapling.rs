//! Two handshakes in which the server brings its issuer's word that the certificate still holds.
//!
//! A certificate may be revoked before it runs out. To ask its issuer, a client would need another
//! connection, and the issuer would learn whom the client visits; so the server asks, and hands the
//! signed answer on (RFC 6066, section 8). In TLS 1.2 it is a message of its own, in TLS 1.3 an
//! extension of the certificate that it speaks of (RFC 9846, section 4.5.1).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    tls::{self, Authority, Identity, Trust, Version},
    web,
};

/// `tls-ocsp-stapling`
pub static SCENARIO: Scenario = Scenario {
    name: "tls-ocsp-stapling",
    group: Group::Tls,
    title: "TLS: word of the certificate's issuer",
    teaches: "Whether a certificate is revoked only its issuer knows, and a client that asks it tells it \
              where it goes; so the server has asked beforehand, and hands the signed answer on. \
              See it as a message of its own in TLS 1.2, and inside the Certificate message in TLS \
              1.3.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The versions in which it is shown.
const VERSIONS: [Version; 2] = [Version::Tls12, Version::Tls13];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let trust = authority.trust()?;
    let identity = authority.staple(authority.issue(web::SERVER_NAME)?)?;
    server_and_client(
        stage,
        |actor, listening| server(actor, identity, listening),
        |actor, server_address| client(actor, trust, server_address),
    )
}

/// Shows its certificate with the answer that it has fetched.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTPS, listening)?;
    for version in VERSIONS {
        let tls = tls::Server::new(&actor, version, tls::HTTP_1, identity.clone())?;
        tls.serve(&listener).await?;
    }
    Ok(())
}

/// Asks for the answer in its ClientHello, as most clients do, and for one page.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    for version in VERSIONS {
        tls::Client::new(&actor, version, tls::HTTP_1, trust.clone())?.fetch(server).await?;
    }
    Ok(())
}
