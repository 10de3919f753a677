//! A page over HTTP/3: HTTP's meaning on QUIC's streams.
//!
//! That HTTP/3 is spoken the two agree on during the handshake (RFC 9114, section 3.2). Then each
//! side opens streams on which it speaks alone: one for settings, two by which header fields are
//! packed (RFC 9204). The request does not wait for them: it has a stream of its own.

use std::{net::SocketAddr, time::Duration};

use hyper::{Method, body::Bytes, header::CONTENT_TYPE};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http3,
    perform::proven_server_and_client,
    quic::{self, Settings},
    tls::{HTTP_3, Identity, Trust},
    web,
};

/// `http3-get`
pub static SCENARIO: Scenario = Scenario {
    name: "http3-get",
    group: Group::Http,
    title: "HTTP/3: a page over QUIC",
    teaches: "One round trip sets up transport and encryption, and the request leaves with the last \
              words of the handshake. \
              Watch the streams on which each side speaks alone: settings and packed header fields \
              have theirs, and a request waits for none of them.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The well-known port of HTTPS, which HTTP/3 has too, on UDP.
const HTTPS: u16 = 443;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves one connection.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = quic::Server::listen(&actor, Settings::of(HTTP_3), identity, HTTPS, listening)?;
    let connection = server.accept().await?;
    http3::serve(&actor, &web::PAGES, connection).await?;
    server.finish().await;
    Ok(())
}

/// Reads a page and writes into the guest book.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = quic::Client::new(&actor, Settings::of(HTTP_3), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;

    let mut http = http3::Client::begin(&actor, connection).await?;
    let form = Bytes::from_static(b"name=Ada&message=Hello+on+stream+four");
    let requests = [
        // Streams that a client opens for requests have the numbers 0, 4, 8 (RFC 9000, section
        // 2.1).
        http3::get("/").body(Bytes::new()),
        http3::get("/guestbook")
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form),
    ];
    for request in requests {
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        let asked = http.ask(request).await?;
        http.hear(asked).await?;
    }

    // There is nothing like FIN: one frame ends the connection, with a code that says that all is
    // well.
    http.close().await?;
    client.finish().await;
    Ok(())
}
