//! ICMP as a program meets it: echoes over a socket of its own kind, and errors about its datagrams
//! out of the queue that the kernel keeps of them.

use std::{
    io::{self, IoSliceMut},
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    os::fd::AsRawFd,
};

use nix::{
    cmsg_space, libc,
    sys::socket::{
        ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt::Ipv4RecvErr,
    },
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    io::{Interest, unix::AsyncFd},
    net::UdpSocket,
};

use crate::{Failure, actor::Actor, steps};

/// What the echoes of one ping carry.
const DATA: &[u8] = b"wirestage asks for an echo";

/// Asks hosts for echoes, with an identifier that the kernel gives.
pub(crate) struct Ping {
    actor: Actor,
    socket: AsyncFd<Socket>,
}

impl Ping {
    /// A socket for echoes. Linux lets those groups have one that `ping_group_range` names; in a
    /// new network that is nobody.
    pub(crate) fn new(actor: &Actor) -> Result<Ping, Failure> {
        actor.set_kernel("ping_group_range", "0 0")?;
        let socket = || {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::ICMPV4))?;
            socket.set_nonblocking(true)?;
            AsyncFd::new(socket)
        };
        let socket = socket().map_err(|source| actor.cannot("open a socket for ICMP", source))?;
        Ok(Ping { actor: actor.clone(), socket })
    }

    /// Asks for an echo and waits for it.
    pub(crate) async fn ask(&self, host: Ipv4Addr, number: u16) -> Result<(), Failure> {
        // Type 8, code 0; checksum and identifier are the kernel's to fill in (RFC 792).
        let mut request = vec![8, 0, 0, 0, 0, 0];
        request.extend(number.to_be_bytes());
        request.extend(DATA);
        let to = SocketAddr::from((host, 0));
        self.socket
            .get_ref()
            .send_to(&request, &to.into())
            .map_err(|source| self.actor.cannot(format!("ask {host} for an echo"), source))?;
        self.actor.say(steps::icmp_echo_asked(host, number));

        let mut reply = [0; 128];
        let read = |socket: &Socket| nix::unistd_read(socket, &mut reply);
        let length = self
            .socket
            .async_io(Interest::READABLE, read)
            .await
            .map_err(|source| self.actor.cannot("wait for an echo", source))?;
        match reply.get(..length) {
            Some([0, 0, _, _, _, _, high, low, data @ ..])
                if [*high, *low] == number.to_be_bytes() && data == DATA =>
            {
                self.actor.say(steps::icmp_echo_heard(host, number));
                Ok(())
            }
            _ => Err(self.actor.expected("its own echo", "something else came")),
        }
    }
}
