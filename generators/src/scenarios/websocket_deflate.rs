//! WebSocket with packed messages: permessage-deflate (RFC 7692).
//!
//! The client offers the extension in its request, the server takes it in its answer. From then on
//! a bit marks each packed message, and a message may point back into those before it: so the
//! second reading of the same kind is a fraction of the first.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;
use yawc::Options;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web,
    websocket::{self, Heard},
};

/// `websocket-deflate`
pub static SCENARIO: Scenario = Scenario {
    name: "websocket-deflate",
    group: Group::RealTime,
    title: "WebSocket: packed messages",
    teaches: "Both sides agree to pack messages, in the request that opens the connection and in \
              its answer. \
              The second message is far smaller than the first: it points back into what both \
              sides have seen already.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// Where readings are sent.
const READINGS: &str = "/readings";

/// The hours of the readings.
const HOURS: [u32; 3] = [6, 12, 18];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// What both sides are ready to do.
fn options() -> Options {
    Options::default().with_balanced_compression()
}

/// A reading, as programs like to write it: with all its names, each time.
fn reading(hour: u32) -> String {
    format!(
        r#"{{"station":"Reykjavik","hour":{hour},"temperature":{{"value":{},"unit":"celsius"}},"wind":{{"value":{},"unit":"metres per second","direction":"north-east"}}}}"#,
        hour / 3,
        hour / 2,
    )
}

/// Takes readings, and repeats each.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let (mut socket, given_back) = websocket::accept(&actor, connection, options()).await?;
    for hour in HOURS {
        socket.expect(Heard::Text(reading(hour))).await?;
        socket.text(&reading(hour)).await?;
    }
    socket.expect(Heard::Close).await?;
    socket.leave().await?;
    actor.hear(given_back).await?.close_first("client").await
}

/// Sends readings, each when the one before was repeated.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let (mut socket, given_back) =
        websocket::open(&actor, connection, "ws", READINGS, options()).await?;
    for hour in HOURS {
        socket.text(&reading(hour)).await?;
        socket.expect(Heard::Text(reading(hour))).await?;
    }
    socket.close("enough").await?;
    socket.expect(Heard::Close).await?;
    drop(socket);
    actor.hear(given_back).await?.close_after("server").await
}
