//! SHA-256 as the lower-case hexadecimal text that transcripts hold.

use aws_lc_rs::digest::{Context, Digest, SHA256, digest};
use data_encoding::{BASE64, HEXLOWER};

/// The digest of `bytes`: 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    text(&digest(&SHA256, bytes))
}

/// The digest of `bytes` as HTTP writes binary values: base64 (RFC 9651, section 3.3.5).
pub(crate) fn sha256_base64(bytes: &[u8]) -> String {
    BASE64.encode(digest(&SHA256, bytes).as_ref())
}

/// `bytes` as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Digests one direction of a stream as it passes.
pub(crate) struct Running {
    bytes: u64,
    context: Context,
}

impl Running {
    pub(crate) fn new() -> Running {
        Running { bytes: 0, context: Context::new(&SHA256) }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.context.update(bytes);
    }

    /// How much has passed so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The digest of what has passed so far.
    pub(crate) fn sha256(&self) -> String {
        text(&self.context.clone().finish())
    }
}

fn text(digest: &Digest) -> String {
    hex(digest.as_ref())
}
