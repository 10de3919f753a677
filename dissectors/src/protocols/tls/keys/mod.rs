//! Keys: from a logged secret to something that opens records.
//!
//! ```text
//!   TLS 1.3   traffic secret ── "key", "iv" ──> AEAD, nonce = iv XOR record number
//!   TLS 1.2   master secret ── "key expansion" ──> AEAD or block cipher with HMAC, by direction
//!   before    the same, of MD5 and SHA-1, and with IVs that chain from record to record
//! ```

mod aead;
mod block;
mod mac;
mod schedule;
mod stream;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use super::hkdf::{expand_label, secret_of};
pub use schedule::next_secret;

use super::handshake::Facts;
use super::reason::Reason;
use super::suite::{Cipher, Guards, Hash, Mac, Suite};
use super::version::Version;
use crate::engine::derive::Opener;
use crate::ids::Direction;
use aead::Aead;
use block::{Block, Iv};
use mac::Guard;
use stream::Stream;

/// What opens the records of one direction of TLS 1.3, out of its traffic secret; nothing where
/// the suite is none of TLS 1.3's, or one we cannot open.
#[must_use]
pub fn tls13(suite: Suite, secret: &[u8]) -> Option<Arc<dyn Opener>> {
    let cipher = suite.cipher()?;
    let (key, iv) = schedule::traffic_key(suite.hash(), secret, cipher.key_len())?;
    Some(Arc::new(Aead::tls13(cipher, &key, &iv)?))
}

/// The key and the IV that a traffic secret of TLS 1.3 gives; nothing for suites that are not
/// opened here.
#[must_use]
pub fn traffic_key(hash: Hash, secret: &[u8], suite: Suite) -> Option<(Vec<u8>, Vec<u8>)> {
    schedule::traffic_key(hash, secret, suite.cipher()?.key_len())
}

impl Guards {
    /// How many bytes of a keyed hash stand in a record. Its key is as long as ever.
    const fn tag_len(self, mac: Mac) -> usize {
        if self.truncated_mac { TRUNCATED } else { mac.output_len() }
    }
}

/// Everything that the keys of a connection before TLS 1.3 are made of.
#[derive(Clone, Copy, Debug)]
pub struct Master<'a> {
    /// The version agreed on.
    pub version: Version,
    /// What was agreed on.
    pub suite: Suite,
    /// The master secret: 48 bytes.
    pub secret: &'a [u8],
    /// The random of the ClientHello.
    pub client_random: &'a [u8; 32],
    /// The random of the ServerHello.
    pub server_random: &'a [u8; 32],
    /// How a keyed hash guards records.
    pub guards: Guards,
}

/// How long a keyed hash is that is cut: 80 bits.
const TRUNCATED: usize = 10;

/// Where records are chained (SSL 3.0 and TLS 1.0): how long a block is, and how many bytes of a
/// record stand behind its last one. That block of the record before one has to be handed in with
/// it, in front.
#[must_use]
pub fn chained(suite: Suite, version: Version, guards: Guards) -> Option<(usize, usize)> {
    match suite.cipher()? {
        Cipher::Cbc(block, mac) if version <= Version::TLS10 => {
            let behind = if guards.encrypt_then_mac { guards.tag_len(mac) } else { 0 };
            Some((block.block_len(), behind))
        }
        _ => None,
    }
}

/// What opens what a side sends before TLS 1.3, by what the handshake has settled.
///
/// # Errors
/// Why nothing does.
pub fn of_master(facts: &Facts, secret: &[u8], from: Direction) -> Result<Arc<dyn Opener>, Reason> {
    let settled = || {
        let from_client = facts.client? == from;
        let master = Master {
            version: facts.version?,
            suite: facts.suite,
            secret,
            client_random: facts.client_random.as_ref()?,
            server_random: facts.server_random.as_ref()?,
            guards: facts.guards,
        };
        Some((master, if from_client { Direction::Forward } else { Direction::Backward }))
    };
    let (master, side) = settled().ok_or(Reason::NoHandshake)?;
    tls12(&master, side).ok_or(Reason::Suite)
}

/// What opens the records of one direction before TLS 1.3; forward is from the client.
#[must_use]
pub fn tls12(master: &Master<'_>, from_client: Direction) -> Option<Arc<dyn Opener>> {
    let cipher = master.suite.cipher()?;
    let key_len = cipher.key_len();
    let chained =
        chained(master.suite, master.version, master.guards).map_or(0, |(block, _)| block);
    // The parts of the key block, in order, each for the client and then for the server: MAC key,
    // key, IV. AEADs have no MAC key; explicit IVs of block ciphers need none here.
    let (mac_len, iv_len) = match cipher {
        Cipher::Aes128Gcm | Cipher::Aes256Gcm | Cipher::Aead(_) => (0, 4),
        Cipher::ChaCha20Poly1305 => (0, 12),
        Cipher::Cbc(_, mac) => (mac.output_len(), chained),
        Cipher::Rc4(mac) | Cipher::Null(mac) => (mac.output_len(), 0),
    };
    let block = schedule::key_block(master, 2 * (mac_len + key_len + iv_len))?;
    let side = from_client.index();
    let part = |skip: usize, len: usize| block.get(skip + side * len..)?.get(..len);
    let key = part(2 * mac_len, key_len)?;
    let iv = part(2 * (mac_len + key_len), iv_len)?;
    let is_ssl = master.version == Version::SSL30;
    let guard = |mac| {
        let len = master.guards.tag_len(mac);
        Some(Guard::new((mac, len), part(0, mac_len)?, is_ssl))
    };
    match cipher {
        Cipher::Cbc(block, mac) => {
            let iv = if chained > 0 { Iv::Chained(iv.to_vec()) } else { Iv::Explicit };
            let etm = master.guards.encrypt_then_mac;
            Some(Arc::new(Block::new(block, key, iv, guard(mac)?, etm, is_ssl)?))
        }
        Cipher::Rc4(mac) => Some(Arc::new(Stream::new(key, guard(mac)?)?)),
        Cipher::Null(mac) => Some(Arc::new(Block::unsealed(guard(mac)?))),
        cipher => Some(Arc::new(Aead::tls12(cipher, key, iv)?)),
    }
}
