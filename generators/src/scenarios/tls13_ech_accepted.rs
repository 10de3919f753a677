//! A TLS 1.3 handshake whose ClientHello is sealed inside another, and a server that opens it.
//!
//! The server has published a key before (an ECHConfig, which DNS hands out: RFC 9848). What names
//! whom the client asks for goes in a ClientHello of its own, sealed to that key; around it stands
//! another one, with the name that all who share the key have in common. The server answers the one
//! inside, and proves in its random that it could read it (RFC 9849, section 7.2). Servers that do
//! that are few: this is `selfserv` of NSS.
//!
//! Where the server has a newer key than the one that was published, it answers the hello outside
//! and says in EncryptedExtensions which key to come back with. The client then ends the handshake:
//! it has not spoken to whom it asked for (RFC 9849, section 6.1.6).

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    nss::{Kit, SelfServ},
    perform::server_and_client,
    tls::{self, GROUP, SUITE},
    web,
};

/// `tls13-ech-accepted`
pub static SCENARIO: Scenario = Scenario {
    name: "tls13-ech-accepted",
    group: Group::Tls,
    title: "TLS 1.3: encrypted ClientHello, opened by the server",
    teaches: "The name that the client asks for is sealed inside its ClientHello, to a key that the server \
              has published; all others read a name that many share. \
              Eight bytes that look random tell the client that the server has opened it, and from there on \
              the hello inside is the one that counts.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[GROUP, SUITE, KEY],
    link: None,
    limit: Duration::from_secs(20),
    run,
};

/// Which key the server has.
const KEY: Knob = Knob {
    name: "key",
    help: "Which key the server has: the one that it has published, or one that has replaced it, so \
           that it cannot open the hello inside.",
    default: "published",
    choices: &["published", REPLACED],
};

const REPLACED: &str = "replaced";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let kit = Arc::new(Kit::new(stage.knob(KEY.name) == REPLACED)?);
    let its = Arc::clone(&kit);
    let (done, over) = oneshot::channel();
    server_and_client(
        stage,
        |actor, listening| server(actor, its, (listening, over)),
        |actor, server_address| client(actor, kit, (server_address, done)),
    )
}

/// Has the program serve until the client is done.
async fn server(
    actor: Actor,
    kit: Arc<Kit>,
    (listening, over): (oneshot::Sender<SocketAddr>, oneshot::Receiver<()>),
) -> Result<(), Failure> {
    SelfServ::listen(&actor, &kit, listening).await?.serve(over).await
}

/// Says hello inside a hello, and asks for one page, after which the program closes.
async fn client(
    actor: Actor,
    kit: Arc<Kit>,
    (server_address, done): (oneshot::Receiver<SocketAddr>, oneshot::Sender<()>),
) -> Result<(), Failure> {
    let key = (kit.sealing().published(), kit.sealing().private());
    let tls = tls::Client::sealing(&actor, tls::HTTP_1, kit.trust()?, key)?;
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    if actor.stage().knob(KEY.name) == REPLACED {
        tls::end_refused(&actor, tls.connect_in_vain(connection).await?, "server").await?;
    } else {
        let connection = web::visit(&actor, tls.connect(connection).await?, "/").await?;
        tls::close_after_one_that_left(&actor, connection, "server").await?;
    }
    // Where the server is another one, nobody waits for that.
    let _ = done.send(());
    Ok(())
}
