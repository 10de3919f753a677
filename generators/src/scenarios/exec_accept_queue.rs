//! The queue between the kernel and a program that accepts too slowly.
//!
//! The kernel completes handshakes by itself and puts the connections into a queue, from which
//! accept takes them. How long it may get the program says with listen; Linux takes one more
//! (listen(2)). When it is full, further SYNs are dropped without a word, and the client's kernel
//! tries again, after a second first (RFC 6298, section 2.1). To the client all of that is one
//! connect that takes long.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot};

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript, actor::Actor, echo,
    perform::server_and_client,
};

/// `exec-accept-queue`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-accept-queue",
    group: Group::Execution,
    title: "The accept queue: full at the third",
    teaches: "The kernel opens connections before the program accepts them, and acknowledges what \
              comes on them. \
              When its queue is full the next SYN is dropped in silence, and a second passes until \
              the client's kernel sends it again.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[BACKLOG],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the program asks for; there is room for one more.
const BACKLOG: Knob = Knob {
    name: "backlog",
    help: "The room that the program asks for with listen. Linux takes one connection more; the \
           client opens one more than that, which finds the queue full.",
    default: "1",
    choices: &["0", "1", "2", "4"],
};

/// What the client says on the connections that the queue takes, as many as there are.
const TAKEN: [&[u8]; 5] =
    [b"First in the queue.\r\n", b"Second.\r\n", b"Third.\r\n", b"Fourth.\r\n", b"Fifth.\r\n"];

/// What it says on the last, which finds the queue full.
const OUTSIDE: &[u8] = b"And I waited outside.\r\n";

/// How long the program has something else to do. The kernel's second has not passed by then.
const ELSEWHERE: Duration = Duration::from_millis(300);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// The room that the program asks for.
fn backlog(actor: &Actor) -> u32 {
    actor.stage().knob(BACKLOG.name).parse().unwrap_or_default()
}

/// What is said, a line for each connection.
fn lines(actor: &Actor) -> impl Iterator<Item = &'static [u8]> {
    // One more than was asked for.
    let taken = backlog(actor) as usize + 1;
    TAKEN.into_iter().take(taken).chain([OUTSIDE])
}

/// Listens, does something else, and only then accepts.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let socket = actor.tcp_socket_on(echo::PORT)?;
    let listener = actor.listen_with_room(socket, backlog(&actor), listening)?;

    tokio::time::sleep(ELSEWHERE).await;

    let mut connections = Vec::new();
    for _ in lines(&actor) {
        let mut connection = actor.accept(&listener).await?;
        echo::answer(&actor, &mut connection).await?;
        connections.push(connection);
    }
    for connection in connections {
        connection.close_after("client").await?;
    }
    Ok(())
}

/// Opens all connections one after the other, and speaks on each without waiting.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let mut connections = Vec::new();
    for line in lines(&actor) {
        // The last takes a second. Its program sees no reason for it.
        let mut connection = actor.connect(server).await?;
        connection.write_all(line).await.map_err(|source| actor.cannot("write", source))?;
        connections.push((connection, line));
    }
    for (connection, line) in &mut connections {
        echo::hear(&actor, connection, line).await?;
    }
    for (connection, _) in connections {
        connection.close_first("server").await?;
    }
    Ok(())
}
