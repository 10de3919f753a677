//! Messages that are numbered and come in fragments: DTLS (RFC 9147, section 5.2; RFC 6347,
//! section 4.2.2). What comes out has the form that TLS gives its messages.
//!
//! ```text
//!   |type 1|length 3|sequence 2|offset 3|length of fragment 3|  fragment  |
//!   └───────┬──────┘                                         └─────┬──────┘
//!           └──────────── |type 1|length 3|  body  | ──────────────┘
//! ```

use std::collections::BTreeMap;

use super::epoch::Epoch;
use super::wire::{HEADER_LEN, HandshakeType};
use crate::bytes::{Reader, Short};
use crate::engine::ordered::{Event, Ordered, Piece};
use crate::engine::session::Out;
use crate::limits::{MAX_FLIGHT, MAX_HANDSHAKE, MAX_HANDSHAKE_PIECES};
use crate::span::Span;

/// One fragment of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// What the message is.
    pub kind: HandshakeType,
    /// How long its body is, in bytes.
    pub len: u32,
    /// Which of the sender's messages it is.
    pub sequence: u16,
    /// Where in the body the fragment begins.
    pub offset: u32,
    /// Where type and length of the message lie.
    pub head: Span,
    /// Where the part of the body lies.
    pub body: Span,
}

impl Fragment {
    /// Reads the next fragment: several may stand behind one another.
    pub fn read(from: &mut Reader<'_>) -> Result<Self, Short> {
        let head = from.span().part(0, HEADER_LEN);
        let (kind, _) = from.u8("handshake type")?;
        let (len, _) = from.number(3, "handshake length")?;
        let (sequence, _) = from.u16("message sequence")?;
        let (offset, _) = from.number(3, "fragment offset")?;
        let (fragment_len, _) = from.number(3, "fragment length")?;
        let (_, body) = from.take(fragment_len as usize, "handshake fragment")?;
        let kind = HandshakeType(kind);
        Ok(Self { kind, len: len as u32, sequence, offset: offset as u32, head, body })
    }
}

/// A message that came whole and in its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Under which keys it came.
    pub epoch: Epoch,
    /// Where it lies, in the form of TLS.
    pub place: Span,
}

/// The fragments of one side. A handshake of TLS 1.2 counts its messages anew: it begins with
/// fragments of its own.
#[derive(Clone, Debug, Default)]
pub struct Fragments {
    /// The message that comes next.
    next: u16,
    /// That one and those after it, as far as they came.
    waiting: BTreeMap<u16, Partial>,
}

/// A message of which fragments came.
#[derive(Clone, Debug)]
struct Partial {
    epoch: Epoch,
    first: Fragment,
    body: Ordered,
    pieces: Vec<Span>,
}

impl Fragments {
    /// Those of a side whose next message has that number: a capture may begin inside a handshake.
    #[must_use]
    pub fn from(next: u16) -> Self {
        Self { next, ..Self::default() }
    }

    /// Whether the message of that number was read, or passed over.
    #[must_use]
    pub fn has_read(&self, sequence: u16) -> bool {
        self.ahead(sequence) > u16::MAX / 2
    }

    /// Takes a fragment; the messages that are now whole come out in their order.
    ///
    /// What was read is not read again, and a fragment that contradicts the first one of its
    /// message is left out. A sender that is far ahead has had an answer to its last flight, so
    /// nothing of that flight comes any more: what is missing of it is passed over.
    #[must_use]
    pub fn push(&mut self, fragment: Fragment, epoch: Epoch, out: &mut Out<'_>) -> Vec<Whole> {
        let mut found = Vec::new();
        let ahead = self.ahead(fragment.sequence);
        if ahead > u16::MAX / 2 {
            return found;
        }
        if ahead >= MAX_FLIGHT {
            let oldest = fragment.sequence.wrapping_sub(MAX_FLIGHT - 1);
            while self.next != oldest {
                found.extend(self.pop(out));
                self.next = self.next.wrapping_add(1);
            }
        }
        let partial = self.waiting.entry(fragment.sequence).or_insert_with(|| Partial {
            epoch,
            first: fragment,
            body: Ordered::default(),
            pieces: Vec::new(),
        });
        partial.push(fragment, epoch);
        while self.waiting.get(&self.next).is_some_and(Partial::is_settled) {
            found.extend(self.pop(out));
            self.next = self.next.wrapping_add(1);
        }
        found
    }

    fn ahead(&self, sequence: u16) -> u16 {
        sequence.wrapping_sub(self.next)
    }

    /// Takes the message that comes next, where it is whole.
    fn pop(&mut self, out: &mut Out<'_>) -> Option<Whole> {
        let partial = self.waiting.remove(&self.next).filter(Partial::is_whole)?;
        let pieces: Vec<Span> = [partial.first.head].into_iter().chain(partial.pieces).collect();
        Some(Whole { epoch: partial.epoch, place: out.join(&pieces) })
    }

    /// Where the bytes that wait lie.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.waiting.values().flat_map(|partial| {
            let passed = partial.pieces.iter().copied();
            passed.chain([partial.first.head]).chain(partial.body.places())
        })
    }
}

impl Partial {
    fn push(&mut self, fragment: Fragment, epoch: Epoch) {
        let (Fragment { kind, len, .. }, place) = (self.first, fragment.body);
        let end = u64::from(fragment.offset) + u64::from(place.len);
        let fits = (fragment.kind, fragment.len, epoch) == (kind, len, self.epoch);
        if self.is_settled() || !fits || end > u64::from(len) || place.len == 0 {
            return;
        }
        let piece = Piece { span: place, len: place.len.into() };
        let mut events = Vec::new();
        self.body.push(fragment.offset.into(), piece, &mut events);
        self.pieces.extend(events.into_iter().filter_map(|event| match event {
            Event::Data(span) => Some(span),
            Event::Gap(_) | Event::End => None,
        }));
    }

    fn is_whole(&self) -> bool {
        self.body.next() == u64::from(self.first.len)
    }

    /// Whether it is done with: whole, or given up as one that is too long or in too many pieces.
    fn is_settled(&self) -> bool {
        let pieces = self.pieces.len() + self.body.waiting();
        self.is_whole()
            || HEADER_LEN + self.first.len as usize > MAX_HANDSHAKE
            || pieces >= MAX_HANDSHAKE_PIECES
    }
}
