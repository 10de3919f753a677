//! One packet is lost, and three answers wait for it.
//!
//! HTTP/2 lets answers take turns on one connection (RFC 9113, section 5), but all of them are one
//! stream of bytes to TCP, which hands bytes on in order or not at all (RFC 9293, section 2.2). So
//! what came of two answers lies in the kernel until the third has what it lost.
//!
//! `hol-blocking-http3` sends the same pages over QUIC.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http2::{self, Settings},
    kernel::Resent,
    perform::proven_server_and_client,
    steps,
    tls::{self, Identity, Version},
    turns::{self, PACE, PAGES},
    web::HTTPS,
};

/// `hol-blocking-http2`
pub static SCENARIO: Scenario = Scenario {
    name: "hol-blocking-http2",
    group: Group::Http,
    title: "Head-of-line blocking: HTTP/2 over TCP",
    teaches: "Three answers take turns on one connection, and one packet is lost. \
              TCP keeps one order for all bytes, so what came of all three waits until the lost \
              packet was sent again: compare hol-blocking-http3.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: Some(Link { settings: "rtt=100ms,drop-data=server:9", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, |actor, trust, server_address| {
        http2::ask_for_all(actor, trust, server_address, PAGES)
    })
}

/// Waits until all requests have come, and sends a piece for each in turn.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_2, identity)?;
    let listener = actor.listen(HTTPS, listening)?;
    let resent = Resent::from_now(&actor)?;
    let connection = tls.accept(actor.accept(&listener).await?).await?;
    let mut server = http2::Server::begin(&actor, connection, Settings::HUNDRED_STREAMS).await?;

    let mut answers = Vec::new();
    for path in PAGES {
        let Some(mut question) = server.next().await? else {
            return Err(actor.expected(format!("a request for {path}"), "the client left"));
        };
        question.read().await?;
        let page = turns::page();
        let content = question.answer_head(turns::head(&actor, &page)?, &page)?;
        answers.push((question, content, page));
    }

    let mut order = Vec::new();
    while !answers.is_empty() {
        for (question, content, page) in &mut answers {
            let piece = turns::piece(page);
            question.send(content, piece, page.is_empty())?;
            order.push(question.stream);
            // Frames move while the next request is waited for, and none comes.
            if let Ok(next) = tokio::time::timeout(PACE, server.next()).await
                && next?.is_some()
            {
                return Err(actor.expected("no further request", "one came"));
            }
        }
        answers.retain(|(.., page)| !page.is_empty());
    }
    actor.say(steps::http2_turns(&order));

    if server.next().await?.is_some() {
        return Err(actor.expected("the end", "another request came"));
    }
    let connection = server.finish().await?;
    resent.say(&actor)?;
    tls::close_first(&actor, connection, "client").await
}
