//! How TLS 1.3 makes secrets of secrets: HKDF (RFC 5869) with labels (RFC 9846, section 7.1), and
//! the hashes that go with it.

use aws_lc_rs::{digest, hkdf};

use super::suite::Hash;

/// How much is to come out.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

const fn algorithm(hash: Hash) -> hkdf::Algorithm {
    match hash {
        Hash::Sha256 => hkdf::HKDF_SHA256,
        Hash::Sha384 => hkdf::HKDF_SHA384,
    }
}

/// A secret of that hash, ready to be expanded.
#[must_use]
pub fn secret_of(hash: Hash, secret: &[u8]) -> hkdf::Prk {
    hkdf::Prk::new_less_safe(algorithm(hash), secret)
}

/// HKDF-Extract of what is no secret yet, without salt.
pub(super) fn extracted(hash: Hash, material: &[u8]) -> hkdf::Prk {
    hkdf::Salt::new(algorithm(hash), &[]).extract(material)
}

/// HKDF-Expand-Label with an empty context (RFC 9846, section 7.1).
#[must_use]
pub fn expand_label(secret: &hkdf::Prk, label: &str, len: usize) -> Option<Vec<u8>> {
    expand_label_of(secret, label, &[], len)
}

/// HKDF-Expand-Label.
pub(super) fn expand_label_of(
    secret: &hkdf::Prk,
    label: &str,
    context: &[u8],
    len: usize,
) -> Option<Vec<u8>> {
    let label = format!("tls13 {label}");
    let length = u16::try_from(len).ok()?.to_be_bytes();
    let label_length = [u8::try_from(label.len()).ok()?];
    let context_length = [u8::try_from(context.len()).ok()?];
    expand(secret, &[&length, &label_length, label.as_bytes(), &context_length, context], len)
}

/// HKDF-Expand.
pub(super) fn expand(secret: &hkdf::Prk, info: &[&[u8]], len: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; len];
    secret.expand(info, Length(len)).and_then(|okm| okm.fill(&mut out)).ok()?;
    Some(out)
}

/// The hash of a transcript.
pub(super) fn digest_of(hash: Hash, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
    };
    digest::digest(algorithm, bytes).as_ref().to_vec()
}

/// What stands for the first ClientHello in a transcript once it was asked for again: a message of
/// type message_hash (RFC 9846, section 4.1).
pub(super) fn message_hash(hash: Hash, first: &[u8]) -> Vec<u8> {
    let digest = digest_of(hash, first);
    [&[254, 0, 0, digest.len() as u8][..], &digest].concat()
}
