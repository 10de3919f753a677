//! A view: the bytes behind any span of a stretch, held or made again.

use super::announce::Shared;
use super::derive::{Derived, Kept, KeyId, Opener, Recipe, decode};
use super::slot::Layer;
use super::stretch::Stretch;
use super::tcp::Numbering;
use super::value::Origin;
use crate::bytes;
use crate::frames::Frames;
use crate::ids::LayerId;
use crate::limits::{MAX_JOINED, MAX_RECIPE_DEPTH};
use crate::message::{Attachment, Message, MessagePart};
use crate::span::{Buffer, Span};
use crate::typed::{Code, Fact};

/// All that describing a message may look at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    frames: &'a dyn Frames,
    shared: &'a Shared,
    stretch: &'a Stretch,
}

impl<'a> View<'a> {
    /// A view of one stretch of one connection, of which `shared` is known.
    pub(super) const fn over(
        frames: &'a dyn Frames,
        shared: &'a Shared,
        stretch: &'a Stretch,
    ) -> Self {
        Self { frames, shared, stretch }
    }

    /// The frames themselves.
    #[must_use]
    pub const fn frames(&self) -> &'a dyn Frames {
        self.frames
    }

    /// What the numbers of the connection's segments count from.
    #[must_use]
    pub const fn numbering(&self) -> &'a Numbering {
        &self.shared.numbering
    }

    /// The stretch at hand.
    #[must_use]
    pub const fn stretch(&self) -> &'a Stretch {
        self.stretch
    }

    /// The bytes at a place; fewer than the span claims where they cannot be had.
    #[must_use]
    pub fn bytes(&self, span: Span) -> &'a [u8] {
        self.bytes_at(span, 0)
    }

    /// How many bytes lie at a place. Of what is decoded only decoding tells: it is done for that
    /// alone, and what it gives is not kept.
    #[must_use]
    pub fn length(&self, span: Span) -> usize {
        if let Buffer::Derived(number) = span.buffer.kind()
            && let Some(derived) = self.stretch.derived(number)
            && let (Recipe::Decode(_), Kept::Later(cell)) = (&derived.recipe, &derived.kept)
            && cell.get().is_none()
        {
            let behind = self.make(derived, 0).len().saturating_sub(span.start as usize);
            return behind.min(span.len as usize);
        }
        self.bytes(span).len()
    }

    /// A reader over the bytes at a place.
    #[must_use]
    pub fn reader(&self, span: Span) -> bytes::Reader<'a> {
        bytes::Reader::new(self.bytes(span), span)
    }

    /// The layer that read a message.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&'a Layer> {
        self.stretch.layer(id)
    }

    /// What is attached to a message.
    #[must_use]
    pub fn attachment(&self, message: &Message) -> Option<&'a Attachment> {
        self.stretch.attachment(message.id)
    }

    /// The facts that are attached to a message; `None` if they are of another type.
    #[must_use]
    pub fn facts<F: Fact>(&self, message: &Message) -> Option<&'a F> {
        self.attachment(message)?.facts()
    }

    /// The parts that are attached to a message, in their order.
    #[must_use]
    pub fn parts(&self, message: &Message) -> &'a [MessagePart] {
        self.attachment(message).map_or(&[], |attachment| &attachment.parts)
    }

    /// Where the first part of a message with that role lies.
    #[must_use]
    pub fn part<R: Code>(&self, message: &Message, role: R) -> Option<Span> {
        self.attachment(message)?.part(role)
    }

    /// The runs of frame bytes that a place came from. Exact for joined buffers, and for those
    /// opened by a cipher that keeps every byte in its place; for others that were opened, and for
    /// decoded ones, where no byte comes from one other byte, all that went in. What a table gave
    /// leads to where it was put there, however long ago.
    #[must_use]
    pub fn trace(&self, span: Span) -> Vec<Span> {
        let mut found = Vec::new();
        self.trace_into(span, 0, &mut found);
        found
    }

    /// Where a value out of a table was put there: nothing for what no table gave, and for what a
    /// table always holds.
    #[must_use]
    pub fn origin(&self, span: Span) -> Option<Origin> {
        let Buffer::Derived(number) = span.buffer.kind() else { return None };
        match &self.stretch.derived(number)?.kept {
            Kept::Value(value) => Some(value.origin()),
            _ => None,
        }
    }

    fn opener(&self, key: KeyId) -> Option<&'a dyn Opener> {
        self.shared.openers.get(key).map(AsRef::as_ref)
    }

    fn trace_into(&self, span: Span, depth: usize, found: &mut Vec<Span>) {
        if depth > MAX_RECIPE_DEPTH {
            return;
        }
        match span.buffer.kind() {
            Buffer::None => {}
            Buffer::Frame(_) => found.push(span),
            Buffer::Derived(number) => {
                let Some(derived) = self.stretch.derived(number) else { return };
                if let Kept::Value(value) = &derived.kept {
                    found.extend(value.places());
                    return;
                }
                // A cipher that keeps bytes in their places leads from each to its sealed form.
                let shift = match derived.recipe {
                    Recipe::Join => Some(0),
                    Recipe::Open { key, .. } => self.opener(key).and_then(Opener::sealed_at),
                    Recipe::Decode(_) | Recipe::Made | Recipe::Recalled => None,
                };
                let exact = shift.is_some();
                let shift = u64::from(shift.unwrap_or(0));
                let mut start = 0u64;
                for piece in self.stretch.pieces(derived) {
                    let end = start + u64::from(piece.len);
                    let from = (u64::from(span.start) + shift).max(start);
                    let to = (u64::from(span.end()) + shift).min(end);
                    if !exact {
                        self.trace_into(*piece, depth + 1, found);
                    } else if from < to {
                        let part = piece.part((from - start) as usize, (to - from) as usize);
                        self.trace_into(part, depth + 1, found);
                    }
                    start = end;
                }
            }
        }
    }

    fn bytes_at(&self, span: Span, depth: usize) -> &'a [u8] {
        let whole = match span.buffer.kind() {
            Buffer::None => return &[],
            Buffer::Frame(frame) => self.frames.frame(frame).bytes,
            Buffer::Derived(number) => match self.stretch.derived(number) {
                Some(derived) if depth < MAX_RECIPE_DEPTH => {
                    if let Some(place) = self.in_first_piece(derived, span) {
                        return self.bytes_at(place, depth + 1);
                    }
                    self.derived(derived, depth)
                }
                _ => return &[],
            },
        };
        let rest = whole.get(span.start as usize..).unwrap_or(&[]);
        rest.get(..span.len as usize).unwrap_or(rest)
    }

    /// Where a place in joined bytes lies as long as they need not be joined for it: a head of
    /// something large mostly lies in the first of its frames.
    fn in_first_piece(&self, derived: &Derived, span: Span) -> Option<Span> {
        let first = self.stretch.pieces(derived).first()?;
        let is_inside = derived.recipe == Recipe::Join && span.end() <= first.len;
        // How long something decoded is, only decoding tells.
        let is_sized = first.len != u32::MAX;
        (is_inside && is_sized).then(|| first.part(span.start as usize, span.len as usize))
    }

    fn derived(&self, derived: &'a Derived, depth: usize) -> &'a [u8] {
        match &derived.kept {
            Kept::Arena { chunk, start } => {
                self.stretch.arena(*chunk, *start, derived.len).unwrap_or(&[])
            }
            Kept::Shared(bytes) => bytes,
            Kept::Value(value) => value.bytes(),
            Kept::Fixed(bytes) => bytes,
            Kept::Later(cell) => cell.get_or_init(|| self.make(derived, depth).into()),
        }
    }

    fn make(&self, derived: &Derived, depth: usize) -> Vec<u8> {
        let mut parts = Vec::new();
        let mut total = 0;
        for piece in self.stretch.pieces(derived) {
            if total + u64::from(piece.len) > MAX_JOINED && piece.len != u32::MAX {
                break;
            }
            let part = self.bytes_at(*piece, depth + 1);
            total += part.len() as u64;
            parts.push(part);
        }
        let joined = parts.concat();
        match derived.recipe {
            Recipe::Join => joined,
            // Its bytes went with their stretch: they are there again once it is read again.
            Recipe::Made | Recipe::Recalled => Vec::new(),
            Recipe::Decode(coding) => decode(coding, &joined),
            Recipe::Open { key, number } => {
                let mut plain = vec![0; joined.len()];
                let opener = self.opener(key);
                let len = opener.and_then(|opener| opener.open(number, &joined, &mut plain));
                plain.truncate(len.unwrap_or(0));
                plain
            }
        }
    }
}
