//! Records sealed by an AEAD, in TLS 1.2 and 1.3: AES-GCM and ChaCha20-Poly1305 of aws-lc, and of
//! RustCrypto AES-CCM, Camellia and ARIA.
//!
//! ```text
//!   TLS 1.3             |17 03 03 len|     ciphertext      |tag 16|   aad: the header
//!                       nonce: iv XOR number
//!   TLS 1.2, GCM        |type 03 03 len|nonce 8|ciphertext |tag 16|   aad: number, type, version,
//!                       nonce: iv, nonce                                   length of plaintext
//!   TLS 1.2, ChaCha20   |type 03 03 len|    ciphertext     |tag 16|   aad: as above
//!                       nonce: iv XOR number
//! ```

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U8, U12, U16};
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use ccm::Ccm;

use super::super::record::HEADER_LEN;
use super::super::suite::{Cipher, Sealed};
use crate::engine::derive::Opener;

/// How long tags are, in bytes, with all but the short ones of CCM.
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

/// What opens, given nonce, associated data, ciphertext, tag, and room for the plaintext.
trait Unseal: Send + Sync {
    fn unseal(&self, nonce: [u8; 12], aad: &[u8], tag: &[u8], text: &mut [u8]) -> Option<()>;
}

impl<A> Unseal for A
where
    A: AeadInPlace<NonceSize = U12> + Send + Sync,
{
    fn unseal(&self, nonce: [u8; 12], aad: &[u8], tag: &[u8], text: &mut [u8]) -> Option<()> {
        let tag = GenericArray::from_exact_iter(tag.iter().copied())?;
        let nonce = GenericArray::from(nonce);
        self.decrypt_in_place_detached(&nonce, aad, text, &tag).ok()
    }
}

/// A key, by who uses it.
enum Key {
    Lc(LessSafeKey),
    Other(Box<dyn Unseal>),
}

/// An AEAD key of one direction.
pub(super) struct Aead {
    key: Key,
    tag_len: usize,
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
        let lc =
            |algorithm| UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new).map(Key::Lc);
        let (key, tag_len) = match cipher {
            Cipher::Aes128Gcm => (lc(&aead::AES_128_GCM)?, TAG_LEN),
            Cipher::Aes256Gcm => (lc(&aead::AES_256_GCM)?, TAG_LEN),
            Cipher::ChaCha20Poly1305 => (lc(&aead::CHACHA20_POLY1305)?, TAG_LEN),
            Cipher::Aead(sealed) => (Key::Other(other(sealed, key)?), sealed.tag_len()),
            Cipher::Cbc(..) | Cipher::Rc4(_) | Cipher::Null(_) => return None,
        };
        let mut padded = [0; 12];
        padded.get_mut(..iv.len())?.copy_from_slice(iv);
        Some(Self { key, tag_len, iv: padded, form })
    }

    /// How many bytes of the nonce travel in front of the ciphertext.
    fn explicit_len(&self) -> usize {
        if self.form == Form::Tls12Explicit { 8 } else { 0 }
    }

    /// The nonce of the `number`th record; `explicit` is the part that came with it.
    fn nonce(&self, number: u64, explicit: &[u8]) -> [u8; 12] {
        let mut nonce = self.iv;
        let tail = nonce.iter_mut().skip(4);
        if self.form == Form::Tls12Explicit {
            tail.zip(explicit).for_each(|(byte, given)| *byte = *given);
        } else {
            tail.zip(number.to_be_bytes()).for_each(|(byte, mask)| *byte ^= mask);
        }
        nonce
    }
}

/// Ciphers of RustCrypto.
fn other(sealed: Sealed, key: &[u8]) -> Option<Box<dyn Unseal>> {
    fn make<A>(key: &[u8]) -> Option<Box<dyn Unseal>>
    where
        A: AeadInPlace<NonceSize = U12> + KeyInit + Send + Sync + 'static,
    {
        A::new_from_slice(key).ok().map(|made| Box::new(made) as Box<dyn Unseal>)
    }
    match sealed {
        Sealed::Aes128Ccm => make::<Ccm<aes::Aes128, U16, U12>>(key),
        Sealed::Aes256Ccm => make::<Ccm<aes::Aes256, U16, U12>>(key),
        Sealed::Aes128Ccm8 => make::<Ccm<aes::Aes128, U8, U12>>(key),
        Sealed::Aes256Ccm8 => make::<Ccm<aes::Aes256, U8, U12>>(key),
        Sealed::Camellia128Gcm => make::<AesGcm<camellia::Camellia128, U12>>(key),
        Sealed::Camellia256Gcm => make::<AesGcm<camellia::Camellia256, U12>>(key),
        Sealed::Aria128Gcm => make::<AesGcm<aria::Aria128, U12>>(key),
        Sealed::Aria256Gcm => make::<AesGcm<aria::Aria256, U12>>(key),
    }
}

impl Opener for Aead {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let (header, body) = record.split_at_checked(HEADER_LEN)?;
        let (explicit, sealed) = body.split_at_checked(self.explicit_len())?;
        let len = sealed.len().checked_sub(self.tag_len)?;
        let (ciphertext, tag) = sealed.split_at_checked(len)?;
        let nonce = self.nonce(number, explicit);
        let plaintext = out.get_mut(..len)?;
        let of_tls12 = associated(number, header, len);
        let aad = if self.form == Form::Tls13 { header } else { &of_tls12[..] };
        match &self.key {
            Key::Lc(key) => {
                let nonce = Nonce::assume_unique_for_key(nonce);
                key.open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, plaintext).ok()?;
            }
            Key::Other(key) => {
                plaintext.copy_from_slice(ciphertext);
                key.unseal(nonce, aad, tag, plaintext)?;
            }
        }
        Some(len)
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
