//! Five handshakes that come to nothing, each for another reason.
//!
//! Who refuses says so with an alert (RFC 9846, section 6.2). An alert names a kind of reason and
//! no more: what exactly was wrong stands in what both sides have said before.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    tls::{self, Authority, Client, Server, Trust, Version},
    web,
};

/// `tls-failures`
pub static SCENARIO: Scenario = Scenario {
    name: "tls-failures",
    group: Group::Tls,
    title: "TLS: five ways to fail",
    teaches: "A certificate of an authority nobody knows, one that has run out, one for another name, no \
              protocol in common, no version in common: five handshakes that end with an alert. \
              Look at who sends it, and at what both sides have said before: the alert alone does not \
              tell what to mend.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[FAILURE],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// Which of the handshakes are tried.
const FAILURE: Knob = Knob {
    name: "failure",
    help: "Which handshake is tried: all five, or the one with a certificate of an authority \
           nobody knows, one that has run out, one for another name, no protocol in common, or no \
           version in common.",
    default: "all",
    choices: &["all", UNKNOWN_AUTHORITY, EXPIRED, WRONG_NAME, NO_PROTOCOL, NO_VERSION],
};
const UNKNOWN_AUTHORITY: &str = "unknown-authority";
const EXPIRED: &str = "expired";
const WRONG_NAME: &str = "wrong-name";
const NO_PROTOCOL: &str = "no-protocol";
const NO_VERSION: &str = "no-version";

/// A name that the client does not ask for.
const OTHER_NAME: &str = "other.wirestage.test";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let trust = authority.trust()?;
    server_and_client(
        stage,
        |actor, listening| server(actor, authority, listening),
        |actor, server_address| client(actor, trust, server_address),
    )
}

/// Whether this handshake is tried.
fn is_tried(actor: &Actor, failure: &str) -> bool {
    let wanted = actor.stage().knob(FAILURE.name);
    wanted == "all" || wanted == failure
}

/// Is set up wrongly in three ways, and for another kind of client in two.
async fn server(
    actor: Actor,
    authority: Authority,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls13 = |alpn, identity| Server::new(&actor, Version::Tls13, alpn, identity);
    let stranger = Authority::called("Somebody Else")?;
    let good = || authority.issue(web::SERVER_NAME);
    let servers = [
        (UNKNOWN_AUTHORITY, tls13(tls::HTTP_1, stranger.issue(web::SERVER_NAME)?)?),
        (EXPIRED, tls13(tls::HTTP_1, authority.issue_expired(web::SERVER_NAME)?)?),
        (WRONG_NAME, tls13(tls::HTTP_1, authority.issue(OTHER_NAME)?)?),
        (NO_PROTOCOL, tls13(tls::HTTP_2, good()?)?),
        (NO_VERSION, tls13(tls::HTTP_1, good()?)?),
    ];
    let listener = actor.listen(web::HTTPS, listening)?;
    for (_, tls) in servers.into_iter().filter(|(failure, _)| is_tried(&actor, failure)) {
        let connection = actor.accept(&listener).await?;
        tls::end_refused(&actor, tls.accept_in_vain(connection).await?, "client").await?;
    }
    Ok(())
}

/// Believes one authority, and speaks HTTP/1.1; in the end it knows TLS 1.2 alone.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let of = |version| Client::new(&actor, version, tls::HTTP_1, trust.clone());
    let (new, old) = (of(Version::Tls13)?, of(Version::Tls12)?);
    let clients = [
        (UNKNOWN_AUTHORITY, &new),
        (EXPIRED, &new),
        (WRONG_NAME, &new),
        (NO_PROTOCOL, &new),
        (NO_VERSION, &old),
    ];
    for (_, tls) in clients.into_iter().filter(|(failure, _)| is_tried(&actor, failure)) {
        let connection = actor.connect(server).await?;
        tls::end_refused(&actor, tls.connect_in_vain(connection).await?, "server").await?;
    }
    Ok(())
}
