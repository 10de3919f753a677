//! Secrets that open sealed records: the lines of an NSS key log, by what they open.
//!
//! The format is `LABEL client_random secret`, in hexadecimal, one a line
//! (RFC 9850, "The SSLKEYLOGFILE Format for TLS"). Private keys of servers may stand among them, as
//! PEM.

mod private;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};

use crate::schema::Schema;
use private::{Blocks, Line, MAX_PRIVATE_KEYS};

pub use private::PrivateKey;

/// A secret may be at most this long: SHA-384 output is 48 bytes, and no suite uses more than 64.
pub const MAX_SECRET: usize = 64;

/// Which secret a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Up to TLS 1.2: the master secret.
    ClientRandom,
    /// The same, found by the id of the session: what stands for the random is that id, filled up
    /// with zeros.
    SessionId,
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
}

impl Label {
    /// Every label with its spelling in a key log.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::ClientRandom, "CLIENT_RANDOM"),
        (Self::SessionId, "RSA"),
        (Self::ClientEarlyTraffic, "CLIENT_EARLY_TRAFFIC_SECRET"),
        (Self::ClientHandshakeTraffic, "CLIENT_HANDSHAKE_TRAFFIC_SECRET"),
        (Self::ServerHandshakeTraffic, "SERVER_HANDSHAKE_TRAFFIC_SECRET"),
        (Self::ClientTraffic0, "CLIENT_TRAFFIC_SECRET_0"),
        (Self::ServerTraffic0, "SERVER_TRAFFIC_SECRET_0"),
        (Self::Exporter, "EXPORTER_SECRET"),
        (Self::EarlyExporter, "EARLY_EXPORTER_SECRET"),
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
    /// The secret itself, at most [`MAX_SECRET`] bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Secret {
    /// Names the secret and keeps it: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, {} bytes)", self.label.name(), self.bytes.len())
    }
}

impl Secret {
    /// Reads one line; `Ok(None)` for an empty line, a comment or a label we do not know.
    pub fn parse(line: &str) -> Result<Option<Self>, BadLine> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(label), Some(random), Some(secret), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(BadLine::Words);
        };
        if label == Label::SessionId.name() {
            return Self::of_session(random, secret);
        }
        let Some((label, _)) = Label::ALL.iter().find(|(_, name)| *name == label) else {
            return Ok(None);
        };
        let random = hex(random).ok_or(BadLine::Random)?;
        let client_random = random.try_into().map_err(|_| BadLine::Random)?;
        let bytes = hex(secret).ok_or(BadLine::Secret)?;
        if bytes.is_empty() || bytes.len() > MAX_SECRET {
            return Err(BadLine::Secret);
        }
        Ok(Some(Self { label: *label, client_random, bytes }))
    }

    /// The older form, `RSA Session-ID:… Master-Key:…`. What else begins with `RSA` has a premaster
    /// secret that only a server's key opens the handshake for.
    fn of_session(id: &str, secret: &str) -> Result<Option<Self>, BadLine> {
        let parts = id.strip_prefix("Session-ID:").zip(secret.strip_prefix("Master-Key:"));
        let Some((id, secret)) = parts else { return Ok(None) };
        let id = hex(id).and_then(|id| session_key(&id)).ok_or(BadLine::Random)?;
        let bytes = hex(secret).filter(|bytes| (1..=MAX_SECRET).contains(&bytes.len()));
        let bytes = bytes.ok_or(BadLine::Secret)?;
        Ok(Some(Self { label: Label::SessionId, client_random: id, bytes }))
    }

    /// The line as a key log holds it, without a line end.
    #[must_use]
    pub fn line(&self) -> String {
        if self.label == Label::SessionId {
            let upper = |bytes: &[u8]| HEXUPPER.encode(bytes);
            let (id, key) = (upper(&self.client_random), upper(&self.bytes));
            return format!("RSA Session-ID:{id} Master-Key:{key}");
        }
        let mut out = String::from(self.label.name());
        for part in [&self.client_random[..], &self.bytes] {
            out.push(' ');
            for byte in part {
                out.push_str(&format!("{byte:02x}"));
            }
        }
        out
    }
}

/// Why a line of a key log could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// It does not have three words.
    #[error("a line holds three words: label, client random, secret")]
    Words,
    /// The second word is not 32 bytes in hexadecimal.
    #[error("the client random is not 64 hexadecimal digits")]
    Random,
    /// The third word is not a secret in hexadecimal.
    #[error("the secret is not 2 to 128 hexadecimal digits")]
    Secret,
    /// The private key that ends here is none of RSA, or it is sealed with a password.
    #[error("the private key is no RSA key of 2048 to 8192 bits without a password")]
    PrivateKey,
}

/// All secrets of a recording, found by label and client random.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    by_random: HashMap<(Label, [u8; 32]), Vec<u8>>,
    /// Private keys of servers.
    keys: Vec<PrivateKey>,
    /// What fields are called that have numbers only: no secret, and handed in as these are.
    schema: Option<Arc<Schema>>,
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
        self.by_random.get(&(label, *client_random)).map(Vec::as_slice)
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

/// Bytes out of hexadecimal digits of either case.
fn hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
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

    #[test]
    fn a_session_is_known_by_its_id() {
        let text = "RSA Session-ID:0A0b Master-Key:0102\nRSA 0011223344556677 0102\nRSA Session-ID: Master-Key:01\n";
        let mut secrets = Secrets::default();
        let added = secrets.add_key_log(text);
        let mut id = [0; 32];
        id[..2].copy_from_slice(&[10, 11]);
        assert_eq!(secrets.find(Label::SessionId, &id), Some(&[1, 2][..]));
        assert_eq!(added.broken, [(3, BadLine::Random)]);
        let secret = Secret { label: Label::SessionId, client_random: id, bytes: vec![1, 2] };
        assert_eq!(Secret::parse(&secret.line()), Ok(Some(secret)));
    }

    #[test]
    fn a_line_reads_back_as_it_was_written() {
        let secret =
            Secret { label: Label::Exporter, client_random: [7; 32], bytes: vec![1, 2, 255] };
        assert_eq!(Secret::parse(&secret.line()), Ok(Some(secret)));
    }
}
