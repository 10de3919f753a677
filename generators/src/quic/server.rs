//! The side that listens.

use std::{net::SocketAddr, sync::Arc};

use quinn::{Endpoint, EndpointConfig, Incoming, ServerConfig, crypto::rustls::HandshakeData};
use tokio::sync::oneshot;

use super::{Connection, Settings, config, farewell, mortal::Mortal};
use crate::{
    Failure,
    actor::Actor,
    steps::{self, QuicAccepted},
    tls::Identity,
};

/// A server's end: one socket, and all connections that come to it.
pub(crate) struct Server {
    actor: Actor,
    life: Life,
    here: SocketAddr,
    /// What a new life begins with: the socket, which the system keeps open meanwhile, and the
    /// settings, with the one secret of which tokens of stateless resets are made.
    socket: std::net::UdpSocket,
    endpoint: EndpointConfig,
    config: ServerConfig,
}

/// A server's program between two starts.
struct Life {
    endpoint: Endpoint,
    program: Arc<Mortal>,
}

impl Server {
    /// Listens on `standard`, where the stage allows it, and tells `ready` the address. The server
    /// proves itself as `identity`.
    pub(crate) fn listen(
        actor: &Actor,
        settings: Settings,
        identity: Identity,
        standard: u16,
        ready: oneshot::Sender<SocketAddr>,
    ) -> Result<Server, Failure> {
        let config = config::server(actor, settings, identity)?;
        let socket = actor.plain_udp_socket_on(standard)?;
        let here = socket
            .local_addr()
            .map_err(|source| actor.cannot("ask for its own address", source))?;
        let endpoint = config::server_endpoint();
        let life = live(actor, &socket, &endpoint, &config)?;
        actor.mark("listen", [("local", here.to_string())]);
        actor.tell(ready, here)?;
        Ok(Server { actor: actor.clone(), life, here, socket, endpoint, config })
    }

    /// Waits for a client, and completes the handshake with it.
    pub(crate) async fn accept(&self) -> Result<Connection, Failure> {
        let incoming = self.incoming().await?;
        self.meet(incoming, false).await
    }

    /// Waits for a client, and takes it as soon as its ClientHello has come: what it sends early
    /// can be read, and answered, before the handshake is complete.
    pub(crate) async fn accept_early(&self) -> Result<Connection, Failure> {
        let incoming = self.incoming().await?;
        self.meet(incoming, true).await
    }

    /// Waits for a client, and asks it to come again with a proof of its address.
    pub(crate) async fn retry(&self) -> Result<(), Failure> {
        let incoming = self.incoming().await?;
        let (from, id) = (incoming.remote_address(), incoming.orig_dst_cid());
        incoming
            .retry()
            .map_err(|error| self.actor.failed("ask the client to come again", error))?;
        self.actor.say(steps::quic_retry_sent(from, self.here, &id));
        Ok(())
    }

    /// Takes one client, sends back what so many streams bring, and waits for the end of all.
    pub(crate) async fn echo_once(self, streams: usize) -> Result<(), Failure> {
        let connection = self.accept().await?;
        for _ in 0..streams {
            connection.echo().await?;
        }
        connection.ended().await?;
        self.finish().await;
        Ok(())
    }

    /// Says where a client is that was elsewhere `before`.
    pub(crate) fn follow(
        &self,
        connection: &Connection,
        before: SocketAddr,
    ) -> Result<(), Failure> {
        let now = connection.peer();
        if now == before {
            return Err(self.actor.expected("the client elsewhere", "it was where it had been"));
        }
        self.actor.say(steps::quic_followed(now, self.here));
        Ok(())
    }

    /// Goes on with nothing known of earlier clients and another certificate, as after a start with
    /// an empty store of tickets. Connections that are open stay.
    pub(crate) fn start_anew(&self, settings: Settings, identity: Identity) -> Result<(), Failure> {
        let config = config::server(&self.actor, settings, identity)?;
        self.life.endpoint.set_server_config(Some(config));
        Ok(())
    }

    /// Dies, and is started again on the same socket. Of its connections nothing is left.
    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        self.life.program.kill();
        self.actor.mark("restart", []);
        self.life = live(&self.actor, &self.socket, &self.endpoint, &self.config)?;
        Ok(())
    }

    /// Waits until nothing is left of any connection, or long enough.
    pub(crate) async fn finish(self) {
        farewell(&self.life.endpoint).await;
    }

    async fn incoming(&self) -> Result<Incoming, Failure> {
        let incoming = self.life.endpoint.accept().await;
        incoming.ok_or_else(|| self.actor.expected("a client", "its own end was closed"))
    }

    async fn meet(&self, incoming: Incoming, at_once: bool) -> Result<Connection, Failure> {
        let actor = &self.actor;
        let (from, to) = (incoming.remote_address(), self.here);
        let (id, validated) = (incoming.orig_dst_cid(), incoming.remote_address_validated());
        let failed = |error| actor.failed("complete the handshake", error);
        let mut connecting = incoming.accept().map_err(failed)?;
        let agreed = connecting.handshake_data().await.map_err(failed)?;
        let connection = match connecting.into_0rtt() {
            Ok((connection, complete)) => {
                if !at_once {
                    complete.await;
                }
                connection
            }
            Err(connecting) => connecting.await.map_err(failed)?,
        };
        if let Some(error) = connection.close_reason() {
            return Err(failed(error));
        }
        actor.mark("accept", [("local", to.to_string()), ("peer", from.to_string())]);
        let agreed = agreed.downcast::<HandshakeData>().ok();
        let alpn = agreed.as_ref().and_then(|agreed| agreed.protocol.as_deref());
        let alpn = alpn.map(String::from_utf8_lossy);
        actor.say(steps::quic_accepted(&QuicAccepted {
            from,
            to,
            id: &id,
            validated,
            alpn: alpn.as_deref(),
            server_name: agreed.as_ref().and_then(|agreed| agreed.server_name.as_deref()),
        }));
        Ok(Connection::new(actor, connection, false))
    }
}

/// Starts the server's program on a socket that is open.
fn live(
    actor: &Actor,
    socket: &std::net::UdpSocket,
    endpoint: &EndpointConfig,
    config: &ServerConfig,
) -> Result<Life, Failure> {
    let program = Arc::new(Mortal::default());
    let socket = socket.try_clone().map_err(|source| actor.cannot("share its socket", source))?;
    let endpoint = Endpoint::new(endpoint.clone(), Some(config.clone()), socket, program.clone())
        .map_err(|source| actor.cannot("give its socket to QUIC", source))?;
    Ok(Life { endpoint, program })
}
