//! A connection that is refused: nobody listens on the port, and the kernel says so with a reset.
//!
//! The server's program plays no part in the answer: there is none. Its kernel answers the SYN with
//! RST, ACK (RFC 9293, section 3.10.7.1), and the client knows after one round trip. Compare it
//! with a firewall that drops the SYN: then the client would wait for minutes.

use std::{io, net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::{Part, perform},
    steps,
};

/// `tcp-refused`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-refused",
    group: Group::Transport,
    title: "TCP: connection refused",
    teaches: "A SYN to a port where nobody listens is answered by a reset. \
              \"Connection refused\" is therefore an answer, and a fast one; a timeout is silence.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The port of a web server that has not been started.
const HTTP: u16 = 80;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (reserved, server_address) = oneshot::channel();
    let (tried, until_tried) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, reserved, until_tried)),
            Part::new("client", |actor| client(actor, server_address, tried)),
        ],
    )
}

/// Holds a port without listening on it.
async fn server(
    actor: Actor,
    reserved: oneshot::Sender<SocketAddr>,
    until_tried: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    // A socket that is bound but does not listen takes no connections, and keeps the port from
    // every other program. So the port is certain to be closed, whatever else this machine runs.
    let socket = actor.tcp_socket_on(HTTP)?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.tell(reserved, here)?;
    actor.hear(until_tried).await
}

/// Tries to connect and is told that nobody is there.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
    tried: oneshot::Sender<()>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let socket = actor.tcp_socket()?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;

    let refused = match socket.connect(server).await {
        Ok(_) => return Err(actor.expected("to be refused", "somebody accepted the connection")),
        Err(error) => error,
    };
    match refused.kind() {
        // ECONNREFUSED is what the sockets interface makes of the RST.
        io::ErrorKind::ConnectionRefused => actor.say(steps::tcp_refused(here, server)),
        _ => return Err(actor.cannot(format!("connect to {server}"), refused)),
    }
    actor.tell(tried, ())
}
