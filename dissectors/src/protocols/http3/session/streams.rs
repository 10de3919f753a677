//! The streams of requests that have not ended: what was asked on each, and what comes.

use std::sync::Arc;

use crate::engine::session::Out;
use crate::ids::{Both, Direction, Time};
use crate::limits::{MAX_STREAM_PIECES, MAX_STREAMS};
use crate::maps::FastMap;
use crate::protocols::multiplexed::{Carried, Content, Question};
use crate::protocols::semantics::{Asked, HttpVersion};
use crate::span::{Piece, Span};

/// One stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub(super) asked: Option<Arc<Asked>>,
    pub(super) question: Option<Question>,
    sides: Both<Side>,
}

/// What one side sends on a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Whether its head was read: what follows are trailers.
    pub(super) begun: bool,
    pub(super) ended: bool,
    pub(super) content: Content,
}

impl Stream {
    /// What that side sends.
    pub(super) fn side(&self, from: Direction) -> &Side {
        self.sides.of(from)
    }

    fn side_mut(&mut self, from: Direction) -> &mut Side {
        self.sides.of_mut(from)
    }

    /// Whether its request waits for the answer.
    fn waits(&self) -> bool {
        self.question.is_some_and(|question| {
            let answer = self.side(question.from.reverse());
            !answer.begun && !answer.ended
        })
    }
}

/// The streams that have not ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    live: FastMap<u64, Stream>,
    /// Pieces of content that all of them keep.
    pieces: usize,
    /// How many requests wait for their answers.
    waiting: usize,
}

impl Streams {
    /// That stream, where it is open.
    pub(super) fn get(&self, number: u64) -> Option<&Stream> {
        self.live.get(&number)
    }

    /// How many requests wait for their answers.
    pub(super) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Changes a stream, opened where it was not, and the count of those that wait with it; nothing
    /// where there are too many.
    fn change<T>(&mut self, number: u64, how: impl FnOnce(&mut Stream) -> T) -> Option<T> {
        if self.live.len() >= MAX_STREAMS && !self.live.contains_key(&number) {
            return None;
        }
        let stream = self.live.entry(number).or_default();
        let waited = usize::from(stream.waits());
        let changed = how(stream);
        self.waiting = self.waiting + usize::from(stream.waits()) - waited;
        Some(changed)
    }

    /// A stream is for that request.
    pub(super) fn ask(&mut self, number: u64, asked: Arc<Asked>, question: Question) {
        self.change(number, |stream| {
            (stream.asked, stream.question) = (Some(asked), Some(question));
        });
    }

    /// More of what one side sends on a stream came: of its request, where that is its own.
    pub(super) fn go_on(&mut self, number: u64, from: Direction, time: Time) {
        let question = self.live.get_mut(&number).and_then(|stream| stream.question.as_mut());
        if let Some(question) = question.filter(|question| question.from == from) {
            question.ended = time;
        }
    }

    /// The head of what one side sends on a stream was read, and says how its content is packed and
    /// to whom it goes. Content may have come already, where the head had to wait: that is kept.
    pub(super) fn begin(&mut self, number: u64, from: Direction, head: Content) {
        self.change(number, |stream| {
            if head.subprotocol.is_some() {
                // Whoever sends first on the stream opens what is spoken there; the answer comes
                // last.
                let other = &mut stream.side_mut(from.reverse()).content;
                other.subprotocol = head.subprotocol.clone();
            }
            let side = stream.side_mut(from);
            side.begun = true;
            let content = &mut side.content;
            let is_late = content.came > 0 && head.is_passed_on();
            let to = if is_late { Carried::Nobody } else { head.to };
            (content.codings, content.media, content.to) = (head.codings, head.media, to);
            content.subprotocol = head.subprotocol.or(content.subprotocol.take());
        });
    }

    /// Hands content on as it comes, where somebody reads it like that.
    pub(super) fn pass_on(
        &mut self,
        number: u64,
        from: Direction,
        piece: Piece,
        out: &mut Out<'_>,
    ) -> bool {
        let Some(stream) = self.live.get_mut(&number) else { return false };
        let asked = stream.asked.clone();
        let asker = stream.question.map_or(from, |question| question.from);
        let call = asked.as_deref().map(|asked| (asked, asker));
        stream.side_mut(from).content.pass_on((number, HttpVersion::Http3), call, piece, out)
    }

    /// A `DATA` frame begins.
    pub(super) fn count(&mut self, number: u64, from: Direction) {
        self.change(number, |stream| {
            let content = &mut stream.side_mut(from).content;
            content.frames = content.frames.saturating_add(1);
        });
    }

    /// A piece of content came.
    pub(super) fn add(&mut self, number: u64, from: Direction, piece: Span, is_brief: bool) {
        let has_room = self.pieces < MAX_STREAM_PIECES;
        let kept = self.change(number, |stream| {
            let content = &mut stream.side_mut(from).content;
            if is_brief && content.is_nobodys() {
                content.count(piece);
                return false;
            }
            content.add(piece, has_room)
        });
        self.pieces += usize::from(kept == Some(true));
    }

    /// Bytes of one side of a stream are missing.
    pub(super) fn lose(&mut self, number: u64, from: Direction) {
        if self.live.contains_key(&number) {
            self.change(number, |stream| stream.side_mut(from).content.holed = true);
        }
    }

    /// One side of a stream has ended: its content, which is kept no longer.
    pub(super) fn end(&mut self, number: u64, from: Direction) -> Option<Content> {
        if !self.live.contains_key(&number) {
            return None;
        }
        let content = self.change(number, |stream| {
            let side = stream.side_mut(from);
            side.ended = true;
            std::mem::take(&mut side.content)
        })?;
        self.pieces -= content.pieces.len();
        let is_over = |stream: &Stream| stream.sides.iter().all(|side| side.ended);
        if self.live.get(&number).is_some_and(is_over) {
            self.live.remove(&number);
        }
        Some(content)
    }

    /// All places that are kept.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        let sides = self.live.values().flat_map(|stream| stream.sides.iter());
        sides.flat_map(|side| &side.content.pieces).copied()
    }
}
