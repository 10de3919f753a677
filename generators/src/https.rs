//! One page over TLS over TCP: what the members of the comparison have in common.
//!
//! Each of them fetches the same page from the same site, over a link, and closes in order. What
//! is left to differ is what a scenario is about: the version of TLS, and what was kept from an
//! earlier visit.

use std::net::SocketAddr;

use hyper::{Request, StatusCode, body::Bytes};
use tokio::sync::oneshot;

use crate::{
    Failure, Link, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    tls::{self, Authority, Identity, Trust, Version},
    web,
};

/// The well-known port of HTTPS.
pub(crate) const HTTPS: u16 = 443;

/// As far as the members of the set are from their server: what they need is counted in round
/// trips.
pub(crate) const LINK: Link = Link { settings: "rtt=40ms", by_choice: &[] };

/// A certificate for the site, and what a client needs to believe it. All is made anew for a run.
pub(crate) fn identity() -> Result<(Identity, Trust), Failure> {
    let authority = Authority::new()?;
    Ok((authority.issue(web::SERVER_NAME)?, authority.trust()?))
}

/// The page of the comparison.
pub(crate) fn page(actor: &Actor) -> Result<Request<Bytes>, Failure> {
    let request = web::get("/").body(Bytes::new());
    request.map_err(|error| actor.failed("write its request", error))
}

/// One visit: a connection, a handshake of that version, the page, and the end.
pub(crate) fn visit(stage: &Stage, version: Version) -> Result<Transcript, Failure> {
    let (identity, trust) = identity()?;
    server_and_client(
        stage,
        move |actor, listening| server(actor, version, identity, listening),
        move |actor, server_address| client(actor, version, trust, server_address),
    )
}

/// Proves itself, serves one connection, and closes after the client.
async fn server(
    actor: Actor,
    version: Version,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, version, tls::HTTP_1, identity)?;
    let listener = actor.listen(HTTPS, listening)?;
    let connection = tls.accept(actor.accept(&listener).await?).await?;
    let connection = web::serve(&actor, &web::PAGES, connection).await?;
    tls::close_after(&actor, connection, "client").await
}

/// Asks for the page, and closes first.
async fn client(
    actor: Actor,
    version: Version,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, version, tls::HTTP_1, trust)?;
    let server = actor.hear(server_address).await?;
    let connection = tls.connect(actor.connect(server).await?).await?;
    let asked = vec![(page(&actor)?, StatusCode::OK)];
    let connection = web::browse(&actor, connection, asked).await?;
    tls::close_first(&actor, connection, "server").await
}
