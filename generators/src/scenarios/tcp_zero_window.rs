//! A receiver that stops reading, and the sender that has to wait for it.
//!
//! Each segment says how many more bytes its sender is ready to take: the free room in its receive
//! buffer. When the program stops reading, the buffer fills and the window closes (RFC 9293,
//! section 3.8.6). The sender keeps the rest, and asks from time to time whether there is room
//! again, because the segment that says so could be lost (section 3.8.6.1).

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot, time::sleep};

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript, actor::Actor, chargen, kernel::Probed,
    perform::server_and_client,
};

/// `tcp-zero-window`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-zero-window",
    group: Group::Transport,
    title: "TCP: a receiver stops reading",
    teaches: "The window is the free room in the receiver's buffer, and a program that does not \
              read lets it close. \
              The sender then waits, and asks with tiny probes whether there is room again.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[BUFFER],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

const BUFFER: Knob = Knob {
    name: "buffer",
    help: "How many bytes of receive buffer the client asks its kernel for; Linux takes twice as \
           many, for its own needs too.",
    default: "4096",
    choices: &["4096", "8192"],
};

/// How much the server sends: several times what the buffer holds.
const PAGE: usize = 24 * 1024;

/// How long the client does something else. The first probes come after about 0.2 and 0.6 seconds:
/// the time is that of a retransmission (RFC 9293, section 3.8.6.1), doubled from probe to probe.
const ELSEWHERE: Duration = Duration::from_secs(1);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends its page to whoever connects, as fast as it goes.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let probed = Probed::from_now(&actor)?;
    let listener = actor.listen(chargen::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;

    // The kernel takes all of it at once into its own buffer. How much the client has room for is
    // its business; with a larger page this call would wait as well.
    connection
        .write_all(&chargen::page(PAGE))
        .await
        .map_err(|source| actor.cannot("write", source))?;

    connection.await_theirs().await?;
    probed.say(&actor)?;
    connection.close_after("client").await
}

/// Connects, does something else for a while, and only then reads.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let socket = actor.tcp_socket()?;
    // Before the SYN: the scale of the window is agreed on there (RFC 7323, section 2).
    let size = actor.stage().knob("buffer").parse().unwrap_or_default();
    socket.set_recv_buffer_size(size).map_err(|source| actor.cannot("set SO_RCVBUF", source))?;
    let mut connection = actor.connect_with(socket, server).await?;

    sleep(ELSEWHERE).await;

    // Each read makes room, and the kernel says so when it is worth a segment (RFC 9293, section
    // 3.8.6.2.2: no silly windows).
    chargen::read(&actor, &mut connection, &chargen::page(PAGE)).await?;
    connection.close_first("server").await
}
