//! HTTP/2 without TLS, between two that know of each other.
//!
//! A client that knows that the server speaks HTTP/2 begins with it at once (RFC 9113, section
//! 3.3): a preface of 24 bytes, its settings, and the first request behind them, all before the
//! server has said a word. Header fields that were sent once are a number from then on (RFC 7541).

use std::{net::SocketAddr, time::Duration};

use hyper::{Method, body::Bytes, header::CONTENT_TYPE};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http2::{self, Settings},
    perform::server_and_client,
    web,
};

/// `http2-prior-knowledge`
pub static SCENARIO: Scenario = Scenario {
    name: "http2-prior-knowledge",
    group: Group::Http,
    title: "HTTP/2: frames, streams and short headers",
    teaches: "Preface, settings and the first request leave together, and what both sides can take \
              is said without a round trip of its own. \
              Watch the header lists shrink: what was sent once is a number in a table later.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves one connection, and closes it when the client has taken leave.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;

    // That it is HTTP/2 the first bytes say: a server of HTTP/1.1 and HTTP/2 must wait for them.
    connection.spoken_to().await?;
    // Its own first frame is SETTINGS, too; those of the client it need not wait for.
    let settings = Settings::HUNDRED_STREAMS;
    let connection = http2::serve(&actor, &web::PAGES, connection, settings).await?;
    http2::close_first(&actor, connection, "client").await
}

/// Reads two pages and writes into the guest book, one after the other.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let mut client = http2::Client::begin(&actor, connection, Settings::NO_PUSH).await?;

    // Each request opens a stream of its own, with an odd number: 1, 3, 5. The second repeats most
    // of the first's header fields, so that a few bytes stand for them.
    let form = Bytes::from_static(b"name=Ada&message=Hello+on+stream+five");
    let requests = [
        http2::get("http", "/").body(Bytes::new()),
        http2::get("http", "/about.html").body(Bytes::new()),
        http2::get("http", "/guestbook")
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form),
    ];
    for request in requests {
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        let asked = client.ask(request).await?;
        client.hear(asked.stream, asked.answer).await?;
    }
    client.say_streams_allowed();

    // GOAWAY from the client: it wants nothing more. The server answers in kind and closes.
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}
