//! Three requests at once on one connection: the answers come in the order of the requests.
//!
//! HTTP/1.1 lets a client send further requests before the first is answered (RFC 9112, section
//! 9.3.2). The answers have no number that says which request they belong to, only their order. So
//! a slow first answer holds up the quick ones behind it, which is why hardly anyone pipelines.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
    web,
};

/// `http1-pipelining`
pub static SCENARIO: Scenario = Scenario {
    name: "http1-pipelining",
    group: Group::Http,
    title: "HTTP/1.1: requests that do not wait",
    teaches: "Three requests leave at once and save two round trips. \
              The first asks for a report that takes 60 ms, and the two pages behind it wait \
              until it is sent, for answers keep the order of the requests: head-of-line \
              blocking in its first form.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Answers one request after the other, as an ordinary server does: it takes the next one up when
/// the answer before has been written.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    web::serve_once(&actor, &web::SLOW_REPORT, listening).await
}

/// Asks for a slow report and two quick pages in one write.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let connection = web::ask_at_once(&actor, connection, &["/report", "/about.html", "/"]).await?;
    connection.close_after("server").await
}
