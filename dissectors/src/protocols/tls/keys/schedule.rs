//! From a logged secret to the keys of records: the parts of both key schedules that a reader
//! needs. What comes before (the key exchange) stays with the two ends.

use super::super::hkdf::{expand_label, secret_of};
use super::super::prf::{prf, ssl};
use super::super::suite::Hash;
use super::super::version::Version;
use super::Master;

/// The key and the static part of the nonce of one direction of TLS 1.3
/// (RFC 9846, section 7.3).
pub(super) fn traffic_key(hash: Hash, secret: &[u8], key_len: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let secret = secret_of(hash, secret);
    let key = expand_label(&secret, "key", key_len)?;
    let iv = expand_label(&secret, "iv", 12)?;
    Some((key, iv))
}

/// The application secret after a KeyUpdate (RFC 9846, section 7.2).
#[must_use]
pub fn next_secret(hash: Hash, secret: &[u8]) -> Option<Vec<u8>> {
    expand_label(&secret_of(hash, secret), "traffic upd", hash.output_len())
}

/// `len` bytes of key block: of TLS 1.2 (RFC 5246, section 6.3), or of what came before it.
pub(super) fn key_block(master: &Master<'_>, len: usize) -> Option<Vec<u8>> {
    let seed = [&master.server_random[..], &master.client_random[..]];
    if master.version == Version::SSL30 {
        return ssl(master.secret, seed, len);
    }
    let known = (master.version, master.suite.hash());
    prf(known, master.secret, ("key expansion", seed), len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|at| u8::from_str_radix(&text[2 * at..][..2], 16).unwrap())
            .collect()
    }

    /// RFC 8448, section 3: the server's handshake traffic keys.
    #[test]
    fn handshake_keys_come_out_as_published() {
        let secret = hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
        let (key, iv) = traffic_key(Hash::Sha256, &secret, 16).unwrap();
        assert_eq!(key, hex("3fce516009c21727d0f2e4e86ee403bc"));
        assert_eq!(iv, hex("5d313eb2671276ee13000b30"));
    }
}
