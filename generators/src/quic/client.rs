//! The side that dials.

use std::{net::SocketAddr, sync::Arc};

use quinn::{
    ClientConfig, ConnectionError, Endpoint, EndpointConfig, TokioRuntime, ZeroRttAccepted,
};

use super::{Connection, Settings, config, farewell};
use crate::{
    Failure,
    actor::Actor,
    steps::{self, EARLY_ACCEPTED, EARLY_REJECTED, QuicConnected},
    tls::Trust,
    web::SERVER_NAME,
};

/// A client's end: one socket, and what it knows of servers that it has been to.
pub(crate) struct Client {
    actor: Actor,
    endpoint: Endpoint,
    config: ClientConfig,
}

/// A connection whose handshake is under way, and that carries data already.
pub(crate) struct Early {
    connection: Connection,
    accepted: ZeroRttAccepted,
    ends: [SocketAddr; 2],
}

impl Client {
    /// A client that believes the authorities in `trust`.
    pub(crate) fn new(actor: &Actor, settings: Settings, trust: Trust) -> Result<Client, Failure> {
        let config = config::client(actor, settings, trust)?;
        Ok(Client { actor: actor.clone(), endpoint: endpoint(actor)?, config })
    }

    /// The same client with another socket, as when its program is started again later: what it was
    /// given at earlier visits it still has.
    pub(crate) fn again(&self) -> Result<Client, Failure> {
        let actor = self.actor.clone();
        let endpoint = endpoint(&actor)?;
        Ok(Client { actor, endpoint, config: self.config.clone() })
    }

    /// Opens a connection: sends a ClientHello, and waits until the handshake is complete.
    pub(crate) async fn connect(&self, to: SocketAddr) -> Result<Connection, Failure> {
        self.dial(self.config.clone(), to)
            .await?
            .map_err(|error| self.actor.failed(format!("connect to {to}"), error))
    }

    /// Tries to open a connection with a version that the server must refuse.
    pub(crate) async fn connect_in_vain(
        &self,
        to: SocketAddr,
        version: u32,
    ) -> Result<(), Failure> {
        let mut config = self.config.clone();
        config.version(version);
        match self.dial(config, to).await? {
            Err(ConnectionError::VersionMismatch) => {
                self.actor.say(steps::quic_version_refused(version));
                Ok(())
            }
            Err(error) => Err(self.actor.failed(format!("connect to {to}"), error)),
            Ok(_) => Err(self.actor.expected("no common version", "the server took it")),
        }
    }

    async fn dial(
        &self,
        config: ClientConfig,
        to: SocketAddr,
    ) -> Result<Result<Connection, ConnectionError>, Failure> {
        let connecting = self
            .endpoint
            .connect_with(config, to, SERVER_NAME)
            .map_err(|error| self.actor.failed(format!("connect to {to}"), error))?;
        let connection = match connecting.await {
            Ok(connection) => Connection::new(&self.actor, connection, false),
            Err(error) => return Ok(Err(error)),
        };
        self.actor.say(steps::quic_connected(&QuicConnected {
            from: self.here()?,
            to,
            alpn: connection.alpn().as_deref(),
            early: None,
        }));
        Ok(Ok(connection))
    }

    /// Opens a connection to a server that has given a ticket for early data, and gives it out
    /// before anything has come back.
    pub(crate) fn connect_early(&self, to: SocketAddr) -> Result<Early, Failure> {
        let connecting = self
            .endpoint
            .connect_with(self.config.clone(), to, SERVER_NAME)
            .map_err(|error| self.actor.failed(format!("connect to {to}"), error))?;
        let Ok((connection, accepted)) = connecting.into_0rtt() else {
            return Err(self.actor.expected("a ticket for early data", "there was none"));
        };
        let connection = Connection::new(&self.actor, connection, true);
        Ok(Early { connection, accepted, ends: [self.here()?, to] })
    }

    /// Goes on with another socket, as a phone that leaves one network for another.
    pub(crate) fn move_away(&self, connection: &Connection) -> Result<(), Failure> {
        let socket = self.actor.plain_udp_socket()?;
        self.endpoint
            .rebind(socket)
            .map_err(|source| self.actor.cannot("take another socket", source))?;
        self.actor.say(steps::quic_moved(self.here()?, connection.peer()));
        Ok(())
    }

    /// Waits until nothing is left of any connection, or long enough.
    pub(crate) async fn finish(self) {
        farewell(&self.endpoint).await;
    }

    fn here(&self) -> Result<SocketAddr, Failure> {
        self.endpoint
            .local_addr()
            .map_err(|source| self.actor.cannot("ask for its own address", source))
    }
}

impl Early {
    /// The connection, for what may be sent twice without harm.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Waits until the handshake is complete, and says whether the server took what was sent early.
    /// If it did not, streams begin anew.
    pub(crate) async fn complete(self) -> Result<(Connection, bool), Failure> {
        let Early { connection, accepted, ends: [from, to] } = self;
        let is_accepted = accepted.await;
        let connection = connection.complete()?;
        let early = if is_accepted { EARLY_ACCEPTED } else { EARLY_REJECTED };
        let alpn = connection.alpn();
        let alpn = alpn.as_deref();
        let connected = QuicConnected { from, to, alpn, early: Some(early) };
        connection.actor().say(steps::quic_connected(&connected));
        Ok((connection, is_accepted))
    }
}

/// An end that only dials.
fn endpoint(actor: &Actor) -> Result<Endpoint, Failure> {
    let socket = actor.plain_udp_socket()?;
    Endpoint::new(EndpointConfig::default(), None, socket, Arc::new(TokioRuntime))
        .map_err(|source| actor.cannot("give its socket to QUIC", source))
}
