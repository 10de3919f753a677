//! Bodies whose length nobody knew when they began: chunks, a trailer behind them, and gzip.
//!
//! In HTTP/1.1 a body may come in chunks, each with its own length, and one of length zero at the
//! end (RFC 9112, section 7.1). So the connection stays open, and a cut is told from an end. What
//! is known only at the end, such as a digest, follows as a trailer.

use std::{net::SocketAddr, time::Duration};

use hyper::{
    StatusCode,
    body::Bytes,
    header::{ACCEPT_ENCODING, CONNECTION, TE},
};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
    web,
};

/// `http1-chunked`
pub static SCENARIO: Scenario = Scenario {
    name: "http1-chunked",
    group: Group::Http,
    title: "HTTP/1.1: chunks, trailers and gzip",
    teaches: "The server sends each page while it makes it, in chunks that say their own length. \
              The second page has a digest behind it, as a trailer; the third is compressed, which \
              is a coding of the content and not of the transfer.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves pages that are made while they are sent.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    web::serve_once(&actor, &web::MADE_PAGES, listening).await
}

/// Reads a page plainly, one with its trailer, and one compressed.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;

    let requests = [
        web::get("/about.html"),
        // TE belongs to this one connection, and Connection says so (RFC 9110, section 10.1.4).
        web::get("/thanks.html").header(TE, "trailers").header(CONNECTION, "TE"),
        web::get("/").header(ACCEPT_ENCODING, "gzip").header(CONNECTION, "close"),
    ];
    let requests = requests
        .into_iter()
        .map(|request| Ok((request.body(Bytes::new())?, StatusCode::OK)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error: hyper::http::Error| actor.failed("write its requests", error))?;

    let connection = web::browse(&actor, connection, requests).await?;
    connection.close_after("server").await
}
