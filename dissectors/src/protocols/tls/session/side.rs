//! One direction of a TLS session: its epoch, its keys, and the handshake message it is in.

use super::super::handshake::HEADER_LEN;
use super::super::record::resynchronize;
use crate::engine::derive::KeyId;
use crate::limits::MAX_HANDSHAKE;
use crate::message::Protection;
use crate::span::Piece;

/// Bytes that may pass in search of the next record. The longest record is shorter than that.
const MAX_SEARCH: usize = 1 << 16;

/// Under which keys a direction speaks, in the order in which they are taken into use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Epoch {
    /// None.
    #[default]
    Clear,
    /// Those of early data (TLS 1.3).
    Early,
    /// Those of the handshake (TLS 1.3).
    Handshake,
    /// Those of application data, and all of TLS 1.2.
    Application,
}

impl Epoch {
    /// How messages of this epoch are protected.
    pub(super) fn protection(self) -> Protection {
        match self {
            Self::Clear => Protection::Clear,
            Self::Early => Protection::Early,
            Self::Handshake => Protection::Handshake,
            Self::Application => Protection::Application,
        }
    }

    /// The epochs that may follow, in order.
    pub(super) fn later(self) -> &'static [Self] {
        match self {
            Self::Clear | Self::Early => &[Self::Handshake, Self::Application],
            Self::Handshake => &[Self::Application],
            Self::Application => &[],
        }
    }
}

/// A key of an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Key {
    /// Nobody has asked for it.
    #[default]
    Unasked,
    /// The key log does not hold it, or we cannot open its suite.
    Missing,
    /// What opens, and the secret it came from (TLS 1.3).
    Known(KeyId, Vec<u8>),
}

impl Key {
    pub(super) fn id(&self) -> Option<KeyId> {
        match self {
            Self::Known(id, _) => Some(*id),
            _ => None,
        }
    }
}

/// One direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// The epoch it is in.
    pub(super) epoch: Epoch,
    /// The number of the next record in it.
    pub(super) number: u64,
    /// The keys of all epochs, by [`Epoch`] as a number.
    keys: [Key; 4],
    /// The handshake message it is in.
    pub(super) assembly: Assembly,
    /// Whether it has lost the thread and looks for the next record.
    pub(super) adrift: bool,
    /// How many records may be missing before the next one.
    pub(super) missing: u64,
    /// How many numbers were tried after gaps.
    pub(super) tries: u64,
    /// How many bytes it has passed over in search of a record.
    pub(super) skipped: usize,
    /// Whether it has read a record.
    pub(super) started: bool,
}

impl Side {
    /// The key of an epoch.
    pub(super) fn key(&self, epoch: Epoch) -> &Key {
        self.keys.get(epoch as usize).unwrap_or(&Key::Missing)
    }

    /// Keeps the key of an epoch.
    pub(super) fn set_key(&mut self, epoch: Epoch, key: Key) {
        if let Some(place) = self.keys.get_mut(epoch as usize) {
            *place = key;
        }
    }

    /// Looks for the next record: how many bytes to pass over; nothing where the search has gone
    /// on for too long.
    pub(super) fn search(&mut self, bytes: &[u8]) -> Option<usize> {
        let skip = resynchronize(bytes).unwrap_or(bytes.len());
        self.adrift = skip > 0;
        self.skipped += skip;
        (self.skipped <= MAX_SEARCH).then_some(skip)
    }

    /// Goes on in another epoch, where counting starts again.
    pub(super) fn enter(&mut self, epoch: Epoch) {
        self.epoch = epoch;
        self.number = 0;
    }

    /// Forgets the keys that a new handshake makes anew.
    pub(super) fn forget_keys(&mut self) {
        self.set_key(Epoch::Handshake, Key::Unasked);
        self.set_key(Epoch::Application, Key::Unasked);
    }
}

/// Handshake messages on their way together: one may span records, and a record may hold many.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// Bytes of a message too long to keep that are still to come.
    skipping: usize,
}

impl Assembly {
    /// Adds the content of a record.
    pub(super) fn push(&mut self, bytes: &[u8], place: Piece) {
        let skip = self.skipping.min(bytes.len());
        self.skipping -= skip;
        let rest = bytes.get(skip..).unwrap_or(&[]);
        if !rest.is_empty() {
            self.bytes.extend_from_slice(rest);
            self.pieces.push(place.from(skip));
        }
    }

    /// Takes the next complete message: its bytes and where they lie.
    pub(super) fn next(&mut self) -> Option<(Vec<u8>, Vec<Piece>)> {
        let header = self.bytes.first_chunk::<HEADER_LEN>()?;
        let [_, high, middle, low] = header.map(usize::from);
        let len = HEADER_LEN + (high << 16 | middle << 8 | low);
        if len > MAX_HANDSHAKE {
            self.skipping = len.saturating_sub(self.bytes.len());
            self.take(len.min(self.bytes.len()));
            return None;
        }
        (self.bytes.len() >= len).then(|| self.take(len))
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;
    use crate::span::Span;

    #[test]
    fn messages_come_out_whole_however_records_cut_them() {
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
            assert!(assembly.bytes.is_empty() && assembly.pieces.is_empty());
        }
    }

    #[test]
    fn a_message_too_long_to_keep_is_passed_over() {
        let mut assembly = Assembly::default();
        let long = [11, 0xff, 0xff, 0xff, 1, 2, 3];
        assembly.push(&long, Span::frame(FrameId(0), 0, 7));
        assert_eq!(assembly.next(), None);
        assert!(assembly.bytes.is_empty() && assembly.pieces.is_empty());
        let body = vec![0; 0xff_ffff - 3];
        assembly.push(&body, Span::frame(FrameId(1), 0, body.len() as u32));
        assembly.push(&[14, 0, 0, 0], Span::frame(FrameId(2), 0, 4));
        assert_eq!(assembly.next().map(|(bytes, _)| bytes), Some(vec![14, 0, 0, 0]));
    }
}
