//! ICMP as a program meets it: errors about its datagrams, out of the queue that the kernel keeps of
//! them.

use std::{
    io::{self, IoSliceMut},
    net::{Ipv4Addr, SocketAddr},
    os::fd::AsRawFd,
};

use nix::{
    cmsg_space, libc,
    sys::socket::{
        ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt::Ipv4RecvErr,
    },
};
use tokio::{io::Interest, net::UdpSocket};

use crate::{Failure, actor::Actor, steps};

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
