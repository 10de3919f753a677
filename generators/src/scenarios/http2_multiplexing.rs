//! Three answers at once on one connection, inside TLS.
//!
//! Each request has a stream, and a frame names the stream it belongs to. So the pieces of several
//! answers can take turns, and a short one is whole before a long one that was asked for first:
//! what HTTP/1.1 cannot do (RFC 9113, section 5). That HTTP/2 is spoken the two agree on during the
//! TLS handshake, by ALPN (RFC 9113, section 3.2).

use std::{net::SocketAddr, time::Duration};

use hyper::{
    Response,
    body::Bytes,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http2::{self, Settings},
    perform::proven_server_and_client,
    steps,
    tls::{self, Identity, Version},
    web,
};

/// `http2-multiplexing`
pub static SCENARIO: Scenario = Scenario {
    name: "http2-multiplexing",
    group: Group::Http,
    title: "HTTP/2: answers that take turns",
    teaches: "Three requests leave at once and their answers come in pieces that take turns, each \
              marked with its stream. \
              The short answer is whole first although it was asked for last: nothing waits behind \
              the long one, as it does in HTTP/1.1.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What is asked for, and in how many pieces it comes.
const FILES: [(&str, usize); 3] = [("/report", 4), ("/album", 2), ("/note", 1)];

/// The bytes of a piece: less than a frame may hold, so each is one.
const PIECE: usize = 2000;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, |actor, trust, server_address| {
        http2::ask_for_all(actor, trust, server_address, FILES.map(|(path, _)| path))
    })
}

/// Waits until all requests have come, and sends a piece for each in turn.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_2, identity)?;
    let listener = actor.listen(web::HTTPS, listening)?;
    let connection = actor.accept(&listener).await?;
    let connection = tls.accept(connection).await?;
    let mut server = http2::Server::begin(&actor, connection, Settings::HUNDRED_STREAMS).await?;

    let mut answers = Vec::new();
    for (path, pieces) in FILES {
        let Some(mut question) = server.next().await? else {
            return Err(actor.expected(format!("a request for {path}"), "the client left"));
        };
        question.read().await?;
        let file = vec![b'.'; pieces * PIECE];
        let head = Response::builder()
            .header(CONTENT_TYPE, "text/plain")
            .header(CONTENT_LENGTH, file.len())
            .body(())
            .map_err(|error| actor.failed("write its answer", error))?;
        let content = question.answer_head(head, &file)?;
        answers.push((question, content, file));
    }

    let mut turns = Vec::new();
    while !answers.is_empty() {
        for (question, content, file) in &mut answers {
            let piece = Bytes::from(file.split_off(file.len() - PIECE));
            question.send(content, piece, file.is_empty())?;
            turns.push(question.stream);
        }
        answers.retain(|(.., file)| !file.is_empty());
    }
    actor.say(steps::http2_turns(&turns));

    // The frames move now. Nothing more is asked.
    if server.next().await?.is_some() {
        return Err(actor.expected("the end", "another request came"));
    }
    let connection = server.finish().await?;
    tls::close_first(&actor, connection, "client").await
}
