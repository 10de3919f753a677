//! gRPC: both sides talk on one stream, each as it likes.
//!
//! The head of the answer comes before the first message of the client: from then on the two
//! directions are independent. Here each message is answered before the next is sent; nothing in
//! the protocol asks for that.

use std::{net::SocketAddr, time::Duration};

use futures_util::stream;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    grpc::{self, Heard, Outgoing, Place, Reading, WATCH},
    http2,
    perform::server_and_client,
};

/// `grpc-bidi`
pub static SCENARIO: Scenario = Scenario {
    name: "grpc-bidi",
    group: Group::RealTime,
    title: "gRPC: both sides talk on one stream",
    teaches: "One call carries messages both ways for as long as it lasts, a conversation on one \
              stream of HTTP/2. \
              Each side ends its own direction: the client with a flag on its last frame, the \
              server with its status.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the client asks for, one after the other.
const PLACES: [&str; 3] = ["Reykjavik", "Nuuk", "Vardø"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one connection.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(grpc::PORT, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;
    let method = grpc::bidirectional(&actor, watch);
    let connection = grpc::serve(&actor, connection, method).await?;
    http2::close_first(&actor, connection, "client").await
}

/// The method: a reading for each place, as it is named.
fn watch(heard: Heard<Place>) -> Outgoing<Reading> {
    Box::pin(stream::unfold(heard, async |mut heard| {
        let place = heard.next().await.transpose()?;
        let celsius = |name: &str| i32::try_from(name.len()).unwrap_or(i32::MAX) - 9;
        let reading = place.map(|place| Reading::of(&place.name, 12, celsius(&place.name)));
        Some((reading, heard))
    }))
}

/// Names a place, hears of it, and names the next.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let client = grpc::Client::begin(&actor, connection).await?;

    let (say, said) = mpsc::channel(1);
    let messages = stream::unfold(said, async |mut said| Some((said.recv().await?, said)));
    let mut answers = client.bidirectional::<Place, Reading>(WATCH, messages).await?;
    for name in PLACES {
        say.send(Place::named(name)).await.map_err(|error| actor.failed("go on", error))?;
        match answers.next().await? {
            Some(reading) if reading.place == name => {}
            other => return Err(actor.expected(name, format!("{other:?} came"))),
        }
    }
    // Nothing more to say: END_STREAM.
    drop(say);
    if let Some(reading) = answers.next().await? {
        return Err(actor.expected("the end of the call", format!("{reading:?} came")));
    }
    drop(answers);
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
