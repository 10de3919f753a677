//! The page of the comparison, over HTTP/3: one round trip before the request, one for the answer.
//!
//! TCP needs a round trip before TLS can begin; QUIC has both in one. What the others of the set
//! need before the request leaves is the difference between them.

use std::{net::SocketAddr, time::Duration};

use hyper::body::Bytes;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http3,
    perform::proven_server_and_client,
    quic::{Client, Server, Settings},
    tls::{HTTP_3, Identity, Trust},
    web,
};

/// `https-quic`
pub static SCENARIO: Scenario = Scenario {
    name: "https-quic",
    group: Group::HttpsCompared,
    title: "HTTPS over QUIC: 1 + 1 round trips",
    teaches: "Transport and encryption take one round trip together, and the request another. \
              Over TCP the same page takes one more with TLS 1.3, and two more with TLS 1.2.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[web::PAGE],
    // As far as the others of the set: what they need is counted in round trips.
    link: Some(Link { settings: "rtt=40ms", by_choice: &[] }),
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
    let server = Server::listen(&actor, Settings::of(HTTP_3), identity, HTTPS, listening)?;
    let connection = server.accept().await?;
    http3::serve(&actor, &web::PAGES, connection).await?;
    server.finish().await;
    Ok(())
}

/// Reads a page.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(HTTP_3), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;

    let mut http = http3::Client::begin(&actor, connection).await?;
    let request = http3::get(web::front_page(actor.stage())).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let asked = http.ask(request).await?;
    http.hear(asked).await?;
    http.close().await?;
    client.finish().await;
    Ok(())
}
