//! Datagrams that came in fragments: their bytes end to end, and the frames these lie in.

use super::{Part, Walk};
use crate::field::{FieldId, Value};
use crate::frames::Frames;
use crate::sink::Severity;
use crate::span::{Buffer, BufferId, Piece, Span};

/// A datagram whose fragments are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// The number of what it carries.
    pub protocol: u8,
    /// Where its bytes lie in frames, in their order.
    pub pieces: Vec<Piece>,
    /// In how many fragments it came.
    pub fragments: u32,
    /// Whether some of them brought the same bytes of it.
    pub overlap: bool,
}

/// The fields that tell of such a datagram.
pub(crate) struct Reassembly {
    /// The group of those below.
    pub(crate) group: FieldId,
    /// The number of a frame that brought a piece of it.
    pub(crate) fragment: FieldId,
    /// Fragments overlapped.
    pub(crate) overlap: FieldId,
    /// How many there were.
    pub(crate) count: FieldId,
    /// Its length in bytes.
    pub(crate) length: FieldId,
}

/// Such a datagram, with its bytes.
#[derive(Clone, Debug)]
pub struct Joined<'d> {
    /// What is known of it.
    pub datagram: &'d Datagram,
    bytes: Vec<u8>,
}

impl Datagram {
    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.len))
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Tells which frames brought what of it.
    pub(crate) fn tell(&self, fields: Reassembly, walk: &mut Walk<'_>) {
        walk.plain_group(Span::NONE, fields.group);
        for piece in &self.pieces {
            if let Buffer::Frame(frame) = piece.buffer.kind() {
                walk.work_out(fields.fragment, Value::Unsigned(frame.number().into()), *piece);
            }
        }
        walk.work_out(fields.count, Value::Unsigned(self.fragments.into()), Span::NONE);
        walk.work_out(fields.length, Value::Unsigned(self.len().into()), Span::NONE);
        if self.overlap {
            walk.holds(fields.overlap);
            let text = format_args!(
                "Fragments overlap: of bytes that came twice, those of the one that begins first count"
            );
            walk.note(Severity::Broken, Span::NONE, text);
        }
        walk.close();
    }

    /// Puts its bytes together. IP itself bounds them: an offset and a length have 16 bits each.
    #[must_use]
    pub fn join(&self, frames: &dyn Frames) -> Joined<'_> {
        let mut bytes = Vec::with_capacity(self.len() as usize);
        for piece in &self.pieces {
            let Buffer::Frame(frame) = piece.buffer.kind() else { continue };
            let range = piece.start as usize..piece.end() as usize;
            bytes.extend_from_slice(frames.frame(frame).bytes.get(range).unwrap_or(&[]));
        }
        Joined { datagram: self, bytes }
    }

    /// The part of its pieces that starts `at` bytes in and is `len` bytes long.
    #[must_use]
    pub fn slice(&self, at: u32, len: u32) -> Vec<Piece> {
        slice(&self.pieces, at, len)
    }
}

/// The part of pieces that starts `at` bytes in and is at most `len` bytes long.
pub(crate) fn slice(pieces: &[Piece], at: u32, len: u32) -> Vec<Piece> {
    let (mut skip, mut left) = (at, len);
    let mut found = Vec::new();
    for piece in pieces {
        let part = piece.part(skip as usize, left as usize);
        skip = skip.saturating_sub(piece.len);
        left -= part.len;
        if part.len > 0 {
            found.push(part);
        }
    }
    found
}

impl Joined<'_> {
    /// All of it, to be read; `number` tells it from others of its frame.
    pub(super) fn part(&self, number: usize) -> Part<'_> {
        let buffer = Self::buffer(number);
        let span = Span { buffer, start: 0, len: self.bytes.len() as u32 };
        Part { bytes: &self.bytes, span, wire: self.bytes.len() }
    }

    /// The name under which the walk knows its bytes.
    pub(crate) const fn buffer(number: usize) -> BufferId {
        BufferId::derived(number as u32)
    }

    /// Where a run of its bytes lies, if all of it came in one fragment.
    pub(super) fn place(&self, span: Span) -> Span {
        match self.datagram.slice(span.start, span.len).as_slice() {
            [piece] => *piece,
            _ => Span::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;

    /// What lies at these bytes of a datagram of three and five bytes.
    #[track_caller]
    fn check((at, len): (u32, u32), expected: &[(u32, u32, u32)]) {
        let pieces = [Span::frame(FrameId(4), 34, 3), Span::frame(FrameId(7), 20, 5)];
        let expected: Vec<_> = expected
            .iter()
            .map(|(frame, start, len)| Span::frame(FrameId(*frame), *start, *len))
            .collect();
        assert_eq!(slice(&pieces, at, len), expected);
    }

    #[test]
    fn a_part_of_pieces_is_pieces_again() {
        check((0, 3), &[(4, 34, 3)]);
        check((1, 3), &[(4, 35, 2), (7, 20, 1)]);
        check((3, 2), &[(7, 20, 2)]);
        check((4, u32::MAX), &[(7, 21, 4)]);
        check((8, 1), &[]);
    }
}
