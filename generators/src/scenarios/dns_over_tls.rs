//! The same question inside TLS: whoever listens on the way no longer reads the names.
//!
//! A lookup over UDP is open to everyone on the path, who can read it and forge the answer. DNS
//! over TLS (RFC 7858) is DNS over TCP inside a connection of TLS, on a port of its own. It costs
//! the two handshakes once; a client keeps the connection for its next questions. What the name
//! server itself learns stays the same.

use std::{net::SocketAddr, time::Duration};

use hickory_net::proto::rr::RecordType;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    dns::{self, EDNS, NAME_SERVER, NameServer, Over},
    perform::server_and_client,
    tls::{self, Authority, Identity, Trust, Version},
    web::SERVER_NAME,
};

/// `dns-over-tls`
pub static SCENARIO: Scenario = Scenario {
    name: "dns-over-tls",
    group: Group::Transport,
    title: "DNS: asked inside TLS",
    teaches: "The messages are those of DNS over TCP, inside TLS on port 853: nobody on the way \
              reads or forges them. \
              The handshakes cost two round trips, and pay off over the questions that follow on \
              the same connection.",
    roles: &[Role::CLIENT, NAME_SERVER],
    knobs: &[EDNS],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let identity = authority.issue(SERVER_NAME)?;
    let trust = authority.trust()?;
    server_and_client(
        stage,
        |actor, listening| server(actor, identity, listening),
        |actor, server_address| client(actor, trust, server_address),
    )
}

/// Answers to one client inside TLS, until that has closed.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = NameServer::new(&actor)?;
    let tls = tls::Server::new(&actor, Version::Tls13, dns::ALPN, identity)?;
    let listener = actor.listen(dns::TLS_PORT, listening)?;
    let connection = actor.accept(&listener).await?;
    let client = connection.peer()?;
    let connection = tls.accept(connection).await?;
    let connection = server.serve_connection((connection, Over::Tls), client).await?;
    tls::close_after(&actor, connection, "client").await
}

/// Asks for both kinds of address over one connection.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, dns::ALPN, trust)?;
    let server = actor.hear(server_address).await?;
    let client = dns::Client::new(&actor, server);
    let connection = actor.connect(server).await?;
    let mut connection = tls.connect(connection).await?;

    let name = format!("{SERVER_NAME}.");
    for kind in [RecordType::A, RecordType::AAAA] {
        let (answer, given_back) = client.ask_over((connection, Over::Tls), &name, kind).await?;
        if answer.answers.is_empty() {
            return Err(actor.expected("an address", "the answer has none"));
        }
        connection = given_back;
    }
    tls::close_first(&actor, connection, "server").await
}
