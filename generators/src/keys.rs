//! The way of a secret from a TLS library to whoever records: at once, and only once.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// Takes the secrets of a run.
///
/// The call is synchronous: the library waits for it before it goes on, so a secret has been taken
/// before the socket write that uses it. A recorder can therefore always put the secret ahead of
/// the packets it opens.
pub trait KeySink: Send + Sync {
    /// One secret. `label` is its name in the NSS key log format, such as `CLIENT_RANDOM` or
    /// `SERVER_HANDSHAKE_TRAFFIC_SECRET`, and `client_random` the 32 bytes that name the
    /// connection.
    fn secret(&self, label: &str, client_random: &[u8], secret: &[u8]);
}

/// Drops every secret, for runs that nobody records.
pub(crate) struct NoKeys;

impl KeySink for NoKeys {
    fn secret(&self, _: &str, _: &[u8], _: &[u8]) {}
}

/// A `rustls` key log that client and server share: the first to derive a secret hands it over.
pub(crate) struct SharedKeyLog {
    sink: Arc<dyn KeySink>,
    /// Label and client random of each secret that was handed over.
    seen: Mutex<HashSet<(String, Vec<u8>)>>,
}

impl SharedKeyLog {
    pub(crate) fn new(sink: Arc<dyn KeySink>) -> SharedKeyLog {
        SharedKeyLog { sink, seen: Mutex::default() }
    }
}

impl rustls::KeyLog for SharedKeyLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        // The lock is held while the sink works: the side that comes second must not write to its
        // socket before the first has handed the same secret over.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.insert((label.to_owned(), client_random.to_vec())) {
            self.sink.secret(label, client_random, secret);
        }
    }
}

impl fmt::Debug for SharedKeyLog {
    /// Says nothing of the secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedKeyLog").finish_non_exhaustive()
    }
}
