//! The record layer (RFC 9846, section 5; RFC 5246, section 6): five bytes, then what they say.
//!
//! ```text
//!   |type 1|version 2|length 2|  fragment: a message, part of one, or several  |
//! ```

use super::version::Version;
use crate::bytes::Reader;
use crate::span::Span;

/// How long the header of a record is, in bytes.
pub const HEADER_LEN: usize = 5;

/// The longest fragment a record may claim: 2^14 bytes of content, and what TLS 1.2 allows sealing
/// and compression to add (RFC 5246, section 6.2.3). TLS 1.3 allows 256 instead of 2048.
pub const MAX_FRAGMENT: usize = (1 << 14) + 2048;

/// What a record holds. Unknown types keep their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentType(pub u8);

impl ContentType {
    /// From here on the sender's records are sealed (TLS 1.2); means nothing in TLS 1.3.
    pub const CHANGE_CIPHER_SPEC: Self = Self(20);
    /// An alert.
    pub const ALERT: Self = Self(21);
    /// Handshake messages.
    pub const HANDSHAKE: Self = Self(22);
    /// Application data; in TLS 1.3 the outside of everything that is sealed.
    pub const APPLICATION_DATA: Self = Self(23);
    /// A heartbeat (RFC 6520).
    pub const HEARTBEAT: Self = Self(24);

    /// Whether records of that type are defined.
    #[must_use]
    pub fn is_known(self) -> bool {
        (Self::CHANGE_CIPHER_SPEC.0..=Self::HEARTBEAT.0).contains(&self.0)
    }
}

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it holds, as far as the outside tells.
    pub content_type: ContentType,
    /// The version: fixed at 0x0303 in TLS 1.3 but for the first ClientHello.
    pub version: Version,
    /// How long the fragment is, in bytes.
    pub len: usize,
}

impl Header {
    /// The header at the start of `bytes`; nothing where they are too few.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes, Span { len: u32::MAX, ..Span::NONE });
        let (content_type, _) = reader.u8("record type").ok()?;
        let (version, _) = reader.u16("record version").ok()?;
        let (len, _) = reader.u16("record length").ok()?;
        let content_type = ContentType(content_type);
        Some(Self { content_type, version: Version(version), len: usize::from(len) })
    }

    /// Whether any TLS would send this: a known type, a version from SSL 3.0 to TLS 1.3 and a
    /// length within bounds. Only application data may be empty (RFC 9846, section 5.1).
    #[must_use]
    pub fn is_plausible(self) -> bool {
        let versions = Version::SSL30..=Version::TLS13;
        let empty_allowed = self.content_type == ContentType::APPLICATION_DATA;
        self.content_type.is_known()
            && versions.contains(&self.version)
            && self.len <= MAX_FRAGMENT
            && (self.len > 0 || empty_allowed)
    }
}

/// Where the next record may begin, for one who has lost the thread: a plausible header, behind
/// whose fragment another one stands as far as the bytes reach.
#[must_use]
pub fn resynchronize(bytes: &[u8]) -> Option<usize> {
    let header = |at: usize| Header::read(bytes.get(at..)?);
    (0..bytes.len().saturating_sub(HEADER_LEN - 1)).find(|at| {
        header(*at).is_some_and(|first| {
            let next = header(at + HEADER_LEN + first.len);
            first.is_plausible() && next.is_none_or(Header::is_plausible)
        })
    })
}

/// The content of an opened TLS 1.3 record (RFC 9846, section 5.4): its length without the type
/// and the padding of zeros behind it, and the type. Nothing where all is padding.
///
/// ```text
///   |  content  |type 1|0 0 0 …|
/// ```
#[must_use]
pub fn inner(plaintext: &[u8]) -> Option<(usize, ContentType)> {
    let at = plaintext.iter().rposition(|byte| *byte != 0)?;
    Some((at, ContentType(*plaintext.get(at)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_and_judged() {
        let header = Header::read(&[22, 3, 1, 0, 5, 1]).unwrap();
        assert_eq!(header.content_type, ContentType::HANDSHAKE);
        assert_eq!((header.version, header.len), (Version::TLS10, 5));
        assert!(header.is_plausible());
        assert_eq!(Header::read(&[22, 3, 1, 0]), None);
        for bad in [[19, 3, 3, 0, 1], [25, 3, 3, 0, 1], [22, 2, 0, 0, 1], [22, 3, 5, 0, 1]] {
            assert!(!Header::read(&bad).unwrap().is_plausible());
        }
        assert!(!Header::read(&[23, 3, 3, 0x48, 1]).unwrap().is_plausible());
        assert!(!Header::read(&[22, 3, 3, 0, 0]).unwrap().is_plausible());
        assert!(Header::read(&[23, 3, 3, 0, 0]).unwrap().is_plausible());
    }

    #[test]
    fn the_thread_is_taken_up_at_the_next_record() {
        let records = [23, 3, 3, 0, 2, 9, 9, 21, 3, 3, 0, 1, 7];
        let stream = [&[23, 3, 3, 0, 1, 5, 5, 5][..], &records].concat();
        assert_eq!(resynchronize(&stream), Some(8));
        assert_eq!(resynchronize(&records), Some(0));
        assert_eq!(resynchronize(&records[..6]), Some(0));
        assert_eq!(resynchronize(b"no record begins in here"), None);
        assert_eq!(resynchronize(&records[..4]), None);
    }

    #[test]
    fn the_type_of_an_opened_record_stands_before_its_padding() {
        assert_eq!(inner(&[7, 0, 22, 0, 0]), Some((2, ContentType::HANDSHAKE)));
        assert_eq!(inner(&[21]), Some((0, ContentType::ALERT)));
        assert_eq!(inner(&[0, 0]), None);
    }
}
