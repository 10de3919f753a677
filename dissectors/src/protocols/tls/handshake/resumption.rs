//! Sessions that go on in other connections, before TLS 1.3: by the id that the server has given
//! them, or by a ticket in which it has sealed their secret (RFC 5077).
//!
//! ```text
//!   ClientHello  the id, or the ticket in an extension
//!   ServerHello  the same id again; no ClientKeyExchange follows, so the master secret stays
//! ```

use aws_lc_rs::digest::{SHA256, digest};

use super::facts::Facts;
use super::wire::{ANYWHERE, HEADER_LEN, HandshakeType, Hello, extension, vector};
use crate::bytes::Reader;
use crate::engine::session::Out;
use crate::secret::{Label, Secret};

/// Before a ticket stands for how long it holds, in seconds (RFC 5077, section 3.3).
const LIFETIME: usize = 4;

/// The tickets of a handshake, by their digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tickets {
    /// That of a session which the client wants to go on with.
    shown: Option<[u8; 32]>,
    /// That of the session at hand.
    issued: Option<[u8; 32]>,
    /// Whether keys were exchanged, so that the ticket shown was not taken.
    has_exchanged: bool,
}

/// By what a ticket is known; nothing for an empty one, by which a client asks for one.
fn digest_of(ticket: &[u8]) -> Option<[u8; 32]> {
    let digest = || digest(&SHA256, ticket).as_ref().try_into().ok();
    (!ticket.is_empty()).then(digest).flatten()
}

impl Tickets {
    /// What a ClientHello shows.
    pub(super) fn shown(hello: &Hello<'_>) -> Self {
        let ticket = hello.extension(extension::SESSION_TICKET);
        let shown = ticket.and_then(|data| digest_of(data.rest()));
        Self { shown, ..Self::default() }
    }

    /// Takes in a message of the handshake, with its header.
    pub(super) fn hear(&mut self, kind: HandshakeType, message: &[u8]) {
        match kind {
            HandshakeType::CLIENT_KEY_EXCHANGE => self.has_exchanged = true,
            HandshakeType::NEW_SESSION_TICKET => {
                let body = message.get(HEADER_LEN + LIFETIME..).unwrap_or_default();
                let ticket = vector(&mut Reader::new(body, ANYWHERE), 2);
                self.issued = ticket.and_then(digest_of);
            }
            _ => {}
        }
    }
}

impl Facts {
    /// The master secret of the session whose ticket the client shows.
    pub(super) fn ticket_master(&self, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let shown = self.tickets.shown.filter(|_| !self.tickets.has_exchanged)?;
        out.secret(Label::Ticket, &shown)
    }

    /// Leaves the master secret for connections that resume this session.
    pub(super) fn leave_for_others(&self, master: &[u8], out: &mut Out<'_>) {
        let by_id = self.session.map(|id| (Label::SessionId, id));
        let by_ticket = self.tickets.issued.map(|ticket| (Label::Ticket, ticket));
        for (label, client_random) in by_id.into_iter().chain(by_ticket) {
            out.resumable(Secret { label, client_random, bytes: master.to_vec() });
        }
    }
}
