//! TLS 1.2 twice over, and each time a second visit that goes on from the first: by a ticket, and
//! by a session id.
//!
//! With a ticket the client keeps the session, sealed by the server for itself (RFC 5077); with a
//! session id the server keeps it and the client only names it (RFC 5246, section 7.3). Either way
//! the second handshake has no certificate and no key exchange, and takes one round trip, not two.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP_TLS12, Identity, SUITE, Trust, Version},
    web,
};

/// `tls12-resumption`
pub static SCENARIO: Scenario = Scenario {
    name: "tls12-resumption",
    group: Group::Tls,
    title: "TLS 1.2: resumption by ticket and by session id",
    teaches: "A second visit goes on from the first and saves a round trip, the certificate and the key \
              exchange: both ends still have the secret. \
              First the client keeps the session, in a ticket that only the server can open; then the \
              server keeps it, under a session id.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP_TLS12, SUITE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How often each client comes.
const VISITS: usize = 2;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves two visits with tickets, and two without.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let new = || tls::Server::new(&actor, Version::Tls12, tls::HTTP_1, identity.clone());
    let listener = actor.listen(web::HTTPS, listening)?;
    for tls in [new()?.with_tickets()?, new()?] {
        for _ in 0..VISITS {
            // At the second visit the ClientHello brings the ticket, or the id of a session that is
            // still remembered. ServerHello, ChangeCipherSpec and Finished follow at once: in a
            // resumed handshake the server finishes first.
            tls.serve(&listener).await?;
        }
    }
    Ok(())
}

/// Comes twice, and then twice again with nothing remembered.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    for _ in ["by ticket", "by session id"] {
        let tls = tls::Client::new(&actor, Version::Tls12, tls::HTTP_1, trust.clone())?;
        for _ in 0..VISITS {
            tls.fetch(server).await?;
        }
    }
    Ok(())
}
