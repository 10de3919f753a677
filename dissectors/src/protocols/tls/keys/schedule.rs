//! From a logged secret to the keys of records: the parts of both key schedules that a reader
//! needs. What comes before (the key exchange) stays with the two ends.

use aws_lc_rs::{hkdf, tls_prf};
use hmac::Hmac;
use md5::Md5;
use sha1::{Digest, Sha1};

use super::super::suite::Hash;
use super::super::version::Version;
use super::Master;
use super::mac::hmac;

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

/// A secret of that hash, ready to be expanded.
#[must_use]
pub fn secret_of(hash: Hash, secret: &[u8]) -> hkdf::Prk {
    let algorithm = match hash {
        Hash::Sha256 => hkdf::HKDF_SHA256,
        Hash::Sha384 => hkdf::HKDF_SHA384,
    };
    hkdf::Prk::new_less_safe(algorithm, secret)
}

/// HKDF-Expand-Label with an empty context (RFC 9846, section 7.1).
#[must_use]
pub fn expand_label(secret: &hkdf::Prk, label: &str, len: usize) -> Option<Vec<u8>> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let label = format!("tls13 {label}");
    let length = u16::try_from(len).ok()?.to_be_bytes();
    let label_length = [u8::try_from(label.len()).ok()?];
    let info = [&length[..], &label_length, label.as_bytes(), &[0]];
    let mut out = vec![0; len];
    secret.expand(&info, Length(len)).and_then(|okm| okm.fill(&mut out)).ok()?;
    Some(out)
}

/// `len` bytes of key block: of TLS 1.2 (RFC 5246, section 6.3), or of what came before it.
pub(super) fn key_block(master: &Master<'_>, len: usize) -> Option<Vec<u8>> {
    if master.version == Version::SSL30 {
        return ssl_block(master, len);
    }
    if !master.version.is_12() {
        return old_block(master, len);
    }
    let algorithm = match master.suite.hash() {
        Hash::Sha256 => &tls_prf::P_SHA256,
        Hash::Sha384 => &tls_prf::P_SHA384,
    };
    let secret = tls_prf::Secret::new(algorithm, master.secret).ok()?;
    let (server, client) = (master.server_random, master.client_random);
    let block =
        secret.derive_with_seed_concatination(b"key expansion", server, client, len).ok()?;
    Some(block.as_ref().to_vec())
}

/// The master secret out of the premaster secret, before TLS 1.3 (RFC 5246, section 8.1): of both
/// randoms, or of all messages so far (RFC 7627, section 4).
#[must_use]
pub fn master(
    (version, hash): (Version, Hash),
    premaster: &[u8],
    (label, seed): (&str, [&[u8]; 2]),
) -> Option<Vec<u8>> {
    const LEN: usize = 48;
    let [first, second] = seed;
    if version.is_12() {
        let algorithm = match hash {
            Hash::Sha256 => &tls_prf::P_SHA256,
            Hash::Sha384 => &tls_prf::P_SHA384,
        };
        let secret = tls_prf::Secret::new(algorithm, premaster).ok()?;
        let made = secret.derive_with_seed_concatination(label.as_bytes(), first, second, LEN);
        return made.ok().map(|made| made.as_ref().to_vec());
    }
    // What SSL 3.0 did is made nowhere any more.
    if version == Version::SSL30 {
        return None;
    }
    old_prf(premaster, &[label.as_bytes(), first, second], LEN)
}

/// The key block of TLS 1.0 and 1.1.
fn old_block(master: &Master<'_>, len: usize) -> Option<Vec<u8>> {
    let seed = [b"key expansion", &master.server_random[..], &master.client_random[..]];
    old_prf(master.secret, &seed, len)
}

/// TLS 1.0 and 1.1 (RFC 2246, section 5; RFC 4346, section 5): both halves of the secret, one with
/// each hash, and what comes out of both added without carry.
fn old_prf(secret: &[u8], seed: &[&[u8]], len: usize) -> Option<Vec<u8>> {
    let half = secret.len().div_ceil(2);
    let (first, second) = (secret.get(..half)?, secret.get(secret.len() - half..)?);
    let seed = seed.concat();
    let one = expanded::<Hmac<Md5>>(first, &seed, len)?;
    let other = expanded::<Hmac<Sha1>>(second, &seed, len)?;
    Some(one.iter().zip(other).map(|(a, b)| a ^ b).collect())
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

/// SSL 3.0 (RFC 6101, section 6.2.2): MD5 over SHA-1, salted with `A`, `BB`, `CCC` and so on.
fn ssl_block(master: &Master<'_>, len: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for (letter, times) in (b'A'..=b'Z').zip(1..) {
        if out.len() >= len {
            break;
        }
        let inner = Sha1::new()
            .chain_update(vec![letter; times])
            .chain_update(master.secret)
            .chain_update(master.server_random)
            .chain_update(master.client_random)
            .finalize();
        out.extend(Md5::new().chain_update(master.secret).chain_update(inner).finalize());
    }
    out.truncate(len);
    (out.len() == len).then_some(out)
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
