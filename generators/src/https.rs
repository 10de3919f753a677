//! One page over TLS over TCP: what the members of the comparison have in common.
//!
//! Each of them fetches the same page from the same site, over a link, and closes in order. What
//! is left to differ is what a scenario is about: the version of TLS, and what was kept from an
//! earlier visit.

use std::net::SocketAddr;

use tokio::sync::oneshot;

use crate::{
    Failure, Link, Stage, Transcript,
    actor::Actor,
    perform::proven_server_and_client,
    tls::{self, Identity, Trust, Version},
};

/// As far as the members of the set are from their server: what they need is counted in round
/// trips.
pub(crate) const LINK: Link = Link { settings: "rtt=40ms", by_choice: &[] };

/// One visit: a connection, a handshake of that version, the page, and the end.
pub(crate) fn visit(stage: &Stage, version: Version) -> Result<Transcript, Failure> {
    proven_server_and_client(
        stage,
        move |actor, identity, listening| server(actor, version, identity, listening),
        move |actor, trust, server_address| client(actor, version, trust, server_address),
    )
}

async fn server(
    actor: Actor,
    version: Version,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    tls::Server::new(&actor, version, tls::HTTP_1, identity)?.serve_once(listening).await
}

async fn client(
    actor: Actor,
    version: Version,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    tls::Client::new(&actor, version, tls::HTTP_1, trust)?.fetch_once(server_address).await
}
