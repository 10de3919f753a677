//! Data in the first packet: taken by a server that knows the client again, thrown away by one that
//! does not.
//!
//! A ticket of the first visit holds a secret, and the second visit seals data with it before the
//! server has said a word (RFC 9001, section 4.6). Between the second visit and the third the
//! server is started anew and has forgotten its tickets: what comes early cannot be opened, and the
//! client has to send it again under the keys of a full handshake.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    quic::{Client, DONE, ECHO, ECHO_PORT, Server, Settings},
    tls::{Authority, Identity, Trust},
    web,
};

/// `quic-0rtt`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-0rtt",
    group: Group::Quic,
    title: "QUIC: data in the first packet",
    teaches: "Who has been there before can send data with its ClientHello, and be answered after one \
              round trip. \
              Watch the server take it on the second visit, and throw it away on the third, when it \
              has forgotten the ticket: whoever sends early must be ready to send again.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    // Nearby, the client's last word of the handshake comes before a program has made its answer.
    link: Some(Link { settings: "rtt=40ms", by_choice: &[] }),
    limit: Duration::from_secs(20),
    run,
};

/// What may be sent early must do no harm if somebody on the way sends it a second time (RFC 9001,
/// section 9.2).
const HARMLESS: &[u8] = b"What time is it?";

/// What is kept until the handshake is complete.
const ONCE: &[u8] = b"Buy a clock.";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let before = authority.issue(web::SERVER_NAME)?;
    let after = authority.issue(web::SERVER_NAME)?;
    let trust = authority.trust()?;
    let (forgotten, has_forgotten) = oneshot::channel();

    server_and_client(
        stage,
        |actor, listening| server(actor, [before, after], forgotten, listening),
        |actor, server_address| client(actor, trust, has_forgotten, server_address),
    )
}

/// Serves three visits, and forgets all tickets before the last. `forgotten` is said to the client
/// aside, not over the wire.
async fn server(
    actor: Actor,
    [before, after]: [Identity; 2],
    forgotten: oneshot::Sender<()>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let settings = Settings::of(ECHO).early();
    let server = Server::listen(&actor, settings, before, ECHO_PORT, listening)?;

    let connection = server.accept().await?;
    connection.echo().await?;
    connection.ended().await?;

    // The ClientHello is enough to read what comes with it, and to answer. That the client is who
    // it was, and no packet of its was sent again by somebody else, is not known before its
    // Finished has come.
    let connection = server.accept_early().await?;
    connection.echo().await?;
    connection.echo().await?;
    connection.ended().await?;

    server.start_anew(settings, after)?;
    actor.tell(forgotten, ())?;

    let connection = server.accept_early().await?;
    connection.echo().await?;
    connection.ended().await?;
    server.finish().await;
    Ok(())
}

/// Comes three times: with nothing, with a ticket, and with a ticket that nobody knows any more.
async fn client(
    actor: Actor,
    trust: Trust,
    has_forgotten: oneshot::Receiver<()>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let client = Client::new(&actor, Settings::of(ECHO).early(), trust)?;
    let server = actor.hear(server_address).await?;

    let connection = client.connect(server).await?;
    connection.ask(HARMLESS).await?;
    connection.close(DONE, b"");

    // The ticket came with the first visit.
    let second = client.again()?;
    client.finish().await;
    let early = second.connect_early(server)?;
    let mut asked = early.connection().begin(HARMLESS).await?;
    let (connection, is_accepted) = early.complete().await?;
    if !is_accepted {
        return Err(actor.expected("its early data to be taken", "it was not"));
    }
    connection.hear(&mut asked, HARMLESS).await?;
    connection.ask(ONCE).await?;
    connection.close(DONE, b"");

    let third = second.again()?;
    second.finish().await;
    actor.hear(has_forgotten).await?;
    let early = third.connect_early(server)?;
    let lost = early.connection().begin(HARMLESS).await?;
    let (connection, is_accepted) = early.complete().await?;
    if is_accepted {
        return Err(actor.expected("its early data to be thrown away", "it was taken"));
    }
    drop(lost);
    // Nothing that was sent early counts, not even the number of its stream.
    connection.ask(HARMLESS).await?;
    connection.close(DONE, b"");
    third.finish().await;
    Ok(())
}
