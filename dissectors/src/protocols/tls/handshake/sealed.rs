//! The secret that a client makes alone and seals to the server's RSA key (RFC 5246, section 7.4.7.1):
//! whoever has the private key makes the keys of the connection out of it.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256, SHA384};

use super::super::prf::prf;
use super::super::suite::{Exchange, Hash};
use super::super::version::Version;
use super::facts::Facts;
use super::wire::{ANYWHERE, HEADER_LEN, HandshakeType, vector};
use crate::bytes::Reader;
use crate::secret::PrivateKey;

/// The premaster secret: the version that the client offers, and 46 random bytes.
const PREMASTER: usize = 48;

/// What is made of it (RFC 5246, section 8.1; RFC 7627, section 4).
const MASTER: usize = 48;

/// What is kept of a handshake for it.
#[derive(Clone)]
pub(super) struct Sealed {
    /// All messages so far, by either hash: which of them counts, the suite says.
    messages: [Context; 2],
    /// Whether those make the master secret, and not the randoms (RFC 7627, section 5).
    pub(super) is_extended: bool,
    /// What was sealed.
    secret: Vec<u8>,
}

impl Default for Sealed {
    fn default() -> Self {
        let messages = [&SHA256, &SHA384].map(Context::new);
        Self { messages, is_extended: false, secret: Vec::new() }
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.secret.len())
    }
}

impl Sealed {
    /// Takes in the next message, up to the one that holds the secret.
    fn hear(&mut self, message: &[u8]) {
        let kind = message.first().copied().map(HandshakeType);
        // Whoever asks for a handshake begins none (RFC 5246, section 7.4.1.1).
        if !self.secret.is_empty() || kind == Some(HandshakeType::HELLO_REQUEST) {
            return;
        }
        self.messages.iter_mut().for_each(|hash| hash.update(message));
        if kind == Some(HandshakeType::CLIENT_KEY_EXCHANGE) {
            let mut body = Reader::new(message.get(HEADER_LEN..).unwrap_or_default(), ANYWHERE);
            self.secret = vector(&mut body, 2).unwrap_or_default().to_vec();
        }
    }

    /// The digest of all messages (RFC 7627, section 3).
    fn session_hash(&self, hash: Hash) -> Vec<u8> {
        let [short, long] = self.messages.clone();
        let context = if hash == Hash::Sha256 { short } else { long };
        context.finish().as_ref().to_vec()
    }
}

impl Facts {
    /// Takes in a message, where there is a private key that may open what one holds.
    pub(super) fn hear(&mut self, kind: HandshakeType, message: &[u8], keys: &[PrivateKey]) {
        if kind == HandshakeType::CLIENT_HELLO && !keys.is_empty() {
            self.sealed = Some(Box::default());
        }
        if let Some(sealed) = &mut self.sealed {
            sealed.hear(message);
        }
    }

    /// The master secret that a private key opens.
    pub(super) fn opened_master(&self, keys: &[PrivateKey]) -> Option<Vec<u8>> {
        let sealed = self.sealed.as_ref()?;
        let version = self.version.filter(|_| self.suite.exchange() == Exchange::Rsa)?;
        // Before TLS 1.2 both hashes would be others.
        let is_extended = sealed.is_extended && version.is_12();
        if version.is_dtls() || version == Version::SSL30 || (sealed.is_extended && !is_extended) {
            return None;
        }
        let mut opened = keys.iter().filter_map(|key| key.open(&sealed.secret));
        let premaster = opened.find(|opened| opened.len() == PREMASTER)?;
        let known = (version, self.suite.hash());
        if is_extended {
            let messages = sealed.session_hash(self.suite.hash());
            let seed = ("extended master secret", [&messages[..], &[]]);
            return prf(known, &premaster, seed, MASTER);
        }
        let seed = [&self.client_random?[..], &self.server_random?[..]];
        prf(known, &premaster, ("master secret", seed), MASTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_ends_what_is_heard() {
        let mut sealed = Sealed::default();
        sealed.hear(&[1, 0, 0, 1, 9]);
        let before = sealed.session_hash(Hash::Sha256);
        sealed.hear(&[0, 0, 0, 0]);
        assert_eq!(sealed.session_hash(Hash::Sha256), before, "a request for a handshake is none");
        sealed.hear(&[16, 0, 0, 4, 0, 2, 7, 8]);
        assert_eq!(sealed.secret, [7, 8]);
        let with_it = sealed.session_hash(Hash::Sha384);
        assert_ne!(sealed.session_hash(Hash::Sha256), before);
        sealed.hear(&[20, 0, 0, 1, 1]);
        assert_eq!(sealed.session_hash(Hash::Sha384), with_it);
    }
}
