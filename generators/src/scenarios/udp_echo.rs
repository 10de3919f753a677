//! UDP at its barest: one datagram there, one back, and nothing else on the wire.
//!
//! The service is Echo (RFC 862): whatever arrives on port 7 is sent back to where it came from.
//! There is no handshake to begin with and no close to end with, because UDP keeps no connection:
//! each datagram stands for itself and names both ends (RFC 768).

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript, actor::Actor, perform::server_and_client,
    steps,
};

/// `udp-echo`
pub static SCENARIO: Scenario = Scenario {
    name: "udp-echo",
    group: Group::Transport,
    title: "UDP: one question, one answer",
    teaches: "A datagram needs no handshake before it and no close after it. \
              What TCP adds, and what it costs, shows best beside this.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The well-known port of the Echo service.
const ECHO: u16 = 7;

/// More than the largest payload one UDP datagram can carry.
const LARGEST: usize = 65_535;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Waits for one datagram and sends it back.
async fn server(actor: Actor, bound: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    // Binding is all a UDP server does to be reachable. From here on the kernel queues what
    // arrives.
    let socket = actor.udp_socket_on(ECHO)?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;
    actor.tell(bound, here)?;

    let mut buffer = vec![0; LARGEST];
    let (length, client) = socket
        .recv_from(&mut buffer)
        .await
        .map_err(|source| actor.cannot("receive a datagram", source))?;
    buffer.truncate(length);
    actor.mark("read", [("bytes", length.to_string()), ("peer", client.to_string())]);
    actor.say(steps::udp_received(client, here, &buffer));

    // The answer goes where the datagram came from. Nothing was accepted, so there is nothing else
    // to know it by.
    socket
        .send_to(&buffer, client)
        .await
        .map_err(|source| actor.cannot(format!("send to {client}"), source))?;
    actor.mark("write", [("bytes", length.to_string()), ("peer", client.to_string())]);
    actor.say(steps::udp_sent(here, client, &buffer));
    Ok(())
}

/// Sends one datagram and waits for it to come back.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let socket = actor.udp_socket()?;
    let here =
        socket.local_addr().map_err(|source| actor.cannot("ask for its own address", source))?;

    let question = b"Is anybody there?";
    socket
        .send_to(question, server)
        .await
        .map_err(|source| actor.cannot(format!("send to {server}"), source))?;
    actor.say(steps::udp_sent(here, server, question));

    // Nobody promised an answer. A client that must have one keeps a timer and asks again; here the
    // scenario's time limit is that timer.
    let mut buffer = vec![0; LARGEST];
    let (length, from) = socket
        .recv_from(&mut buffer)
        .await
        .map_err(|source| actor.cannot("receive the answer", source))?;
    buffer.truncate(length);
    actor.say(steps::udp_received(from, here, &buffer));

    if buffer != question {
        return Err(actor.expected("its own words back", format!("{length} other bytes came")));
    }
    Ok(())
}
