//! HTTP/1.0: a connection for every request, and a body that ends where the connection does.
//!
//! The server makes its pages while it sends them, so it cannot announce their length. HTTP/1.0
//! has no chunks: the end of the connection is the end of the body (RFC 9112, section 6.3), and a
//! connection that breaks looks just like one that has finished.

use std::{net::SocketAddr, time::Duration};

use hyper::{StatusCode, Version, body::Bytes};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
    web,
};

/// `http10-close`
pub static SCENARIO: Scenario = Scenario {
    name: "http10-close",
    group: Group::Http,
    title: "HTTP/1.0: a connection for each request",
    teaches: "Each page costs a TCP handshake of its own, and nothing says how long the page is: \
              it ends where the connection ends. \
              Keeping connections open needs another way to tell where a body stops, which \
              HTTP/1.1 has.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the client reads, page after page.
const PAGES: [&str; 2] = ["/", "/about.html"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one request on each connection, and ends the answer by closing.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in PAGES {
        let connection = actor.accept(&listener).await?;
        let connection = web::serve(&actor, &web::MADE_PAGES, connection).await?;
        connection.close_first("client").await?;
    }
    Ok(())
}

/// Connects anew for each page, and reads until the server closes.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    for target in PAGES {
        let connection = actor.connect(server).await?;
        let request = web::get(target)
            .version(Version::HTTP_10)
            .body(Bytes::new())
            .map_err(|error| actor.failed("write its request", error))?;
        let requests = vec![(request, StatusCode::OK)];
        let connection = web::browse(&actor, connection, requests).await?;
        connection.close_after("server").await?;
    }
    Ok(())
}
