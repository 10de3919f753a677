//! One direction of a TLS session: its epoch, its keys, and where it stands in its records.

use super::super::handshake::Epoch;
use super::super::reason::Reason;
use super::super::record::resynchronize;
use super::compression::Compression;
use crate::engine::derive::KeyId;
use crate::span::Span;

/// Bytes that may pass in search of the next record. The longest record is shorter than that.
const MAX_SEARCH: usize = 1 << 16;

/// A key of an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Key {
    /// Nobody has asked for it.
    #[default]
    Unasked,
    /// There is none, and why.
    Missing(Reason),
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
    /// Whether it has lost the thread and looks for the next record.
    pub(super) adrift: bool,
    /// How many records may be missing before the next one.
    pub(super) missing: u64,
    /// Whether something is missing, and nothing was opened since.
    pub(super) is_behind: bool,
    /// How many numbers were tried after gaps.
    pub(super) tries: u64,
    /// How many bytes it has passed over in search of a record.
    pub(super) skipped: usize,
    /// Whether it has read a record.
    pub(super) started: bool,
    /// Where records are chained: the last block of the one before, and its place.
    pub(super) last_block: Option<(Span, Vec<u8>)>,
    /// How its records are compressed.
    pub(super) compression: Compression,
}

impl Side {
    /// The key of an epoch.
    pub(super) fn key(&self, epoch: Epoch) -> &Key {
        self.keys.get(epoch as usize).unwrap_or(&Key::Unasked)
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
        self.last_block = None;
    }

    /// Forgets the keys that a new handshake makes anew.
    pub(super) fn forget_keys(&mut self) {
        self.set_key(Epoch::Handshake, Key::Unasked);
        self.set_key(Epoch::Application, Key::Unasked);
    }
}
