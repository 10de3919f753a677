//! A server that starts a thread for each connection.
//!
//! The acceptor does nothing but accept, so nobody waits for anybody: each connection has a thread
//! that may block for as long as it likes. What that costs is memory and switches for each of them
//! (pthread_create(3): a stack of 8 MiB is reserved by default on Linux), which is why servers with
//! many thousands of connections do without.

use std::{net::SocketAddr, thread, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Handed,
    exec::{self, CAST, CLIENTS},
    web,
};

/// `exec-thread-per-connection`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-thread-per-connection",
    group: Group::Execution,
    title: "A thread for each connection",
    teaches: "One thread accepts and starts another for each connection, which alone waits when \
              its report takes long. \
              Both clients are served at the same time; compare exec-single-thread, where the \
              second waits.",
    roles: CAST,
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    exec::two_clients(stage, server)
}

/// Accepts, and lets threads do the rest.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let mut workers = Vec::new();
    for (number, client) in (1..).zip(CLIENTS) {
        let own = actor.apart();
        let connection = own.accept(&listener).await?;
        connection.mark("thread", []);
        workers.push((start(&own, (number, client), connection.hand_over()?)?, own));
    }
    for (worker, own) in workers {
        actor.hear(worker).await??;
        actor.take_in(&own);
    }
    Ok(())
}

/// Starts a thread that serves one connection; the receiver hears how that went.
fn start(
    actor: &Actor,
    (number, client): (usize, &'static str),
    connection: Handed,
) -> Result<oneshot::Receiver<Result<(), Failure>>, Failure> {
    let (done, worker) = oneshot::channel();
    let own = actor.clone();
    thread::Builder::new()
        .name(format!("worker {number}"))
        .spawn(move || {
            // Nobody listens where another role has failed, and then it does not matter.
            let _ = done.send(work(&own, connection, client));
        })
        .map_err(|source| actor.cannot("start a thread", source))?;
    Ok(worker)
}

/// What a thread does. Its calls may block: nobody else waits for it.
fn work(actor: &Actor, connection: Handed, client: &'static str) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| actor.cannot("start a runtime", source))?;
    runtime.block_on(async {
        let connection = connection.take_up()?;
        let connection = web::serve(actor, &web::SLOW_REPORT, connection).await?;
        connection.close_after(client).await
    })
}
