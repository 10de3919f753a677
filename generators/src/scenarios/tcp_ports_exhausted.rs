//! A client without ports: the fifth connection fails, and no packet tells of it.
//!
//! A connection is known by four numbers: both addresses and both ports. Towards one server only
//! the client's port is free to choose, out of a range that its kernel keeps (RFC 6056, section
//! 3.2; `ip_local_port_range`). When each of them is taken, connect fails on the spot. Proxies and
//! load balancers meet this first, because all their connections go to few servers.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, sync::oneshot};

use crate::{
    Facts, Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, counted::Counted, echo,
    perform::server_and_client, steps,
};

/// `tcp-ports-exhausted`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-ports-exhausted",
    group: Group::Transport,
    title: "TCP: no port left",
    teaches: "Towards one server a client can have as many connections as it has ports, and here \
              it has four. \
              The fifth fails inside the client: its kernel sends nothing, and no capture shows \
              why.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The client's ports, as its kernel writes them: four of them. Linux has 28,232 otherwise.
const PORTS: &str = "61000 61003";

/// How many there are.
const COUNT: usize = 4;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Takes four connections, and closes each when the client has.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(echo::PORT, listening)?;
    let mut connections = Vec::new();
    for _ in 0..COUNT {
        connections.push(actor.accept(&listener).await?);
    }
    for connection in connections {
        connection.close_after("client").await?;
    }
    Ok(())
}

/// Connects until there is no port left.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    actor.set_kernel("ip_local_port_range", PORTS)?;

    let mut connections = Vec::new();
    for _ in 0..COUNT {
        connections.push(connect(&actor, server).await?);
    }
    match TcpStream::connect(server).await {
        // EADDRNOTAVAIL: there is no address, that is no port, to come from.
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
            mark(&actor, connections.last())?;
        }
        Err(error) => return Err(actor.cannot(format!("connect to {server}"), error)),
        Ok(_) => return Err(actor.expected("no port to be left", "there was one")),
    }

    for connection in connections {
        connection.close_first("server").await?;
    }
    Ok(())
}

/// Marks the failure behind the last connection that had a port. Clients do not mark otherwise;
/// but of this no packet tells.
fn mark(actor: &Actor, last: Option<&Counted>) -> Result<(), Failure> {
    let Some(last) = last else { return Ok(()) };
    let ends = [("local", last.local()?), ("peer", last.peer()?)];
    let facts: Facts = ends.map(|(end, at)| (end.to_owned(), at.to_string())).into();
    actor.stage().mark(actor.role(), "no-port", facts);
    Ok(())
}

/// Opens a connection from a socket that is not bound: connect itself chooses the port, and may
/// take one again that leads to another server.
async fn connect(actor: &Actor, to: SocketAddr) -> Result<Counted, Failure> {
    let stream = TcpStream::connect(to)
        .await
        .map_err(|source| actor.cannot(format!("connect to {to}"), source))?;
    let from =
        stream.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.say(steps::tcp_connected(from, to));
    Counted::new(actor.clone(), stream)
}
