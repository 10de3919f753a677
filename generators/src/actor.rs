//! One role at work: its address, its sockets, and what it has to say.

use std::{
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    net::{TcpListener, TcpSocket, UdpSocket},
    sync::oneshot,
};

use crate::{Entry, Facts, Failure, Stage, counted::Counted, steps, steps::Step};

/// A role on its stage. Copies speak for the same role and add to the same transcript.
#[derive(Clone)]
pub(crate) struct Actor {
    stage: Stage,
    role: &'static str,
    entries: Arc<Mutex<Vec<Entry>>>,
}

/// How often a port that the system chose for UDP may turn out to be taken for TCP.
const SAME_PORT_TRIES: u32 = 16;

/// How many finished handshakes the kernel may hold for a server that has not accepted them yet.
const BACKLOG: u32 = 128;

impl Actor {
    pub(crate) fn new(stage: Stage, role: &'static str) -> Actor {
        Actor { stage, role, entries: Arc::default() }
    }

    pub(crate) fn role(&self) -> &'static str {
        self.role
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// This role's own address.
    pub(crate) fn address(&self) -> Result<IpAddr, Failure> {
        self.stage.address(self.role)
    }

    /// Adds a step to the transcript.
    pub(crate) fn say(&self, step: Step) {
        let entry = step.by(self.role);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// The same role with a notebook of its own, for what it does on one connection of several that
    /// go on at the same time: which of them is quicker is no matter of the protocol.
    pub(crate) fn apart(&self) -> Actor {
        Actor { entries: Arc::default(), ..self.clone() }
    }

    /// Adds what was said apart.
    pub(crate) fn take_in(&self, apart: &Actor) {
        let said = apart.said();
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).extend(said);
    }

    /// Everything said so far, in order.
    pub(crate) fn said(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Marks what was just done, if this role is one that does.
    pub(crate) fn mark<'a>(
        &self,
        what: &'static str,
        facts: impl IntoIterator<Item = (&'a str, String)>,
    ) {
        if self.stage.marks(self.role) {
            let facts = facts.into_iter().map(|(fact, value)| (fact.to_owned(), value));
            self.stage.mark(self.role, what, facts.collect::<Facts>());
        }
    }

    /// A UDP socket of a server, on its standard port where the stage allows it.
    pub(crate) fn udp_socket_on(&self, standard: u16) -> Result<UdpSocket, Failure> {
        self.udp_socket_from(self.plain_udp_socket_on(standard)?)
    }

    /// A UDP socket of a client: its own address, any port.
    pub(crate) fn udp_socket(&self) -> Result<UdpSocket, Failure> {
        self.udp_socket_from(self.plain_udp_socket()?)
    }

    /// [`Actor::udp_socket_on`] for libraries that register it themselves.
    pub(crate) fn plain_udp_socket_on(
        &self,
        standard: u16,
    ) -> Result<std::net::UdpSocket, Failure> {
        self.stage.bind(self.role, standard, std::net::UdpSocket::bind)
    }

    /// [`Actor::udp_socket`] for libraries that register it themselves.
    pub(crate) fn plain_udp_socket(&self) -> Result<std::net::UdpSocket, Failure> {
        std::net::UdpSocket::bind((self.address()?, 0))
            .map_err(|source| self.cannot("bind a UDP socket", source))
    }

    fn udp_socket_from(&self, socket: std::net::UdpSocket) -> Result<UdpSocket, Failure> {
        socket
            .set_nonblocking(true)
            .and_then(|()| UdpSocket::from_std(socket))
            .map_err(|source| self.cannot("register a UDP socket", source))
    }

    /// A TCP socket of a server, bound to its standard port where the stage allows it. It does not
    /// listen yet.
    pub(crate) fn tcp_socket_on(&self, standard: u16) -> Result<TcpSocket, Failure> {
        self.stage.bind(self.role, standard, bind_tcp)
    }

    /// A UDP and a TCP socket of a server that is to be reached by both on one port: its standard
    /// one where the stage allows it. The TCP socket does not listen yet.
    pub(crate) fn udp_and_tcp_sockets_on(
        &self,
        standard: u16,
    ) -> Result<(UdpSocket, TcpSocket), Failure> {
        let (udp, tcp) = self.stage.bind(self.role, standard, |at| {
            let mut tries = 0;
            loop {
                let udp = std::net::UdpSocket::bind(at)?;
                match bind_tcp(udp.local_addr()?) {
                    // A free port was asked for and found for UDP alone: the next may be free for
                    // both.
                    Err(error) if at.port() == 0 && error.kind() == io::ErrorKind::AddrInUse => {
                        tries += 1;
                        if tries == SAME_PORT_TRIES {
                            return Err(error);
                        }
                    }
                    tcp => return Ok((udp, tcp?)),
                }
            }
        })?;
        Ok((self.udp_socket_from(udp)?, tcp))
    }

    /// A TCP socket of a client: its own address, any port. It is not connected yet.
    pub(crate) fn tcp_socket(&self) -> Result<TcpSocket, Failure> {
        let address = self.address()?;
        tcp_socket(address)
            .and_then(|socket| socket.bind(SocketAddr::new(address, 0)).map(|()| socket))
            .map_err(|source| self.cannot("bind a TCP socket", source))
    }

    /// Starts to listen on the standard port where the stage allows it, and tells `ready` the
    /// address.
    pub(crate) fn listen(
        &self,
        standard: u16,
        ready: oneshot::Sender<SocketAddr>,
    ) -> Result<TcpListener, Failure> {
        self.listen_with(self.tcp_socket_on(standard)?, ready)
    }

    /// Starts to listen with a socket that is bound, and tells `ready` the address.
    pub(crate) fn listen_with(
        &self,
        socket: TcpSocket,
        ready: oneshot::Sender<SocketAddr>,
    ) -> Result<TcpListener, Failure> {
        self.listen_with_room(socket, BACKLOG, ready)
    }

    /// The same with so much room for connections that are not accepted yet; Linux has room for one
    /// more.
    pub(crate) fn listen_with_room(
        &self,
        socket: TcpSocket,
        backlog: u32,
        ready: oneshot::Sender<SocketAddr>,
    ) -> Result<TcpListener, Failure> {
        let listener = socket.listen(backlog).map_err(|source| self.cannot("listen", source))?;
        let at = listener
            .local_addr()
            .map_err(|source| self.cannot("ask for its own address", source))?;
        self.mark("listen", [("local", at.to_string())]);
        self.tell(ready, at)?;
        Ok(listener)
    }

    /// Takes the next connection from the kernel's queue.
    pub(crate) async fn accept(&self, listener: &TcpListener) -> Result<Counted, Failure> {
        let (stream, from) =
            listener.accept().await.map_err(|source| self.cannot("accept a connection", source))?;
        let to =
            stream.local_addr().map_err(|source| self.cannot("ask for its own address", source))?;
        self.mark("accept", [("local", to.to_string()), ("peer", from.to_string())]);
        self.say(steps::tcp_accepted(from, to));
        Counted::new(self.clone(), stream)
    }

    /// Opens a connection from this role's address.
    pub(crate) async fn connect(&self, to: SocketAddr) -> Result<Counted, Failure> {
        self.connect_with(self.tcp_socket()?, to).await
    }

    /// Opens a connection with a socket that may have been told something before.
    pub(crate) async fn connect_with(
        &self,
        socket: TcpSocket,
        to: SocketAddr,
    ) -> Result<Counted, Failure> {
        let stream = socket
            .connect(to)
            .await
            .map_err(|source| self.cannot(format!("connect to {to}"), source))?;
        let from =
            stream.local_addr().map_err(|source| self.cannot("ask for its own address", source))?;
        self.say(steps::tcp_connected(from, to));
        Counted::new(self.clone(), stream)
    }

    /// Sets `net.ipv4.NAME` in the network of the role whose thread this is. It must be the
    /// scenario's own: on the host the setting would be every program's.
    pub(crate) fn set_kernel(&self, name: &str, value: &str) -> Result<(), Failure> {
        if !self.stage.has_own_network() {
            return Err(Failure::NeedsNetwork {
                role: self.role,
                what: format!("net.ipv4.{name} to be set"),
            });
        }
        // Writes to it go to the network of the thread that makes them.
        std::fs::write(format!("/proc/sys/net/ipv4/{name}"), value)
            .map_err(|source| self.cannot(format!("set net.ipv4.{name} to {value}"), source))
    }

    /// Tells the waiting role something, such as where to connect to.
    pub(crate) fn tell<T>(&self, waiting: oneshot::Sender<T>, what: T) -> Result<(), Failure> {
        waiting.send(what).map_err(|_| Failure::Deserted { role: self.role })
    }

    /// Waits for what another role has to tell.
    pub(crate) async fn hear<T>(&self, telling: oneshot::Receiver<T>) -> Result<T, Failure> {
        telling.await.map_err(|_| Failure::Deserted { role: self.role })
    }

    /// The failure of not being able to do something: `doing` completes "could not ...".
    pub(crate) fn cannot(&self, doing: impl Into<String>, cause: io::Error) -> Failure {
        Failure::Io { role: self.role, doing: doing.into(), cause }
    }

    /// [`Actor::cannot`] for errors of libraries.
    pub(crate) fn failed(&self, doing: impl Into<String>, error: impl Error) -> Failure {
        self.cannot(doing, whole_cause(&error))
    }

    /// The failure of being surprised by the other side.
    pub(crate) fn expected(
        &self,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Failure {
        Failure::Unexpected { role: self.role, expected: expected.into(), found: found.into() }
    }
}

/// A TCP socket of a server, bound to `at`.
fn bind_tcp(at: SocketAddr) -> io::Result<TcpSocket> {
    let socket = tcp_socket(at.ip())?;
    // Without it the port could not be used again while an earlier connection is in TIME-WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    Ok(socket)
}

fn tcp_socket(address: IpAddr) -> io::Result<TcpSocket> {
    match address {
        IpAddr::V4(_) => TcpSocket::new_v4(),
        IpAddr::V6(_) => TcpSocket::new_v6(),
    }
}

/// An error with its sources, as one line: libraries tell the reason in the source and only the
/// place in the error.
pub(crate) fn whole_cause(error: &dyn Error) -> io::Error {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        line.push_str(": ");
        line.push_str(&error.to_string());
        source = error.source();
    }
    io::Error::other(line)
}
