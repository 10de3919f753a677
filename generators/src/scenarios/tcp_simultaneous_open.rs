//! Two SYNs that cross: both ends ask for the connection, and there is one.
//!
//! Nobody listens. Each end asks the other at the same moment, and each takes the other's SYN as
//! half of an answer: it confirms it with a SYN, ACK, and the connection is open at both ends after
//! four segments (RFC 9293, section 3.5, figure 7). Peers behind NATs open connections to each
//! other in this way; both must know the other's port beforehand.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpSocket, sync::oneshot};

use crate::{
    Failure, Group, Link, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    echo,
    perform::{Part, perform},
};

/// `tcp-simultaneous-open`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-simultaneous-open",
    group: Group::Transport,
    title: "TCP: two SYNs that cross",
    teaches: "Both ends ask for the same connection at the same moment, and neither listens. \
              Each confirms the other's SYN, and there is one connection, opened by four segments \
              and by both.",
    roles: &[
        Role { name: "client", title: "One peer", kind: RoleKind::Client },
        Role { name: "server", title: "Other peer", kind: RoleKind::Server },
    ],
    knobs: &[],
    // On a loopback one SYN arrives before the other leaves.
    link: Some(Link { settings: "rtt=40ms", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (one_here, one_there) = oneshot::channel();
    let (other_here, other_there) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| other(actor, other_here, one_there)),
            Part::new("client", |actor| one(actor, one_here, other_there)),
        ],
    )
}

/// Opens the connection, says something, and closes first.
async fn one(
    actor: Actor,
    here: oneshot::Sender<SocketAddr>,
    there: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let socket = actor.tcp_socket()?;
    let mut connection = meet(&actor, socket, here, there).await?;
    echo::ask(&actor, &mut connection, b"Did you call, or did I?\r\n").await?;
    connection.close_first("server").await
}

/// Opens the connection, too, and answers.
async fn other(
    actor: Actor,
    here: oneshot::Sender<SocketAddr>,
    there: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let socket = actor.tcp_socket_on(echo::PORT)?;
    let mut connection = meet(&actor, socket, here, there).await?;
    while echo::answer(&actor, &mut connection).await? {}
    connection.close_after("client").await
}

/// Lets the other know where this end is, and connects as soon as it knows the same: at the same
/// moment as the other, to within much less than a SYN takes.
async fn meet(
    actor: &Actor,
    socket: TcpSocket,
    here: oneshot::Sender<SocketAddr>,
    there: oneshot::Receiver<SocketAddr>,
) -> Result<Counted, Failure> {
    if !actor.stage().is_linked() {
        let what = "a distance between the two, on which SYNs can cross".to_owned();
        return Err(Failure::NeedsNetwork { role: actor.role(), what });
    }
    let own = socket.local_addr();
    let own = own.map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.tell(here, own)?;
    let peer = actor.hear(there).await?;
    actor.connect_with(socket, peer).await
}
