//! A datagram larger than a packet: cut into fragments by IP, and put together again.
//!
//! UDP takes a message as it is, up to 65,507 bytes over IPv4. What is larger than the MTU of the
//! link, IP cuts into fragments (RFC 791, section 3.2): all bear the same identification, each its
//! place, and only the first has the ports. The receiver's kernel hands the datagram on when all
//! of them are there. If one is lost, all were sent in vain.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript, actor::Actor, echo,
    perform::server_and_client, steps,
};

/// `udp-fragments`
pub static SCENARIO: Scenario = Scenario {
    name: "udp-fragments",
    group: Group::Transport,
    title: "UDP: a datagram in six fragments",
    teaches: "What does not fit into a packet IP cuts into fragments, and only the first of them \
              has the ports. \
              The receiver waits for all of them, and one that is lost costs the whole datagram.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[BYTES],
    link: Some(Link { settings: "rtt=20ms", by_choice: &[] }),
    limit: Duration::from_secs(10),
    run,
};

const BYTES: Knob = Knob {
    name: "bytes",
    help: "How many bytes the datagram carries: 1472 are the most that one packet of 1500 holds.",
    default: "8000",
    choices: &["1472", "1473", "8000"],
};

/// More than the largest payload one UDP datagram can carry.
const LARGEST: usize = 65_535;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Waits for one datagram and answers with how long it was.
async fn server(actor: Actor, bound: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let socket = actor.udp_socket_on(echo::PORT)?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.tell(bound, here)?;

    // One call gives one datagram, however many packets it came in.
    let mut buffer = vec![0; LARGEST];
    let (length, client) = socket
        .recv_from(&mut buffer)
        .await
        .map_err(|source| actor.cannot("receive a datagram", source))?;
    buffer.truncate(length);
    actor.mark("read", [("bytes", length.to_string()), ("peer", client.to_string())]);
    actor.say(steps::udp_received(client, here, &buffer));

    let answer = format!("{length} bytes came, in one piece.");
    socket
        .send_to(answer.as_bytes(), client)
        .await
        .map_err(|source| actor.cannot(format!("send to {client}"), source))?;
    actor.mark("write", [("bytes", answer.len().to_string()), ("peer", client.to_string())]);
    actor.say(steps::udp_sent(here, client, answer.as_bytes()));
    Ok(())
}

/// Sends one large datagram and waits for the answer.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let socket = actor.udp_socket()?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;

    // One call sends one datagram. That it leaves in pieces no program learns.
    let length = actor.stage().knob("bytes").parse().unwrap_or_default();
    let question: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
    socket
        .send_to(&question, server)
        .await
        .map_err(|source| actor.cannot(format!("send to {server}"), source))?;
    actor.say(steps::udp_sent(here, server, &question));

    let mut buffer = vec![0; LARGEST];
    let (length, from) = socket
        .recv_from(&mut buffer)
        .await
        .map_err(|source| actor.cannot("receive the answer", source))?;
    buffer.truncate(length);
    actor.say(steps::udp_received(from, here, &buffer));
    Ok(())
}
