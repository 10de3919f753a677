//! TLS for scenarios: certificates made for the occasion, configurations by version and knob, and
//! the handshake of either side with everything it says.
//!
//! The programs on stage use `rustls` as any program would. What is added stands in `witness`:
//! objects that the library asks or informs during a handshake, and that pass on what they hear.

mod authority;
mod config;
mod witness;

use std::sync::Arc;

use rustls::{ClientConfig, CommonState, HandshakeKind, ServerConfig, pki_types::ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream, client, server};

pub(crate) use authority::{Authority, Identity};
pub(crate) use config::{GROUP, GROUP_TLS12, HTTP_1, HTTP_2, HTTP_3, SUITE, Trust};
pub(crate) use config::{client as client_config, server as server_config};

use crate::{Failure, actor::Actor, counted::Counted, names, steps, web::SERVER_NAME};

/// A client's end of an established TLS connection.
pub(crate) type ClientEnd = client::TlsStream<Counted>;

/// A server's end of an established TLS connection.
pub(crate) type ServerEnd = server::TlsStream<Counted>;

/// A version of TLS that a scenario insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// TLS 1.2, RFC 5246.
    Tls12,
    /// TLS 1.3, RFC 9846.
    Tls13,
}

/// A client that is ready to speak TLS.
pub(crate) struct Client {
    actor: Actor,
    config: Arc<ClientConfig>,
}

impl Client {
    /// A client that insists on `version`, wants to speak `alpn` inside, and believes the
    /// authorities in `trust`.
    pub(crate) fn new(
        actor: &Actor,
        version: Version,
        alpn: &'static [u8],
        trust: Trust,
    ) -> Result<Client, Failure> {
        Ok(Client { actor: actor.clone(), config: config::client(actor, version, alpn, trust)? })
    }

    /// The handshake over a connection that was just made. Asks for [`SERVER_NAME`].
    pub(crate) async fn connect(self, connection: Counted) -> Result<ClientEnd, Failure> {
        let actor = self.actor;
        let name = ServerName::try_from(SERVER_NAME)
            .map_err(|error| actor.failed("name the server", error))?;
        let tls = TlsConnector::from(self.config)
            .connect(name, connection)
            .await
            .map_err(|source| actor.cannot("complete the TLS handshake", source))?;

        let (connection, session) = tls.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        let certificate = certificate.map(|certificate| certificate.as_ref());
        say_established(&actor, session, Some(SERVER_NAME), certificate);
        actor.say(steps::tls_waited(connection.round_trips()));
        Ok(tls)
    }
}

/// A server that is ready to speak TLS.
pub(crate) struct Server {
    actor: Actor,
    config: Arc<ServerConfig>,
    certificate: Vec<u8>,
}

impl Server {
    /// A server that insists on `version`, speaks `alpn` inside, and proves itself as `identity`.
    pub(crate) fn new(
        actor: &Actor,
        version: Version,
        alpn: &'static [u8],
        identity: Identity,
    ) -> Result<Server, Failure> {
        let certificate = identity.certificate();
        Ok(Server {
            actor: actor.clone(),
            config: config::server(actor, version, alpn, identity)?,
            certificate,
        })
    }

    /// The handshake over a connection that was just accepted.
    pub(crate) async fn accept(self, connection: Counted) -> Result<ServerEnd, Failure> {
        let actor = self.actor;
        let tls = TlsAcceptor::from(self.config)
            .accept(connection)
            .await
            .map_err(|source| actor.cannot("complete the TLS handshake", source))?;

        let (_, session) = tls.get_ref();
        say_established(&actor, session, session.server_name(), Some(&self.certificate));
        Ok(tls)
    }
}

/// Says what the library reports of a complete handshake.
fn say_established(
    actor: &Actor,
    session: &CommonState,
    server_name: Option<&str>,
    certificate: Option<&[u8]>,
) {
    let version = session.protocol_version().map(|version| names::tls_version(version.into()));
    let suite =
        session.negotiated_cipher_suite().map(|suite| names::tls_suite(suite.suite().into()));
    let group =
        session.negotiated_key_exchange_group().map(|group| names::tls_group(group.name().into()));
    let alpn = session.alpn_protocol().map(String::from_utf8_lossy);
    let handshake = session.handshake_kind().map(|kind| match kind {
        HandshakeKind::Full => "full",
        HandshakeKind::FullWithHelloRetryRequest => "full-after-retry",
        HandshakeKind::Resumed => "resumed",
    });
    actor.say(steps::tls_established(steps::Established {
        version: version.as_deref(),
        suite: suite.as_deref(),
        group: group.as_deref(),
        alpn: alpn.as_deref(),
        handshake,
        server_name,
        certificate,
    }));
}

/// Ends our direction with close_notify and FIN, then waits for `peer` to end the other.
///
/// The alert is what tells the end of the data from a cut line: a FIN can be forged by anyone on
/// the way, a sealed close_notify cannot (RFC 9846, section 6.1).
pub(crate) async fn close_first(
    actor: &Actor,
    tls: impl Into<TlsStream<Counted>>,
    peer: &'static str,
) -> Result<(), Failure> {
    let mut tls = tls.into();
    tls.shutdown().await.map_err(|source| actor.cannot("send close_notify", source))?;
    actor.say(steps::tls_alert_sent(names::CLOSE_NOTIFY));
    let rest =
        tls.read(&mut [0]).await.map_err(|source| actor.cannot("wait for close_notify", source))?;
    end_of_data(actor, rest)?;
    below(tls).close_first(peer).await
}

/// Waits for the close_notify and the FIN of `peer`, and ends our direction with our own.
///
/// Nobody need wait for the FIN. It is done so that the two never cross, and every recording shows
/// the same order.
pub(crate) async fn close_after(
    actor: &Actor,
    tls: impl Into<TlsStream<Counted>>,
    peer: &'static str,
) -> Result<(), Failure> {
    let mut tls = tls.into();
    let rest =
        tls.read(&mut [0]).await.map_err(|source| actor.cannot("wait for close_notify", source))?;
    end_of_data(actor, rest)?;
    tls.get_mut().0.await_theirs().await?;
    tls.shutdown().await.map_err(|source| actor.cannot("send close_notify", source))?;
    actor.say(steps::tls_alert_sent(names::CLOSE_NOTIFY));
    below(tls).close_after(peer).await
}

/// The connection below.
fn below(tls: TlsStream<Counted>) -> Counted {
    match tls {
        TlsStream::Client(tls) => tls.into_inner().0,
        TlsStream::Server(tls) => tls.into_inner().0,
    }
}

/// A read of nothing is close_notify: without that alert the library reports an error instead.
fn end_of_data(actor: &Actor, read: usize) -> Result<(), Failure> {
    if read > 0 {
        return Err(actor.expected("close_notify", "more data came"));
    }
    actor.say(steps::tls_alert_received(names::CLOSE_NOTIFY));
    Ok(())
}
