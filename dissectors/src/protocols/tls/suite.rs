//! Cipher suites: what one is made of, read off its registered name.
//!
//! ```text
//!   TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256     TLS 1.2: exchange, signature, cipher, hash
//!   TLS_AES_128_GCM_SHA256                    TLS 1.3: cipher and hash, all else is negotiated
//! ```

use super::names::{CIPHER_SUITES, known, name};

/// A cipher suite, by its number on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Suite(pub u16);

/// How the sides come to share a secret in TLS 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// Ephemeral Diffie-Hellman on an elliptic curve.
    Ecdhe,
    /// Diffie-Hellman in a finite field, ephemeral or anonymous.
    Dhe,
    /// The client seals a secret to the server's RSA key.
    Rsa,
    /// Anything else, pre-shared keys among it, and all of TLS 1.3.
    Other,
}

/// What seals records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES with a key of 16 bytes in Galois/Counter Mode.
    Aes128Gcm,
    /// AES with a key of 32 bytes in Galois/Counter Mode.
    Aes256Gcm,
    /// ChaCha20 with Poly1305.
    ChaCha20Poly1305,
    /// Other ciphers in modes that authenticate.
    Aead(Sealed),
    /// A block cipher in Cipher Block Chaining mode, beside a keyed hash.
    Cbc(Block, Mac),
    /// RC4, whose keystream goes on from record to record, beside a keyed hash.
    Rc4(Mac),
    /// Nothing: a keyed hash alone.
    Null(Mac),
}

/// Ciphers in modes that authenticate, which few use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// AES with a key of 16 bytes, in Counter mode with CBC-MAC (RFC 6655).
    Aes128Ccm,
    /// The same with a key of 32 bytes.
    Aes256Ccm,
    /// The same with a key of 16 bytes and a short tag.
    Aes128Ccm8,
    /// The same with a key of 32 bytes and a short tag.
    Aes256Ccm8,
    /// Camellia in Galois/Counter Mode (RFC 6367).
    Camellia128Gcm,
    /// The same with a key of 32 bytes.
    Camellia256Gcm,
    /// ARIA in Galois/Counter Mode (RFC 6209).
    Aria128Gcm,
    /// The same with a key of 32 bytes.
    Aria256Gcm,
}

/// Block ciphers in Cipher Block Chaining mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// AES with a key of 16 bytes.
    Aes128,
    /// AES with a key of 32 bytes.
    Aes256,
    /// Camellia with a key of 16 bytes (RFC 5932).
    Camellia128,
    /// Camellia with a key of 32 bytes.
    Camellia256,
    /// ARIA with a key of 16 bytes (RFC 6209).
    Aria128,
    /// ARIA with a key of 32 bytes.
    Aria256,
    /// SEED (RFC 4162).
    Seed,
    /// IDEA (RFC 5469).
    Idea,
    /// DES (RFC 5469).
    Des,
    /// DES three times over.
    TripleDes,
}

/// The hash below the keyed hash that guards records of block ciphers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// 16 bytes.
    Md5,
    /// 20 bytes.
    Sha1,
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
}

/// How a keyed hash guards a record before TLS 1.3, as both sides have agreed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guards {
    /// Whether block ciphers encrypt first and authenticate then (RFC 7366).
    pub encrypt_then_mac: bool,
    /// Whether the keyed hash beside a cipher is cut to ten bytes (RFC 6066, section 7).
    pub truncated_mac: bool,
}

/// The hash below the key schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Secrets of 32 bytes.
    Sha256,
    /// Secrets of 48 bytes.
    Sha384,
}

impl Suite {
    /// Whether it is none but a signal: that renegotiation is safe (RFC 5746, section 3.3), or that
    /// this is a second try with less (RFC 7507, section 2).
    #[must_use]
    pub const fn is_signal(self) -> bool {
        matches!(self.0, 0x00ff | 0x5600)
    }

    /// Its registered name, or its number.
    #[must_use]
    pub fn name(self) -> String {
        name(CIPHER_SUITES, self.0)
    }

    fn known(self) -> &'static str {
        known(CIPHER_SUITES, self.0).unwrap_or("")
    }

    /// How a secret comes to be shared.
    #[must_use]
    pub fn exchange(self) -> Exchange {
        let name = self.known();
        if name.contains("_PSK_") {
            Exchange::Other
        } else if name.starts_with("TLS_ECDHE_") || name.starts_with("TLS_ECDH_anon_") {
            Exchange::Ecdhe
        } else if name.starts_with("TLS_DHE_") || name.starts_with("TLS_DH_anon_") {
            Exchange::Dhe
        } else if name.starts_with("TLS_RSA_") {
            Exchange::Rsa
        } else {
            Exchange::Other
        }
    }

    /// Where both sides prove that they share a key from before (RFC 4279, RFC 5489): what they
    /// exchange beside its name.
    #[must_use]
    pub fn beside_shared_key(self) -> Option<Exchange> {
        let begins = |start: &str| self.known().starts_with(start);
        if begins("TLS_ECDHE_PSK_") {
            Some(Exchange::Ecdhe)
        } else if begins("TLS_DHE_PSK_") {
            Some(Exchange::Dhe)
        } else if begins("TLS_RSA_PSK_") {
            Some(Exchange::Rsa)
        } else {
            begins("TLS_PSK_").then_some(Exchange::Other)
        }
    }

    /// What seals records, where we can open them.
    #[must_use]
    pub fn cipher(self) -> Option<Cipher> {
        let name = self.known();
        let has = |part: &str| name.contains(part);
        // Long names first: the one of a short tag holds that of the long one.
        let sealed = [
            ("_AES_128_CCM_8", Sealed::Aes128Ccm8),
            ("_AES_256_CCM_8", Sealed::Aes256Ccm8),
            ("_AES_128_CCM", Sealed::Aes128Ccm),
            ("_AES_256_CCM", Sealed::Aes256Ccm),
            ("_CAMELLIA_128_GCM_", Sealed::Camellia128Gcm),
            ("_CAMELLIA_256_GCM_", Sealed::Camellia256Gcm),
            ("_ARIA_128_GCM_", Sealed::Aria128Gcm),
            ("_ARIA_256_GCM_", Sealed::Aria256Gcm),
        ];
        let blocks = [
            ("_AES_128_CBC_", Block::Aes128),
            ("_AES_256_CBC_", Block::Aes256),
            ("_CAMELLIA_128_CBC_", Block::Camellia128),
            ("_CAMELLIA_256_CBC_", Block::Camellia256),
            ("_ARIA_128_CBC_", Block::Aria128),
            ("_ARIA_256_CBC_", Block::Aria256),
            ("_SEED_CBC_", Block::Seed),
            ("_IDEA_CBC_", Block::Idea),
            ("_WITH_DES_CBC_", Block::Des),
            ("_3DES_EDE_CBC_", Block::TripleDes),
        ];
        // What could be exported makes its keys in another way (RFC 2246, section 6.3.1).
        if has("_EXPORT") {
            None
        } else if name.ends_with("_CHACHA20_POLY1305_SHA256") {
            Some(Cipher::ChaCha20Poly1305)
        } else if has("_AES_128_GCM_") {
            Some(Cipher::Aes128Gcm)
        } else if has("_AES_256_GCM_") {
            Some(Cipher::Aes256Gcm)
        } else if let Some((_, sealed)) = sealed.into_iter().find(|(part, _)| has(part)) {
            Some(Cipher::Aead(sealed))
        } else if let Some((_, block)) = blocks.into_iter().find(|(part, _)| has(part)) {
            self.mac().map(|mac| Cipher::Cbc(block, mac))
        } else if has("_WITH_RC4_128_") {
            self.mac().map(Cipher::Rc4)
        } else if has("_WITH_NULL_") {
            self.mac().map(Cipher::Null)
        } else {
            None
        }
    }

    fn mac(self) -> Option<Mac> {
        match self.known().rsplit('_').next()? {
            "MD5" => Some(Mac::Md5),
            "SHA" => Some(Mac::Sha1),
            "SHA256" => Some(Mac::Sha256),
            "SHA384" => Some(Mac::Sha384),
            _ => None,
        }
    }

    /// The hash below the key schedule: SHA-256 unless the name says SHA-384
    /// (RFC 5246, section 5).
    #[must_use]
    pub fn hash(self) -> Hash {
        if self.known().ends_with("_SHA384") { Hash::Sha384 } else { Hash::Sha256 }
    }
}

impl Hash {
    /// How long its output is, in bytes.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }
}

impl Mac {
    /// How long its output and its key are, in bytes.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }
}

impl Cipher {
    /// How long its key is, in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes256Gcm | Self::ChaCha20Poly1305 => 32,
            Self::Aead(sealed) => sealed.key_len(),
            Self::Cbc(block, _) => block.key_len(),
            Self::Rc4(_) => 16,
            Self::Null(_) => 0,
        }
    }
}

impl Sealed {
    /// How long its key is, in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128Ccm | Self::Aes128Ccm8 | Self::Camellia128Gcm | Self::Aria128Gcm => 16,
            Self::Aes256Ccm | Self::Aes256Ccm8 | Self::Camellia256Gcm | Self::Aria256Gcm => 32,
        }
    }

    /// How long its tags are, in bytes.
    #[must_use]
    pub const fn tag_len(self) -> usize {
        match self {
            Self::Aes128Ccm8 | Self::Aes256Ccm8 => 8,
            _ => 16,
        }
    }
}

impl Block {
    /// How long its key is, in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128 | Self::Camellia128 | Self::Aria128 | Self::Seed | Self::Idea => 16,
            Self::Des => 8,
            Self::TripleDes => 24,
            Self::Aes256 | Self::Camellia256 | Self::Aria256 => 32,
        }
    }

    /// How long its blocks are, in bytes.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Idea | Self::Des | Self::TripleDes => 8,
            _ => 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_a_suite_is_made_of() {
        let check = |number, exchange, cipher, hash| {
            let suite = Suite(number);
            assert_eq!((suite.exchange(), suite.cipher(), suite.hash()), (exchange, cipher, hash));
        };
        check(0x1301, Exchange::Other, Some(Cipher::Aes128Gcm), Hash::Sha256);
        check(0x1302, Exchange::Other, Some(Cipher::Aes256Gcm), Hash::Sha384);
        check(0x1303, Exchange::Other, Some(Cipher::ChaCha20Poly1305), Hash::Sha256);
        check(0xc02b, Exchange::Ecdhe, Some(Cipher::Aes128Gcm), Hash::Sha256);
        check(0xc030, Exchange::Ecdhe, Some(Cipher::Aes256Gcm), Hash::Sha384);
        check(0x009f, Exchange::Dhe, Some(Cipher::Aes256Gcm), Hash::Sha384);
        check(0x002f, Exchange::Rsa, Some(Cipher::Cbc(Block::Aes128, Mac::Sha1)), Hash::Sha256);
        check(0xc024, Exchange::Ecdhe, Some(Cipher::Cbc(Block::Aes256, Mac::Sha384)), Hash::Sha384);
        let ccm = |sealed| Some(Cipher::Aead(sealed));
        check(0x1304, Exchange::Other, ccm(Sealed::Aes128Ccm), Hash::Sha256);
        check(0x1305, Exchange::Other, ccm(Sealed::Aes128Ccm8), Hash::Sha256);
        check(0xc09c, Exchange::Rsa, ccm(Sealed::Aes128Ccm), Hash::Sha256);
        check(0xc0a3, Exchange::Dhe, ccm(Sealed::Aes256Ccm8), Hash::Sha256);
        let camellia = Some(Cipher::Cbc(Block::Camellia128, Mac::Sha256));
        check(0x00ba, Exchange::Rsa, camellia, Hash::Sha256);
        check(0x000a, Exchange::Rsa, Some(Cipher::Cbc(Block::TripleDes, Mac::Sha1)), Hash::Sha256);
        check(0x0001, Exchange::Rsa, Some(Cipher::Null(Mac::Md5)), Hash::Sha256);
        let rc4 = Some(Cipher::Rc4(Mac::Md5));
        check(0x0004, Exchange::Rsa, rc4, Hash::Sha256);
        check(0xc011, Exchange::Ecdhe, Some(Cipher::Rc4(Mac::Sha1)), Hash::Sha256);
        for (suite, block) in [(0x0007, Block::Idea), (0x0009, Block::Des), (0x0096, Block::Seed)] {
            check(suite, Exchange::Rsa, Some(Cipher::Cbc(block, Mac::Sha1)), Hash::Sha256);
        }
        // TLS_RSA_EXPORT_WITH_RC4_40_MD5 and TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA.
        check(0x0003, Exchange::Rsa, None, Hash::Sha256);
        check(0x0062, Exchange::Rsa, None, Hash::Sha256);
        check(0x7777, Exchange::Other, None, Hash::Sha256);
    }
}
