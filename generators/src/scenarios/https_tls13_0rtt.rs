//! The page of the comparison at a second visit, over TLS 1.3: one round trip before the request,
//! one for the answer.
//!
//! TCP still has to open the connection. Then the request travels with the ClientHello, sealed with
//! a secret of the first visit (RFC 9846, section 2.3). That alone saves nothing: a server that
//! waits for the client's Finished answers a round trip later. This one answers behind its own
//! Finished.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    https::LINK,
    perform::proven_server_and_client,
    tls::{self, Identity, Trust, Version},
    web,
};

/// `https-tls13-0rtt`
pub static SCENARIO: Scenario = Scenario {
    name: "https-tls13-0rtt",
    group: Group::HttpsCompared,
    title: "HTTPS over TLS 1.3, second visit: 1 + 1 round trips",
    teaches: "Only TCP's round trip is left: the request leaves with the ClientHello, and the answer \
              comes with the server's part of the handshake. \
              The price is that somebody on the way may send the request a second time.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[ANSWER, web::PAGE],
    link: Some(LINK),
    limit: Duration::from_secs(15),
    run,
};

/// When the server answers.
const ANSWER: Knob = Knob {
    name: "answer",
    help: "When the server answers what came early: at once, or when the handshake is complete, as \
           most servers do.",
    default: "at-once",
    choices: &["at-once", "handshake-complete"],
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves two visits.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let mut tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?.early();
    if actor.stage().knob(ANSWER.name) == "at-once" {
        // The library holds an answer back until the client has proven that it is there. Who
        // answers before must not mind to answer a copy (RFC 8470, section 3).
        tls = tls.answering_early();
    }
    let listener = actor.listen(web::HTTPS, listening)?;
    tls.serve(&listener).await?;

    let connection = tls.accept_early(actor.accept(&listener).await?)?;
    let connection = web::serve(&actor, &web::PAGES, connection).await?;
    tls::close_after(&actor, connection, "client").await
}

/// Reads the page, and comes back for it.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?.early();
    let server = actor.hear(server_address).await?;
    tls.fetch(server).await?;

    // Only what changes nothing at the server may be asked early (RFC 8470, section 4).
    let connection = tls.connect_early(actor.connect(server).await?).await?;
    let connection = web::visit(&actor, connection, web::front_page(actor.stage())).await?;
    tls::close_first(&actor, connection, "server").await
}
