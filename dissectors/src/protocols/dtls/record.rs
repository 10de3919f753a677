//! The record layer of DTLS (RFC 6347, section 4.1; RFC 9147, section 4): a record says its number.
//!
//! ```text
//!   |type 1|version 2|epoch 2|sequence 6|length 2|  fragment  |
//!   |0 0 1 C S L E E|connection id, C|sequence 1 or 2|length 2, L|  sealed  |     DTLS 1.3
//! ```

use crate::protocols::tls::record::{ContentType, MAX_FRAGMENT};
use crate::protocols::tls::version::Version;

/// How long the header of a record is that bears its version, in bytes.
pub(super) const HEADER_LEN: usize = 13;

/// What OpenSSL called DTLS before it was one, and some VPNs still do.
const BAD_VERSION: Version = Version(0x0100);

/// The header of a record that bears its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) content_type: ContentType,
    pub(super) version: Version,
    /// Which keys seal it: none for 0.
    pub(super) epoch: u16,
    /// Its number within the epoch, in 48 bits.
    pub(super) sequence: u64,
    /// How long the fragment is, in bytes.
    pub(super) len: usize,
}

impl Header {
    /// The header that stands here; nothing where it is none of DTLS.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [kind, v1, v0, e1, e0, sequence @ .., l1, l0] = bytes.first_chunk::<HEADER_LEN>()?;
        let version = Version(u16::from_be_bytes([*v1, *v0]));
        let content_type = ContentType(*kind);
        let len = usize::from(u16::from_be_bytes([*l1, *l0]));
        let is_known = content_type.is_known() && (version.is_dtls() || version == BAD_VERSION);
        let sequence = sequence.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        (is_known && len <= MAX_FRAGMENT).then_some(Self {
            content_type,
            version,
            epoch: u16::from_be_bytes([*e1, *e0]),
            sequence,
            len,
        })
    }

    /// Epoch and sequence as one number: what the records of TLS count.
    pub(super) const fn number(self) -> u64 {
        (self.epoch as u64) << 48 | self.sequence
    }
}

/// The parts of the header of a sealed record of DTLS 1.3, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unified {
    /// How long the header is.
    pub(super) header: usize,
    /// How long what it seals is, up to the end of the datagram where it does not say.
    pub(super) len: usize,
    /// Whether it says that.
    pub(super) says_len: bool,
}

impl Unified {
    /// The record that stands at the beginning of what is left of a datagram. One with a connection
    /// id does not say how long that is, and is left out.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        if first & 0xf0 != 0x20 {
            return None;
        }
        let sequence = if first & 0x08 == 0 { 1 } else { 2 };
        if first & 0x04 == 0 {
            let header = 1 + sequence;
            let len = bytes.len().checked_sub(header)?;
            return Some(Self { header, len, says_len: false });
        }
        let len = bytes.get(1 + sequence..)?.first_chunk::<2>()?;
        let len = usize::from(u16::from_be_bytes(*len));
        // No cipher adds fewer bytes than sixteen (RFC 9147, section 4.2.3).
        (16..=MAX_FRAGMENT).contains(&len).then_some(Self {
            header: 3 + sequence,
            len,
            says_len: true,
        })
    }
}
