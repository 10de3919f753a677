//! A server that speaks when it has something to say, and not when it is asked.
//!
//! HTTP has no way for a server to begin. WebSocket turns the connection into one on which either
//! side may (RFC 6455, section 1.1): the client opens it once and listens. The server must know all
//! its listeners and keep a connection for each, and whoever was away has missed what was said.

use std::{net::SocketAddr, time::Duration};

use tokio::{sync::oneshot, time::sleep};
use yawc::Options;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web,
    websocket::{self, Heard},
};

/// `pattern-push`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-push",
    group: Group::Patterns,
    title: "Push: the server speaks unasked",
    teaches: "The client opens a connection and says nothing more, and the server speaks on it \
              whenever something happens. \
              News arrive half a round trip after they happen, and nobody asks in vain; compare \
              pattern-short-polling and pattern-long-polling.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

const GOALS: &str = "/goals";

/// What happens, and how long after the one before.
const HAPPENS: [(Duration, &str); 3] = [
    (Duration::from_millis(90), "1:0, Ada, minute 12"),
    (Duration::from_millis(40), "1:1, Grace, minute 17"),
    (Duration::from_millis(140), "2:1, Ada, minute 88"),
];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Says what happens, as it happens.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let (mut socket, given_back) =
        websocket::accept(&actor, connection, Options::default()).await?;
    for (after, what) in HAPPENS {
        sleep(after).await;
        socket.text(what).await?;
    }
    socket.expect(Heard::Close).await?;
    socket.leave().await?;
    actor.hear(given_back).await?.close_first("client").await
}

/// Listens, and leaves when it has heard enough.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let (mut socket, given_back) =
        websocket::open(&actor, connection, "ws", GOALS, Options::default()).await?;
    for (_, what) in HAPPENS {
        socket.expect(Heard::Text(what.to_owned())).await?;
    }
    socket.close("the match is over").await?;
    socket.expect(Heard::Close).await?;
    drop(socket);
    actor.hear(given_back).await?.close_after("server").await
}
