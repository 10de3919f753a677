//! gRPC: one question, and answers that come as they are made.
//!
//! The call is like any other; its answer has several messages, each with its length in front. The
//! status comes when the last is sent, which is why it is a trailer: a head would have to know it
//! before.

use std::{net::SocketAddr, time::Duration};

use futures_util::StreamExt;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    grpc::{self, FORECAST, Outgoing, Place, Reading},
    http2,
    perform::server_and_client,
};

/// `grpc-server-stream`
pub static SCENARIO: Scenario = Scenario {
    name: "grpc-server-stream",
    group: Group::RealTime,
    title: "gRPC: many answers to one question",
    teaches: "The server answers one message with four, each as soon as it is made, on the stream \
              of the call. \
              The trailers behind the last one say that all of them came, which no head could have \
              promised.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The hours that are foretold.
const HOURS: [u32; 4] = [6, 12, 18, 24];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one connection.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(grpc::PORT, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;
    let method = grpc::server_streaming(&actor, forecast);
    let connection = grpc::serve(&actor, connection, method).await?;
    http2::close_first(&actor, connection, "client").await
}

/// The method.
fn forecast(place: Place) -> Outgoing<Reading> {
    let readings = HOURS.map(|hour| Reading::of(&place.name, hour, 5 - hour.cast_signed() / 6));
    Box::pin(grpc::paced(readings.into()).map(Ok))
}

/// Asks once, and listens until nothing more comes.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let client = grpc::Client::begin(&actor, connection).await?;
    let place = Place::named("Reykjavik");
    let mut answers = client.server_streaming::<Place, Reading>(FORECAST, place).await?;
    let mut hours = Vec::new();
    while let Some(reading) = answers.next().await? {
        hours.push(reading.hour);
    }
    if hours != HOURS {
        return Err(actor.expected(format!("{HOURS:?}"), format!("{hours:?} came")));
    }
    // A stream that somebody holds keeps the connection open.
    drop(answers);
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
