//! ICMP as a program meets it: errors about its datagrams, out of the queue that the kernel keeps
//! of them, and echoes, by a socket that can ask for nothing else (icmp(7)).

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::fd::AsRawFd,
};

use nix::{
    cmsg_space, libc,
    sys::socket::{
        ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt::Ipv4RecvErr,
    },
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{io::Interest, net::UdpSocket};

use crate::{Failure, actor::Actor, steps};

/// The groups whose programs may ask for an echo. In a network of its own, a role's is that of
/// root.
const GROUPS: &str = "0 0";

/// Type and code of the message that asks for an echo, and of the one that answers (RFC 792).
const REQUEST: [u8; 2] = [8, 0];
const REPLY: [u8; 2] = [0, 0];

/// Of an echo: type, code, checksum, identifier and number.
const HEADER: usize = 8;

/// An error about a datagram, as the kernel hands it on.
pub(crate) struct Complaint {
    /// Who says so.
    pub(crate) from: Ipv4Addr,
    /// What (RFC 792): type and code.
    pub(crate) kind: u8,
    pub(crate) code: u8,
}

/// Asks the kernel to keep the errors about the datagrams of a socket.
pub(crate) fn keep_complaints(actor: &Actor, socket: &UdpSocket) -> Result<(), Failure> {
    setsockopt(socket, Ipv4RecvErr, &true)
        .map_err(|source| actor.cannot("set IP_RECVERR", source.into()))
}

/// Waits for the next error about a datagram to `to`.
pub(crate) async fn complaint(
    actor: &Actor,
    socket: &UdpSocket,
    to: SocketAddr,
) -> Result<Complaint, Failure> {
    let next = socket.async_io(Interest::ERROR, || take(socket)).await;
    let complaint = next.map_err(|source| actor.cannot("read an error of ICMP", source))?;
    let Some(complaint) = complaint else {
        return Err(actor.expected("an error of ICMP", "another one was kept"));
    };
    let Complaint { from, kind, code } = complaint;
    actor.say(steps::icmp_error_received(from.into(), to, [kind, code]));
    Ok(complaint)
}

/// Takes an error out of the queue; nothing for one that did not come by ICMP.
fn take(socket: &UdpSocket) -> io::Result<Option<Complaint>> {
    let mut quoted = [0; 64];
    let mut quoted = [IoSliceMut::new(&mut quoted)];
    let mut room = cmsg_space!(libc::sock_extended_err, libc::sockaddr_in);
    let flags = MsgFlags::MSG_ERRQUEUE;
    let taken = recvmsg::<SockaddrIn>(socket.as_raw_fd(), &mut quoted, Some(&mut room), flags)?;
    let complaint = taken.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::Ipv4RecvErr(error, Some(from)) => Some(Complaint {
            from: Ipv4Addr::from(u32::from_be(from.sin_addr.s_addr)),
            kind: error.ee_type,
            code: error.ee_code,
        }),
        _ => None,
    });
    Ok(complaint)
}

/// A socket that can send echo requests and gets the answers to them.
pub(crate) fn echo_socket(actor: &Actor) -> Result<UdpSocket, Failure> {
    actor.set_kernel("ping_group_range", GROUPS)?;
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

/// Asks a host for an echo, and waits for it.
pub(crate) async fn echo(
    actor: &Actor,
    socket: &UdpSocket,
    host: IpAddr,
    number: u16,
) -> Result<(), Failure> {
    let data: Vec<u8> = (b'a'..=b'z').cycle().take(56).collect();
    // The kernel fills in the checksum, and who asks.
    let head = [&REQUEST[..], &[0; 4], &number.to_be_bytes()].concat();
    socket
        .send_to(&[&head, &data[..]].concat(), (host, 0))
        .await
        .map_err(|source| actor.cannot(format!("ask {host}"), source))?;
    actor.say(steps::icmp_echo_sent(host, number, &data));

    let mut answer = [0; 1500];
    let (length, from) = socket
        .recv_from(&mut answer)
        .await
        .map_err(|source| actor.cannot("receive the answer", source))?;
    let answer = answer.get(..length).and_then(|answer| answer.split_at_checked(HEADER));
    match answer {
        Some(([kind, code, .., high, low], came))
            if [*kind, *code] == REPLY
                && from.ip() == host
                && u16::from_be_bytes([*high, *low]) == number
                && came == data =>
        {
            actor.say(steps::icmp_echo_received(from.ip(), number, came));
            Ok(())
        }
        _ => Err(actor.expected("its own bytes back", "something else came")),
    }
}
