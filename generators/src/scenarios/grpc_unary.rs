//! gRPC: a method is called, and answers or fails.
//!
//! A call is a POST of HTTP/2 whose path names service and method. Arguments and results are
//! messages of Protocol Buffers with their length in front. How the call went stands behind the
//! content, in the trailers: the status of HTTP is 200 also where the method failed.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;
use tonic::Status;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    grpc::{self, NOW, Place, Reading},
    http2,
    perform::server_and_client,
};

/// `grpc-unary`
pub static SCENARIO: Scenario = Scenario {
    name: "grpc-unary",
    group: Group::RealTime,
    title: "gRPC: a call and its status",
    teaches: "Two calls share a connection, each on a stream that is named by its method, and one \
              of them fails. \
              HTTP says 200 both times: how a call went stands in grpc-status, behind the answer or \
              in place of one.",
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
    let connection = grpc::serve(&actor, connection, grpc::unary(&actor, now)).await?;
    http2::close_first(&actor, connection, "client").await
}

/// The method.
async fn now(place: Place) -> Result<Reading, Status> {
    match place.name.as_str() {
        "Reykjavik" => Ok(Reading::of("Reykjavik", 12, -3)),
        _ => Err(Status::not_found("nobody measures there")),
    }
}

/// Asks for a place that is known, and for one that is not.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let client = grpc::Client::begin(&actor, connection).await?;
    for (name, is_known) in [("Reykjavik", true), ("Atlantis", false)] {
        let answer = client.unary::<Place, Reading>(NOW, Place::named(name)).await?;
        if answer.is_ok() != is_known {
            return Err(actor.expected("the other answer", format!("{name} got {answer:?}")));
        }
    }
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
