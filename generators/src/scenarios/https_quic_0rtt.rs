//! The page of the comparison at a second visit, over HTTP/3: no round trip before the request, one
//! for the answer.
//!
//! The request travels with the ClientHello, sealed with a secret of the first visit. That alone
//! saves nothing: a server that reads it only when the handshake is complete answers a round trip
//! later. This one answers at once, in packets behind its own Finished.

use std::{net::SocketAddr, time::Duration};

use hyper::body::Bytes;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http3,
    perform::proven_server_and_client,
    quic::{Client, Server, Settings},
    tls::{HTTP_3, Identity, Trust},
    web,
};

/// `https-quic-0rtt`
pub static SCENARIO: Scenario = Scenario {
    name: "https-quic-0rtt",
    group: Group::HttpsCompared,
    title: "HTTPS over QUIC, second visit: 0 + 1 round trips",
    teaches: "The request leaves with the ClientHello, and the answer comes with the server's part of \
              the handshake: after one round trip the page is there. \
              The price is that somebody on the way may send the request a second time, and it is not \
              safe from whoever gets at the ticket's key later.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[ANSWER, web::PAGE],
    // Nearby, the client's last word of the handshake comes before a program has made its answer.
    link: Some(Link { settings: "rtt=40ms", by_choice: &[] }),
    limit: Duration::from_secs(15),
    run,
};

/// When the server answers.
const ANSWER: Knob = Knob {
    name: "answer",
    help: "When the server answers what came early: at once, or when the handshake is complete, as \
           programs do that do not ask for more.",
    default: "at-once",
    choices: &["at-once", "handshake-complete"],
};

/// The well-known port of HTTPS, which HTTP/3 has too, on UDP.
const HTTPS: u16 = 443;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves two visits.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let settings = Settings::of(HTTP_3).early();
    let server = Server::listen(&actor, settings, identity, HTTPS, listening)?;
    let connection = server.accept().await?;
    http3::serve(&actor, &web::PAGES, connection).await?;

    let connection = match actor.stage().knob(ANSWER.name) {
        "handshake-complete" => server.accept().await?,
        _ => server.accept_early().await?,
    };
    http3::serve(&actor, &web::PAGES, connection).await?;
    server.finish().await;
    Ok(())
}

/// Reads a page, and comes back for the same page and another.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let first = Client::new(&actor, Settings::of(HTTP_3).early(), trust)?;
    let server = actor.hear(server_address).await?;
    let page = |path| {
        let request = http3::get(path).body(Bytes::new());
        request.map_err(|error| actor.failed("write its request", error))
    };

    let connection = first.connect(server).await?;
    let mut http = http3::Client::begin(&actor, connection).await?;
    let asked = http.ask(page(web::front_page(actor.stage()))?).await?;
    http.hear(asked).await?;
    http.close().await?;

    let second = first.again()?;
    first.finish().await;
    // Only what changes nothing at the server may be asked early (RFC 8470, section 4).
    let early = second.connect_early(server)?;
    let mut http = http3::Client::begin(&actor, early.connection().clone()).await?;
    let asked = http.ask(page(web::front_page(actor.stage()))?).await?;
    let (_, is_accepted) = early.complete().await?;
    if !is_accepted {
        return Err(actor.expected("its early request to be taken", "it was not"));
    }
    http.hear(asked).await?;
    let asked = http.ask(page("/about.html")?).await?;
    http.hear(asked).await?;
    http.close().await?;
    second.finish().await;
    Ok(())
}
