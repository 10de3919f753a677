//! Ping: is that host there, and how long does it take to get an answer?
//!
//! An echo request names who asks and the how manieth time, and the host's kernel sends it back as
//! it came (RFC 792; every host must, RFC 1122, section 3.2.2.6). No port is involved and no
//! program at the other end. Linux lets ordinary programs ask, where the administrator allows it,
//! by a socket that can do nothing else (icmp(7)).

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    icmp,
    perform::{Part, perform},
};

/// `icmp-ping`
pub static SCENARIO: Scenario = Scenario {
    name: "icmp-ping",
    group: Group::Transport,
    title: "ICMP: is that host there?",
    teaches: "An echo request asks a host's kernel to send the same bytes back, and needs neither a \
              port nor a program there. \
              From each question to its answer a round trip passes, which is what ping measures.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How often the client asks.
const TIMES: u16 = 3;

/// From an answer to the next question. Programs called ping wait for a second.
const BETWEEN: Duration = Duration::from_millis(60);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    // The server's part is its kernel's: no program of it takes part.
    perform(stage, [Part::new("server", |_| async { Ok(()) }), Part::new("client", client)])
}

/// Asks three times.
async fn client(actor: Actor) -> Result<(), Failure> {
    let server = actor.stage().address("server")?;
    let socket = icmp::echo_socket(&actor)?;
    for number in 1..=TIMES {
        icmp::echo(&actor, &socket, server, number).await?;
        sleep(BETWEEN).await;
    }
    Ok(())
}
