//! Records sealed by an AEAD: AES-GCM and ChaCha20-Poly1305, in TLS 1.2 and 1.3.
//!
//! ```text
//!   TLS 1.3             |17 03 03 len|     ciphertext      |tag 16|   aad: the header
//!                       nonce: iv XOR number
//!   TLS 1.2, GCM        |type 03 03 len|nonce 8|ciphertext |tag 16|   aad: number, type, version,
//!                       nonce: iv, nonce                                   length of plaintext
//!   TLS 1.2, ChaCha20   |type 03 03 len|    ciphertext     |tag 16|   aad: as above
//!                       nonce: iv XOR number
//! ```

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};

use super::super::record::HEADER_LEN;
use super::super::suite::Cipher;
use crate::engine::derive::Opener;

/// How long tags are, in bytes, with every AEAD of TLS that is read here.
const TAG_LEN: usize = 16;

/// How nonce and associated data are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// RFC 9846, sections 5.2 and 5.3.
    Tls13,
    /// RFC 5288, section 3: part of the nonce travels with the record.
    Tls12Explicit,
    /// RFC 7905, section 2.
    Tls12Implicit,
}

/// An AEAD key of one direction.
pub(super) struct Aead {
    key: LessSafeKey,
    iv: [u8; 12],
    form: Form,
}

impl Aead {
    pub(super) fn tls13(cipher: Cipher, key: &[u8], iv: &[u8]) -> Option<Self> {
        Self::new(cipher, key, iv, Form::Tls13)
    }

    pub(super) fn tls12(cipher: Cipher, key: &[u8], iv: &[u8]) -> Option<Self> {
        let form = match cipher {
            Cipher::ChaCha20Poly1305 => Form::Tls12Implicit,
            _ => Form::Tls12Explicit,
        };
        Self::new(cipher, key, iv, form)
    }

    fn new(cipher: Cipher, key: &[u8], iv: &[u8], form: Form) -> Option<Self> {
        let algorithm = match cipher {
            Cipher::Aes128Gcm => &aead::AES_128_GCM,
            Cipher::Aes256Gcm => &aead::AES_256_GCM,
            Cipher::ChaCha20Poly1305 => &aead::CHACHA20_POLY1305,
            Cipher::Aes128Cbc(_) | Cipher::Aes256Cbc(_) => return None,
        };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
        let mut padded = [0; 12];
        padded.get_mut(..iv.len())?.copy_from_slice(iv);
        Some(Self { key, iv: padded, form })
    }

    /// How many bytes of the nonce travel in front of the ciphertext.
    fn explicit_len(&self) -> usize {
        if self.form == Form::Tls12Explicit { 8 } else { 0 }
    }

    /// The nonce of the `number`th record; `explicit` is the part that came with it.
    fn nonce(&self, number: u64, explicit: &[u8]) -> Nonce {
        let mut nonce = self.iv;
        let tail = nonce.iter_mut().skip(4);
        if self.form == Form::Tls12Explicit {
            tail.zip(explicit).for_each(|(byte, given)| *byte = *given);
        } else {
            tail.zip(number.to_be_bytes()).for_each(|(byte, mask)| *byte ^= mask);
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

impl Opener for Aead {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let (header, body) = record.split_at_checked(HEADER_LEN)?;
        let (explicit, sealed) = body.split_at_checked(self.explicit_len())?;
        let len = sealed.len().checked_sub(TAG_LEN)?;
        let (ciphertext, tag) = sealed.split_at_checked(len)?;
        let nonce = self.nonce(number, explicit);
        let plaintext = out.get_mut(..len)?;
        let opened = if self.form == Form::Tls13 {
            self.key.open_separate_gather(nonce, Aad::from(header), ciphertext, tag, plaintext)
        } else {
            let aad = Aad::from(associated(number, header, len));
            self.key.open_separate_gather(nonce, aad, ciphertext, tag, plaintext)
        };
        opened.ok().map(|()| len)
    }

    // Counter mode (RFC 5116, section 5.1) and ChaCha20 (RFC 8439, section 2.4) keep every byte
    // in its place.
    fn sealed_at(&self) -> Option<u32> {
        Some((HEADER_LEN + self.explicit_len()) as u32)
    }
}

/// What TLS 1.2 authenticates beside the plaintext (RFC 5246, section 6.2.3.3): the record's
/// number, its type and version, and the length of its plaintext.
pub(super) fn associated(number: u64, header: &[u8], len: usize) -> [u8; 13] {
    let mut out = [0; 13];
    let len = (len as u16).to_be_bytes();
    let bytes = number.to_be_bytes().into_iter().chain(header.iter().copied().take(3)).chain(len);
    out.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    out
}
