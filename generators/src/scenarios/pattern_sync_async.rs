//! Three questions one after the other, and three at once.
//!
//! A program that waits for each answer before it asks the next waits for the sum of all. One that
//! asks first and gathers the answers later waits for the longest. The server does the same work
//! either way; HTTP/2 carries the questions on streams that do not wait for each other (RFC 9113,
//! section 5).

use std::{net::SocketAddr, time::Duration};

use hyper::{Request, body::Bytes};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http2::{self, Settings},
    perform::server_and_client,
    web,
};

/// `pattern-sync-async`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-sync-async",
    group: Group::Patterns,
    title: "One after the other, or all at once",
    teaches: "Three reports take 60 ms each, and a client that waits for every one before it asks \
              for the next has them after 180 ms. \
              Asked for at once and gathered later, the same three are there after 60 ms.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How many reports are wanted, each time.
const REPORTS: usize = 3;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Makes reports, each in a task of its own: it is not the server that makes anybody wait.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let settings = Settings::HUNDRED_STREAMS;
    let connection = http2::serve(&actor, &web::SLOW_REPORT, connection, settings).await?;
    http2::close_first(&actor, connection, "client").await
}

/// Waits for each, and then for all.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let mut client = http2::Client::begin(&actor, connection, Settings::NO_PUSH).await?;

    for _ in 0..REPORTS {
        let asked = client.ask(report(&actor)?).await?;
        client.hear(asked.stream, asked.answer).await?;
    }

    let mut all = Vec::new();
    for _ in 0..REPORTS {
        // It returns when the question is written. The answer is a promise to be called in.
        all.push(client.ask(report(&actor)?).await?);
    }
    for asked in all {
        client.hear(asked.stream, asked.answer).await?;
    }
    client.say_streams_allowed();

    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}

fn report(actor: &Actor) -> Result<Request<Bytes>, Failure> {
    let request = http2::get("http", "/report").body(Bytes::new());
    request.map_err(|error| actor.failed("write its request", error))
}
