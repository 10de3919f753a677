//! One answer that does not end: the server says something whenever there is something to say.
//!
//! A client that watches prices asks once, with `Accept: text/event-stream`, and the answer stays
//! open (HTML Living Standard, section 9.2). After two events the server goes away in the middle of
//! it, as servers do that are started anew. The client waits for as long as it was told to, asks
//! again, and names the last event it saw: what came meanwhile is sent at once.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    events::{self, Said},
    perform::server_and_client,
    steps::Event,
    web,
};

/// `pattern-server-sent-events`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-server-sent-events",
    group: Group::Patterns,
    title: "Server-sent events: an answer that stays open",
    teaches: "The client asks once, and the server writes an event into its answer whenever there \
              is one. \
              When the connection breaks, the client comes again by itself and names the last \
              event it saw, so that nothing is missed.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(20),
    run,
};

const PRICES: &str = "/prices";

/// How long the client is told to wait before it comes again, in milliseconds.
const RETRY: u32 = 200;

/// From one event to the next: long enough to be seen as a pause.
const BETWEEN: Duration = Duration::from_millis(120);

/// The events, in order.
const EVENTS: [Event<'static>; 4] = [
    Event { id: "1", kind: "price", data: "12.10" },
    Event { id: "2", kind: "price", data: "12.30" },
    Event { id: "3", kind: "price", data: "11.95" },
    Event { id: "4", kind: "closed", data: "until tomorrow" },
];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Answers twice: the first answer breaks off, the second one goes on behind what was seen.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let [first, second, third, fourth] = EVENTS;

    let connection = actor.accept(&listener).await?;
    let connection = events::answer(&actor, connection, async |_, sender| {
        events::say(&actor, &sender, Said::Retry(RETRY)).await?;
        events::say(&actor, &sender, Said::Event(first)).await?;
        tokio::time::sleep(BETWEEN).await;
        events::say(&actor, &sender, Said::Event(second)).await?;
        tokio::time::sleep(BETWEEN).await;
        events::say(&actor, &sender, Said::Break).await
    })
    .await?;
    connection.close_first("client").await?;

    let connection = actor.accept(&listener).await?;
    let connection = events::answer(&actor, connection, async |last, sender| {
        if last.as_deref() != Some(second.id) {
            return Err(actor.expected("the id of the last event", format!("{last:?}")));
        }
        events::say(&actor, &sender, Said::Event(third)).await?;
        tokio::time::sleep(BETWEEN).await;
        events::say(&actor, &sender, Said::Comment("still here")).await?;
        tokio::time::sleep(BETWEEN).await;
        events::say(&actor, &sender, Said::Event(fourth)).await?;
        // The client leaves when it has seen this one.
        sender.closed().await;
        Ok(())
    })
    .await?;
    connection.close_after("client").await
}

/// Follows prices until the market closes.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let [_, second, _, fourth] = EVENTS;

    let connection = actor.connect(server).await?;
    let connection = events::follow(&actor, connection, PRICES, (None, fourth.id)).await?;
    connection.close_after("server").await?;

    tokio::time::sleep(Duration::from_millis(RETRY.into())).await;
    let connection = actor.connect(server).await?;
    let last = Some(second.id);
    let connection = events::follow(&actor, connection, PRICES, (last, fourth.id)).await?;
    connection.close_first("server").await
}
