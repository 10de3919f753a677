//! HPKE (RFC 9180) as far as a reader needs it: from the secret that both ends share to what opens
//! messages, in base mode. How the secret was sealed to a public key stays with the two ends.
//!
//! ```text
//!   shared secret ── "secret" ──┬── "key" ─────────> key of the AEAD
//!   info ── "info_hash" ────────┴── "base_nonce" ──> nonce of message n: XOR n
//! ```

use aws_lc_rs::aead::{self, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};

use super::super::hkdf::expand;
use crate::engine::derive::Opener;

/// Base mode: nobody proves who seals (RFC 9180, section 5).
const BASE: u8 = 0;

/// How long a tag is (RFC 9180, section 7.3).
const TAG_LEN: usize = 16;

/// Which algorithms go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suite {
    /// How the secret is sealed to a public key.
    pub(super) kem: u16,
    /// How keys are made of it.
    pub(super) kdf: u16,
    /// How they seal.
    pub(super) aead: u16,
}

impl Suite {
    /// Its identifier, by which everything is bound to it (RFC 9180, section 5.1).
    fn id(self) -> Vec<u8> {
        let numbers = [self.kem, self.kdf, self.aead].map(u16::to_be_bytes);
        [&b"HPKE"[..], numbers.as_flattened()].concat()
    }

    /// RFC 9180, section 7.2.
    const fn kdf(self) -> Option<(hkdf::Algorithm, hmac::Algorithm)> {
        match self.kdf {
            1 => Some((hkdf::HKDF_SHA256, hmac::HMAC_SHA256)),
            2 => Some((hkdf::HKDF_SHA384, hmac::HMAC_SHA384)),
            3 => Some((hkdf::HKDF_SHA512, hmac::HMAC_SHA512)),
            _ => None,
        }
    }

    /// RFC 9180, section 7.3.
    fn aead(self) -> Option<&'static aead::Algorithm> {
        match self.aead {
            1 => Some(&aead::AES_128_GCM),
            2 => Some(&aead::AES_256_GCM),
            3 => Some(&aead::CHACHA20_POLY1305),
            _ => None,
        }
    }

    /// LabeledExtract (RFC 9180, section 4).
    fn extract(self, salt: &[u8], label: &str, material: &[u8]) -> Option<Vec<u8>> {
        let (_, hash) = self.kdf()?;
        let labeled = [b"HPKE-v1", &self.id()[..], label.as_bytes(), material].concat();
        Some(hmac::sign(&hmac::Key::new(hash, salt), &labeled).as_ref().to_vec())
    }

    /// LabeledExpand (RFC 9180, section 4).
    fn expand(self, secret: &[u8], label: &str, info: &[u8], len: usize) -> Option<Vec<u8>> {
        let (algorithm, _) = self.kdf()?;
        let secret = hkdf::Prk::new_less_safe(algorithm, secret);
        let length = u16::try_from(len).ok()?.to_be_bytes();
        expand(&secret, &[&length, b"HPKE-v1", &self.id(), label.as_bytes(), info], len)
    }
}

/// What opens the messages of one sender.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Context {
    algorithm: &'static aead::Algorithm,
    key: Vec<u8>,
    base_nonce: [u8; NONCE_LEN],
}

impl std::fmt::Debug for Context {
    /// Says nothing of the key: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Context")
    }
}

impl Context {
    /// The key schedule (RFC 9180, section 5.1); nothing for algorithms that are not known here.
    pub(super) fn new(suite: Suite, shared: &[u8], info: &[u8]) -> Option<Self> {
        let algorithm = suite.aead()?;
        let psk_id = suite.extract(&[], "psk_id_hash", &[])?;
        let info = suite.extract(&[], "info_hash", info)?;
        let context = [&[BASE][..], &psk_id, &info].concat();
        let secret = suite.extract(shared, "secret", &[])?;
        let key = suite.expand(&secret, "key", &context, algorithm.key_len())?;
        let base_nonce = suite.expand(&secret, "base_nonce", &context, NONCE_LEN)?;
        Some(Self { algorithm, key, base_nonce: base_nonce.try_into().ok()? })
    }

    #[cfg(test)]
    pub(super) fn parts(&self) -> (&'static aead::Algorithm, &[u8], [u8; NONCE_LEN]) {
        (self.algorithm, &self.key, self.base_nonce)
    }

    /// What opens the message of that number, bound to `aad`.
    pub(super) fn opener(&self, number: u64, aad: Vec<u8>) -> Option<Message> {
        let key = LessSafeKey::new(UnboundKey::new(self.algorithm, &self.key).ok()?);
        let mut nonce = self.base_nonce;
        let tail = nonce.iter_mut().skip(NONCE_LEN - size_of_val(&number));
        tail.zip(number.to_be_bytes()).for_each(|(byte, mask)| *byte ^= mask);
        Some(Message { key, nonce, aad })
    }
}

/// What opens one message.
pub(super) struct Message {
    key: LessSafeKey,
    nonce: [u8; NONCE_LEN],
    aad: Vec<u8>,
}

impl Opener for Message {
    fn open(&self, _: u64, sealed: &[u8], out: &mut [u8]) -> Option<usize> {
        let len = sealed.len().checked_sub(TAG_LEN)?;
        let (text, tag) = sealed.split_at_checked(len)?;
        let out = out.get_mut(..len)?;
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        self.key.open_separate_gather(nonce, Aad::from(&self.aad), text, tag, out).ok()?;
        Some(len)
    }

    // Each of the AEADs keeps every byte in its place.
    fn sealed_at(&self) -> Option<u32> {
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published vectors in base mode, one a line: KEM, KDF, AEAD, info, shared secret, key, base
    /// nonce; then of some messages number, aad, ciphertext and plaintext.
    const VECTORS: &str = include_str!("hpke_vectors.txt");

    fn hex(text: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// RFC 9180, appendix A, and the file of vectors that it names.
    #[test]
    fn keys_and_messages_come_out_as_published() {
        let lines = VECTORS.lines().filter(|line| !line.starts_with('#'));
        let mut checked = 0;
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let [kem, kdf, aead, info, shared, key, nonce, messages @ ..] = &words[..] else {
                panic!("{line}")
            };
            let [kem, kdf, aead] = [kem, kdf, aead].map(|number| number.parse().unwrap());
            let suite = Suite { kem, kdf, aead };
            let context = Context::new(suite, &hex(shared), &hex(info)).unwrap();
            assert_eq!((&context.key, &context.base_nonce[..]), (&hex(key), &hex(nonce)[..]));
            for message in messages.chunks(4) {
                let [number, aad, sealed, text] = message else { panic!("{line}") };
                let (sealed, text) = (hex(sealed), hex(text));
                let open = |number: u64, aad: &str, sealed: &[u8]| {
                    let mut out = vec![0; sealed.len()];
                    let len = context.opener(number, hex(aad))?.open(0, sealed, &mut out)?;
                    out.truncate(len);
                    Some(out)
                };
                let number = number.parse().unwrap();
                assert_eq!(open(number, aad, &sealed), Some(text.clone()));
                assert_eq!(open(number + 1, aad, &sealed), None, "another number");
                assert_eq!(open(number, "00", &sealed), None, "bound to something else");
                let mut flipped = sealed.clone();
                flipped[0] ^= 1;
                assert_eq!(open(number, aad, &flipped), None);
                checked += 1;
            }
        }
        assert!(checked >= 12, "{checked}");
    }

    #[test]
    fn what_is_not_known_or_too_short_opens_nothing() {
        let suite = |kdf, aead| Suite { kem: 0x20, kdf, aead };
        assert_eq!(Context::new(suite(4, 1), &[7; 32], b""), None);
        assert_eq!(Context::new(suite(1, 0xffff), &[7; 32], b""), None);
        let context = Context::new(suite(1, 1), &[7; 32], b"").unwrap();
        let opener = context.opener(0, Vec::new()).unwrap();
        for len in 0..TAG_LEN + 1 {
            assert_eq!(opener.open(0, &vec![0; len], &mut vec![0; len]), None);
        }
    }
}
