//! The pseudorandom function of TLS before 1.3: from one secret to as many bytes as are asked for.
//!
//! ```text
//!   premaster secret ── "master secret" ──> master secret ── "key expansion" ──> keys
//! ```

use aws_lc_rs::tls_prf;
use hmac::Hmac;
use md5::Md5;
use sha1::{Digest, Sha1};

use super::suite::Hash;
use super::version::Version;

/// `len` bytes out of a secret, a label and a seed (RFC 5246, section 5); not of SSL 3.0, which had
/// another.
pub(super) fn prf(
    (version, hash): (Version, Hash),
    secret: &[u8],
    (label, seed): (&str, [&[u8]; 2]),
    len: usize,
) -> Option<Vec<u8>> {
    let [first, second] = seed;
    if !version.is_12() {
        return old(secret, &[label.as_bytes(), first, second].concat(), len);
    }
    let algorithm = match hash {
        Hash::Sha256 => &tls_prf::P_SHA256,
        Hash::Sha384 => &tls_prf::P_SHA384,
    };
    let secret = tls_prf::Secret::new(algorithm, secret).ok()?;
    let made = secret.derive_with_seed_concatination(label.as_bytes(), first, second, len).ok()?;
    Some(made.as_ref().to_vec())
}

/// TLS 1.0 and 1.1 (RFC 2246, section 5; RFC 4346, section 5): both halves of the secret, one with
/// each hash, and what comes out of both added without carry.
fn old(secret: &[u8], seed: &[u8], len: usize) -> Option<Vec<u8>> {
    let half = secret.len().div_ceil(2);
    let (first, second) = (secret.get(..half)?, secret.get(secret.len() - half..)?);
    let one = expanded::<Hmac<Md5>>(first, seed, len)?;
    let other = expanded::<Hmac<Sha1>>(second, seed, len)?;
    Some(one.iter().zip(other).map(|(a, b)| a ^ b).collect())
}

/// SSL 3.0 (RFC 6101, section 6.1): MD5 over SHA-1, salted with `A`, `BB`, `CCC` and so on.
pub(super) fn ssl(secret: &[u8], [first, second]: [&[u8]; 2], len: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for (letter, times) in (b'A'..=b'Z').zip(1..) {
        if out.len() >= len {
            break;
        }
        let inner = Sha1::new()
            .chain_update(vec![letter; times])
            .chain_update(secret)
            .chain_update(first)
            .chain_update(second)
            .finalize();
        out.extend(Md5::new().chain_update(secret).chain_update(inner).finalize());
    }
    out.truncate(len);
    (out.len() == len).then_some(out)
}

/// P_hash: as many bytes as are asked for, out of one hash.
fn expanded<M: hmac::Mac + hmac::digest::KeyInit>(
    secret: &[u8],
    seed: &[u8],
    len: usize,
) -> Option<Vec<u8>> {
    let (mut out, mut a) = (Vec::new(), seed.to_vec());
    while out.len() < len {
        a = hmac::<M>(secret, &[&a])?;
        out.extend(hmac::<M>(secret, &[&a, seed])?);
    }
    out.truncate(len);
    Some(out)
}

/// HMAC over bytes in pieces (RFC 2104).
pub(super) fn hmac<M: hmac::Mac + hmac::digest::KeyInit>(
    key: &[u8],
    pieces: &[&[u8]],
) -> Option<Vec<u8>> {
    let mut mac = <M as hmac::Mac>::new_from_slice(key).ok()?;
    pieces.iter().for_each(|piece| mac.update(piece));
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_seeds_are_cut_into_does_not_matter() {
        for version in [Version::TLS10, Version::TLS12] {
            let made = |seed| prf((version, Hash::Sha256), b"a secret", ("label", seed), 60);
            let whole = made([b"onetwo", b""]);
            assert_eq!(whole.as_ref().map(Vec::len), Some(60));
            assert_eq!(made([b"one", b"two"]), whole);
            assert_ne!(made([b"one", b"six"]), whole);
        }
    }
}
