//! What both ends are told before they begin.

use std::{sync::Arc, time::Duration};

use quinn::{
    ClientConfig, ConnectionId, ConnectionIdGenerator, EndpointConfig, IdleTimeout, ServerConfig,
    TransportConfig, VarInt,
    crypto::rustls::{QuicClientConfig, QuicServerConfig},
};

use crate::{
    Failure,
    actor::Actor,
    tls::{self, Identity, Trust, Version},
};

/// Version 1 of QUIC (RFC 9000, section 15).
const VERSION_1: u32 = 1;

/// The draft of it that was used most, in 2020.
pub(crate) const DRAFT_29: u32 = 0xff00_001d;

/// Bytes of the ids that servers go by here.
const ID_LEN: usize = 8;

/// What a scenario wants otherwise than most.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// What is spoken inside, as ALPN names it.
    pub(crate) alpn: &'static [u8],
    /// Whether the client may send data with its first packet, and the server takes it.
    pub(crate) early: bool,
    /// After how long without a packet a connection is given up.
    pub(crate) idle: Duration,
    /// Whether datagrams are taken.
    pub(crate) datagrams: bool,
}

/// How many bytes of datagrams wait for the program.
const DATAGRAM_BUFFER: usize = 64 << 10;

impl Settings {
    /// What most want: no early data, no datagrams, and no end before the scenario's own.
    pub(crate) const fn of(alpn: &'static [u8]) -> Settings {
        Settings { alpn, early: false, idle: Duration::from_secs(30), datagrams: false }
    }

    /// Asks for early data.
    pub(crate) const fn early(mut self) -> Settings {
        self.early = true;
        self
    }

    /// Gives a connection up after so long a silence.
    pub(crate) const fn idle(mut self, idle: Duration) -> Settings {
        self.idle = idle;
        self
    }

    /// Takes datagrams (RFC 9221, section 3).
    pub(crate) const fn datagrams(mut self) -> Settings {
        self.datagrams = true;
        self
    }

    /// What goes into the transport parameters, and how packets are sent.
    fn transport(self, actor: &Actor) -> Result<Arc<TransportConfig>, Failure> {
        let idle = IdleTimeout::try_from(self.idle)
            .map_err(|error| actor.failed("set the idle timeout", error))?;
        let mut transport = TransportConfig::default();
        transport
            // Else the kernel is given several packets at once, and a recording of its loopback
            // holds them glued together: nothing in them says where one ends.
            .enable_segmentation_offload(false)
            // Probes for larger datagrams are packets that no scenario here is about.
            .mtu_discovery_config(None)
            .max_idle_timeout(Some(idle))
            .datagram_receive_buffer_size(self.datagrams.then_some(DATAGRAM_BUFFER));
        Ok(Arc::new(transport))
    }
}

/// What a client needs to know before it dials.
pub(super) fn client(
    actor: &Actor,
    settings: Settings,
    trust: Trust,
) -> Result<ClientConfig, Failure> {
    let mut inside = tls::client_config(actor, Version::Tls13, settings.alpn, trust)?;
    Arc::make_mut(&mut inside).enable_early_data = settings.early;
    let inside = QuicClientConfig::try_from(inside)
        .map_err(|error| actor.failed("put TLS into QUIC", error))?;
    let mut config = ClientConfig::new(Arc::new(inside));
    config.transport_config(settings.transport(actor)?).version(VERSION_1);
    Ok(config)
}

/// What a server needs to know before it listens.
pub(super) fn server(
    actor: &Actor,
    settings: Settings,
    identity: Identity,
) -> Result<ServerConfig, Failure> {
    let mut inside = tls::server_config(actor, Version::Tls13, settings.alpn, identity)?;
    // In QUIC a ticket allows early data or does not; how much, flow control says (RFC 9001,
    // section 4.6.1).
    Arc::make_mut(&mut inside).max_early_data_size = if settings.early { u32::MAX } else { 0 };
    let inside = QuicServerConfig::try_from(inside)
        .map_err(|error| actor.failed("put TLS into QUIC", error))?;
    let mut config = ServerConfig::with_crypto(Arc::new(inside));
    config.transport_config(settings.transport(actor)?);
    Ok(config)
}

/// What holds for all connections of a server: it speaks version 1 only, and its ids are random
/// numbers, so that one of an earlier life cannot be told from one of this.
pub(super) fn server_endpoint() -> EndpointConfig {
    let mut config = EndpointConfig::default();
    config.supported_versions(vec![VERSION_1]).cid_generator(|| Box::new(Ids));
    config
}

/// Makes up ids. Those of the library bear a mark by which it throws away packets of strangers,
/// where
/// [`Server::restart`](super::Server::restart) is to answer them.
struct Ids;

impl ConnectionIdGenerator for Ids {
    fn generate_cid(&mut self) -> ConnectionId {
        let mut id = [0; ID_LEN];
        // Without chance there would be no keys either, and no connection.
        let _ = aws_lc_rs::rand::fill(&mut id);
        ConnectionId::new(&id)
    }

    fn cid_len(&self) -> usize {
        ID_LEN
    }

    fn cid_lifetime(&self) -> Option<Duration> {
        None
    }
}

/// A number as QUIC writes it, of those that fit into four bytes.
pub(super) fn number(number: u32) -> VarInt {
    VarInt::from_u32(number)
}
