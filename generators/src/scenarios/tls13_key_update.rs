//! A TLS 1.3 connection whose keys are changed half-way.
//!
//! A key should seal only so much data (RFC 9846, section 5.5). KeyUpdate tells the other side that
//! what follows is sealed with the next one, which both compute from the secret they have: no round
//! trip, no new key exchange (sections 4.7.3 and 7.2).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    steps,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-key-update`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-key-update",
    group: Group::Tls,
    title: "TLS 1.3: key update",
    teaches: "On a long connection either side may take new keys at any time: it says KeyUpdate, and the \
              next record is sealed with a key computed from the old one. \
              Watch the client ask for it between two pages, and the server follow with its next \
              word.",
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

    // KeyUpdate comes between two requests. The library reads on with the next key, and since it
    // was asked to, sends a KeyUpdate of its own before its next answer. The program hears of
    // nothing.
    tls.serve_once(listening).await
}

/// Asks for a page, takes new keys, asks for another, and closes first.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let connection = tls.connect(connection).await?;
    let mut connection = web::visit(&actor, connection, "/").await?;

    connection
        .get_mut()
        .1
        .refresh_traffic_keys()
        .map_err(|error| actor.failed("ask for new keys", error))?;
    actor.say(steps::tls_keys_updated());

    let connection = web::visit(&actor, connection, "/about.html").await?;
    tls::close_first(&actor, connection, "server").await
}
