//! Names looked up: an address of each kind, an alias that leads to another, a name that does not
//! exist.
//!
//! A query is one datagram and its response another, in the same format: a header, the question,
//! and then records in sections (RFC 1035, section 4). Nothing but a message id and the ports tie
//! the two together. The server here is the authority for its zone; a client usually asks a
//! resolver, which asks such servers for it and keeps what they say for as long as the TTL allows.

use std::{net::SocketAddr, time::Duration};

use hickory_net::proto::{
    op::ResponseCode,
    rr::{RData, RecordType},
};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    dns::{self, EDNS, NAME_SERVER, NameServer},
    perform::{Part, perform},
    web,
};

/// `dns-lookup`
pub static SCENARIO: Scenario = Scenario {
    name: "dns-lookup",
    group: Group::Transport,
    title: "DNS: names and what they stand for",
    teaches: "Each lookup is one datagram there and one back, and each record in the answer says \
              for how many seconds it may be kept. \
              An alias is answered with all it leads to, and that a name does not exist is an \
              answer too.",
    roles: &[Role::CLIENT, NAME_SERVER],
    knobs: &[EDNS],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// An alias of an alias.
const ALIAS: &str = "shop.wirestage.test.";

/// A slip of the keyboard.
const MISSPELT: &str = "sevrer.wirestage.test.";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (bound, server_address) = oneshot::channel();
    let (asked, until_asked) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, bound, until_asked)),
            Part::new("client", |actor| client(actor, server_address, asked)),
        ],
    )
}

/// Answers out of its zone until the client has asked everything.
async fn server(
    actor: Actor,
    bound: oneshot::Sender<SocketAddr>,
    until_asked: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    let server = NameServer::new(&actor)?;
    let socket = actor.udp_socket_on(dns::PORT)?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.tell(bound, here)?;
    tokio::select! {
        served = server.serve_datagrams(socket) => served.map(|never| match never {}),
        asked = actor.hear(until_asked) => asked,
    }
}

/// Asks four questions, each after the last was answered.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
    asked: oneshot::Sender<()>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let client = dns::Client::new(&actor, server);

    // A question asks for one type of record. For both kinds of address a program asks twice.
    let name = format!("{}.", web::SERVER_NAME);
    let answer = client.ask(&name, RecordType::A).await?;
    if !answer.answers.iter().any(|record| matches!(record.data, RData::A(_))) {
        return Err(actor.expected("an IPv4 address", "the answer has none"));
    }
    let answer = client.ask(&name, RecordType::AAAA).await?;
    if !answer.answers.iter().any(|record| matches!(record.data, RData::AAAA(_))) {
        return Err(actor.expected("an IPv6 address", "the answer has none"));
    }

    // The name is an alias (CNAME), and what it stands for is one again. The server follows within
    // its zone and puts every step into the answer, so that one round trip is enough (RFC 1034,
    // section 4.3.2).
    let answer = client.ask(ALIAS, RecordType::A).await?;
    if !answer.answers.iter().any(|record| matches!(record.data, RData::A(_))) {
        return Err(actor.expected("an address behind the alias", "the answer has none"));
    }

    // "No such name" carries the SOA record of the zone: its TTL and last field say how long the
    // absence may be remembered (RFC 2308, section 5).
    let answer = client.ask(MISSPELT, RecordType::A).await?;
    if answer.response_code != ResponseCode::NXDomain {
        return Err(actor.expected("no such name", "the server knows it"));
    }
    actor.tell(asked, ())
}
