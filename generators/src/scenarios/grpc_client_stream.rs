//! gRPC: many messages, and one answer to all of them.
//!
//! The client's side of the stream stays open as long as it has something to say. That it has no
//! more it says with the flag END_STREAM, and only then can there be an answer to the whole.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;
use tonic::Status;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    grpc::{self, Heard, REPORT, Reading, Summary},
    http2,
    perform::server_and_client,
};

/// `grpc-client-stream`
pub static SCENARIO: Scenario = Scenario {
    name: "grpc-client-stream",
    group: Group::RealTime,
    title: "gRPC: one answer to many messages",
    teaches: "The client sends three messages on one stream, each when it has it, and ends its side \
              of the stream. \
              The server takes them as they come and answers once, when nothing more can follow.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one connection.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(grpc::PORT, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;
    let method = grpc::client_streaming(&actor, report);
    let connection = grpc::serve(&actor, connection, method).await?;
    http2::close_first(&actor, connection, "client").await
}

/// The method.
async fn report(mut heard: Heard<Reading>) -> Result<Summary, Status> {
    let mut summary = Summary { readings: 0, highest: i32::MIN };
    while let Some(reading) = heard.next().await? {
        summary.readings += 1;
        summary.highest = summary.highest.max(reading.celsius);
    }
    Ok(summary)
}

/// Reports three readings.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let client = grpc::Client::begin(&actor, connection).await?;
    let readings =
        [(6, -3), (12, 4), (18, 1)].map(|(hour, celsius)| Reading::of("Reykjavik", hour, celsius));
    let readings = grpc::paced(readings.into());
    let summary = client.client_streaming::<Reading, Summary>(REPORT, readings).await?;
    let expected = Summary { readings: 3, highest: 4 };
    if summary != expected {
        return Err(actor.expected(format!("{expected:?}"), format!("{summary:?} came")));
    }
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
