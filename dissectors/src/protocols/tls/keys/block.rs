//! Records sealed by AES in Cipher Block Chaining mode beside an HMAC, in TLS 1.2.
//!
//! ```text
//!   MAC, then encrypt (RFC 5246, section 6.2.3.2)
//!     |header|IV 16|  E( plaintext | MAC | padding | its length )  |
//!   encrypt, then MAC (RFC 7366, section 3)
//!     |header|IV 16|  E( plaintext | padding | its length )  | MAC |
//! ```

use aws_lc_rs::cipher::{AES_128, AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use super::super::record::HEADER_LEN;
use super::super::suite::Mac;
use super::aead::associated;
use crate::engine::derive::Opener;

/// The block length of AES, in bytes.
const BLOCK_LEN: usize = 16;

/// Cipher and MAC key of one direction.
pub(super) struct Block {
    cipher: DecryptingKey,
    mac: hmac::Key,
    mac_len: usize,
    encrypt_then_mac: bool,
}

impl Block {
    pub(super) fn new(key: &[u8], mac: Mac, mac_key: &[u8], etm: bool) -> Option<Self> {
        let algorithm = if key.len() == 16 { &AES_128 } else { &AES_256 };
        let cipher = DecryptingKey::cbc(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
        let hash = match mac {
            Mac::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Mac::Sha256 => hmac::HMAC_SHA256,
            Mac::Sha384 => hmac::HMAC_SHA384,
        };
        let mac_len = mac.output_len();
        Some(Self { cipher, mac: hmac::Key::new(hash, mac_key), mac_len, encrypt_then_mac: etm })
    }

    fn decrypt(&self, body: &[u8]) -> Option<Vec<u8>> {
        let (iv, blocks) = body.split_first_chunk::<BLOCK_LEN>()?;
        if blocks.is_empty() || !blocks.len().is_multiple_of(BLOCK_LEN) {
            return None;
        }
        let mut plain = blocks.to_vec();
        let context = DecryptionContext::Iv128(FixedLength::from(*iv));
        self.cipher.decrypt(&mut plain, context).ok()?;
        Some(plain)
    }

    fn verifies(&self, number: u64, header: &[u8], authenticated: &[u8], tag: &[u8]) -> bool {
        let mut context = hmac::Context::with_key(&self.mac);
        context.update(&associated(number, header, authenticated.len()));
        context.update(authenticated);
        context.sign().as_ref() == tag
    }

    fn plaintext(&self, number: u64, record: &[u8]) -> Option<Vec<u8>> {
        let (header, body) = record.split_at_checked(HEADER_LEN)?;
        let (sealed, tag) = if self.encrypt_then_mac {
            body.split_at_checked(body.len().checked_sub(self.mac_len)?)?
        } else {
            (body, &[][..])
        };
        if self.encrypt_then_mac && !self.verifies(number, header, sealed, tag) {
            return None;
        }
        let mut plain = self.decrypt(sealed)?;
        let padding = usize::from(*plain.last()?) + 1;
        plain.truncate(plain.len().checked_sub(padding)?);
        if !self.encrypt_then_mac {
            let len = plain.len().checked_sub(self.mac_len)?;
            let tag = plain.split_off(len);
            if !self.verifies(number, header, &plain, &tag) {
                return None;
            }
        }
        Some(plain)
    }
}

impl Opener for Block {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let plain = self.plaintext(number, record)?;
        out.get_mut(..plain.len())?.copy_from_slice(&plain);
        Some(plain.len())
    }
}
