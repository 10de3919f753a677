//! An answer that is too large for a datagram, asked for again over TCP.
//!
//! The client says how large an answer over UDP may be; the server puts in what fits and sets the
//! TC bit. A cut answer is no answer: the client drops it, connects to the same port by TCP, and
//! asks the same question there (RFC 7766, section 5). Over TCP a message has its length in two
//! bytes in front, and may have up to 65,535 bytes.

use std::{net::SocketAddr, time::Duration};

use hickory_net::proto::rr::RecordType;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    dns::{self, EDNS, NAME_SERVER, NameServer, Over},
    perform::server_and_client,
};

/// `dns-over-tcp`
pub static SCENARIO: Scenario = Scenario {
    name: "dns-over-tcp",
    group: Group::Transport,
    title: "DNS: an answer too large for UDP",
    teaches: "An answer that does not fit into the datagram comes cut short, with the TC bit set, \
              and the client drops it and asks the same question over TCP. \
              That costs two more round trips, one to connect and one to ask.",
    roles: &[Role::CLIENT, NAME_SERVER],
    knobs: &[EDNS],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// A name with many texts: proofs of ownership, as services ask their customers to publish them.
const NAME: &str = "wirestage.test.";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Answers by UDP all the while, and by TCP to one client, until that has closed.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let server = NameServer::new(&actor)?;
    // UDP and TCP ports are counted apart: number 53 is taken once in each. A name server must
    // answer on both (RFC 7766, section 5).
    let (datagrams, connections) = actor.udp_and_tcp_sockets_on(dns::PORT)?;
    let listener = actor.listen_with(connections, listening)?;

    let over_tcp = async {
        let connection = actor.accept(&listener).await?;
        let client = connection.peer()?;
        let connection = server.serve_connection((connection, Over::Tcp), client).await?;
        connection.close_after("client").await
    };
    tokio::select! {
        served = server.serve_datagrams(datagrams) => served.map(|never| match never {}),
        closed = over_tcp => closed,
    }
}

/// Asks by UDP, is told that the answer does not fit, and asks by TCP.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let client = dns::Client::new(&actor, server);

    let cut = client.ask(NAME, RecordType::TXT).await?;
    if !cut.truncation {
        return Err(actor.expected("a truncated answer", "all of it fits"));
    }

    // The same question to the same address and port. Nothing of the first answer is used.
    let connection = actor.connect(server).await?;
    let over = (connection, Over::Tcp);
    let (whole, connection) = client.ask_over(over, NAME, RecordType::TXT).await?;
    if whole.truncation || whole.answers.len() <= cut.answers.len() {
        return Err(actor.expected("the whole answer", "it is cut again"));
    }

    // A client with more questions would keep the connection for them. This one closes it, so that
    // the server need not hold it (RFC 7766, section 6.2.3).
    connection.close_first("server").await
}
