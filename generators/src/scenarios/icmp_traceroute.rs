//! Traceroute: making the routers on the way say where they are.
//!
//! Each router takes one from a packet's time to live and drops it where none is left, with an ICMP
//! error to its sender that quotes it (RFC 1812, section 5.3.1). Packets that may take one step,
//! then two, then three so name every router; what ends at the host itself meets a closed port.

use std::{net::SocketAddr, time::Duration};

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    icmp,
    perform::{Part, perform},
};

/// `icmp-traceroute`
pub static SCENARIO: Scenario = Scenario {
    name: "icmp-traceroute",
    group: Group::Transport,
    title: "ICMP: the way, router by router",
    teaches: "A packet whose time to live runs out is dropped by the router where that happens, \
              which says so to its sender. \
              Sent with one more each time, packets make every router on the way say where it is.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: Some(Link { settings: "rtt=40ms,hops=3", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

/// The port that traceroute begins with: one where nobody listens. Each probe takes the next, so
/// that what an error quotes says which probe it is about.
const FIRST_PORT: u16 = 33_434;

/// More steps than any way here has.
const MOST_STEPS: u16 = 30;

/// The host itself says so: destination unreachable, port (RFC 792).
const PORT_UNREACHABLE: (u8, u8) = (3, 3);

/// A router says so: time exceeded in transit.
const TIME_EXCEEDED: (u8, u8) = (11, 0);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    // The server's part is its kernel's: no program of it takes part.
    perform(stage, [Part::new("server", |_| async { Ok(()) }), Part::new("client", client)])
}

/// Asks for the way, one step further each time.
async fn client(actor: Actor) -> Result<(), Failure> {
    if !actor.stage().is_linked() {
        let what = "routers on the way to the server".to_owned();
        return Err(Failure::NeedsNetwork { role: actor.role(), what });
    }
    let server = actor.stage().address("server")?;
    let socket = actor.udp_socket()?;
    icmp::keep_complaints(&actor, &socket)?;
    for steps in 1..=MOST_STEPS {
        socket
            .set_ttl(steps.into())
            .map_err(|source| actor.cannot("set the time to live", source))?;
        let to = SocketAddr::new(server, FIRST_PORT + steps);
        socket
            .send_to(b"who is there?", to)
            .await
            .map_err(|source| actor.cannot(format!("send to {to}"), source))?;
        let said = icmp::complaint(&actor, &socket, to).await?;
        match (said.kind, said.code) {
            TIME_EXCEEDED => {}
            PORT_UNREACHABLE if server == said.from => return Ok(()),
            (kind, code) => {
                return Err(actor.expected("a step of the way", format!("{kind}/{code} came")));
            }
        }
    }
    Err(actor.expected("the end of the way", "there was none"))
}
