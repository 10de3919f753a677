//! An idle connection, and how one finds out that the other side is still there.
//!
//! A connection on which nothing is said sends nothing: neither end would notice if the other were
//! gone. Keep-alive asks with a segment whose number was confirmed long ago, which a live peer must
//! answer with an acknowledgement (RFC 9293, section 3.8.4). It is off unless a program asks for
//! it, and waits for two hours by default; here it waits for one second.

use std::{net::SocketAddr, time::Duration};

use tokio::{sync::oneshot, time::sleep};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, echo, kernel::Probed,
    perform::server_and_client,
};

/// `tcp-keepalive`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-keepalive",
    group: Group::Transport,
    title: "TCP: is anybody still there?",
    teaches: "An idle connection sends nothing, so a peer that is gone is not missed. \
              Keep-alive asks now and then with a segment that carries nothing new, and the other \
              side's kernel answers, whatever its program does.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// After how long without a word the client's kernel asks, and asks again.
const ASKS_AFTER: Duration = Duration::from_secs(1);

/// How long the client has nothing to say: long enough for two questions.
const IDLE: Duration = Duration::from_millis(2500);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends back what it reads. It has no part in what goes on meanwhile: its kernel answers.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(echo::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;
    while echo::answer(&actor, &mut connection).await? {}
    connection.close_after("client").await
}

/// Says a line, is silent for a while, and says another over the same connection.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let probed = Probed::from_now(&actor)?;
    let mut connection = actor.connect(server).await?;
    connection.keep_alive(ASKS_AFTER)?;
    echo::ask(&actor, &mut connection, b"Wait for me.\r\n").await?;

    sleep(IDLE).await;

    echo::ask(&actor, &mut connection, b"Still there?\r\n").await?;
    probed.say(&actor)?;
    connection.close_first("server").await
}
