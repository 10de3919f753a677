//! The secret that both sides share before TLS 1.3, and what is made of it: the client seals it to
//! the server's RSA key (RFC 5246, section 7.4.7.1), or both work it out. Whoever knows it, or the
//! private key, makes the keys of the connection.
//!
//! ```text
//!   premaster secret ── randoms, or all messages so far (RFC 7627) ──> master secret
//! ```

use std::fmt;

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use md5::Md5;
use sha1::{Digest, Sha1};

use super::super::prf::{prf, ssl};
use super::super::suite::{Exchange, Hash};
use super::super::version::Version;
use super::facts::Facts;
use super::wire::{ANYWHERE, HEADER_LEN, HandshakeType, vector};
use crate::bytes::Reader;
use crate::engine::session::Out;
use crate::limits::MAX_HANDSHAKE;
use crate::secret::{Label, PrivateKey, session_key};

/// What a client seals: the version that it offers, and 46 random bytes.
const SEALED: usize = 48;

/// What is made of it (RFC 5246, section 8.1; RFC 7627, section 4).
const MASTER: usize = 48;

/// By how many bytes of what was sealed a key log names it.
const NAMED_BY: usize = 8;

/// All messages of a handshake up to the one that ends the exchange of keys.
#[derive(Clone, Default)]
pub(super) struct Heard {
    messages: Vec<u8>,
    is_over: bool,
}

impl fmt::Debug for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Heard({} bytes)", self.messages.len())
    }
}

impl Heard {
    /// Takes in the next message.
    fn hear(&mut self, kind: HandshakeType, message: &[u8]) {
        // Whoever asks for a handshake begins none (RFC 5246, section 7.4.1.1).
        if self.is_over || kind == HandshakeType::HELLO_REQUEST {
            return;
        }
        self.messages.extend_from_slice(message);
        self.is_over =
            kind == HandshakeType::CLIENT_KEY_EXCHANGE || self.messages.len() > MAX_HANDSHAKE;
    }

    /// The digest of all messages (RFC 7627, section 3).
    fn session_hash(&self, version: Version, hash: Hash) -> Vec<u8> {
        let messages = &self.messages;
        match hash {
            _ if !version.is_12() => [&Md5::digest(messages)[..], &Sha1::digest(messages)].concat(),
            Hash::Sha256 => digest(&SHA256, messages).as_ref().to_vec(),
            Hash::Sha384 => digest(&SHA384, messages).as_ref().to_vec(),
        }
    }
}

impl Facts {
    /// Takes in a message: what is sealed in it, and what a secret may be made of.
    pub(super) fn hear(&mut self, kind: HandshakeType, message: &[u8], out: &Out<'_>) {
        if kind == HandshakeType::CLIENT_HELLO && out.has_premasters() {
            self.heard = Some(Box::default());
        }
        if let Some(heard) = &mut self.heard {
            heard.hear(kind, message);
        }
        if !self.is_tls13() {
            self.tickets.hear(kind, message);
        }
        let is_sealed = self.suite.exchange() == Exchange::Rsa && !self.is_tls13();
        if kind == HandshakeType::CLIENT_KEY_EXCHANGE && is_sealed {
            let body = message.get(HEADER_LEN..).unwrap_or_default();
            let counted = vector(&mut Reader::new(body, ANYWHERE), 2);
            self.sealed = match (counted, self.version) {
                // Many wrote no length before it (RFC 5246, section 7.4.7.1).
                (None, Some(Version::SSL30)) => body.to_vec(),
                (counted, _) => counted.unwrap_or_default().to_vec(),
            };
        }
    }

    /// The master secret out of what a private key opens.
    pub(super) fn opened_master(&self, keys: &[PrivateKey]) -> Option<Vec<u8>> {
        if self.sealed.is_empty() {
            return None;
        }
        let mut opened = keys.iter().filter_map(|key| key.open(&self.sealed));
        self.master_of(&opened.find(|opened| opened.len() == SEALED)?)
    }

    /// The master secret out of a premaster secret that a key log holds.
    pub(super) fn logged_master(&self, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let found = self.premaster(out).or_else(|| {
            let named = self.sealed.get(..NAMED_BY).and_then(session_key)?;
            out.secret(Label::SealedPremaster, &named)
        });
        self.master_of(&found?)
    }

    /// The premaster secret that a key log holds.
    pub(super) fn premaster(&self, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let named = self.sealed.get(..NAMED_BY).and_then(session_key);
        let sealed = named.and_then(|named| out.known(Label::SealedPremaster, &named));
        let by_random = |random| out.known(Label::Premaster, &random);
        sealed.or_else(|| self.client_random.and_then(by_random))
    }

    fn master_of(&self, premaster: &[u8]) -> Option<Vec<u8>> {
        let version = self.version?;
        let seed = [&self.client_random?[..], &self.server_random?[..]];
        let known = (version, self.suite.hash());
        if version == Version::SSL30 {
            return ssl(premaster, seed, MASTER);
        }
        if !self.is_extended {
            return prf(known, premaster, ("master secret", seed), MASTER);
        }
        // Messages of DTLS have longer headers, which are not at hand here.
        let heard = self.heard.as_ref().filter(|heard| heard.is_over && !version.is_dtls())?;
        let messages = heard.session_hash(version, self.suite.hash());
        prf(known, premaster, ("extended master secret", [&messages, &[]]), MASTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_the_exchange_of_keys_ends_what_is_heard() {
        let mut heard = Heard::default();
        let hash = |heard: &Heard| heard.session_hash(Version::TLS12, Hash::Sha256);
        heard.hear(HandshakeType::CLIENT_HELLO, &[1, 0, 0, 1, 9]);
        let before = hash(&heard);
        heard.hear(HandshakeType::HELLO_REQUEST, &[0, 0, 0, 0]);
        assert_eq!(hash(&heard), before, "a request for a handshake is none");
        heard.hear(HandshakeType::CLIENT_KEY_EXCHANGE, &[16, 0, 0, 4, 0, 2, 7, 8]);
        let with_it = hash(&heard);
        assert_ne!(with_it, before);
        heard.hear(HandshakeType::FINISHED, &[20, 0, 0, 1, 1]);
        assert_eq!(hash(&heard), with_it);
        assert_eq!(heard.session_hash(Version::TLS12, Hash::Sha384).len(), 48);
        assert_eq!(heard.session_hash(Version::TLS11, Hash::Sha256).len(), 36);
    }

    #[test]
    fn a_handshake_without_end_is_not_kept() {
        let mut heard = Heard::default();
        (0..3).for_each(|_| heard.hear(HandshakeType::CERTIFICATE, &vec![0; MAX_HANDSHAKE]));
        assert!(heard.is_over && heard.messages.len() <= 2 * MAX_HANDSHAKE);
    }
}
