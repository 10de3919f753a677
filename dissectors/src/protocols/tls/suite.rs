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
    /// AES with a key of 16 bytes in Cipher Block Chaining mode, beside an HMAC.
    Aes128Cbc(Mac),
    /// AES with a key of 32 bytes in Cipher Block Chaining mode, beside an HMAC.
    Aes256Cbc(Mac),
}

/// The hash below the HMAC that guards records of block ciphers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// 20 bytes.
    Sha1,
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
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

    /// What seals records, where we can open them.
    #[must_use]
    pub fn cipher(self) -> Option<Cipher> {
        let name = self.known();
        if name.ends_with("_CHACHA20_POLY1305_SHA256") {
            Some(Cipher::ChaCha20Poly1305)
        } else if name.contains("_AES_128_GCM_") {
            Some(Cipher::Aes128Gcm)
        } else if name.contains("_AES_256_GCM_") {
            Some(Cipher::Aes256Gcm)
        } else if name.contains("_AES_128_CBC_") {
            self.mac().map(Cipher::Aes128Cbc)
        } else if name.contains("_AES_256_CBC_") {
            self.mac().map(Cipher::Aes256Cbc)
        } else {
            None
        }
    }

    fn mac(self) -> Option<Mac> {
        match self.known().rsplit('_').next()? {
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
            Self::Aes128Gcm | Self::Aes128Cbc(_) => 16,
            Self::Aes256Gcm | Self::Aes256Cbc(_) | Self::ChaCha20Poly1305 => 32,
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
        check(0x002f, Exchange::Rsa, Some(Cipher::Aes128Cbc(Mac::Sha1)), Hash::Sha256);
        check(0xc024, Exchange::Ecdhe, Some(Cipher::Aes256Cbc(Mac::Sha384)), Hash::Sha384);
        check(0x1304, Exchange::Other, None, Hash::Sha256);
        check(0x7777, Exchange::Other, None, Hash::Sha256);
    }
}
