//! TCP Fast Open: the second connection carries its first bytes on the SYN.
//!
//! A SYN may carry data, but a server must not answer it before the client has proven that it is
//! where it says: anyone could have questions answered to a victim. A cookie proves it (RFC 7413,
//! section 4.1): the server gives one at the first connection, made from the client's address, and
//! the client sends it with its data at the next. A SYN can come twice, so the data may, too.

use std::{net::SocketAddr, time::Duration};

use nix::sys::socket::{setsockopt, sockopt::TcpFastOpenConnect};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, echo, kernel::FastOpened,
    perform::server_and_client,
};

/// `tcp-fast-open`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-fast-open",
    group: Group::Transport,
    title: "TCP: the first bytes on the SYN",
    teaches: "The first connection asks for a cookie; with it the second sends its question on the \
              SYN, and the answer comes one round trip earlier. \
              What rides on a SYN may arrive twice, so it must be harmless to repeat.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// Bits of `net.ipv4.tcp_fastopen`: clients may (1), servers may (2), and all that listen do
/// (1024), without asking for it socket by socket.
const BOTH_SIDES: &str = "1027";

/// What the client says, on a connection each.
const LINES: [&[u8]; 2] = [b"May I have a cookie?\r\n", b"Here it is again.\r\n"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends back a line on each of two connections.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    actor.set_kernel("tcp_fastopen", BOTH_SIDES)?;
    let opened = FastOpened::from_now(&actor)?;
    let listener = actor.listen(echo::PORT, listening)?;
    for _ in LINES {
        // With a cookie that holds, the connection is here before the handshake has ended, and the
        // answer may leave before the client's ACK has come (RFC 7413, section 4.2.2).
        let mut connection = actor.accept(&listener).await?;
        while echo::answer(&actor, &mut connection).await? {}
        connection.close_after("client").await?;
    }
    opened.say_taken(&actor)
}

/// Says a line on each of two connections.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    actor.set_kernel("tcp_fastopen", BOTH_SIDES)?;
    let opened = FastOpened::from_now(&actor)?;
    for line in LINES {
        let socket = actor.tcp_socket()?;
        // Where the kernel has a cookie of this server, connect now sends nothing: the SYN waits
        // for the first write, to carry it. Where it has none, the SYN asks for one.
        setsockopt(&socket, TcpFastOpenConnect, &true)
            .map_err(|source| actor.cannot("set TCP_FASTOPEN_CONNECT", source.into()))?;
        let mut connection = actor.connect_with(socket, server).await?;
        echo::ask(&actor, &mut connection, line).await?;
        connection.close_first("server").await?;
    }
    opened.say_sent(&actor)
}
