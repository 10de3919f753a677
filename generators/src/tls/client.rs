//! A client: how it dials, once or many times, and what it says of each handshake.

use std::sync::Arc;

use rustls::{ClientConfig, crypto::hpke::HpkePrivateKey, pki_types::ServerName};
use tokio_rustls::TlsConnector;

use super::{ClientEnd, EarlyClientEnd, Identity, Terms, Trust, config, refusal, say_complete};
use crate::{Failure, actor::Actor, counted::Counted, web::SERVER_NAME};

/// A client that is ready to speak TLS. What it was given at a visit it has at the next.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) actor: Actor,
    pub(super) config: ClientConfig,
    /// Whom it asks for.
    name: &'static str,
}

impl Client {
    /// A client that insists on `terms`, wants to speak `alpn` inside, and believes the authorities
    /// in `trust`.
    pub(crate) fn new(
        actor: &Actor,
        terms: impl Into<Terms>,
        alpn: &'static [u8],
        trust: Trust,
    ) -> Result<Client, Failure> {
        let config = Arc::unwrap_or_clone(config::client(actor, terms, alpn, trust)?);
        Ok(Client { actor: actor.clone(), config, name: SERVER_NAME })
    }

    /// A client of TLS 1.3 whose ClientHello has an encrypted_client_hello of random bytes (RFC
    /// 9849, section 6.2).
    pub(crate) fn greasing(
        actor: &Actor,
        alpn: &'static [u8],
        trust: Trust,
    ) -> Result<Client, Failure> {
        let config = Arc::unwrap_or_clone(config::greasing_client(actor, alpn, trust)?);
        Ok(Client { actor: actor.clone(), config, name: SERVER_NAME })
    }

    /// A client of TLS 1.3 that knows a key of the server, as it is published, and seals its
    /// ClientHello to that. The private half tells what opens it.
    pub(crate) fn sealing(
        actor: &Actor,
        alpn: &'static [u8],
        trust: Trust,
        key: (Vec<u8>, HpkePrivateKey),
    ) -> Result<Client, Failure> {
        let config = Arc::unwrap_or_clone(config::sealing_client(actor, alpn, trust, key)?);
        Ok(Client { actor: actor.clone(), config, name: SERVER_NAME })
    }

    /// With a certificate of its own.
    pub(crate) fn proving(mut self, identity: Identity) -> Result<Client, Failure> {
        config::prove(&self.actor, &mut self.config, identity)?;
        Ok(self)
    }

    /// One that asks for another name than [`SERVER_NAME`].
    pub(crate) fn asking_for(self, name: &'static str) -> Client {
        Client { name, ..self }
    }

    /// One that sends early data where its ticket allows it.
    pub(crate) fn early(mut self) -> Client {
        self.config.enable_early_data = true;
        self
    }

    /// The handshake over a connection that was just made.
    pub(crate) async fn connect(&self, connection: Counted) -> Result<ClientEnd, Failure> {
        let name = self.server_name()?;
        let tls = self
            .connector()
            .connect(name, connection)
            .await
            .map_err(|source| self.actor.cannot("complete the TLS handshake", source))?;
        let (connection, session) = tls.get_ref();
        say_complete(&self.actor, connection, (session, self.name));
        Ok(tls)
    }

    /// Gives the connection out before the handshake has begun: what is written goes with the
    /// ClientHello. If the server does not take it, the library sends it once more when the
    /// handshake is complete, so it must do no harm twice.
    ///
    /// # Errors
    /// Where no ticket allows it.
    pub(crate) async fn connect_early(
        &self,
        connection: Counted,
    ) -> Result<EarlyClientEnd, Failure> {
        let name = self.server_name()?;
        let tls = self
            .connector()
            .early_data(true)
            .connect(name, connection)
            .await
            .map_err(|source| self.actor.cannot("begin the TLS handshake", source))?;
        if !tls.get_ref().1.is_handshaking() {
            return Err(self.actor.expected("a ticket for early data", "there was none"));
        }
        Ok(EarlyClientEnd::new(self.actor.clone(), self.name, tls))
    }

    /// A handshake that one of the two sides must refuse; gives back the connection below, and
    /// whether it was this side that refused.
    pub(crate) async fn connect_in_vain(
        &self,
        connection: Counted,
    ) -> Result<(Counted, bool), Failure> {
        let name = self.server_name()?;
        let outcome = self.connector().connect(name, connection).into_fallible().await;
        refusal::told(&self.actor, outcome.err())
    }

    fn connector(&self) -> TlsConnector {
        TlsConnector::from(Arc::new(self.config.clone()))
    }

    fn server_name(&self) -> Result<ServerName<'static>, Failure> {
        ServerName::try_from(self.name).map_err(|error| self.actor.failed("name the server", error))
    }
}
