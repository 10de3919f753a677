//! One packet is lost, and only the answer that it carried waits for it.
//!
//! QUIC keeps an order for each stream and none among them (RFC 9000, section 2.2), so what came of
//! two answers is handed on at once, while the third waits for what it lost. Only fields of headers
//! could still hold up others, where both sides want a table for them (RFC 9204, section 2.1.2).
//!
//! `hol-blocking-http2` sends the same pages over TCP.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http3,
    perform::proven_server_and_client,
    quic::{self, Settings},
    tls::{HTTP_3, Identity},
    turns::{self, PACE, PAGES},
    web::HTTPS,
};

/// `hol-blocking-http3`
pub static SCENARIO: Scenario = Scenario {
    name: "hol-blocking-http3",
    group: Group::Http,
    title: "No head-of-line blocking: HTTP/3 over QUIC",
    teaches: "The same three answers take turns, and one packet is lost again. \
              QUIC keeps an order for each stream, so only the answer that it carried waits, and the \
              other two are handed on as they come: compare hol-blocking-http2.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: Some(Link { settings: "rtt=100ms,drop-data=server:9", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, |actor, trust, server_address| {
        http3::ask_for_all(actor, trust, server_address, PAGES)
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
    for path in PAGES {
        let Some(mut question) = http.next().await? else {
            return Err(actor.expected(format!("a request for {path}"), "the client left"));
        };
        question.read().await?;
        let page = turns::page();
        question.answer_head(turns::head(&actor, &page)?, &page).await?;
        answers.push((question, page));
    }

    while !answers.is_empty() {
        for (question, page) in &mut answers {
            question.send(turns::piece(page)).await?;
            if page.is_empty() {
                question.end().await?;
            }
            tokio::time::sleep(PACE).await;
        }
        answers.retain(|(_, page)| !page.is_empty());
    }

    if http.next().await?.is_some() {
        return Err(actor.expected("the end", "another request came"));
    }
    http.finish().await?;
    server.finish().await;
    Ok(())
}
