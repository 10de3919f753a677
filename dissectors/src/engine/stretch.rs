//! A stretch: what a connection's reader put out between two points.
//!
//! A stretch can be described without any other: messages that were still open at its start, and
//! the recipes their places rest on, were carried into it. A message lies in the stretch that
//! completes it.

use std::sync::{Arc, OnceLock};

use super::arena::{Arena, Chunk, Pool};
use super::attached::{Attached, Attachments};
use super::derive::{Derived, Kept, Recipe};
use super::layers::Layers;
use super::slot::{Layer, Lineage};
use crate::ids::{FrameId, LayerId, MessageId, ProtocolId};
use crate::limits::MAX_NOTES;
use crate::maps::FastMap;
use crate::message::{Attachment, Message, Related};
use crate::span::{Buffer, BufferId, Piece, Span};

/// Why nobody reads on, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The frame on which that turned out.
    pub frame: FrameId,
    /// The first bytes that are not read.
    pub span: Span,
    /// Who has read until there.
    pub protocol: ProtocolId,
    /// Why.
    pub reason: &'static str,
}

/// Messages, derived buffers and what belongs to them.
#[derive(Debug, Default)]
pub struct Stretch {
    /// Completed messages, in the order of completion.
    pub messages: Vec<Message>,
    /// Relations found.
    pub related: Vec<Related>,
    attachments: Attachments,
    /// Where sessions gave up.
    notes: Vec<Note>,
    /// Derived buffers, numbered on from `first`.
    derived: Vec<Derived>,
    first: u32,
    /// Recipes of earlier stretches that something here rests on.
    carried: FastMap<u32, Derived>,
    pieces: Vec<Piece>,
    /// Bytes of derived buffers.
    arena: Arena,
    /// The layers that its messages name.
    layers: Layers,
}

impl Stretch {
    /// An empty stretch whose first derived buffer has this number.
    #[must_use]
    pub fn starting_at(first: u32) -> Self {
        Self { first, ..Self::default() }
    }

    /// An empty stretch whose derived buffers take room from this pool.
    pub(super) fn in_pool(pool: &Pool) -> Self {
        Self { arena: Arena::of(Some(Arc::clone(pool))), ..Self::default() }
    }

    /// A copy of a stretch that nothing was read into yet: what was carried into it.
    pub(super) fn fork(&self) -> Self {
        let copy = |derived: &Derived| Derived {
            recipe: derived.recipe,
            pieces: derived.pieces.clone(),
            len: derived.len,
            kept: self.carried_over(derived),
        };
        let carried = self.carried.iter().map(|(number, one)| (*number, copy(one))).collect();
        Self { first: self.first, carried, pieces: self.pieces.clone(), ..Self::default() }
    }

    /// About how many bytes of memory reading into it took: quick to say, unlike
    /// [`Stretch::cost`].
    #[must_use]
    pub fn size(&self) -> usize {
        self.messages.len() * size_of::<Message>()
            + self.related.len() * size_of::<Related>()
            + self.derived.len() * size_of::<Derived>()
            + self.pieces.len() * size_of::<Piece>()
            + self.attachments.cost()
            + self.arena.len()
    }

    /// The number the next derived buffer gets.
    #[must_use]
    pub fn next_buffer(&self) -> u32 {
        self.first + self.derived.len() as u32
    }

    /// About how many bytes of memory it takes, recipes derived again included.
    #[must_use]
    pub fn cost(&self) -> usize {
        let late = |derived: &Derived| match &derived.kept {
            Kept::Later(cell) => cell.get().map_or(0, |bytes| bytes.len()),
            Kept::Shared(bytes) => bytes.len(),
            Kept::Arena { .. } | Kept::Value(_) | Kept::Fixed(_) => 0,
        };
        self.messages.len() * size_of::<Message>()
            + self.related.len() * size_of::<Related>()
            + (self.derived.len() + self.carried.len()) * size_of::<Derived>()
            + self.pieces.len() * size_of::<Piece>()
            + self.arena.len()
            + self.attachments.cost()
            + self.derived.iter().chain(self.carried.values()).map(late).sum::<usize>()
    }

    /// What is attached to a message.
    #[must_use]
    pub fn attachment(&self, id: MessageId) -> Option<&Attachment> {
        self.attachments.get(id)
    }

    pub(super) fn attach(&mut self, id: MessageId, attachment: Attachment) {
        if !attachment.is_empty() {
            *self.attachments.change(id) = attachment;
        }
    }

    /// What is attached to a message, to be changed.
    pub(super) fn change(&mut self, id: MessageId) -> Attached<'_> {
        self.attachments.change(id)
    }

    /// Whether something may be missing beside a message because too much was attached.
    pub(crate) fn may_lack(&self, id: MessageId) -> bool {
        self.attachments.may_lack(id)
    }

    /// Notes that nobody reads on.
    pub(super) fn note(&mut self, note: Note) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        }
    }

    /// Where sessions gave up.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// A derived buffer by number, carried ones included.
    #[must_use]
    pub fn derived(&self, number: u32) -> Option<&Derived> {
        match number.checked_sub(self.first) {
            Some(index) => self.derived.get(index as usize),
            None => self.carried.get(&number),
        }
    }

    /// The pieces a derived buffer is made of.
    #[must_use]
    pub fn pieces(&self, derived: &Derived) -> &[Piece] {
        self.pieces.get(derived.pieces.start as usize..derived.pieces.end as usize).unwrap_or(&[])
    }

    /// A chunk of the arena, to read while others are added to.
    pub(super) fn chunk(&self, number: u32) -> Option<Arc<Chunk>> {
        self.arena.chunk(number)
    }

    /// Puts up to `most` bytes into the arena: see [`Arena::put`].
    pub(super) fn put(
        &mut self,
        depth: usize,
        most: usize,
        put: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<(u32, u32, u32)> {
        self.arena.put(depth, most, put)
    }

    /// Remembers a layer, and those below it, that a message names.
    pub(super) fn note_layers(&mut self, lineage: &Lineage) {
        self.layers.add(lineage);
    }

    /// The layer that read a message of this stretch.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&Layer> {
        self.layers.get(id)
    }

    /// Puts messages in the order of the frames they stand on: what waited for a key, or for
    /// bytes in front of it, was completed later than what follows it.
    pub(super) fn sort(&mut self) {
        self.messages.sort_by_key(|message| message.done);
    }

    /// Bytes that lie in the arena.
    #[must_use]
    pub(super) fn arena(&self, chunk: u32, start: u32, len: u32) -> Option<&[u8]> {
        self.arena.bytes(chunk, start, len)
    }

    /// How a later stretch holds the bytes of a derived buffer: those that nobody can make again
    /// are shared, all others are made when somebody looks.
    fn carried_over(&self, derived: &Derived) -> Kept {
        match (&derived.kept, derived.recipe) {
            (Kept::Shared(bytes), _) => Kept::Shared(Arc::clone(bytes)),
            (Kept::Value(value), _) => Kept::Value(value.clone()),
            (Kept::Fixed(bytes), _) => Kept::Fixed(bytes),
            (Kept::Arena { chunk, start }, Recipe::Made) => {
                let bytes = self.arena(*chunk, *start, derived.len);
                Kept::Shared(bytes.unwrap_or_default().into())
            }
            (Kept::Arena { .. } | Kept::Later(_), _) => Kept::Later(OnceLock::new()),
        }
    }

    /// How many derived buffers, and how many pieces of them, were taken over from earlier
    /// stretches: what a checkpoint copies.
    #[must_use]
    pub fn carried(&self) -> (usize, usize) {
        let pieces = self.carried.values().map(|derived| derived.pieces.len()).sum();
        (self.carried.len(), pieces)
    }

    /// Adds a derived buffer.
    pub(super) fn derive(
        &mut self,
        recipe: Recipe,
        pieces: &[Piece],
        len: u32,
        kept: Kept,
    ) -> BufferId {
        let pieces = self.add_pieces(pieces);
        let number = self.next_buffer();
        self.derived.push(Derived { recipe, pieces, len, kept });
        BufferId::derived(number)
    }

    fn add_pieces(&mut self, pieces: &[Piece]) -> std::ops::Range<u32> {
        let start = self.pieces.len() as u32;
        self.pieces.extend_from_slice(pieces);
        start..self.pieces.len() as u32
    }

    /// The pieces as one span: themselves where they are one run, else a join.
    pub fn join(&mut self, pieces: &[Piece]) -> Span {
        self.join_all(pieces.iter().copied())
    }

    /// The same of pieces that are found one after the other.
    pub(super) fn join_all(&mut self, pieces: impl Iterator<Item = Piece>) -> Span {
        let start = self.pieces.len();
        let mut len = 0u32;
        for piece in pieces {
            len = len.saturating_add(piece.len);
            match self.pieces.get_mut(start..).and_then(<[Piece]>::last_mut) {
                Some(last) if last.buffer == piece.buffer && last.end() == piece.start => {
                    last.len += piece.len;
                }
                _ => self.pieces.push(piece),
            }
        }
        match self.pieces.get(start..) {
            None | Some([]) => Span::NONE,
            Some([one]) => {
                let one = *one;
                self.pieces.truncate(start);
                one
            }
            Some(_) => {
                let pieces = start as u32..self.pieces.len() as u32;
                let (recipe, kept) = (Recipe::Join, Kept::Later(OnceLock::new()));
                let buffer = BufferId::derived(self.next_buffer());
                self.derived.push(Derived { recipe, pieces, len, kept });
                Span { buffer, start: 0, len }
            }
        }
    }

    /// Takes over from `earlier` every recipe that the given places rest on.
    pub(super) fn carry(&mut self, earlier: &Self, places: impl Iterator<Item = Span>) {
        self.arena = earlier.arena.another();
        let mut wanted: Vec<BufferId> = places.map(|span| span.buffer).collect();
        while let Some(buffer) = wanted.pop() {
            let Buffer::Derived(number) = buffer.kind() else { continue };
            if self.carried.contains_key(&number) {
                continue;
            }
            let Some(derived) = earlier.derived(number) else { continue };
            let old = earlier.pieces(derived);
            wanted.extend(old.iter().map(|piece| piece.buffer));
            let kept = earlier.carried_over(derived);
            let (recipe, len) = (derived.recipe, derived.len);
            let copy = Derived { recipe, pieces: self.add_pieces(old), len, kept };
            self.carried.insert(number, copy);
        }
    }

    /// The places everything attached to this message rests on.
    pub(super) fn places(message: &Message, attachment: &Attachment) -> Vec<Span> {
        let mut places = vec![message.span];
        places.extend(attachment.parts.iter().map(|part| part.span));
        places
    }
}
