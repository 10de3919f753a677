//! Ordered bytes out of pieces: the one assembly for whatever numbers its bytes (TCP segments,
//! QUIC's CRYPTO and STREAM frames, SCTP's data).
//!
//! ```text
//!            delivered            hole        waiting
//!   offset 0 ─────────── next │░░░░░░░░│███│░░│██████│
//! ```
//!
//! The first copy of a byte wins, as it does in Linux. Whoever feeds it knows when a hole will
//! not be filled any more, and says so ([`Ordered::give_up_hole`]).

use std::collections::BTreeMap;

use crate::span::Span;

/// What comes out, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The next bytes of the stream.
    Data(Span),
    /// So many bytes are missing.
    Gap(u64),
    /// The stream has ended.
    End,
}

/// A piece that was sent: what the capture kept of it, and how long it was.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// Where the kept bytes lie.
    pub span: Span,
    /// Bytes on the wire, at least `span.len`.
    pub len: u64,
}

/// Pieces of one stream, being put in order.
#[derive(Clone, Debug, Default)]
pub struct Ordered {
    next: u64,
    /// Pieces beyond `next`, by their offset.
    waiting: BTreeMap<u64, Piece>,
}

impl Ordered {
    /// The offset of the first byte that has not come out.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many pieces wait behind a hole.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The offset of the first piece that waits; the end of all offsets where none does.
    #[must_use]
    pub fn first_waiting(&self) -> u64 {
        self.waiting.keys().next().copied().unwrap_or(u64::MAX)
    }

    /// The offset of the last piece that waits.
    #[must_use]
    pub fn last_waiting(&self) -> Option<u64> {
        self.waiting.keys().next_back().copied()
    }

    /// Where the waiting pieces lie.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.waiting.values().map(|piece| piece.span)
    }

    /// Takes a piece at an offset; what is now in order comes out.
    pub fn push(&mut self, start: u64, piece: Piece, events: &mut Vec<Event>) {
        if start == self.next && self.waiting.is_empty() {
            // What comes in order goes straight through.
            self.pass(piece, events);
            return;
        }
        self.insert(start, piece);
        self.drain(events);
    }

    /// The hole before the first waiting piece will not be filled: it comes out as a gap, and
    /// what waits behind it follows.
    pub fn give_up_hole(&mut self, events: &mut Vec<Event>) {
        if let Some((start, _)) = self.waiting.first_key_value() {
            let start = *start;
            self.skip_to(start, events);
            self.drain(events);
        }
    }

    /// Bytes up to this offset were never captured and will not come.
    pub fn skip_to(&mut self, offset: u64, events: &mut Vec<Event>) {
        if offset > self.next {
            events.push(Event::Gap(offset - self.next));
            self.next = offset;
        }
    }

    /// Keeps the first copy of every byte: only what no earlier piece holds is inserted.
    fn insert(&mut self, start: u64, piece: Piece) {
        let end = start.saturating_add(piece.len);
        let mut at = start.max(self.next);
        let overlapping = self.waiting.range(..end).rev();
        let mut held: Vec<(u64, u64)> = overlapping
            .map(|(from, held)| (*from, from.saturating_add(held.len)))
            .take_while(|(_, to)| *to > at)
            .collect();
        held.reverse();
        held.push((end, end));
        for (from, to) in held {
            if from > at {
                let skip = at - start;
                let len = from - at;
                let span = piece.span.part(skip as usize, len as usize);
                self.waiting.insert(at, Piece { span, len });
            }
            at = at.max(to);
        }
    }

    fn drain(&mut self, events: &mut Vec<Event>) {
        while let Some((start, piece)) = self.waiting.first_key_value() {
            if *start > self.next {
                return;
            }
            let piece = *piece;
            self.waiting.pop_first();
            self.pass(piece, events);
        }
    }

    fn pass(&mut self, piece: Piece, events: &mut Vec<Event>) {
        events.push(Event::Data(piece.span));
        let captured = u64::from(piece.span.len);
        if captured < piece.len {
            events.push(Event::Gap(piece.len - captured));
        }
        self.next = self.next.saturating_add(piece.len);
    }
}
