//! A datagram for which there is no program, and the kernel that says so.
//!
//! UDP itself has no word for it. The kernel of the host sends an ICMP error, "port unreachable"
//! (RFC 1122, section 4.1.3.1), which quotes the head of the datagram. By the ports in the quote
//! the sender's kernel finds the socket, and the program finds the error at its next call, if it
//! has connected the socket. TCP would have answered with a reset.

use std::{io, net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, echo,
    perform::server_and_client, steps,
};

/// `udp-unreachable`
pub static SCENARIO: Scenario = Scenario {
    name: "udp-unreachable",
    group: Group::Transport,
    title: "UDP: nobody on that port",
    teaches: "A datagram to a closed port comes back as an ICMP error that quotes it, and so the \
              sender's kernel knows which socket to tell. \
              Where a firewall drops either of them, the sender hears nothing at all.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Opens its port and closes it again: it has crashed, or was never started.
async fn server(actor: Actor, closed: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let socket = actor.udp_socket_on(echo::PORT)?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    drop(socket);
    actor.tell(closed, here)
}

/// Asks the closed port, and is told by an error.
async fn client(actor: Actor, closed: oneshot::Receiver<SocketAddr>) -> Result<(), Failure> {
    let server = actor.hear(closed).await?;
    let socket = actor.udp_socket()?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;

    // connect sends nothing. It sets the address that send uses, and it is what lets the kernel
    // hand errors on to this socket.
    socket
        .connect(server)
        .await
        .map_err(|source| actor.cannot(format!("connect to {server}"), source))?;
    let question = b"Is anybody there?";
    socket.send(question).await.map_err(|source| actor.cannot("send", source))?;
    actor.say(steps::udp_sent(here, server, question));

    match socket.recv(&mut [0; 64]).await {
        // ECONNREFUSED, from a protocol that has no connections.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            actor.say(steps::udp_refused(here, server));
            Ok(())
        }
        Err(error) => Err(actor.cannot("receive", error)),
        Ok(_) => Err(actor.expected("an error", "somebody answered")),
    }
}
