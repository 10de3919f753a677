//! TLS 1.2: a handshake inside the connection that another one has opened.
//!
//! The second ClientHello is sealed with the keys of the first handshake, and has the first one's
//! Finished in its renegotiation_info, as the answer has both (RFC 5746, section 3.5). Before that
//! was asked for, somebody in the middle could say something to the server first and then let the
//! client shake hands inside that connection: the server took both for one. TLS 1.3 has no
//! renegotiation; new keys come by KeyUpdate, and a client is asked for its certificate later by a
//! message of its own.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    openssl::{End, Kit},
    perform::server_and_client,
    web,
};

/// `tls12-renegotiation`
pub static SCENARIO: Scenario = Scenario {
    name: "tls12-renegotiation",
    group: Group::Tls,
    title: "TLS 1.2: a second handshake inside the first",
    teaches: "Client and server shake hands again under the keys that they have, and go on under new \
              ones. \
              Each hello proves by renegotiation_info that its sender was there at the first handshake.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(20),
    run,
};

const SUITE: [&str; 3] = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let kit = Arc::new(Kit::new()?);
    let its = Arc::clone(&kit);
    server_and_client(
        stage,
        |actor, listening| server(actor, its, listening),
        |actor, server_address| client(actor, kit, server_address),
    )
}

/// Takes one connection, and answers two lines. Servers refuse to shake hands again unless they are
/// told not to: it costs them more than the client.
async fn server(
    actor: Actor,
    kit: Arc<Kit>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let arguments = [&SUITE[..], &["-client_renegotiation"]].concat();
    let end = End::server(&actor, &kit, &arguments).await?;
    let listener = actor.listen(web::HTTPS, listening)?;
    let talk = end.speak(actor.accept(&listener).await?, async |console| {
        for answer in ["yes, just now\n", "yes, twice\n"] {
            console.hear().await?;
            console.say(answer).await?;
        }
        Ok(())
    });
    talk.await?.close_after("client").await
}

/// Says a line, shakes hands again, and says another.
async fn client(
    actor: Actor,
    kit: Arc<Kit>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let end = End::client(&actor, &kit, &SUITE).await?;
    let talk = end.speak(actor.connect(server).await?, async |console| {
        console.say("have we met?\n").await?;
        console.hear().await?;
        console.renegotiate().await?;
        console.say("have we met?\n").await?;
        console.hear().await?;
        console.quit().await
    });
    talk.await?.close_first("server").await
}
