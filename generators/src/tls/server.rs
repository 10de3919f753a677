//! A server: how it accepts, once or many times, and what it says of each handshake.

use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, crypto::aws_lc_rs};
use tokio_rustls::TlsAcceptor;

use super::{
    EarlyServerEnd, Identity, ServerEnd, Terms, Trust, config, refusal, say_established,
    witness::{ServerTickets, Ticketer},
};
use crate::{Failure, actor::Actor, counted::Counted};

/// How many bytes a server takes early: more than any request here, and no more than one record.
const MAX_EARLY: u32 = 1 << 14;

/// A server that is ready to speak TLS.
pub(crate) struct Server {
    pub(super) actor: Actor,
    pub(super) config: ServerConfig,
    terms: Terms,
    certificate: Vec<u8>,
}

impl Server {
    /// A server that insists on `terms`, speaks `alpn` inside, and proves itself as `identity`.
    pub(crate) fn new(
        actor: &Actor,
        terms: impl Into<Terms>,
        alpn: &'static [u8],
        identity: Identity,
    ) -> Result<Server, Failure> {
        let terms = terms.into();
        let certificate = identity.certificate();
        let config = Arc::unwrap_or_clone(config::server(actor, terms, alpn, identity)?);
        Ok(Server { actor: actor.clone(), config, terms, certificate })
    }

    /// One that lets in only clients with a certificate of an authority in `clients`.
    pub(crate) fn demanding(
        actor: &Actor,
        terms: impl Into<Terms>,
        alpn: &'static [u8],
        identity: Identity,
        clients: Trust,
    ) -> Result<Server, Failure> {
        let terms = terms.into();
        let certificate = identity.certificate();
        let config = config::demanding_server(actor, terms, alpn, identity, clients)?;
        let config = Arc::unwrap_or_clone(config);
        Ok(Server { actor: actor.clone(), config, terms, certificate })
    }

    /// With tickets for early data, which it will take.
    pub(crate) fn early(mut self) -> Server {
        self.config.max_early_data_size = MAX_EARLY;
        self
    }

    /// One that answers as soon as its Finished is sent, before the client's has come: half a round
    /// trip earlier than most.
    pub(crate) fn answering_early(mut self) -> Server {
        self.config.send_half_rtt_data = true;
        self
    }

    /// With tickets of TLS 1.2, in which the client keeps the session for the server (RFC 5077).
    pub(crate) fn with_tickets(mut self) -> Result<Server, Failure> {
        let seals = aws_lc_rs::Ticketer::new()
            .map_err(|error| self.actor.failed("make a key for tickets", error))?;
        self.config.ticketer = Arc::new(Ticketer::new(self.actor.clone(), seals));
        Ok(self)
    }

    /// Forgets all sessions, as when its program is started again.
    pub(crate) fn forget(&mut self) {
        let nothing = ServerTickets::new(self.actor.clone(), self.terms.version);
        self.config.session_storage = Arc::new(nothing);
    }

    /// The handshake over a connection that was just accepted.
    pub(crate) async fn accept(&self, connection: Counted) -> Result<ServerEnd, Failure> {
        let tls = self
            .acceptor()
            .accept(connection)
            .await
            .map_err(|source| self.actor.cannot("complete the TLS handshake", source))?;
        self.say_complete(tls.get_ref().1);
        Ok(tls)
    }

    /// A connection whose handshake goes on while it is read and written: what the client sends
    /// early is there to be read first.
    pub(crate) fn accept_early(&self, connection: Counted) -> Result<EarlyServerEnd, Failure> {
        let session = ServerConnection::new(Arc::new(self.config.clone()))
            .map_err(|error| self.actor.failed("begin the TLS handshake", error))?;
        Ok(EarlyServerEnd::new(self.actor.clone(), connection, session, self.certificate.clone()))
    }

    /// A handshake that one of the two sides must refuse; gives back the connection below, and
    /// whether it was this side that refused.
    pub(crate) async fn accept_in_vain(
        &self,
        connection: Counted,
    ) -> Result<(Counted, bool), Failure> {
        let outcome = self.acceptor().accept(connection).into_fallible().await;
        refusal::told(&self.actor, outcome.err())
    }

    fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.config.clone()))
    }

    fn say_complete(&self, session: &ServerConnection) {
        say_established(&self.actor, session, session.server_name(), Some(&self.certificate));
    }
}
