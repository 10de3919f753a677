//! Headers of packets (RFC 9000, section 17; what all versions share: RFC 8999).
//!
//! ```text
//!   long    |1 1 type 2 · 4|version 4|len|to whom|len|from whom|  token  |length| number |sealed …
//!   short   |0 1 spin · 5  |to whom|                                     | number |sealed …
//!                      └ masked, as the number is
//! ```

use std::ops::Range;

use super::kind::Kind;
use super::version::Version;
use crate::bytes::{Reader, Short};
use crate::protocols::varint::varint;
use crate::span::Span;

/// The longest connection id (RFC 9000, section 17.2).
pub(super) const MAX_ID: usize = 20;

/// How long tags are: of every AEAD that QUIC uses, and of Retry.
pub(super) const TAG_LEN: usize = 16;

/// Where the sample for the mask begins behind the place of the number, and its length (RFC 9001,
/// section 5.4.2).
pub(super) const SAMPLE: Range<usize> = 4..20;

/// A long header, in offsets from its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Long {
    pub(super) version: Version,
    pub(super) kind: Kind,
    /// The id of whom it goes to.
    pub(super) to: Range<usize>,
    /// The id of who sends it.
    pub(super) from: Range<usize>,
    /// The token of an Initial or a Retry packet.
    pub(super) token: Range<usize>,
    /// Where the packet number begins; of packets without one, where the rest does.
    pub(super) number_at: usize,
    /// Where it ends by its own length, or the datagram does.
    pub(super) end: usize,
}

/// Any place: for readers whose places nobody asks for.
const ANYWHERE: Span = Span { len: u32::MAX, ..Span::NONE };

impl Long {
    /// Whether the first byte is that of a long header.
    pub(super) const fn is(first: u8) -> bool {
        first & 0x80 != 0
    }

    /// The long header that these bytes begin with.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Short> {
        let mut reader = Reader::new(bytes, ANYWHERE);
        let at = |reader: &Reader<'_>| bytes.len() - reader.len();
        let (first, _) = reader.u8("the first byte")?;
        let (version, _) = reader.u32("the version")?;
        let version = Version(version);
        let kind = version.packet(first);
        let mut id = |what| -> Result<Range<usize>, Short> {
            let (len, _) = reader.u8(what)?;
            let start = at(&reader);
            reader.take(usize::from(len), what)?;
            Ok(start..at(&reader))
        };
        let to = id("the destination's connection id")?;
        let from = id("the source's connection id")?;
        let here = at(&reader);
        let (mut token, mut number_at, mut end) = (here..here, here, bytes.len());
        match kind {
            Kind::Initial | Kind::ZeroRtt | Kind::Handshake => {
                if kind == Kind::Initial {
                    let (len, _) = varint(&mut reader, "the token's length")?;
                    let start = at(&reader);
                    reader.take(usize::try_from(len).unwrap_or(usize::MAX), "the token")?;
                    token = start..at(&reader);
                }
                let (len, _) = varint(&mut reader, "the length")?;
                number_at = at(&reader);
                end = usize::try_from(len).unwrap_or(usize::MAX).saturating_add(number_at);
            }
            Kind::Retry => {
                token = here..bytes.len().saturating_sub(TAG_LEN).max(here);
                number_at = token.end;
            }
            Kind::Negotiation | Kind::OneRtt | Kind::Unknown => {}
        }
        Ok(Self { version, kind, to, from, token, number_at, end })
    }

    /// The bytes of an id.
    pub(super) fn id(range: &Range<usize>, bytes: &[u8]) -> Vec<u8> {
        bytes.get(range.clone()).unwrap_or_default().to_vec()
    }
}

/// Whether these bytes are surely a packet of QUIC: a long header of a version that is known, or of
/// one that is reserved, in a datagram that is long enough for it; or a list of versions with one
/// of those in it.
pub(super) fn is_surely(bytes: &[u8]) -> bool {
    /// Who sends a version that may be unknown fills the datagram (RFC 9000, section 14.1). Some
    /// captures cut it.
    const FORCING: usize = 1200;
    /// The shortest id that a client makes up for a server.
    const CHOSEN: usize = 8;
    let Some(first) = bytes.first().copied().filter(|first| Long::is(*first)) else { return false };
    let Ok(long) = Long::read(bytes) else { return false };
    if long.to.len() > MAX_ID || long.from.len() > MAX_ID {
        return false;
    }
    let is_known = |version: Version| version.scheme().is_some() || version.is_reserved();
    match long.kind {
        Kind::Negotiation => {
            let list = bytes.get(long.number_at..).unwrap_or_default();
            let (versions, rest) = list.as_chunks::<4>();
            let mut versions = versions.iter().map(|one| Version(u32::from_be_bytes(*one)));
            rest.is_empty() && versions.any(is_known)
        }
        Kind::Unknown => long.version.is_reserved() && bytes.len() >= FORCING,
        Kind::Retry => first & 0x40 != 0 && !long.token.is_empty(),
        // Who was told at an earlier visit that the bit need not be set may clear it from the first
        // packet on (RFC 9287, section 3.1). That packet fills its datagram and goes to an id of
        // its sender's making (RFC 9000, section 7.2).
        Kind::Initial if first & 0x40 == 0 => {
            let is_filled = bytes.len() >= FORCING && long.end <= bytes.len();
            is_filled
                && long.to.len() >= CHOSEN
                && long.end.saturating_sub(long.number_at) >= SAMPLE.end
        }
        // The number and the sample have 20 bytes; what follows is in the same datagram.
        _ => {
            let len = long.end.saturating_sub(long.number_at);
            first & 0x40 != 0 && (SAMPLE.end..1 << 16).contains(&len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_versions_with_sound_lengths_are_surely_quic() {
        let initial =
            [&[0xc3, 0, 0, 0, 1, 2, 7, 7, 1, 9, 0, 0x40, 30][..], &[0xaa; 30], &[0; 4]].concat();
        let long = Long::read(&initial).unwrap();
        assert_eq!((long.kind, long.to.clone(), long.from.clone()), (Kind::Initial, 6..8, 9..10));
        assert_eq!((long.number_at, long.end), (13, 43));
        assert!(is_surely(&initial));
        let with = |at: usize, byte: u8| {
            let mut bytes = initial.clone();
            bytes[at] = byte;
            bytes
        };
        assert!(!is_surely(&with(0, 0x43)), "a short header");
        assert!(!is_surely(&with(0, 0x83)), "without the bit that is always set");
        assert!(!is_surely(&with(4, 3)), "a version nobody has heard of");
        assert!(!is_surely(&with(5, 21)), "an id that is too long");
        assert!(!is_surely(&with(12, 19)), "too short for a sample");
        assert!(!is_surely(&initial[..12]));
        let cleared = |id: u8, rest| {
            let id = [&[id][..], &vec![7; id.into()]].concat();
            [&[0x83, 0, 0, 0, 1][..], &id, &[0, 0, 0x40, 30], &vec![0xaa; rest]].concat()
        };
        assert!(is_surely(&cleared(8, 1182)), "the bit need not be set");
        assert!(!is_surely(&cleared(8, 1181)), "too short");
        assert!(!is_surely(&cleared(7, 1183)), "no client makes up so short an id");
        let list = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x1a, 0x2a, 0x3a, 0x4a];
        assert!(is_surely(&list) && !is_surely(&list[..14]) && !is_surely(&list[..7]));
        let forcing = |len| [&[0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 0, 0][..], &vec![0; len]].concat();
        assert!(is_surely(&forcing(1193)) && !is_surely(&forcing(1192)));
    }
}
