//! Messages out of ordered bytes: a piece may hold many, and one may span pieces.

use super::wire::message_len;
use crate::limits::{MAX_HANDSHAKE, MAX_HANDSHAKE_PIECES};
use crate::span::Piece;

/// The bytes of one side and epoch that make no whole message yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    /// Bytes still to come of a message that is not kept.
    skipping: usize,
    /// Bytes are missing, and with them the place where the next message begins.
    adrift: bool,
}

impl Assembly {
    /// Adds the bytes that come next, and where they lie.
    pub(super) fn push(&mut self, bytes: &[u8], place: Piece) {
        let skip = self.skipping.min(bytes.len());
        self.skipping -= skip;
        let rest = bytes.get(skip..).unwrap_or(&[]);
        if !rest.is_empty() && !self.adrift {
            self.bytes.extend_from_slice(rest);
            self.pieces.push(place.from(skip));
        }
    }

    /// So many bytes are missing. Inside a message whose length is known they cost that message;
    /// else nobody knows where the next one begins.
    pub(super) fn lose(&mut self, missing: u64) {
        let have = self.bytes.len();
        let rest = match self.message_len() {
            _ if self.skipping > 0 => self.skipping,
            Some(len) => len.saturating_sub(have),
            None => 0,
        };
        match usize::try_from(missing).ok().and_then(|missing| rest.checked_sub(missing)) {
            Some(rest) => self.skipping = rest,
            None => self.adrift = true,
        }
        self.bytes.clear();
        self.pieces.clear();
    }

    /// Takes the next complete message: its bytes and where they lie.
    pub(super) fn next(&mut self) -> Option<(Vec<u8>, Vec<Piece>)> {
        loop {
            let (len, have) = (self.message_len()?, self.bytes.len());
            let in_too_many = have < len && self.pieces.len() >= MAX_HANDSHAKE_PIECES;
            if len <= MAX_HANDSHAKE && !in_too_many {
                return (have >= len).then(|| self.take(len));
            }
            self.take(len.min(have));
            self.skipping = len.saturating_sub(have);
        }
    }

    /// Takes what is there of the message at hand, its header at least: the rest will not come.
    pub(super) fn cut(&mut self) -> Option<(Vec<u8>, Vec<Piece>)> {
        let (len, have) = (self.message_len()?, self.bytes.len());
        self.skipping = len.saturating_sub(have);
        Some(self.take(have))
    }

    /// How long the message at hand is with its header.
    fn message_len(&self) -> Option<usize> {
        message_len(&self.bytes)
    }

    fn take(&mut self, len: usize) -> (Vec<u8>, Vec<Piece>) {
        let rest = self.bytes.split_off(len.min(self.bytes.len()));
        let message = std::mem::replace(&mut self.bytes, rest);
        let mut left = len;
        let mut taken = Vec::new();
        self.pieces.retain_mut(|piece| {
            let part = piece.part(0, left);
            if part.len > 0 {
                left -= part.len as usize;
                taken.push(part);
            }
            *piece = piece.from(part.len as usize);
            piece.len > 0
        });
        (message, taken)
    }

    /// Where the bytes it keeps lie.
    pub(super) fn places(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether it is as it was at the beginning.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.skipping == 0 && !self.adrift
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;
    use crate::span::Span;

    fn push(assembly: &mut Assembly, frame: u32, bytes: &[u8]) {
        assembly.push(bytes, Span::frame(FrameId(frame), 0, bytes.len() as u32));
    }

    fn messages(assembly: &mut Assembly) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| assembly.next()).map(|(bytes, _)| bytes).collect()
    }

    #[test]
    fn messages_come_out_whole_however_pieces_cut_them() {
        let stream: Vec<u8> =
            [&[20, 0, 0, 2, 9, 9][..], &[14, 0, 0, 0], &[11, 0, 0, 1, 7]].concat();
        for cut in 0..=stream.len() {
            let mut assembly = Assembly::default();
            let mut found = Vec::new();
            for (start, part) in [(0, &stream[..cut]), (cut, &stream[cut..])] {
                let place = Span::frame(FrameId(1), start as u32, part.len() as u32);
                assembly.push(part, place);
                while let Some((bytes, pieces)) = assembly.next() {
                    let total: u32 = pieces.iter().map(|piece| piece.len).sum();
                    assert_eq!(total as usize, bytes.len());
                    found.push(bytes);
                }
            }
            assert_eq!(found, [&stream[..6], &stream[6..10], &stream[10..]]);
            assert!(assembly.is_empty() && assembly.places().is_empty());
        }
    }

    #[test]
    fn a_message_too_long_to_keep_is_passed_over() {
        let mut assembly = Assembly::default();
        push(&mut assembly, 0, &[11, 0xff, 0xff, 0xff, 1, 2, 3]);
        assert_eq!(assembly.next(), None);
        assert!(assembly.bytes.is_empty() && assembly.places().is_empty());
        push(&mut assembly, 1, &vec![0; 0xff_ffff - 3]);
        push(&mut assembly, 2, &[14, 0, 0, 0]);
        assert_eq!(messages(&mut assembly), [[14, 0, 0, 0]]);
    }

    #[test]
    fn a_message_in_too_many_pieces_is_passed_over() {
        // The header is four of the pieces.
        for (pieces, kept) in [(MAX_HANDSHAKE_PIECES, true), (MAX_HANDSHAKE_PIECES + 1, false)] {
            let [_, _, high, low] = (pieces as u32 - 4).to_be_bytes();
            let message = [&[11, 0, high, low][..], &vec![7; pieces - 4]].concat();
            let mut assembly = Assembly::default();
            let mut found = Vec::new();
            for (frame, byte) in (0..).zip(&message) {
                push(&mut assembly, frame, &[*byte]);
                found.extend(messages(&mut assembly));
                assert!(assembly.places().len() <= MAX_HANDSHAKE_PIECES);
            }
            push(&mut assembly, 0, &[14, 0, 0, 0]);
            found.extend(messages(&mut assembly));
            let all = [message, vec![14, 0, 0, 0]];
            assert_eq!(found, if kept { &all[..] } else { &all[1..] });
        }
    }

    #[test]
    fn missing_bytes_cost_the_message_they_are_of_or_all_that_follows() {
        fn check(before: &[u8], missing: u64, after: &[u8], expected: &[&[u8]]) {
            let mut assembly = Assembly::default();
            push(&mut assembly, 0, before);
            let mut found = messages(&mut assembly);
            assembly.lose(missing);
            push(&mut assembly, 1, after);
            found.extend(messages(&mut assembly));
            assert_eq!(found, expected, "{before:?}, {missing} missing, {after:?}");
        }
        let done = [14, 0, 0, 0];
        // Six of eight bytes, the rest of them, and one too many.
        check(&[11, 0, 0, 8, 1, 2], 4, &[&[7, 8][..], &done].concat(), &[&done]);
        check(&[11, 0, 0, 8, 1, 2], 6, &done, &[&done]);
        check(&[11, 0, 0, 8, 1, 2], 7, &done, &[]);
        // Between messages, and within a header, nobody knows what is missing.
        check(&done, 4, &done, &[&done]);
        check(&done[..3], 1, &done, &[]);
        check(&[11, 0, 0, 8, 1, 2], u64::MAX, &done, &[]);
    }
}
