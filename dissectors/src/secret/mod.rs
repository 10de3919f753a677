//! Secrets that open sealed records: the lines of an NSS key log, by what they open.
//!
//! The format is `LABEL client_random secret`, in hexadecimal, one a line
//! (RFC 9850, "The SSLKEYLOGFILE Format for TLS"). Private keys of servers may stand among them, as
//! PEM.

mod line;
mod private;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::schema::Schema;
use private::{Blocks, Line, MAX_PRIVATE_KEYS};

pub use line::BadLine;
pub use private::PrivateKey;

/// A secret may be at most this long: SHA-384 output is 48 bytes, and no suite uses more than 64.
pub const MAX_SECRET: usize = 64;

/// A premaster secret may be at most this long: that of the largest group of finite fields that has
/// a name has 8192 bits (RFC 7919, appendix A.5).
pub const MAX_PREMASTER: usize = 1024;

/// An ECHConfig may be at most this long: its version, its length, and what that counts (RFC 9849,
/// section 4).
pub const MAX_ECH_CONFIG: usize = 4 + u16::MAX as usize;

/// Which secret a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Up to TLS 1.2: the master secret.
    ClientRandom,
    /// The same, found by the id of the session: what stands for the random is that id, filled up
    /// with zeros.
    SessionId,
    /// Up to TLS 1.2: the premaster secret, of which the master secret is made.
    Premaster,
    /// The same, found by how it was sealed to the server's RSA key: what stands for the random are
    /// the first bytes of that, filled up with zeros.
    SealedPremaster,
    /// The same, found by the ticket that a server has given out for it (RFC 5077): what stands for
    /// the random is the ticket's digest. No key log has it; it is found in the recording.
    Ticket,
    /// TLS 1.3: the pre-shared key of which this ClientHello shows a binder. No program logs it;
    /// who has it can write the line.
    PreSharedKey,
    /// TLS 1.3: what seals 0-RTT data.
    ClientEarlyTraffic,
    /// TLS 1.3: the client's handshake messages.
    ClientHandshakeTraffic,
    /// TLS 1.3: the server's handshake messages.
    ServerHandshakeTraffic,
    /// TLS 1.3: the client's application data, before any key update.
    ClientTraffic0,
    /// TLS 1.3: the server's application data, before any key update.
    ServerTraffic0,
    /// TLS 1.3: keying material for other protocols.
    Exporter,
    /// TLS 1.3: keying material for other protocols, out of early data.
    EarlyExporter,
    /// What a ClientHello is sealed with inside another: the secret that its client has made and
    /// sealed to the server's key (RFC 9850, section 2.3). The random is that of the outer hello.
    EchSecret,
    /// No secret: to which key that was sealed, as the server has published it (an ECHConfig).
    EchConfig,
}

impl Label {
    /// Every label with its spelling in a key log.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::ClientRandom, "CLIENT_RANDOM"),
        (Self::SessionId, "RSA"),
        (Self::Premaster, "PMS_CLIENT_RANDOM"),
        (Self::SealedPremaster, "RSA"),
        (Self::PreSharedKey, "PRE_SHARED_KEY"),
        (Self::ClientEarlyTraffic, "CLIENT_EARLY_TRAFFIC_SECRET"),
        (Self::ClientHandshakeTraffic, "CLIENT_HANDSHAKE_TRAFFIC_SECRET"),
        (Self::ServerHandshakeTraffic, "SERVER_HANDSHAKE_TRAFFIC_SECRET"),
        (Self::ClientTraffic0, "CLIENT_TRAFFIC_SECRET_0"),
        (Self::ServerTraffic0, "SERVER_TRAFFIC_SECRET_0"),
        (Self::Exporter, "EXPORTER_SECRET"),
        (Self::EarlyExporter, "EARLY_EXPORTER_SECRET"),
        (Self::EchSecret, "ECH_SECRET"),
        (Self::EchConfig, "ECH_CONFIG"),
    ];

    /// The spelling in a key log.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(label, _)| *label == self).map_or("", |(_, name)| name)
    }
}

/// One line of a key log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What it opens.
    pub label: Label,
    /// The random of the ClientHello it belongs to.
    pub client_random: [u8; 32],
    /// The secret itself, at most [`MAX_SECRET`] bytes, or [`MAX_PREMASTER`], or
    /// [`MAX_ECH_CONFIG`].
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Secret {
    /// Names the secret and keeps it: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, {} bytes)", self.label.name(), self.bytes.len())
    }
}

/// All secrets of a recording, found by label and client random.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    by_random: HashMap<(Label, [u8; 32]), Vec<u8>>,
    /// Those that nobody handed in: of sessions that other connections resume.
    carried: HashMap<(Label, [u8; 32]), Vec<u8>>,
    /// Private keys of servers.
    keys: Vec<PrivateKey>,
    /// What fields are called that have numbers only: no secret, and handed in as these are.
    schema: Option<Arc<Schema>>,
}

/// What there is where a secret is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// No secret of any connection.
    Secrets,
    /// Secrets of other connections.
    Line,
    /// Other secrets of this connection.
    Label,
}

/// What adding a key log text gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Client randoms for which a secret is new.
    pub randoms: Vec<[u8; 32]>,
    /// How many private keys of servers there were.
    pub private_keys: usize,
    /// Lines that could not be read: their number (from one) and why.
    pub broken: Vec<(usize, BadLine)>,
}

impl Added {
    /// How much of it may open something.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.randoms.len() + self.private_keys
    }
}

impl Secrets {
    /// Takes in what fields of Protocol Buffers are called, in place of what was known of that.
    pub fn set_schema(&mut self, schema: Schema) {
        self.schema = Some(Arc::new(schema));
    }

    /// What fields of Protocol Buffers are called, where somebody handed that in.
    #[must_use]
    pub const fn schema(&self) -> Option<&Arc<Schema>> {
        self.schema.as_ref()
    }

    /// How many secrets are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_random.len()
    }

    /// Whether no secret is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_random.is_empty() && self.keys.is_empty()
    }

    /// The secret of that kind for the connection with that ClientHello.
    #[must_use]
    pub fn find(&self, label: Label, client_random: &[u8; 32]) -> Option<&[u8]> {
        let key = (label, *client_random);
        let found = self.by_random.get(&key).or_else(|| self.carried.get(&key));
        found.map(Vec::as_slice)
    }

    /// Whether a connection before TLS 1.3 may be opened, so that another can resume it.
    #[must_use]
    pub fn has_masters(&self) -> bool {
        let of = |(label, _): &(Label, _)| matches!(label, Label::ClientRandom | Label::SessionId);
        self.has_premasters() || self.by_random.keys().any(of)
    }

    /// Adds the secret of a session that other connections may resume; says whether it was new.
    pub fn carry(&mut self, secret: Secret) -> bool {
        self.carried.insert((secret.label, secret.client_random), secret.bytes).is_none()
    }

    /// How many secrets there are that open records: all but those that are handed to other
    /// protocols, and those of which others are made again.
    #[must_use]
    pub fn openers(&self) -> usize {
        let other =
            |label| matches!(label, Label::Exporter | Label::EarlyExporter | Label::PreSharedKey);
        self.by_random.keys().filter(|(label, _)| !other(*label)).count()
    }

    /// Whether somebody handed that one in.
    #[must_use]
    pub fn is_handed_in(&self, label: Label, client_random: &[u8; 32]) -> bool {
        self.by_random.contains_key(&(label, *client_random))
    }

    /// What is known of a connection that lacks a secret.
    #[must_use]
    pub fn lacking(&self, client_random: &[u8; 32]) -> Lacking {
        let has = |(label, _): &(Label, _)| self.find(*label, client_random).is_some();
        if self.is_empty() {
            Lacking::Secrets
        } else if Label::ALL.iter().any(has) {
            Lacking::Label
        } else {
            Lacking::Line
        }
    }

    /// Whether there is something that a premaster secret may come out of.
    #[must_use]
    pub fn has_premasters(&self) -> bool {
        let of =
            |(label, _): &(Label, _)| matches!(label, Label::Premaster | Label::SealedPremaster);
        !self.keys.is_empty() || self.by_random.keys().any(of)
    }

    /// Private keys of servers.
    #[must_use]
    pub fn private_keys(&self) -> &[PrivateKey] {
        &self.keys
    }

    /// All secrets of that kind, in the order of their client randoms.
    #[must_use]
    pub fn of(&self, label: Label) -> Vec<([u8; 32], &[u8])> {
        let own = self.by_random.iter().filter(|((other, _), _)| *other == label);
        let mut found: Vec<_> = own.map(|((_, random), bytes)| (*random, &**bytes)).collect();
        found.sort_unstable();
        found
    }

    /// Adds one; says whether it was new.
    pub fn insert(&mut self, secret: Secret) -> bool {
        self.by_random.insert((secret.label, secret.client_random), secret.bytes).is_none()
    }

    /// Adds every readable line of a key log; broken lines are named and skipped.
    pub fn add_key_log(&mut self, text: &str) -> Added {
        let mut added = Added::default();
        let mut blocks = Blocks::default();
        // Editors of one system begin a file so (RFC 3629, section 6).
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            match blocks.hear(line) {
                Line::Other => {}
                Line::Part => continue,
                Line::End(key) => {
                    match key.filter(|_| self.keys.len() < MAX_PRIVATE_KEYS) {
                        Some(key) => {
                            self.keys.push(key);
                            added.private_keys += 1;
                        }
                        None => added.broken.push((index + 1, BadLine::PrivateKey)),
                    }
                    continue;
                }
            }
            match Secret::parse(line) {
                Ok(Some(secret)) => {
                    let random = secret.client_random;
                    if self.insert(secret) && added.randoms.last() != Some(&random) {
                        added.randoms.push(random);
                    }
                }
                Ok(None) => {}
                Err(why) => added.broken.push((index + 1, why)),
            }
        }
        added
    }
}

/// The id of a session in place of a random: filled up with zeros. Nothing for an empty one, which
/// stands for no session, and for what is too long for one.
#[must_use]
pub fn session_key(id: &[u8]) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    key.get_mut(..id.len()).filter(|_| !id.is_empty())?.copy_from_slice(id);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_log_keeps_what_is_readable_and_names_what_is_not() {
        let random = "ab".repeat(32);
        let text = format!(
            "# comment\n\nCLIENT_RANDOM {random} {}\nCLIENT_RANDOM {random}\n\
             SERVER_TRAFFIC_SECRET_0 {} 00\nSOME_FUTURE_SECRET {random} 00\nCLIENT_RANDOM {random} 0g\n",
            "01".repeat(48),
            &random[2..],
        );
        let mut secrets = Secrets::default();
        let added = secrets.add_key_log(&text);
        assert_eq!(secrets.len(), 1);
        assert_eq!(added.randoms, [[0xab; 32]]);
        assert_eq!(added.broken, [(4, BadLine::Words), (5, BadLine::Random), (7, BadLine::Secret)]);
        assert_eq!(secrets.find(Label::ClientRandom, &[0xab; 32]), Some(&[1; 48][..]));
    }
}
