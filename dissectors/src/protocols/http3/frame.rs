//! Frames (RFC 9114, section 7.1): a type and a length, each a number of variable length.
//!
//! ```text
//!   |type …|length …|  payload  |
//! ```

use crate::bytes::Reader;
use crate::protocols::varint::varint;
use crate::span::Span;

/// Types of frames (RFC 9114, section 7.2; RFC 9218, section 7.2).
pub(super) const DATA: u64 = 0x00;
pub(super) const HEADERS: u64 = 0x01;
pub(super) const CANCEL_PUSH: u64 = 0x03;
pub(super) const SETTINGS: u64 = 0x04;
pub(super) const PUSH_PROMISE: u64 = 0x05;
pub(super) const GOAWAY: u64 = 0x07;
pub(super) const MAX_PUSH_ID: u64 = 0x0d;
pub(super) const PRIORITY_UPDATE: u64 = 0xf_0700;
pub(super) const PRIORITY_UPDATE_PUSH: u64 = 0xf_0701;

/// Types of streams on which one side speaks only (RFC 9114, section 6.2; RFC 9204, section 4.2).
pub(super) const CONTROL: u64 = 0x00;
pub(super) const PUSH: u64 = 0x01;
pub(super) const ENCODER: u64 = 0x02;
pub(super) const DECODER: u64 = 0x03;

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) kind: u64,
    pub(super) length: u64,
    /// Bytes of the header itself.
    pub(super) own: usize,
}

/// Any place: for readers whose places nobody asks for.
pub(super) const ANYWHERE: Span = Span { len: u32::MAX, ..Span::NONE };

impl FrameHeader {
    /// The header that these bytes begin with, or how many bytes it takes at least.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, usize> {
        let mut reader = Reader::new(bytes, ANYWHERE);
        let mut number = || {
            let before = bytes.len() - reader.len();
            let read = varint(&mut reader, "a number").map(|(number, _)| number);
            read.map_err(|short| before + short.needed.max(1))
        };
        let (kind, length) = (number()?, number()?);
        Ok(Self { kind, length, own: bytes.len() - reader.len() })
    }

    /// Whether nobody means anything by it: such types are sent so that nobody gets used to knowing
    /// all of them (RFC 9114, section 7.2.8).
    pub(super) const fn is_reserved(kind: u64) -> bool {
        kind >= 0x21 && (kind - 0x21).is_multiple_of(0x1f)
    }

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match super::fields::FRAME_TYPE.def().name_of(self.kind) {
            Some(name) => name,
            None if Self::is_reserved(self.kind) => "Reserved (GREASE)",
            None => "Unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_it_needs() {
        let check = |bytes: &[u8], expected: Result<(u64, u64, usize), usize>| {
            let read = FrameHeader::read(bytes).map(|it| (it.kind, it.length, it.own));
            assert_eq!(read, expected, "{bytes:02x?}");
        };
        check(&[1, 5, 0], Ok((1, 5, 2)));
        check(&[0x80, 0x0f, 0x07, 0x00, 0x40, 0x44], Ok((PRIORITY_UPDATE, 0x44, 6)));
        check(&[], Err(1));
        check(&[1], Err(2));
        check(&[1, 0x40], Err(3));
        check(&[0x80, 0], Err(4));
        assert!(FrameHeader::is_reserved(0x21) && FrameHeader::is_reserved(0x40));
        assert!(!FrameHeader::is_reserved(0x02) && !FrameHeader::is_reserved(0x22));
    }
}
