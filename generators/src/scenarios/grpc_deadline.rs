//! gRPC: a caller that waits for so long and no longer.
//!
//! A call can say how long its caller waits. The server may use that to stop in time; what ends the
//! call is the caller's own clock. It resets the stream, so that the server learns that nobody
//! wants the answer, and the connection serves the next call.

use std::{
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;
use tonic::Status;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    grpc::{self, Deadline, NOW, Place, Reading},
    http2,
    perform::server_and_client,
    steps,
};

/// `grpc-deadline`
pub static SCENARIO: Scenario = Scenario {
    name: "grpc-deadline",
    group: Group::RealTime,
    title: "gRPC: a deadline passes",
    teaches: "The call says that its caller waits for 400 ms, and the method takes longer. \
              The caller gives up by its own clock and resets the stream with CANCEL; the server \
              drops its work, and the status that the caller's program gets was never on the wire.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How long the client waits: more than a call needs to reach the server over any link.
const PATIENCE: Duration = Duration::from_millis(400);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (has_call, known) = oneshot::channel();
    server_and_client(
        stage,
        |actor, listening| server(actor, has_call, listening),
        |actor, server_address| client(actor, known, server_address),
    )
}

/// Serves one connection with a method that never ends by itself.
async fn server(
    actor: Actor,
    has_call: oneshot::Sender<()>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let listener = actor.listen(grpc::PORT, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;

    let (drops, dropped) = oneshot::channel();
    let work = Work { actor: actor.clone(), drops: Some(drops) };
    let once = Arc::new(Mutex::new(Some((has_call, work))));
    let method = grpc::unary(&actor, move |_: Place| {
        let work = once.lock().unwrap_or_else(PoisonError::into_inner).take();
        async move {
            let Some((has_call, _work)) = work else {
                return Err::<Reading, _>(Status::unavailable("one call is all there is"));
            };
            // A client that has left needs no word.
            let _ = has_call.send(());
            pending().await
        }
    });
    let connection = grpc::serve(&actor, connection, method).await?;
    actor.hear(dropped).await?;
    http2::close_first(&actor, connection, "client").await
}

/// What a method works with. The library ends a method by dropping it, and with it all it has.
struct Work {
    actor: Actor,
    drops: Option<oneshot::Sender<()>>,
}

impl Drop for Work {
    fn drop(&mut self) {
        self.actor.say(steps::grpc_call_dropped());
        if let Some(drops) = self.drops.take() {
            // Nobody listens any more where the run has failed.
            let _ = drops.send(());
        }
    }
}

/// Calls, waits as long as it likes, and leaves.
async fn client(
    actor: Actor,
    known: oneshot::Receiver<()>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let client = grpc::Client::begin(&actor, connection).await?;
    let deadline = Deadline { after: PATIENCE, known };
    let place = Place::named("Reykjavik");
    client.unary_in_vain::<Place, Reading>(NOW, place, deadline).await?;
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
