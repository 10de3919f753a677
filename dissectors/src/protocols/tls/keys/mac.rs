//! What guards records that no cipher authenticates: a keyed hash over number, type, version,
//! length and content.
//!
//! ```text
//!   TLS       HMAC( key, number 8 | type 1 | version 2 | length 2 | content )
//!   SSL 3.0   H( key | 5c… | H( key | 36… | number 8 | type 1 | length 2 | content ) )
//! ```

use aws_lc_rs::hmac::{
    Algorithm, Context, HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256, HMAC_SHA384, Key,
};
use hmac::Hmac;
use md5::Md5;
use sha1::{Digest, Sha1};

use super::super::prf::hmac;
use super::super::suite::Mac;
use super::aead::associated;

/// The key of one direction.
pub(super) struct Guard {
    mac: Mac,
    /// How many bytes of its output stand in a record.
    len: usize,
    key: Vec<u8>,
    /// SSL 3.0 has a form of its own (RFC 6101, section 5.2.3.1).
    is_ssl: bool,
}

impl Guard {
    pub(super) fn new((mac, len): (Mac, usize), key: &[u8], is_ssl: bool) -> Self {
        Self { mac, len, key: key.to_vec(), is_ssl }
    }

    /// How long its output is, in bytes.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Whether a tag is that of a record's content; `header` is the record's, of five bytes.
    pub(super) fn verifies(&self, number: u64, header: &[u8], content: &[u8], tag: &[u8]) -> bool {
        let head = associated(number, header, content.len());
        if self.is_ssl {
            // The same without the version.
            let mut of_ssl = head.to_vec();
            of_ssl.drain(9..11);
            return match self.mac {
                Mac::Md5 => ssl::<Md5>(&self.key, 48, &of_ssl, content) == tag,
                _ => ssl::<Sha1>(&self.key, 40, &of_ssl, content) == tag,
            };
        }
        let pieces = [&head[..], content];
        let whole = match self.mac {
            Mac::Md5 => hmac::<Hmac<Md5>>(&self.key, &pieces).unwrap_or_default(),
            Mac::Sha1 => of_lc(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key, &pieces),
            Mac::Sha256 => of_lc(HMAC_SHA256, &self.key, &pieces),
            Mac::Sha384 => of_lc(HMAC_SHA384, &self.key, &pieces),
        };
        whole.get(..self.len) == Some(tag)
    }
}

/// The hashes that aws-lc has.
fn of_lc(hash: Algorithm, key: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::with_key(&Key::new(hash, key));
    pieces.iter().for_each(|piece| context.update(piece));
    context.sign().as_ref().to_vec()
}

/// The keyed hash of SSL 3.0, with so many bytes of padding.
fn ssl<D: Digest>(key: &[u8], padding: usize, head: &[u8], content: &[u8]) -> Vec<u8> {
    let inner = D::new().chain_update(key).chain_update(vec![0x36; padding]);
    let inner = inner.chain_update(head).chain_update(content).finalize();
    let outer = D::new().chain_update(key).chain_update(vec![0x5c; padding]);
    outer.chain_update(inner).finalize().to_vec()
}
