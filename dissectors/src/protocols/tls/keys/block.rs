//! Records sealed by a block cipher in Cipher Block Chaining mode beside a keyed hash, and those
//! that only the hash guards: up to TLS 1.2.
//!
//! ```text
//!   MAC, then encrypt (RFC 5246, section 6.2.3.2)
//!     |header|IV|  E( plaintext | MAC | padding | its length )  |
//!   encrypt, then MAC (RFC 7366, section 3)
//!     |header|IV|  E( plaintext | padding | its length )  | MAC |
//!   TLS 1.0 and SSL 3.0: no IV, for the last block of the record before is one
//!     |that block|header|  E( … )  |                     what is handed in, but for the first record
//! ```

use aws_lc_rs::cipher::{AES_128, AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit};

use super::super::record::HEADER_LEN;
use super::super::suite;
use super::mac::Guard;
use crate::engine::derive::Opener;

/// Where the IV of a record comes from.
pub(super) enum Iv {
    /// It stands in the record.
    Explicit,
    /// It is the last block of the record before; of the first record, this.
    Chained(Vec<u8>),
}

/// What undoes the cipher.
enum Decrypt {
    /// AES of aws-lc.
    Lc(Box<DecryptingKey>),
    /// Others, and their keys.
    Other(suite::Block, Vec<u8>),
    /// There is none.
    Nothing,
}

/// Cipher and keyed hash of one direction.
pub(super) struct Block {
    decrypt: Decrypt,
    block_len: usize,
    iv: Iv,
    guard: Guard,
    encrypt_then_mac: bool,
    /// Padding says nothing but its length (SSL 3.0).
    any_padding: bool,
}

impl Block {
    pub(super) fn new(
        block: suite::Block,
        key: &[u8],
        iv: Iv,
        guard: Guard,
        etm: bool,
        any_padding: bool,
    ) -> Option<Self> {
        let lc = |algorithm| {
            let key = UnboundCipherKey::new(algorithm, key).ok()?;
            DecryptingKey::cbc(key).ok().map(|key| Decrypt::Lc(Box::new(key)))
        };
        let decrypt = match block {
            suite::Block::Aes128 => lc(&AES_128)?,
            suite::Block::Aes256 => lc(&AES_256)?,
            other => Decrypt::Other(other, key.to_vec()),
        };
        let block_len = block.block_len();
        Some(Self { decrypt, block_len, iv, guard, encrypt_then_mac: etm, any_padding })
    }

    /// A hash, and no cipher.
    pub(super) const fn unsealed(guard: Guard) -> Self {
        let (decrypt, iv) = (Decrypt::Nothing, Iv::Explicit);
        Self { decrypt, block_len: 0, iv, guard, encrypt_then_mac: false, any_padding: false }
    }

    /// The plaintext with all that is behind it.
    fn decrypt(&self, iv: &[u8], blocks: &[u8]) -> Option<Vec<u8>> {
        if blocks.is_empty() || !blocks.len().is_multiple_of(self.block_len) {
            return None;
        }
        let mut plain = blocks.to_vec();
        match &self.decrypt {
            Decrypt::Lc(key) => {
                let iv: [u8; 16] = iv.try_into().ok()?;
                let context = DecryptionContext::Iv128(FixedLength::from(iv));
                key.decrypt(&mut plain, context).ok()?;
            }
            Decrypt::Other(block, key) => other(*block, key, iv, &mut plain)?,
            Decrypt::Nothing => {}
        }
        Some(plain)
    }

    fn plaintext(&self, number: u64, record: &[u8]) -> Option<Vec<u8>> {
        let (chained, record) = match &self.iv {
            Iv::Chained(first) if number == 0 => (Some(first.as_slice()), record),
            Iv::Chained(_) => {
                let (iv, record) = record.split_at_checked(self.block_len)?;
                (Some(iv), record)
            }
            Iv::Explicit => (None, record),
        };
        let (header, body) = record.split_at_checked(HEADER_LEN)?;
        if matches!(self.decrypt, Decrypt::Nothing) {
            return self.checked(number, header, body.to_vec());
        }
        let (sealed, tag) = if self.encrypt_then_mac {
            body.split_at_checked(body.len().checked_sub(self.guard.len())?)?
        } else {
            (body, &[][..])
        };
        if self.encrypt_then_mac && !self.guard.verifies(number, header, sealed, tag) {
            return None;
        }
        let (iv, blocks) = match chained {
            Some(iv) => (iv, sealed),
            None => sealed.split_at_checked(self.block_len)?,
        };
        let mut plain = self.decrypt(iv, blocks)?;
        let padding = usize::from(*plain.last()?) + 1;
        if self.any_padding && padding > self.block_len {
            return None;
        }
        plain.truncate(plain.len().checked_sub(padding)?);
        if self.encrypt_then_mac { Some(plain) } else { self.checked(number, header, plain) }
    }

    /// Content without the hash behind it, where that is right.
    fn checked(&self, number: u64, header: &[u8], mut plain: Vec<u8>) -> Option<Vec<u8>> {
        let len = plain.len().checked_sub(self.guard.len())?;
        let tag = plain.split_off(len);
        self.guard.verifies(number, header, &plain, &tag).then_some(plain)
    }
}

/// Ciphers of RustCrypto.
fn other(block: suite::Block, key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()> {
    fn chained<C>(key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()>
    where
        C: BlockCipher + BlockDecryptMut + KeyInit,
    {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        cipher.decrypt_padded_mut::<NoPadding>(bytes).ok().map(|_| ())
    }
    match block {
        suite::Block::Camellia128 => chained::<camellia::Camellia128>(key, iv, bytes),
        suite::Block::Camellia256 => chained::<camellia::Camellia256>(key, iv, bytes),
        suite::Block::Aria128 => chained::<aria::Aria128>(key, iv, bytes),
        suite::Block::Aria256 => chained::<aria::Aria256>(key, iv, bytes),
        suite::Block::Seed => chained::<kisaseed::SEED>(key, iv, bytes),
        suite::Block::Idea => chained::<idea::Idea>(key, iv, bytes),
        suite::Block::Des => chained::<des::Des>(key, iv, bytes),
        suite::Block::TripleDes => chained::<des::TdesEde3>(key, iv, bytes),
        suite::Block::Aes128 | suite::Block::Aes256 => None,
    }
}

impl Opener for Block {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let plain = self.plaintext(number, record)?;
        out.get_mut(..plain.len())?.copy_from_slice(&plain);
        Some(plain.len())
    }
}
