//! The same question as a request of HTTP: a lookup that looks like any other visit to a web
//! server.
//!
//! DNS over HTTPS (RFC 8484) posts the query, byte for byte what a datagram would carry, and gets
//! the response as the body of the answer. Streams of HTTP/2 carry several at once, so a slow one
//! holds up no other. On the way nobody can tell it from the web, not even to forbid it.

use std::{net::SocketAddr, time::Duration};

use hickory_net::proto::rr::RecordType;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    dns::{self, EDNS, NAME_SERVER, NameServer},
    http2::{self, Settings},
    perform::server_and_client,
    tls::{self, Authority, Identity, Trust, Version},
    web::{self, SERVER_NAME},
};

/// `dns-over-https`
pub static SCENARIO: Scenario = Scenario {
    name: "dns-over-https",
    group: Group::Transport,
    title: "DNS: asked by a POST of HTTP/2",
    teaches: "The query is the body of a POST and the response the body of its answer, each as a \
              datagram would carry it. \
              To whoever listens on the way a lookup is a visit to a web server like any other.",
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

/// Answers what one client posts, until that has gone.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = NameServer::new(&actor)?;
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_2, identity)?;
    let listener = actor.listen(web::HTTPS, listening)?;
    let connection = actor.accept(&listener).await?;
    let client = connection.peer()?;
    let connection = tls.accept(connection).await?;
    let connection = dns::serve_https(server, connection, client).await?;
    tls::close_first(&actor, connection, "client").await
}

/// Asks for both kinds of address, one after the other.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_2, trust)?;
    let server = actor.hear(server_address).await?;
    let client = dns::Client::new(&actor, server);
    let connection = actor.connect(server).await?;
    let connection = tls.connect(connection).await?;
    let mut http = http2::Client::begin(&actor, connection, Settings::NO_PUSH).await?;

    let name = format!("{SERVER_NAME}.");
    for kind in [RecordType::A, RecordType::AAAA] {
        let answer = client.ask_https(&mut http, &name, kind).await?;
        if answer.answers.is_empty() {
            return Err(actor.expected("an address", "the answer has none"));
        }
    }
    http.say_streams_allowed();

    let mut connection = http.finish().await?;
    http2::drain(&actor, &mut connection).await?;
    tls::close_after(&actor, connection, "server").await
}
