//! Between a program and the wire: the kernel's buffers.
//!
//! A write returns when the kernel has taken the bytes into its send buffer, which says nothing of
//! whether they arrive (send(2)). What comes is acknowledged when it lies in the receive buffer,
//! whether a program reads it or not, or has even accepted the connection: an acknowledgement says
//! that the kernel has the bytes (RFC 9293, section 3.8). A program that writes faster than the
//! wire carries fills its buffer, and then its writes wait.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot};

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    chargen,
    kernel::{Probed, Resent},
    perform::server_and_client,
};

/// `exec-socket-buffers`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-socket-buffers",
    group: Group::Execution,
    title: "Socket buffers: what the kernel takes",
    teaches: "The client's line is acknowledged while no program has accepted it, and the server's \
              writes return before anything has arrived. \
              When its send buffer is full, a write waits for acknowledgements to make room.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: Some(Link { settings: "rtt=40ms", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

/// What the client says before it is accepted.
const LINE: &[u8] = b"A page, please.\r\n";

/// How long the server has something else to do: more than a round trip.
const ELSEWHERE: Duration = Duration::from_millis(100);

/// How many bytes of send buffer the server asks for; Linux takes twice as many, for its own needs
/// too.
const BUFFER: u32 = 4096;

/// How much it sends: several times what the buffer holds.
const PAGE: usize = 64 * 1024;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Comes late, reads what has long been acknowledged, and writes more than its buffer holds.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let (resent, probed) = (Resent::from_now(&actor)?, Probed::from_now(&actor)?);
    let socket = actor.tcp_socket_on(chargen::PORT)?;
    // What is accepted from it inherits this.
    socket.set_send_buffer_size(BUFFER).map_err(|source| actor.cannot("set SO_SNDBUF", source))?;
    let listener = actor.listen_with(socket, listening)?;

    tokio::time::sleep(ELSEWHERE).await;

    let mut connection = actor.accept(&listener).await?;
    chargen::read(&actor, &mut connection, LINE).await?;
    // Each write takes as much as there is room for; the next waits until there is some.
    let page = chargen::page(PAGE);
    connection.write_all(&page).await.map_err(|source| actor.cannot("write", source))?;

    connection.await_theirs().await?;
    resent.say(&actor)?;
    probed.say(&actor)?;
    connection.close_after("client").await
}

/// Speaks at once, and reads all of the page.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let (resent, probed) = (Resent::from_now(&actor)?, Probed::from_now(&actor)?);
    let mut connection = actor.connect(server).await?;
    connection.write_all(LINE).await.map_err(|source| actor.cannot("write", source))?;
    chargen::read(&actor, &mut connection, &chargen::page(PAGE)).await?;
    resent.say(&actor)?;
    probed.say(&actor)?;
    connection.close_first("server").await
}
