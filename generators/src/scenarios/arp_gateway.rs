//! ARP: whom does a host ask before it can send, and about whom?
//!
//! On a local network frames go to hardware addresses. A host asks by broadcast who has the next
//! hop's address (RFC 826): that of the destination, where it is on the same network, and that of a
//! router, where it is not (RFC 1122, section 3.3.1.1). The router asks in turn on the network
//! beyond.

use std::{net::IpAddr, time::Duration};

use tokio::time::sleep;

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    icmp,
    perform::{Part, perform},
};

/// `arp-gateway`
pub static SCENARIO: Scenario = Scenario {
    name: "arp-gateway",
    group: Group::Transport,
    title: "ARP: to a neighbour, and past the gateway",
    teaches: "For a host on its own network a client asks who has that address; for one beyond it asks \
              who has the gateway's, and the gateway asks for the host. \
              What was answered is remembered, so that the second packet leaves at once.",
    roles: &[
        Role::CLIENT,
        Role { name: "neighbour", title: "Neighbour", kind: RoleKind::Server },
        Role { name: "gateway", title: "Gateway", kind: RoleKind::Router },
        Role::SERVER,
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How often the client asks each host: the second time nobody has to be found.
const TIMES: u16 = 2;

/// From an answer to the next question.
const BETWEEN: Duration = Duration::from_millis(10);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    // All other parts are their kernels': no program takes part.
    perform(stage, [Part::new("client", client)])
}

/// Asks a neighbour for echoes, then a host behind the gateway.
async fn client(actor: Actor) -> Result<(), Failure> {
    if !actor.stage().is_linked() {
        let what = "two local networks, and a router between them".to_owned();
        return Err(Failure::NeedsNetwork { role: actor.role(), what });
    }
    let socket = icmp::echo_socket(&actor)?;
    let hosts: [IpAddr; 2] =
        [actor.stage().address("neighbour")?, actor.stage().address("server")?];
    for (at, host) in (0..).zip(hosts) {
        for time in 1..=TIMES {
            icmp::echo(&actor, &socket, host, at * TIMES + time).await?;
            sleep(BETWEEN).await;
        }
    }
    Ok(())
}
