//! Ping: is that host there, and how long does it take to get an answer?
//!
//! An echo request names who asks and the how manieth time, and the host's kernel sends it back as it
//! came (RFC 792; every host must, RFC 1122, section 3.2.2.6). No port is involved and no program at
//! the other end. Linux lets ordinary programs ask, where the administrator allows it, by a socket
//! that can do nothing else (icmp(7)).

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::{net::UdpSocket, time::sleep};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::{Part, perform},
    steps,
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

/// The groups whose programs may ask. In a network of its own, the scenario's is that of root.
const GROUPS: &str = "0 0";

/// How often the client asks.
const TIMES: u16 = 3;

/// From an answer to the next question. Programs called ping wait for a second.
const BETWEEN: Duration = Duration::from_millis(60);

/// Type and code of the message that asks, and of the one that answers (RFC 792).
const REQUEST: [u8; 2] = [8, 0];
const REPLY: [u8; 2] = [0, 0];

/// Type, code, checksum, identifier and number.
const HEADER: usize = 8;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    // The server's part is its kernel's: no program of it takes part.
    perform(stage, [Part::new("server", |_| async { Ok(()) }), Part::new("client", client)])
}

/// Asks three times.
async fn client(actor: Actor) -> Result<(), Failure> {
    actor.set_kernel("ping_group_range", GROUPS)?;
    let server = actor.stage().address("server")?;
    let socket = open(&actor)?;
    for number in 1..=TIMES {
        ask(&actor, &socket, server, number).await?;
        sleep(BETWEEN).await;
    }
    Ok(())
}

/// A socket that can send echo requests and gets the answers to them.
fn open(actor: &Actor) -> Result<UdpSocket, Failure> {
    let here = SocketAddr::new(actor.address()?, 0);
    let open = || {
        let socket = Socket::new(Domain::for_address(here), Type::DGRAM, Some(Protocol::ICMPV4))?;
        socket.bind(&here.into())?;
        socket.set_nonblocking(true)?;
        // To the library it is a socket of datagrams like those of UDP.
        UdpSocket::from_std(socket.into())
    };
    open().map_err(|source| actor.cannot("open a socket for echo requests", source))
}

/// Asks once, and waits for the answer.
async fn ask(
    actor: &Actor,
    socket: &UdpSocket,
    server: IpAddr,
    number: u16,
) -> Result<(), Failure> {
    let data: Vec<u8> = (b'a'..=b'z').cycle().take(56).collect();
    // The kernel fills in the checksum, and who asks.
    let head = [&REQUEST[..], &[0; 4], &number.to_be_bytes()].concat();
    socket
        .send_to(&[&head, &data[..]].concat(), (server, 0))
        .await
        .map_err(|source| actor.cannot(format!("ask {server}"), source))?;
    actor.say(steps::icmp_echo_sent(server, number, &data));

    let mut answer = [0; 1500];
    let (length, from) = socket
        .recv_from(&mut answer)
        .await
        .map_err(|source| actor.cannot("receive the answer", source))?;
    let answer = answer.get(..length).and_then(|answer| answer.split_at_checked(HEADER));
    match answer {
        Some(([kind, code, .., high, low], came))
            if [*kind, *code] == REPLY
                && u16::from_be_bytes([*high, *low]) == number
                && came == data =>
        {
            actor.say(steps::icmp_echo_received(from.ip(), number, came));
            Ok(())
        }
        _ => Err(actor.expected("its own bytes back", "something else came")),
    }
}
