//! Several requests on one connection, the last of which asks to close it.
//!
//! In HTTP/1.1 a connection stays open unless somebody says `Connection: close` (RFC 9112, section
//! 9.3). The handshake is paid once: every further request costs one round trip. The visitor here
//! reads two pages, writes into the guest book, and follows the redirect that answers it.

use std::{net::SocketAddr, time::Duration};

use hyper::{StatusCode, body::Bytes, header::CONNECTION};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
    web,
};

/// `http1-keepalive`
pub static SCENARIO: Scenario = Scenario {
    name: "http1-keepalive",
    group: Group::Http,
    title: "HTTP/1.1: several requests, one connection",
    teaches: "A connection is opened once and serves request after request, until one of them \
              says Connection: close. \
              The answer to each must be complete before the next can come, which is what later \
              versions changed.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one connection, and closes it after the request that asks for it.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    // Requests are read, answered and counted as one stream of bytes: where one ends is known from
    // its own framing (Content-Length), not from TCP.
    web::serve_once(&actor, &web::PAGES, listening).await
}

/// Reads, writes, reads again, and leaves.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;

    let form = Bytes::from_static(b"name=Ada&message=Hello+from+the+other+end");
    let requests = [
        (web::get("/").body(Bytes::new()), StatusCode::OK),
        (web::get("/about.html").body(Bytes::new()), StatusCode::OK),
        (web::post("/guestbook").body(form), StatusCode::SEE_OTHER),
        (web::get("/thanks.html").header(CONNECTION, "close").body(Bytes::new()), StatusCode::OK),
    ];
    let requests = requests
        .into_iter()
        .map(|(request, status)| Ok((request?, status)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error: hyper::http::Error| actor.failed("write its requests", error))?;

    let connection = web::browse(&actor, connection, requests).await?;
    connection.close_after("server").await
}
