//! A view: the bytes behind any span of a stretch, held or made again.

use super::derive::{Derived, Kept, Recipe, decode};
use super::reader::{Layer, Reader};
use super::stretch::Stretch;
use crate::bytes;
use crate::frames::Frames;
use crate::ids::LayerId;
use crate::limits::{MAX_JOINED, MAX_RECIPE_DEPTH};
use crate::message::{Attachment, Message};
use crate::span::{Buffer, Span};

/// All that describing a message may look at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    frames: &'a dyn Frames,
    reader: &'a Reader,
    stretch: &'a Stretch,
}

impl<'a> View<'a> {
    /// A view of one stretch of one connection.
    #[must_use]
    pub fn new(frames: &'a dyn Frames, reader: &'a Reader, stretch: &'a Stretch) -> Self {
        Self { frames, reader, stretch }
    }

    /// The frames themselves.
    #[must_use]
    pub const fn frames(&self) -> &'a dyn Frames {
        self.frames
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

    /// A reader over the bytes at a place.
    #[must_use]
    pub fn reader(&self, span: Span) -> bytes::Reader<'a> {
        bytes::Reader::new(self.bytes(span), span)
    }

    /// The layer that read a message.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&'a Layer> {
        self.reader.layer(id)
    }

    /// What is attached to a message.
    #[must_use]
    pub fn attachment(&self, message: &Message) -> Option<&'a Attachment> {
        self.stretch.attachment(message.id)
    }

    /// The runs of frame bytes that a place came from. Exact for joined buffers; for opened and
    /// decoded ones, where no byte comes from one other byte, all that went in.
    #[must_use]
    pub fn trace(&self, span: Span) -> Vec<Span> {
        let mut found = Vec::new();
        self.trace_into(span, 0, &mut found);
        found
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
                let exact = derived.recipe == Recipe::Join;
                let mut start = 0u64;
                for piece in self.stretch.pieces(derived) {
                    let end = start + u64::from(piece.len);
                    let from = u64::from(span.start).max(start);
                    let to = u64::from(span.end()).min(end);
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
                Some(derived) if depth < MAX_RECIPE_DEPTH => self.derived(derived, depth),
                _ => return &[],
            },
        };
        let rest = whole.get(span.start as usize..).unwrap_or(&[]);
        rest.get(..span.len as usize).unwrap_or(rest)
    }

    fn derived(&self, derived: &'a Derived, depth: usize) -> &'a [u8] {
        match &derived.kept {
            Kept::Arena { segment, start } => {
                self.stretch.arena(*segment, *start, derived.len).unwrap_or(&[])
            }
            Kept::Later(cell) => cell.get_or_init(|| self.make(derived, depth).into()),
        }
    }

    fn make(&self, derived: &Derived, depth: usize) -> Vec<u8> {
        let mut joined = Vec::new();
        for piece in self.stretch.pieces(derived) {
            if joined.len() as u64 + u64::from(piece.len) > MAX_JOINED && piece.len != u32::MAX {
                break;
            }
            joined.extend_from_slice(self.bytes_at(*piece, depth + 1));
        }
        match derived.recipe {
            Recipe::Join => joined,
            Recipe::Decode(coding) => decode(coding, &joined),
            Recipe::Open { key, number } => {
                let mut plain = Vec::new();
                if let Some(opener) = self.reader.opener(key) {
                    opener.open(number, &joined, &mut plain);
                }
                plain
            }
        }
    }
}
