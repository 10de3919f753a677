//! One direction ends, and the other goes on: what a FIN does, and what it does not.
//!
//! The client sends words, one on a line, and the server sends them back in order. The first word
//! of the answer may be the last one that comes, so the server must know that there are no more:
//! the client's FIN says so. It closes the direction of the client alone (RFC 9293, section 3.6).
//! The server's stays open for as long as it has something to say.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
};

/// `tcp-half-close`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-half-close",
    group: Group::Transport,
    title: "TCP: one direction ends before the other",
    teaches: "A FIN says that one side will send nothing more; the other may go on for as long as \
              it likes. \
              Here it marks the end of the question, without which the answer cannot begin.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// A port that is registered for nothing (RFC 6335, section 6): this service has no name.
const SORT: u16 = 49_152;

/// What is to be put in order.
const WORDS: &str = "socket\nport\nsegment\naddress\n";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// The words of a text in order.
fn sorted(text: &str) -> Vec<&str> {
    let mut words: Vec<_> = text.split_inclusive('\n').collect();
    words.sort_unstable();
    words
}

/// Reads words until there are no more, then sends them in order.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(SORT, listening)?;
    let mut connection = actor.accept(&listener).await?;

    // read_to_string ends when a read gives nothing, which is the client's FIN. State CLOSE-WAIT:
    // the other side has closed, this one has not.
    let mut text = String::new();
    connection
        .read_to_string(&mut text)
        .await
        .map_err(|source| actor.cannot("read the words", source))?;

    // Each word in a segment of its own, long after the client's direction has ended.
    for word in sorted(&text) {
        connection
            .write_all(word.as_bytes())
            .await
            .map_err(|source| actor.cannot("write a word", source))?;
    }
    connection.close_after("client").await
}

/// Sends its words, ends its direction, and reads on.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let mut connection = actor.connect(server).await?;
    connection
        .write_all(WORDS.as_bytes())
        .await
        .map_err(|source| actor.cannot("write the words", source))?;

    // shutdown ends one direction; close would give up both, and what came then would be answered
    // by a reset. State FIN-WAIT-1, then FIN-WAIT-2 for as long as the server has something to say.
    connection.shutdown().await.map_err(|source| actor.cannot("end its direction", source))?;

    let mut answer = String::new();
    connection
        .read_to_string(&mut answer)
        .await
        .map_err(|source| actor.cannot("read the answer", source))?;
    if answer != sorted(WORDS).concat() {
        return Err(actor.expected("its words in order", "another text came"));
    }
    connection.close_first("server").await
}
