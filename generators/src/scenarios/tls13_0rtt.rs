//! A request in the first flight of TLS 1.3: taken by a server that knows the client again, thrown
//! away by one that does not.
//!
//! The ticket of the first visit allows early data. On the second the request travels right behind
//! the ClientHello, sealed with a key that is made of the ticket's secret alone (RFC 9846, section
//! 2.3). Before the third the server is started anew and has forgotten its tickets: it cannot open
//! what comes early, a full handshake follows, and the client has to send its request once more.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, GROUP, Identity, SUITE, Trust, Version},
    web,
};

/// `tls13-0rtt`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-0rtt",
    group: Group::Tls,
    title: "TLS 1.3: early data (0-RTT)",
    teaches: "A client with a ticket sends its request along with the ClientHello, sealed with a key \
              from its last visit: whoever records it can send it again, so it must do no harm twice. \
              Watch the server take it on the second visit, and throw it away on the third, when it \
              has forgotten the ticket and the request has to be sent again.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE, ANSWER],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// When the server answers what came early.
const ANSWER: Knob = Knob {
    name: "answer",
    help: "When the server answers early data: after the client's Finished, as most do, or at once \
           behind its own, half a round trip earlier.",
    default: "after-finished",
    choices: &["after-finished", "at-once"],
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves three visits, and forgets all tickets before the last.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let mut tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?.early();
    if actor.stage().knob(ANSWER.name) == "at-once" {
        tls = tls.answering_early();
    }
    let listener = actor.listen(web::HTTPS, listening)?;

    tls.serve(&listener).await?;

    // The request is there to be read before the client has proven anything: it may be a copy that
    // somebody else sends. By default the answer waits until the client's Finished has come.
    let connection = tls.accept_early(actor.accept(&listener).await?)?;
    let connection = web::serve(&actor, &web::PAGES, connection).await?;
    tls::close_after(&actor, connection, "client").await?;

    tls.forget();

    // Records that no key opens come right behind the ClientHello. The server passes over as many
    // as it would have taken, until one opens with the handshake keys (RFC 9846, section 4.3.10).
    let connection = tls.accept_early(actor.accept(&listener).await?)?;
    let connection = web::serve(&actor, &web::PAGES, connection).await?;
    tls::close_after(&actor, connection, "client").await
}

/// Comes three times: with nothing, with a ticket, and with a ticket that nobody knows any more.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?.early();
    let server = actor.hear(server_address).await?;

    tls.fetch(server).await?;

    // A GET changes nothing at the server, so it may come twice (RFC 9110, section 9.2.1). Where
    // the server does not take it early, the library sends it again when the handshake is complete.
    for _ in ["taken", "thrown away"] {
        let connection = tls.connect_early(actor.connect(server).await?).await?;
        let connection = web::visit(&actor, connection, "/").await?;
        tls::close_first(&actor, connection, "server").await?;
    }
    Ok(())
}
