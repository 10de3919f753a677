//! A TCP connection that knows what passed over it.
//!
//! It stands between the socket and whatever uses it (a scenario, hyper, rustls) and changes
//! nothing: it counts and digests the bytes of each direction for the transcript, marks each read
//! and write of a server, and remembers who ended its direction first.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use nix::sys::socket::{getsockopt, sockopt::IpMtu};
use socket2::{SockRef, TcpKeepalive};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};

use crate::{Failure, actor::Actor, digest::Running, steps};

/// A connection of one role, from the moment it is established.
pub(crate) struct Counted {
    stream: TcpStream,
    actor: Actor,
    /// This end and the other, as marks name them.
    ends: [String; 2],
    sent: Running,
    received: Running,
    /// Which end of stream came first: ours by shutdown, or the peer's by a read of nothing.
    first_end: Option<End>,
    /// Whether our direction has ended. The system refuses to end it again once both have.
    shut: bool,
    /// Whether the peer's direction has ended.
    ended: bool,
    /// Whether anything was written since the last read.
    spoke_last: bool,
    round_trips: u32,
}

/// A connection on its way to another thread, before anything was read or written.
pub(crate) struct Handed {
    stream: std::net::TcpStream,
    actor: Actor,
}

impl Handed {
    /// Takes it up on this thread.
    pub(crate) fn take_up(self) -> Result<Counted, Failure> {
        let Handed { stream, actor } = self;
        let stream = TcpStream::from_std(stream)
            .map_err(|source| actor.cannot("take a connection up on a thread", source))?;
        Counted::new(actor, stream)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Ours,
    Theirs,
}

impl Counted {
    /// Takes over a connection that was just made or accepted.
    ///
    /// Small writes leave at once: with Nagle's algorithm a second small write would wait for the
    /// acknowledgement of the first, and the recording would show that wait instead of the
    /// protocol.
    pub(crate) fn new(actor: Actor, stream: TcpStream) -> Result<Counted, Failure> {
        stream.set_nodelay(true).map_err(|source| actor.cannot("set TCP_NODELAY", source))?;
        let ends = [stream.local_addr(), stream.peer_addr()].map(|end| {
            // One that is gone already has no name any more, and its marks name none then.
            end.map(|end| end.to_string()).unwrap_or_default()
        });
        Ok(Counted {
            stream,
            actor,
            ends,
            sent: Running::new(),
            received: Running::new(),
            first_end: None,
            shut: false,
            ended: false,
            spoke_last: false,
            round_trips: 0,
        })
    }

    /// The other end.
    pub(crate) fn peer(&self) -> Result<SocketAddr, Failure> {
        let peer = self.stream.peer_addr();
        peer.map_err(|source| self.actor.cannot("ask for the other end's address", source))
    }

    /// This end.
    pub(crate) fn local(&self) -> Result<SocketAddr, Failure> {
        let local = self.stream.local_addr();
        local.map_err(|source| self.actor.cannot("ask for its own address", source))
    }

    /// Takes the connection off this thread, for another one to go on with it.
    pub(crate) fn hand_over(self) -> Result<Handed, Failure> {
        let Counted { stream, actor, .. } = self;
        let stream = stream.into_std();
        let stream =
            stream.map_err(|source| actor.cannot("hand a connection to a thread", source))?;
        Ok(Handed { stream, actor })
    }

    /// Waits until the other end has said something, and leaves it to be read. A server that knows
    /// several protocols on one port does so, to learn which of them is spoken.
    pub(crate) async fn spoken_to(&self) -> Result<(), Failure> {
        self.peek(&mut [0]).await.map(drop)
    }

    /// Looks at what has come, and leaves it to be read; waits for something where nothing has.
    pub(crate) async fn peek(&self, into: &mut [u8]) -> Result<usize, Failure> {
        let peeked = self.stream.peek(into).await;
        peeked.map_err(|source| self.actor.cannot("look at what has come", source))
    }

    /// How often this side wrote something and then read an answer: the round trips it has waited
    /// for.
    pub(crate) fn round_trips(&self) -> u32 {
        self.round_trips
    }

    /// Lets Nagle's algorithm hold small writes back again (RFC 9293, section 3.7.4), as it does
    /// unless a program asks it not to.
    pub(crate) fn gather_small_writes(&self) -> Result<(), Failure> {
        let gathered = self.stream.set_nodelay(false);
        gathered.map_err(|source| self.actor.cannot("clear TCP_NODELAY", source))
    }

    /// Has another algorithm decide how much may be under way (RFC 5681).
    pub(crate) fn control_congestion_by(&self, name: &str) -> Result<(), Failure> {
        let set = SockRef::from(&self.stream).set_tcp_congestion(name.as_bytes());
        set.map_err(|source| self.actor.cannot(format!("set TCP_CONGESTION to {name}"), source))
    }

    /// The longest packet that the kernel sends here now.
    pub(crate) fn path_mtu(&self) -> Result<u32, Failure> {
        let mtu = getsockopt(&self.stream, IpMtu).ok().and_then(|mtu| u32::try_from(mtu).ok());
        mtu.ok_or_else(|| self.actor.cannot("ask for the path MTU", io::Error::last_os_error()))
    }

    /// Has the kernel ask, when nothing has come for so long, whether the other side is still
    /// there, and again after each further such time.
    pub(crate) fn keep_alive(&self, every: Duration) -> Result<(), Failure> {
        let how = TcpKeepalive::new().with_time(every).with_interval(every);
        let set = SockRef::from(&self.stream).set_tcp_keepalive(&how);
        set.map_err(|source| self.actor.cannot("set SO_KEEPALIVE", source))
    }

    /// Has the kernel give the connection up when something has not been acknowledged for so long
    /// (RFC 5482), instead of after a quarter of an hour.
    pub(crate) fn give_up_after(&self, time: Duration) -> Result<(), Failure> {
        let set = SockRef::from(&self.stream).set_tcp_user_timeout(Some(time));
        set.map_err(|source| self.actor.cannot("set TCP_USER_TIMEOUT", source))
    }

    /// Says what was sent until the kernel gave the connection up, and gives the socket back.
    pub(crate) fn timed_out(self) {
        let [sent, _] = steps::tcp_totals(&self.sent, &self.received);
        self.actor.say(sent);
        self.actor.say(steps::tcp_timed_out());
    }

    /// Leaves the connection open for as long as this process lives, as a program does that waits
    /// for ever.
    pub(crate) fn wait_on(self) {
        std::mem::forget(self.stream);
    }

    /// Gives the connection up without a close: what was not sent yet is thrown away, and the other
    /// side gets a reset (RFC 9293, section 3.10.5).
    pub(crate) fn abort(self) -> Result<(), Failure> {
        let set = self.stream.set_zero_linger();
        set.map_err(|source| self.actor.cannot("set SO_LINGER", source))?;
        self.desert();
        Ok(())
    }

    /// Gives the socket back to the system while bytes lie in it that nobody has read. That alone
    /// makes the kernel send a reset: the other side must not believe that they were.
    pub(crate) fn desert(self) {
        let by = self.actor.role();
        self.broken(by);
    }

    /// Says what was sent until `by` broke the connection off, and gives the socket back. What was
    /// received is not said: how much of it a program had read, no packet shows.
    pub(crate) fn broken(self, by: &'static str) {
        let [sent, _] = steps::tcp_totals(&self.sent, &self.received);
        self.actor.say(sent);
        self.actor.say(steps::tcp_aborted(by));
        let Counted { stream, actor, ends, .. } = self;
        drop(stream);
        if by == actor.role() {
            mark(&actor, ends, "abort", []);
        }
    }

    /// Closes first: ends our direction, waits until `peer` has ended the other, and says what
    /// passed.
    ///
    /// Waiting for the peer's FIN before the socket is given up matters: data that arrives at a
    /// socket nobody holds any more is answered by RST (RFC 9293, section 3.6.1), which can destroy
    /// what the peer has not read yet.
    pub(crate) async fn close_first(mut self, peer: &'static str) -> Result<(), Failure> {
        self.end_ours().await?;
        self.await_theirs().await?;
        self.farewell(peer);
        Ok(())
    }

    /// Closes after `peer`: waits until it has ended its direction, ends ours, and says what
    /// passed.
    pub(crate) async fn close_after(mut self, peer: &'static str) -> Result<(), Failure> {
        self.await_theirs().await?;
        self.end_ours().await?;
        self.farewell(peer);
        Ok(())
    }

    /// Sends our FIN, unless that has been done.
    async fn end_ours(&mut self) -> Result<(), Failure> {
        self.shutdown().await.map_err(|source| self.actor.cannot("end its direction", source))
    }

    /// Waits for the peer's FIN, unless it has been read.
    pub(crate) async fn await_theirs(&mut self) -> Result<(), Failure> {
        let mut rest = [0; 1];
        match self.read(&mut rest).await {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.actor.expected("the end of the stream", "more data came")),
            Err(source) => Err(self.actor.cannot("wait for the end of the stream", source)),
        }
    }

    /// Says the totals and who was first, and gives the socket back to the system.
    fn farewell(self, peer: &'static str) {
        for step in steps::tcp_totals(&self.sent, &self.received) {
            self.actor.say(step);
        }
        let peer_was_first = self.first_end == Some(End::Theirs);
        let by = if peer_was_first { peer } else { self.actor.role() };
        self.actor.say(steps::tcp_closed(by));
        let Counted { stream, actor, ends, .. } = self;
        drop(stream);
        mark(&actor, ends, "close", []);
    }

    fn wrote(&mut self, bytes: usize, asks_nothing: bool) {
        self.spoke_last |= bytes > 0 && !asks_nothing;
        self.mark("write", [("bytes", bytes.to_string())]);
    }

    /// Marks what was done to this connection and no other.
    pub(crate) fn mark<const N: usize>(&self, what: &'static str, facts: [(&str, String); N]) {
        mark(&self.actor, self.ends.clone(), what, facts);
    }
}

/// The record that TLS 1.3 sends for devices on the way that look for it. A client sends it as soon
/// as it has read the ServerHello: where the rest of that flight comes later, it has asked for
/// nothing in between.
const CHANGE_CIPHER_SPEC: [u8; 6] = [20, 3, 3, 0, 1, 1];

fn mark<const N: usize>(
    actor: &Actor,
    ends: [String; 2],
    what: &'static str,
    facts: [(&str, String); N],
) {
    let ends = ["local", "peer"].into_iter().zip(ends).filter(|(_, end)| !end.is_empty());
    actor.mark(what, ends.chain(facts));
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        let read = into.filled().get(before..).unwrap_or_default();
        if !read.is_empty() {
            self.received.update(read);
            self.round_trips += u32::from(self.spoke_last);
            self.spoke_last = false;
            self.mark("read", [("bytes", read.len().to_string())]);
        } else if into.remaining() > 0 {
            // A read of nothing is the peer's FIN. Whoever reads again gets it again; the mark is
            // for the first time.
            if !self.ended {
                self.mark("end", []);
            }
            self.ended = true;
            self.first_end.get_or_insert(End::Theirs);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        let said = bytes.get(..taken).unwrap_or_default();
        self.sent.update(said);
        self.wrote(taken, said == CHANGE_CIPHER_SPEC);
        Poll::Ready(Ok(taken))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let taken = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, parts))?;
        let mut left = taken;
        for part in parts {
            let bytes = part.get(..left.min(part.len())).unwrap_or_default();
            self.sent.update(bytes);
            left -= bytes.len();
        }
        let is_only = |part: &io::IoSlice<'_>| part.get(..taken) == Some(&CHANGE_CIPHER_SPEC);
        self.wrote(taken, parts.first().is_some_and(is_only));
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.shut = true;
            self.first_end.get_or_insert(End::Ours);
            self.mark("shutdown", []);
        }
        Poll::Ready(Ok(()))
    }
}
