//! Three answers at once on one connection, and none waits for another.
//!
//! HTTP/2 lets answers take turns on one ordered stream of bytes; HTTP/3 gives each a stream of
//! QUIC (RFC 9114, section 4.1). Pieces of several share packets, and what is lost of one holds up
//! no other: only the fields of headers can, where both sides want a table for them (RFC 9204,
//! section 2.1.2).

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
    http3,
    perform::proven_server_and_client,
    quic::{self, Settings},
    tls::{HTTP_3, Identity},
};

/// `http3-multiplexing`
pub static SCENARIO: Scenario = Scenario {
    name: "http3-multiplexing",
    group: Group::Http,
    title: "HTTP/3: answers on streams of their own",
    teaches: "Three requests leave at once, each on a stream of QUIC, and their answers share packets \
              without an order among them. \
              The short answer is whole first although it was asked for last, and a lost packet would \
              hold up only the streams that it carried.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The well-known port of HTTPS, which HTTP/3 has too, on UDP.
const HTTPS: u16 = 443;

/// What is asked for, and in how many pieces it comes.
const FILES: [(&str, usize); 3] = [("/report", 4), ("/album", 2), ("/note", 1)];

/// The bytes of a piece: each is a DATA frame.
const PIECE: usize = 1000;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, |actor, trust, server_address| {
        http3::ask_for_all(actor, trust, server_address, FILES.map(|(path, _)| path))
    })
}

/// Waits until all requests have come, and sends a piece for each in turn.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = quic::Server::listen(&actor, Settings::of(HTTP_3), identity, HTTPS, listening)?;
    let connection = server.accept().await?;
    let mut http = http3::Server::begin(&actor, connection).await?;

    let mut answers = Vec::new();
    for (path, pieces) in FILES {
        let Some(mut question) = http.next().await? else {
            return Err(actor.expected(format!("a request for {path}"), "the client left"));
        };
        question.read().await?;
        let file = vec![b'.'; pieces * PIECE];
        let head = Response::builder()
            .header(CONTENT_TYPE, "text/plain")
            .header(CONTENT_LENGTH, file.len())
            .body(())
            .map_err(|error| actor.failed("write its answer", error))?;
        question.answer_head(head, &file).await?;
        answers.push((question, file));
    }

    while !answers.is_empty() {
        for (question, file) in &mut answers {
            question.send(Bytes::from(file.split_off(file.len() - PIECE))).await?;
            if file.is_empty() {
                question.end().await?;
            }
        }
        answers.retain(|(_, file)| !file.is_empty());
    }

    if http.next().await?.is_some() {
        return Err(actor.expected("the end", "another request came"));
    }
    http.finish().await?;
    server.finish().await;
    Ok(())
}
