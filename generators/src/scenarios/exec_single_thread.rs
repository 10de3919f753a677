//! A server that does one thing after the other: accept, read, work, answer, and back to accept.
//!
//! The kernel does not wait for it. The second client's handshake is completed and its request
//! acknowledged while the program is busy with the first (accept(2), listen(2)); both lie in the
//! kernel until the program comes back. Nothing on the wire tells a slow network from a server
//! without a hand free, but the marks do.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Scenario, Stage, Transcript,
    actor::Actor,
    exec::{self, CAST, CLIENTS},
    web,
};

/// `exec-single-thread`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-single-thread",
    group: Group::Execution,
    title: "One thread: the second client waits",
    teaches: "The kernel opens the second connection and acknowledges its request at once, but \
              the only thread is busy with the first client. \
              The request lies unread until that one is served, and the second client waits for \
              both reports.",
    roles: CAST,
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    exec::two_clients(stage, server)
}

/// Serves one client to the end before it looks for the next.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    for client in CLIENTS {
        let connection = actor.accept(&listener).await?;
        let connection = web::serve(&actor, &web::SLOW_REPORT, connection).await?;
        connection.close_after(client).await?;
    }
    Ok(())
}
