//! A link in the middle of the way that takes shorter packets than its ends, and how a sender
//! learns of it.
//!
//! TCP forbids its packets to be cut on the way. A router that cannot pass one on drops it and says
//! how long it may be (ICMP "fragmentation needed", RFC 1191), and the sender's kernel cuts its
//! segments anew. Where a firewall drops that ICMP, the sender hears nothing: a black hole, in
//! which small packets pass and large ones vanish. A kernel that tries smaller segments by itself
//! gets out of it (RFC 4821), after several timeouts.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot};

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript, actor::Actor, chargen,
    perform::server_and_client, steps,
};

/// `path-mtu`
pub static SCENARIO: Scenario = Scenario {
    name: "path-mtu",
    group: Group::Transport,
    title: "IP: too large for the way",
    teaches: "A router that cannot pass a packet on says how large it may be, and the sender goes \
              on with smaller ones. \
              Where that message is dropped, large packets vanish without a word while small ones \
              pass.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[ROUTERS],
    link: Some(Link {
        settings: "rtt=40ms,path-mtu=1280",
        by_choice: &[("routers", "silent", "icmp=none")],
    }),
    limit: Duration::from_secs(20),
    run,
};

const ROUTERS: Knob = Knob {
    name: "routers",
    help: "Whether the router says what it drops, or is silent, as behind a firewall that drops \
           ICMP; the sender then finds out by trying.",
    default: "speak",
    choices: &["speak", "silent"],
};

/// What the server sends: four segments of a path that carries 1500 bytes.
const PAGE: usize = 4 * 1448;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends its page to whoever connects, and closes after the client.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    // Smaller segments are tried where larger ones seem to vanish. Off by default.
    actor.set_kernel("tcp_mtu_probing", "1")?;
    let listener = actor.listen(chargen::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;
    connection
        .write_all(&chargen::page(PAGE))
        .await
        .map_err(|source| actor.cannot("write", source))?;
    connection.await_theirs().await?;
    actor.say(steps::icmp_path_mtu(connection.path_mtu()?));
    connection.close_after("client").await
}

/// Reads the page to its last byte, and closes first.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let mut connection = actor.connect(server).await?;
    chargen::read(&actor, &mut connection, &chargen::page(PAGE)).await?;
    connection.close_first("server").await
}
