//! How a sender finds out what the way can bear: ten segments, then twenty, then forty.
//!
//! Nobody tells a sender how fast the way is. It begins with a few segments (ten, RFC 6928), and
//! each segment that is confirmed lets one more be under way (RFC 5681, section 3.1): so their
//! number doubles with each round trip, until something is lost or a bound is reached. Over a long
//! way a short answer is over before it ever got fast.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot};

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript, actor::Actor, chargen,
    kernel::Resent, perform::server_and_client,
};

/// `tcp-slow-start`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-slow-start",
    group: Group::Transport,
    title: "TCP: slow start over 100 ms",
    teaches: "A sender begins with ten segments and doubles their number with each round trip, \
              while every one is confirmed. \
              So a small answer over a long way costs round trips, whatever the bandwidth.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[SEGMENTS],
    // Small packets make small recordings; the counts are what matters.
    link: Some(Link { settings: "rtt=100ms,mtu=576", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

/// How many bytes of data a full segment carries: the MTU of 576, less 20 of IP, 20 of TCP and 12
/// of its timestamps.
const SEGMENT: usize = 524;

/// Ten segments, twenty and forty; and what stops earlier, or goes on to eighty.
const SEGMENTS: Knob = Knob {
    name: "segments",
    help: "How many segments the page fills: 10 leave at once, 30 take one round trip more, 70 \
           two, and 150 three.",
    default: "70",
    choices: &["10", "30", "70", "150"],
};

/// What the server sends.
fn page(actor: &Actor) -> Vec<u8> {
    let segments: usize = actor.stage().knob(SEGMENTS.name).parse().unwrap_or_default();
    chargen::page(SEGMENT * segments)
}

/// The algorithm of the textbooks. The one that Linux takes otherwise (CUBIC, RFC 9438) may leave
/// slow start early, when round trips grow (HyStart++, RFC 9406).
const RENO: &str = "reno";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Sends its page to whoever connects, and closes after the client.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let resent = Resent::from_now(&actor)?;
    let listener = actor.listen(chargen::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;
    connection.control_congestion_by(RENO)?;

    // One write, for the kernel to send as it may.
    connection.write_all(&page(&actor)).await.map_err(|source| actor.cannot("write", source))?;

    connection.await_theirs().await?;
    resent.say(&actor)?;
    connection.close_after("client").await
}

/// Reads the page to its last byte, and closes first.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let resent = Resent::from_now(&actor)?;
    let mut connection = actor.connect(server).await?;
    chargen::read(&actor, &mut connection, &page(&actor)).await?;
    resent.say(&actor)?;
    connection.close_first("server").await
}
