//! Two visits to the same server under TLS 1.3: a full handshake, and one that goes on from it.
//!
//! The ticket of the first visit names a secret that both ends keep. On the second the client shows
//! the ticket and proves with a binder that it has the secret; who knows it needs no certificate
//! (RFC 9846, section 2.2). Both still send key shares, so that a stolen ticket opens no recording.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-resumption`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-resumption",
    group: Group::Tls,
    title: "TLS 1.3: resumption",
    teaches: "A client that comes again shows the ticket of its first visit, and a binder proves that \
              it holds the secret behind it. \
              No certificate is sent and nothing is signed: the second handshake is a fraction of the \
              first, and still one round trip.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How often the client comes.
const VISITS: usize = 2;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves two visits, and remembers the first at the second.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?;
    let listener = actor.listen(web::HTTPS, listening)?;
    for _ in 0..VISITS {
        // At the first visit: Certificate and CertificateVerify, and a ticket when all is proven.
        // At the second the ClientHello names that ticket, and its binder is right: the ServerHello
        // says that it is taken, and Finished follows at once.
        tls.serve(&listener).await?;
    }
    Ok(())
}

/// Comes twice, and puts the ticket by in between.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;
    let server = actor.hear(server_address).await?;
    for _ in 0..VISITS {
        tls.fetch(server).await?;
    }
    Ok(())
}
