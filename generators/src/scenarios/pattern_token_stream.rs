//! A question whose answer comes word by word, as chat services give it.
//!
//! The client sends a POST, and the answer is a stream of events (HTML Living Standard, section
//! 9.2) that ends when the last word is there. A browser's EventSource cannot do that, for it only
//! ever asks with GET and comes again by itself; clients of such services read the answer as it
//! comes. Until the first word there is little to wait for, however long the whole takes.

use std::{net::SocketAddr, time::Duration};

use hyper::{body::Bytes, header::ACCEPT};
use tokio::{sync::oneshot, time::sleep};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    events::{self, Said},
    perform::server_and_client,
    steps::Event,
    web,
};

/// `pattern-token-stream`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-token-stream",
    group: Group::Patterns,
    title: "Token by token: an answer while it is made",
    teaches: "A POST is answered by a stream of events, one for each word as it is found, and the \
              answer ends with the last. \
              The reader has the first word long before the last, though the whole takes no less \
              time.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

const CHAT: &str = "/chat";

/// What is asked.
const QUESTION: &str = r#"{"stream":true,"prompt":"Why is the sky blue?"}"#;

/// How long a word takes to be found.
const WORD: Duration = Duration::from_millis(40);

/// The answer.
const WORDS: [Event<'static>; 5] = [
    Event { id: "1", kind: "token", data: "Air" },
    Event { id: "2", kind: "token", data: "scatters" },
    Event { id: "3", kind: "token", data: "blue" },
    Event { id: "4", kind: "token", data: "most." },
    Event { id: "5", kind: "done", data: "stop" },
];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Finds one word after the other, and ends its answer behind the last.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let connection = events::answer(&actor, connection, async |_, sender| {
        for word in WORDS {
            sleep(WORD).await;
            events::say(&actor, &sender, Said::Event(word)).await?;
        }
        Ok(())
    })
    .await?;
    connection.close_after("client").await
}

/// Asks, and reads along.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let question = web::send(CHAT, "application/json")
        .header(ACCEPT, "text/event-stream")
        .body(Bytes::from_static(QUESTION.as_bytes()))
        .map_err(|error| actor.failed("write its question", error))?;
    let connection = events::read_along(&actor, connection, question, None).await?;
    connection.close_first("server").await
}
