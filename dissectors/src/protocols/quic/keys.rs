//! What opens packets (RFC 9001, section 5): keys out of a secret, the mask over the header, and
//! the AEAD below it.
//!
//! ```text
//!   secret ── "quic key", "quic iv" ──> AEAD, nonce = iv XOR packet number, aad = the header
//!          └─ "quic hp" ──> mask over the first byte and the number, out of a sample
//! ```

use std::sync::Arc;

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey, quic::HeaderProtectionKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use ccm::Ccm;

use super::header::{Long, SAMPLE, TAG_LEN};
use super::number;
use super::version::Scheme;
use crate::engine::derive::Opener;
use crate::protocols::tls::keys::{expand_label, secret_of};
use crate::protocols::tls::suite::{Cipher, Sealed, Suite};

/// The suite whose AEAD and hash Initial packets use (RFC 9001, section 5.2).
const INITIAL: Suite = Suite(0x1301);

/// What seals the packets of one direction and level.
pub(super) struct PacketKeys {
    header: Arc<HeaderProtectionKey>,
    payload: Payload,
    iv: [u8; 12],
}

/// AES-CCM with the long tag: QUIC does without the short ones (RFC 9001, section 5.3).
type AesCcm = Ccm<aes::Aes128, U16, U12>;

/// The AEAD, by who has it: aws-lc lacks CCM.
enum Payload {
    Lc(LessSafeKey),
    Ccm(Box<AesCcm>),
}

impl Payload {
    fn new(cipher: Cipher, key: &[u8]) -> Option<Self> {
        let algorithm = match cipher {
            Cipher::Aes128Gcm => &aead::AES_128_GCM,
            Cipher::Aes256Gcm => &aead::AES_256_GCM,
            Cipher::ChaCha20Poly1305 => &aead::CHACHA20_POLY1305,
            Cipher::Aead(Sealed::Aes128Ccm) => {
                return AesCcm::new_from_slice(key).ok().map(|key| Self::Ccm(Box::new(key)));
            }
            Cipher::Aead(_) | Cipher::Cbc(..) | Cipher::Rc4(_) | Cipher::Null(_) => return None,
        };
        Some(Self::Lc(LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?)))
    }

    /// Opens what was sealed with that nonce and that header into room of its length.
    fn open(
        &self,
        (nonce, header): ([u8; 12], &[u8]),
        (sealed, tag): (&[u8], &[u8]),
        out: &mut [u8],
    ) -> Option<()> {
        match self {
            Self::Lc(key) => {
                let nonce = Nonce::assume_unique_for_key(nonce);
                key.open_separate_gather(nonce, Aad::from(header), sealed, tag, out).ok()
            }
            Self::Ccm(key) => {
                out.copy_from_slice(sealed);
                let tag = GenericArray::from_exact_iter(tag.iter().copied())?;
                let nonce = GenericArray::from(nonce);
                key.decrypt_in_place_detached(&nonce, header, out, &tag).ok()
            }
        }
    }
}

impl PacketKeys {
    /// The keys that follow from a secret.
    pub(super) fn of(scheme: &Scheme, suite: Suite, secret: &[u8]) -> Option<Self> {
        Self::of_prk(scheme, suite, &secret_of(suite.hash(), secret))
    }

    fn of_prk(scheme: &Scheme, suite: Suite, secret: &Prk) -> Option<Self> {
        // Of both modes of AES the mask is made with the cipher alone (section 5.4.3).
        let algorithm = match suite.cipher()? {
            Cipher::Aes128Gcm | Cipher::Aead(Sealed::Aes128Ccm) => &aead::quic::AES_128,
            Cipher::Aes256Gcm => &aead::quic::AES_256,
            Cipher::ChaCha20Poly1305 => &aead::quic::CHACHA20,
            Cipher::Aead(_) | Cipher::Cbc(..) | Cipher::Rc4(_) | Cipher::Null(_) => {
                return None;
            }
        };
        let key = expand_label(secret, scheme.header, algorithm.key_len())?;
        let header = Arc::new(HeaderProtectionKey::new(algorithm, &key).ok()?);
        Self::with(header, scheme, suite, secret)
    }

    /// The keys that follow from the next secret: the header's stays (RFC 9001, section 6).
    pub(super) fn next(&self, scheme: &Scheme, suite: Suite, secret: &[u8]) -> Option<Self> {
        let secret = secret_of(suite.hash(), secret);
        Self::with(Arc::clone(&self.header), scheme, suite, &secret)
    }

    fn with(
        header: Arc<HeaderProtectionKey>,
        scheme: &Scheme,
        suite: Suite,
        secret: &Prk,
    ) -> Option<Self> {
        let cipher = suite.cipher()?;
        let key = expand_label(secret, scheme.key, cipher.key_len())?;
        let iv = expand_label(secret, scheme.iv, 12)?.try_into().ok()?;
        Some(Self { header, payload: Payload::new(cipher, &key)?, iv })
    }

    /// The keys of the client's and the server's Initial packets, out of the id that the client
    /// chose for the server (RFC 9001, section 5.2).
    pub(super) fn initial(scheme: &Scheme, id: &[u8]) -> Option<[Self; 2]> {
        let common = Salt::new(HKDF_SHA256, &scheme.salt).extract(id);
        let side = |label| {
            let secret = expand_label(&common, label, INITIAL.hash().output_len())?;
            Self::of(scheme, INITIAL, &secret)
        };
        Some([side("client in")?, side("server in")?])
    }

    /// Takes the mask off the header, and opens what lies behind it. The number of bytes put out:
    /// the header as it was, and the plaintext.
    fn open(
        &self,
        number_at: usize,
        expected: u64,
        packet: &[u8],
        out: &mut [u8],
    ) -> Option<usize> {
        let sample = packet.get(number_at + SAMPLE.start..number_at + SAMPLE.end)?;
        let [first_mask, mask @ ..] = self.header.new_mask(sample).ok()?;
        let bits = if Long::is(*packet.first()?) { 0x0f } else { 0x1f };
        let first = packet.first()? ^ (first_mask & bits);
        let width = usize::from(first & 3) + 1;
        let (header, body) = packet.split_at_checked(number_at + width)?;
        let (ciphertext, tag) = body.split_at_checked(body.len().checked_sub(TAG_LEN)?)?;
        let (unmasked, rest) = out.split_at_mut_checked(header.len())?;
        unmasked.copy_from_slice(header);
        *unmasked.first_mut()? = first;
        let mut last = 0;
        for (byte, mask) in unmasked.get_mut(number_at..)?.iter_mut().zip(mask) {
            *byte ^= mask;
            last = last << 8 | u64::from(*byte);
        }
        let nonce = self.nonce(number::decode(expected, last, width));
        let plaintext = rest.get_mut(..ciphertext.len())?;
        self.payload.open((nonce, unmasked), (ciphertext, tag), plaintext)?;
        Some(header.len() + ciphertext.len())
    }

    fn nonce(&self, number: u64) -> [u8; 12] {
        let mut nonce = self.iv;
        let tail = nonce.iter_mut().skip(4);
        tail.zip(number.to_be_bytes()).for_each(|(byte, mask)| *byte ^= mask);
        nonce
    }
}

/// Opens packets with a long header.
pub(super) struct OpensLong(pub(super) PacketKeys);

impl Opener for OpensLong {
    fn open(&self, expected: u64, packet: &[u8], out: &mut [u8]) -> Option<usize> {
        let long = Long::read(packet).ok()?;
        self.0.open(long.number_at, expected, packet, out)
    }

    // Counter modes keep every byte in its place, and so does the mask.
    fn sealed_at(&self) -> Option<u32> {
        Some(0)
    }
}

/// Opens packets with a short header, whose id has that many bytes.
pub(super) struct OpensShort(pub(super) Arc<PacketKeys>, pub(super) u8);

impl Opener for OpensShort {
    fn open(&self, expected: u64, packet: &[u8], out: &mut [u8]) -> Option<usize> {
        self.0.open(1 + usize::from(self.1), expected, packet, out)
    }

    fn sealed_at(&self) -> Option<u32> {
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::quic::Version;

    /// A packet with a short header and no id, sealed with AES-CCM by somebody else's code.
    fn sealed(keys: &PacketKeys, key: &[u8], number: u16, text: &[u8]) -> Vec<u8> {
        let header = [&[0x41][..], &number.to_be_bytes()].concat();
        let nonce = GenericArray::from(keys.nonce(number.into()));
        let cipher = AesCcm::new_from_slice(key).unwrap();
        let mut body = text.to_vec();
        let tag = cipher.encrypt_in_place_detached(&nonce, &header, &mut body).unwrap();
        let mut packet = [&header[..], &body, &tag].concat();
        let mask = keys.header.new_mask(&packet[1 + SAMPLE.start..1 + SAMPLE.end]).unwrap();
        packet[0] ^= mask[0] & 0x1f;
        packet[1] ^= mask[1];
        packet[2] ^= mask[2];
        packet
    }

    #[test]
    fn packets_sealed_with_aes_ccm_open() {
        const CCM: Suite = Suite(0x1304);
        const SHORT_TAG: Suite = Suite(0x1305);
        let scheme = Version(1).scheme().unwrap();
        let secret = [7; 32];
        let keys = PacketKeys::of(scheme, CCM, &secret).unwrap();
        let key = expand_label(&secret_of(CCM.hash(), &secret), scheme.key, 16).unwrap();
        let packet = sealed(&keys, &key, 0x1234, b"STREAM and more of it");
        let opener = OpensShort(Arc::new(keys), 0);
        let mut out = vec![0; packet.len()];
        let len = opener.open(0x1234, &packet, &mut out).unwrap();
        assert_eq!(&out[..len], [&[0x41, 0x12, 0x34][..], b"STREAM and more of it"].concat());
        let mut broken = packet;
        *broken.last_mut().unwrap() ^= 1;
        assert_eq!(opener.open(0x1234, &broken, &mut out), None);
        assert!(PacketKeys::of(scheme, SHORT_TAG, &secret).is_none(), "QUIC has no short tags");
    }
}
