//! What a Finished must hold: a keyed hash of all that was said before it.

use aws_lc_rs::{hmac, tls_prf};

use super::super::hkdf::{digest_of, expand_label, secret_of};
use super::super::suite::Hash;

/// The content of a Finished of TLS 1.3, made with the sender's handshake traffic secret (RFC 9846,
/// section 4.5.3).
pub(super) fn tls13(hash: Hash, secret: &[u8], transcript: &[u8]) -> Option<Vec<u8>> {
    let key = expand_label(&secret_of(hash, secret), "finished", hash.output_len())?;
    let key = hmac::Key::new(algorithm(hash), &key);
    Some(hmac::sign(&key, &digest_of(hash, transcript)).as_ref().to_vec())
}

/// The keyed hash of that hash.
pub(super) const fn algorithm(hash: Hash) -> hmac::Algorithm {
    match hash {
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
    }
}

/// The content of a Finished of TLS 1.2, made with the master secret (RFC 5246, section 7.4.9).
pub(super) fn tls12(
    hash: Hash,
    master: &[u8],
    from_client: bool,
    transcript: &[u8],
) -> Option<Vec<u8>> {
    let algorithm = match hash {
        Hash::Sha256 => &tls_prf::P_SHA256,
        Hash::Sha384 => &tls_prf::P_SHA384,
    };
    let label: &[u8] = if from_client { b"client finished" } else { b"server finished" };
    let seed = digest_of(hash, transcript);
    let secret = tls_prf::Secret::new(algorithm, master).ok()?;
    let made = secret.derive_with_seed_concatination(label, &seed, &[], 12).ok()?;
    Some(made.as_ref().to_vec())
}
