//! The other end of a sealed hello: what a client and a server do, for tests of what a reader does.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::super::hkdf::{digest_of, expand_label_of, extracted, message_hash};
use super::super::suite::Hash;
use super::hpke::{Context, Suite};

/// What seals hellos to one key.
pub(in super::super) struct Sealing(Context);

impl Sealing {
    /// With a KEM, a KDF and an AEAD, a shared secret, and the ECHConfig.
    pub(in super::super) fn new([kem, kdf, aead]: [u16; 3], shared: &[u8], config: &[u8]) -> Self {
        let info = [b"tls ech\0", config].concat();
        Self(Context::new(Suite { kem, kdf, aead }, shared, &info).unwrap())
    }

    /// Seals the message of that number, bound to the hello around it.
    pub(in super::super) fn seal(&self, number: u64, bound: &[u8], text: &[u8]) -> Vec<u8> {
        let (algorithm, key, nonce) = self.0.parts();
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap());
        let mut nonce = nonce;
        let tail = nonce[NONCE_LEN - 8..].iter_mut();
        tail.zip(number.to_be_bytes()).for_each(|(byte, mask)| *byte ^= mask);
        let mut sealed = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce, Aad::from(bound), &mut sealed).unwrap();
        sealed
    }

    /// What stands for the first hello in a transcript.
    pub(in super::super) fn message_hash(hello: &[u8]) -> Vec<u8> {
        message_hash(Hash::Sha256, hello)
    }

    /// The proof that a server has opened `hello` (RFC 9849, section 7.2).
    pub(in super::super) fn proof(hello: &[u8], label: &str, transcript: &[u8]) -> [u8; 8] {
        let hash = Hash::Sha256;
        let secret = extracted(hash, &hello[6..38]);
        let proof = expand_label_of(&secret, label, &digest_of(hash, transcript), 8);
        proof.unwrap().try_into().unwrap()
    }
}
