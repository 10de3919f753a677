//! Sessions that are remembered, and the tickets that stand for them.

use std::{fmt, sync::Arc};

use rustls::{
    NamedGroup,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue,
        Tls13ClientSessionValue,
    },
    pki_types::ServerName,
    server::{ProducesTickets, ServerSessionMemoryCache, StoresServerSessions},
};

use super::super::Version;
use crate::{actor::Actor, names, steps};

/// How many sessions each side remembers: more than one run can make.
const SESSIONS: usize = 32;

/// Hears of each session the server remembers. The name it is remembered by is the ticket in TLS
/// 1.3, and the session id in TLS 1.2.
pub(in super::super) struct ServerTickets {
    actor: Actor,
    version: Version,
    memory: Arc<ServerSessionMemoryCache>,
}

impl ServerTickets {
    pub(in super::super) fn new(actor: Actor, version: Version) -> ServerTickets {
        ServerTickets { actor, version, memory: ServerSessionMemoryCache::new(SESSIONS) }
    }
}

impl StoresServerSessions for ServerTickets {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let ticket = (self.version == Version::Tls13).then(|| steps::tls_ticket_sent(&key));
        let kept = self.memory.put(key, value);
        if let Some(ticket) = ticket.filter(|_| kept) {
            self.actor.say(ticket);
        }
        kept
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let found = self.memory.get(key);
        if found.is_some() && self.version == Version::Tls12 {
            self.actor.say(steps::tls_session_found(key));
        }
        found
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.memory.take(key)
    }

    fn can_cache(&self) -> bool {
        self.memory.can_cache()
    }
}

/// Hears of each ticket the client puts by.
pub(in super::super) struct ClientTickets {
    actor: Actor,
    memory: ClientSessionMemoryCache,
}

impl ClientTickets {
    pub(in super::super) fn new(actor: Actor) -> ClientTickets {
        ClientTickets { actor, memory: ClientSessionMemoryCache::new(SESSIONS) }
    }
}

impl ClientSessionStore for ClientTickets {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.memory.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.memory.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.memory.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.memory.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.memory.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        let suite = names::tls_suite(value.suite().common.suite.into());
        self.actor.say(steps::tls_ticket_received(&suite, value.max_early_data_size()));
        self.memory.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.memory.take_tls13_ticket(server_name)
    }
}

/// Hears of each ticket of TLS 1.2 that the server seals: it keeps nothing itself.
pub(in super::super) struct Ticketer {
    actor: Actor,
    seals: Arc<dyn ProducesTickets>,
}

impl Ticketer {
    pub(in super::super) fn new(actor: Actor, seals: Arc<dyn ProducesTickets>) -> Ticketer {
        Ticketer { actor, seals }
    }
}

impl ProducesTickets for Ticketer {
    fn enabled(&self) -> bool {
        self.seals.enabled()
    }

    fn lifetime(&self) -> u32 {
        self.seals.lifetime()
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let ticket = self.seals.encrypt(plain)?;
        self.actor.say(steps::tls_ticket_sent(&ticket));
        Some(ticket)
    }

    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        self.seals.decrypt(cipher)
    }
}

printable!(ServerTickets, ClientTickets, Ticketer);
