//! Three ends of a connection: said, silent, and by a server that has forgotten everything.
//!
//! A side that closes says so and why, in one frame, and is done (RFC 9000, section 10.2). If
//! nothing comes for as long as both agreed on, each side forgets the connection for itself
//! (section 10.1). And a server that was started anew gets packets of a connection it knows nothing
//! of: it has no keys to say so, but a token that it gave away under seal before (section 10.3).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    quic::{Client, ECHO, ECHO_PORT, Server, Settings},
    tls::{Authority, Identity, Trust},
    web,
};

/// `quic-close`
pub static SCENARIO: Scenario = Scenario {
    name: "quic-close",
    group: Group::Quic,
    title: "QUIC: three ways to end",
    teaches: "A connection ends with a word, in silence, or with a reset by a server that has lost all \
              memory of it. \
              Nothing is like FIN: one frame says why for all streams, a timer says nothing, and a \
              token that was handed out earlier proves that the server means it.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(20),
    run,
};

/// After how long without a packet a connection is given up. Real ones wait for half a minute.
const IDLE: Duration = Duration::from_millis(600);

/// The code with which the server ends the first connection; what it means is between the two.
const CLOSING_TIME: u32 = 17;

const QUESTION: &[u8] = b"Are you still there?";

/// What the two say to each other aside, not over the wire.
struct Aside<M> {
    restarted: M,
    over: oneshot::Sender<()>,
}

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let identity = authority.issue(web::SERVER_NAME)?;
    let trust = authority.trust()?;
    let (restarted, has_restarted) = oneshot::channel();
    let (over, is_over) = oneshot::channel();

    server_and_client(
        stage,
        |actor, listening| server(actor, identity, (restarted, is_over), listening),
        |actor, address| client(actor, trust, Aside { restarted: has_restarted, over }, address),
    )
}

/// Closes the first connection, leaves the second alone, and loses all memory of the third.
async fn server(
    actor: Actor,
    identity: Identity,
    (restarted, is_over): (oneshot::Sender<()>, oneshot::Receiver<()>),
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let settings = Settings::of(ECHO).idle(IDLE);
    let mut server = Server::listen(&actor, settings, identity, ECHO_PORT, listening)?;

    let connection = server.accept().await?;
    let mut asked = connection.echo().await?;
    asked.acknowledged(&actor).await?;
    connection.close(CLOSING_TIME, b"closing time");

    let connection = server.accept().await?;
    connection.echo().await?;
    connection.ended().await?;

    let connection = server.accept().await?;
    let mut asked = connection.echo().await?;
    asked.acknowledged(&actor).await?;
    server.restart()?;
    actor.tell(restarted, ())?;

    // What is left of the first life must not outlive it, and says nothing any more.
    drop(connection);
    actor.hear(is_over).await
}

/// Asks on three connections, each from a socket of its own.
async fn client(
    actor: Actor,
    trust: Trust,
    aside: Aside<oneshot::Receiver<()>>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let first = Client::new(&actor, Settings::of(ECHO).idle(IDLE), trust)?;
    let server = actor.hear(server_address).await?;

    let connection = first.connect(server).await?;
    connection.ask(QUESTION).await?;
    connection.ended().await?;

    let second = first.again()?;
    let connection = second.connect(server).await?;
    connection.ask(QUESTION).await?;
    connection.ended().await?;

    let third = second.again()?;
    let connection = third.connect(server).await?;
    connection.ask(QUESTION).await?;
    actor.hear(aside.restarted).await?;
    let mut asked = connection.begin(QUESTION).await?;
    connection.hear_nothing(&mut asked).await?;

    actor.tell(aside.over, ())
}
