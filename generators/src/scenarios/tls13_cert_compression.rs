//! A TLS 1.3 handshake in which the server's certificates travel compressed.
//!
//! The client names the ways it can unpack (RFC 8879, section 3), and the server packs its
//! Certificate message by one of them (section 4). What both sign and digest is the message as it
//! was sent, packed.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    tls::{self, Authority, Identity, Trust, Version},
    web,
};

/// How the server's certificates travel.
const COMPRESSION: Knob = Knob {
    name: "compression",
    help: "How the client can unpack certificates; with none it does not ask, and they come as they \
           are.",
    default: "zlib",
    choices: &["zlib", "none"],
};

/// `tls13-cert-compression`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-cert-compression",
    group: Group::Tls,
    title: "TLS 1.3: certificates compressed",
    teaches: "Certificates are most of what a server sends in a handshake, and until it has heard from the \
              client again it may send little: a client that says how it can unpack gets them in \
              fewer bytes. \
              Compare the two lengths in CompressedCertificate, and what is inside with a plain \
              Certificate.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[COMPRESSION],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let root = Authority::new()?;
    let trust = root.trust()?;
    // Two certificates that have much in common, as chains do.
    let identity = root.below("Wirestage Servers")?.issue(web::SERVER_NAME)?;
    server_and_client(
        stage,
        |actor, listening| server(actor, identity, listening),
        |actor, server_address| client(actor, trust, server_address),
    )
}

/// Sends its two certificates in fewer bytes to whoever can read that.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?.packing();
    tls.serve_once(listening).await
}

/// Says that it can unpack, unless it is told not to, and asks for one page.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let mut tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;
    if actor.stage().knob(COMPRESSION.name) != "none" {
        tls = tls.unpacking();
    }
    tls.fetch_once(server_address).await
}
