//! A server with one thread and many connections: it waits for all of them at once.
//!
//! The kernel says which connections have something to read (epoll(7)), the thread does what can be
//! done without waiting, and asks again. Waiting costs a few bytes for each connection instead of a
//! thread. What must not happen is that somebody computes for long: then all of them wait.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    each::serve_each,
    exec::{self, CAST, CLIENTS},
    web,
};

/// `exec-event-loop`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-event-loop",
    group: Group::Execution,
    title: "An event loop: one thread, many connections",
    teaches: "One thread holds both connections and waits for whichever has something for it. \
              The wire looks as with a thread for each, for a report that takes long is waited \
              for without holding anybody up.",
    roles: CAST,
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    exec::two_clients(stage, server)
}

/// Waits for the next connection and for all that it has, on this one thread.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    serve_each(&actor, &listener, &CLIENTS, serve).await
}

/// Serves one connection, and lets the others go on wherever it waits.
async fn serve(own: Actor, connection: Counted, client: &'static str) -> Result<(), Failure> {
    let connection = web::serve(&own, &web::SLOW_REPORT, connection).await?;
    connection.close_after(client).await
}
