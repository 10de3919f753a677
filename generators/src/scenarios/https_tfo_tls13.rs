//! The page of the comparison over TLS 1.3 with TCP Fast Open: one round trip before the request,
//! one for the answer.
//!
//! At the first visit the client's kernel gets a cookie, which proves at the next that its address
//! is its own. So the SYN may carry the ClientHello, and the server's program gets it before the
//! connection is open (RFC 7413, section 4.1). What does not fit into the SYN waits for its answer.

use std::{net::SocketAddr, time::Duration};

use nix::sys::socket::{setsockopt, sockopt::TcpFastOpenConnect};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    https::LINK,
    kernel::FastOpened,
    perform::proven_server_and_client,
    tls::{self, GROUP, Identity, Trust, Version},
    web,
};

/// `https-tfo-tls13`
pub static SCENARIO: Scenario = Scenario {
    name: "https-tfo-tls13",
    group: Group::HttpsCompared,
    title: "HTTPS over TLS 1.3 with Fast Open: 1 + 1 round trips",
    teaches: "A cookie from an earlier visit lets the SYN carry the ClientHello, so that TCP and TLS \
              take one round trip together. \
              With x25519mlkem768 the ClientHello is larger than what a SYN may carry, and the second \
              round trip is back.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, web::PAGE],
    link: Some(LINK),
    limit: Duration::from_secs(15),
    run,
};

/// Bits of `net.ipv4.tcp_fastopen`: clients may (1), servers may (2), and all that listen do
/// (1024), without asking for it socket by socket.
const BOTH_SIDES: &str = "1027";

/// How often the client comes: for the cookie, and with it.
const VISITS: usize = 2;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    proven_server_and_client(stage, server, client)
}

/// Serves two visits. Nothing but the kernel knows that the second began early.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    actor.set_kernel("tcp_fastopen", BOTH_SIDES)?;
    let opened = FastOpened::from_now(&actor)?;
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?;
    let listener = actor.listen(web::HTTPS, listening)?;
    for _ in 0..VISITS {
        tls.serve(&listener).await?;
    }
    opened.say_taken(&actor)
}

/// Reads the page twice, each time with a full handshake: no ticket of TLS is used.
async fn client(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    actor.set_kernel("tcp_fastopen", BOTH_SIDES)?;
    let opened = FastOpened::from_now(&actor)?;
    for _ in 0..VISITS {
        // One that remembers nothing, so that the visits differ in the cookie alone.
        let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust.clone())?;
        let socket = actor.tcp_socket()?;
        // Where the kernel has a cookie of this server, connect now sends nothing: the SYN waits
        // for the first write, to carry it. Where it has none, the SYN asks for one.
        setsockopt(&socket, TcpFastOpenConnect, &true)
            .map_err(|source| actor.cannot("set TCP_FASTOPEN_CONNECT", source.into()))?;
        let connection = tls.connect(actor.connect_with(socket, server).await?).await?;
        let connection = web::visit(&actor, connection, web::front_page(actor.stage())).await?;
        tls::close_first(&actor, connection, "server").await?;
    }
    opened.say_sent(&actor)
}
