//! The sockets that `hickory` speaks over: those of tokio, each telling of every datagram it takes
//! and gives.

use std::{
    future::{Future, ready},
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hickory_net::runtime::{
    DnsUdpSocket, RuntimeProvider, TokioHandle, TokioTime, iocompat::AsyncIoTokioAsStd,
};
use tokio::{io::ReadBuf, net::UdpSocket};

use crate::{Failure, actor::Actor, lent::Lent, steps};

/// Makes sockets for a role when the library asks for them.
#[derive(Clone)]
pub(super) struct Sockets {
    actor: Actor,
}

impl Sockets {
    pub(super) fn of(actor: &Actor) -> Sockets {
        Sockets { actor: actor.clone() }
    }
}

type Making<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl RuntimeProvider for Sockets {
    type Handle = TokioHandle;
    type Timer = TokioTime;
    type Udp = Watched;
    type Tcp = AsyncIoTokioAsStd<Lent>;

    fn create_handle(&self) -> TokioHandle {
        TokioHandle::default()
    }

    /// Connections are made by the role itself, which wants them back to close them.
    fn connect_tcp(
        &self,
        _: SocketAddr,
        _: Option<SocketAddr>,
        _: Option<Duration>,
    ) -> Making<Self::Tcp> {
        Box::pin(ready(Err(io::ErrorKind::Unsupported.into())))
    }

    /// The library has chosen a port at random (RFC 6056) and tries another if it is taken.
    fn bind_udp(&self, local: SocketAddr, _: SocketAddr) -> Making<Watched> {
        let actor = self.actor.clone();
        Box::pin(async move {
            let socket = UdpSocket::bind(local).await?;
            Ok(Watched { here: socket.local_addr()?, actor, socket })
        })
    }
}

/// A UDP socket that says what passes.
pub(super) struct Watched {
    actor: Actor,
    socket: UdpSocket,
    here: SocketAddr,
}

impl Watched {
    /// Watches a socket that is bound.
    pub(super) fn new(actor: &Actor, socket: UdpSocket) -> Result<Watched, Failure> {
        let here = socket
            .local_addr()
            .map_err(|source| actor.cannot("ask for its own address", source))?;
        Ok(Watched { actor: actor.clone(), socket, here })
    }

    /// Its own address.
    pub(super) fn here(&self) -> SocketAddr {
        self.here
    }

    fn mark(&self, what: &'static str, bytes: usize, peer: SocketAddr) {
        self.actor.mark(what, [("bytes", bytes.to_string()), ("peer", peer.to_string())]);
    }
}

impl DnsUdpSocket for Watched {
    type Time = TokioTime;

    fn poll_recv_from(
        &self,
        context: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<(usize, SocketAddr)>> {
        let mut into = ReadBuf::new(into);
        let from = ready!(self.socket.poll_recv_from(context, &mut into))?;
        let datagram = into.filled();
        self.mark("read", datagram.len(), from);
        self.actor.say(steps::udp_received(from, self.here, datagram));
        Poll::Ready(Ok((datagram.len(), from)))
    }

    fn poll_send_to(
        &self,
        context: &mut Context<'_>,
        datagram: &[u8],
        to: SocketAddr,
    ) -> Poll<io::Result<usize>> {
        let taken = ready!(self.socket.poll_send_to(context, datagram, to))?;
        self.mark("write", taken, to);
        self.actor.say(steps::udp_sent(self.here, to, datagram));
        Poll::Ready(Ok(taken))
    }
}
