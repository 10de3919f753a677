//! What a session may do with places and bytes: join, open, decode, make, keep for a table and
//! recall.

use std::sync::{Arc, OnceLock};

use super::derive::{Coding, Kept, KeyId, Opener, Recipe};
use super::out::{Out, Rope};
use super::value::{Origin, Value};
use super::view::View;
use crate::span::{Piece, Span};

/// Places and bytes.
impl Out<'_> {
    /// The place of `len` unread bytes from stream offset `at` on.
    pub fn span(&mut self, at: u64, len: usize) -> Span {
        let Rope { at: mut start, pieces, last } = self.rope;
        let end = at.saturating_add(len as u64);
        if pieces.is_empty() {
            return last.part(at.saturating_sub(start) as usize, len);
        }
        let found = pieces.iter().chain([&last]).filter_map(|piece| {
            let (from, to) = (start, start + u64::from(piece.len));
            start = to;
            (to > at && from < end).then(|| {
                let skip = at.saturating_sub(from);
                piece.part(skip as usize, (end.min(to) - from - skip) as usize)
            })
        });
        self.stretch.join_all(found)
    }

    /// Pieces as one span: themselves where they are one run, else a buffer derived by joining.
    pub fn join(&mut self, pieces: &[Piece]) -> Span {
        self.stretch.join(pieces)
    }

    /// The bytes at a place, made again where they are not at hand.
    #[must_use]
    pub fn bytes(&self, span: Span) -> &[u8] {
        View::over(self.frames, self.shared, self.stretch).bytes(span)
    }

    /// Takes a key into use.
    pub fn add_key(&mut self, opener: Arc<dyn Opener>) -> KeyId {
        self.shared.openers.add(opener)
    }

    /// Opens a sealed record: `bytes` are its bytes, which lie at `place`. The span of what the
    /// opener puts out, or `None` if it does not open.
    pub fn open(&mut self, key: KeyId, number: u64, place: Span, bytes: &[u8]) -> Option<Span> {
        let opener = Arc::clone(self.shared.openers.get(key)?);
        let recipe = Recipe::Open { key, number };
        self.put(recipe, place, bytes.len(), |room| opener.open(number, bytes, room))
    }

    /// A buffer that this session has worked out of what lies at `place` with a state of its own
    /// (a table, an inflater that carries its window over): `make` appends its bytes, and says
    /// whether it could. Nobody can make them again but by reading from a checkpoint.
    pub fn make_of(
        &mut self,
        place: Span,
        make: impl FnOnce(&mut Vec<u8>) -> bool,
    ) -> Option<Span> {
        self.put_made(Recipe::Made, place, make)
    }

    /// A buffer that decodes what lies at `place`, made at once: `make` appends its bytes.
    pub fn decoded(
        &mut self,
        coding: Coding,
        place: Span,
        make: impl FnOnce(&mut Vec<u8>),
    ) -> Option<Span> {
        self.put_made(Recipe::Decode(coding), place, |made| {
            make(made);
            true
        })
    }

    /// Puts away what `make` appends, whose length nobody knows beforehand.
    fn put_made(
        &mut self,
        recipe: Recipe,
        place: Span,
        make: impl FnOnce(&mut Vec<u8>) -> bool,
    ) -> Option<Span> {
        let mut made = Vec::new();
        if !make(&mut made) {
            return None;
        }
        self.put(recipe, place, made.len(), |room| {
            room.copy_from_slice(&made);
            Some(made.len())
        })
    }

    fn put(
        &mut self,
        recipe: Recipe,
        place: Span,
        most: usize,
        put: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<Span> {
        let (chunk, start, len) = self.stretch.put(self.depth, most, put)?;
        let kept = Kept::Arena { chunk, start };
        let buffer = self.stretch.derive(recipe, &[place], len, kept);
        Some(Span { buffer, start: 0, len })
    }

    /// Keeps the bytes at a place for a table: they outlive this stretch, and their origin stays
    /// known.
    #[must_use]
    pub fn keep(&self, span: Span) -> Value {
        let view = View::over(self.frames, self.shared, self.stretch);
        let origin = Origin { frame: self.moment.frame, span };
        // No row says where a value came from.
        let places = if self.shared.is_brief { Vec::new() } else { view.trace(span) };
        Value::new(view.bytes(span), places, origin)
    }

    /// A value that a table gave: its bytes are shared, and it leads to where it was put there.
    pub fn recall(&mut self, value: &Value) -> Span {
        let len = value.bytes().len() as u32;
        let kept = Kept::Value(value.clone());
        let buffer = self.stretch.derive(Recipe::Recalled, &[], len, kept);
        Span { buffer, start: 0, len }
    }

    /// A value of a table that never changes: `place` is where it is named.
    pub fn fixed(&mut self, bytes: &'static [u8], place: Span) -> Span {
        let len = bytes.len() as u32;
        let buffer = self.stretch.derive(Recipe::Recalled, &[place], len, Kept::Fixed(bytes));
        Span { buffer, start: 0, len }
    }

    /// A buffer that decodes what lies at `place`, made only when somebody looks. Its length is
    /// not known before; the span claims all of it.
    pub fn decode(&mut self, coding: Coding, place: Span) -> Span {
        let kept = Kept::Later(OnceLock::new());
        let buffer = self.stretch.derive(Recipe::Decode(coding), &[place], u32::MAX, kept);
        Span { buffer, start: 0, len: u32::MAX }
    }
}
