//! The streams of a connection (RFC 9113, section 5.1): what was asked on each, what comes, and
//! which sides have ended.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::hash_map::Entry;

use super::windows::Account;
use crate::ids::{Both, Direction, MessageId, Time};
use crate::limits::{MAX_BROKEN_OFF, MAX_STREAM_PIECES, MAX_STREAMS};
use crate::maps::FastMap;
use crate::protocols::multiplexed::{Content, Question};
use crate::protocols::semantics::{Asked, Upgraded};
use crate::span::{Piece, Span};

/// One stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub(super) asked: Option<Arc<Asked>>,
    pub(super) question: Option<Question>,
    /// The request of HTTP/1.1 that it answers.
    pub(super) upgraded: Option<MessageId>,
    pub(super) sides: Both<Side>,
    /// Whether it was broken off: what comes now was on its way.
    broken_off: bool,
}

/// What one side sends on a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Whether its head was read: what follows are trailers.
    pub(super) begun: bool,
    pub(super) ended: bool,
    pub(super) account: Account,
    pub(super) content: Content,
}

impl Stream {
    /// What that side sends.
    pub(super) fn side(&mut self, from: Direction) -> &mut Side {
        self.sides.of_mut(from)
    }

    /// Whether its request waits for the answer.
    fn waits(&self) -> bool {
        let answer = |question: Question| self.sides.of(question.from.reverse());
        !self.broken_off && self.question.map(answer).is_some_and(|side| !side.begun)
    }

    /// Whether nothing more comes on it, from a side that was heard.
    fn is_over(&self) -> bool {
        let is_quiet = |side: &Side| side.ended || !side.begun && !self.broken_off;
        self.sides.iter().all(is_quiet) && self.sides.iter().any(|side| side.ended) && !self.waits()
    }
}

/// The streams that have not ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    live: FastMap<u32, Stream>,
    /// The highest number seen, of those that the server begins and of those that the client does.
    highest: [u32; 2],
    /// Pieces of content that all of them keep.
    pieces: usize,
    /// How many requests wait for their answers.
    waiting: usize,
    /// Streams that were broken off and are remembered for what was on its way, the last ones.
    broken_off: VecDeque<u32>,
}

impl Streams {
    /// That stream, where it is open.
    pub(super) fn get(&mut self, number: u32) -> Option<&mut Stream> {
        self.live.get_mut(&number)
    }

    /// That stream, opened where it was not; nothing for one that has ended, and where there are
    /// too many.
    pub(super) fn open(&mut self, number: u32) -> Option<&mut Stream> {
        let live = self.live.len();
        match self.live.entry(number) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(place) => {
                let highest = self.highest.get_mut(number as usize % 2)?;
                if number <= *highest || live >= MAX_STREAMS {
                    return None;
                }
                *highest = number;
                Some(place.insert(Stream::default()))
            }
        }
    }

    /// Whether a side of a stream has ended. Of streams that are gone numbers tell: those of one
    /// side only go up.
    pub(super) fn has_ended(&self, number: u32, from: Direction) -> bool {
        if let Some(stream) = self.live.get(&number) {
            return stream.sides.of(from).ended;
        }
        let highest = self.highest.get(number as usize % 2).copied().unwrap_or_default();
        number <= highest && self.live.len() < MAX_STREAMS
    }

    /// Whether any other stream goes on.
    pub(super) fn others(&self, number: u32) -> bool {
        self.live
            .iter()
            .any(|(other, stream)| *other != number && !stream.broken_off && !stream.is_over())
    }

    /// How many requests wait for their answers.
    pub(super) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// A stream is for that request.
    pub(super) fn ask(&mut self, number: u32, asked: Arc<Asked>, question: Question) {
        self.change(number, |stream| {
            (stream.asked, stream.question) = (Some(asked), Some(question));
        });
    }

    /// The first stream answers the request with which a connection of HTTP/1.1 turned to HTTP/2
    /// (RFC 7540, section 3.2): its asker has ended it.
    pub(super) fn upgrade(&mut self, asked: Upgraded) {
        let Upgraded { id, frame, from, method, host, target, .. } = asked;
        let (scheme, authority) = (b"http"[..].into(), host);
        let asked = Asked { method, scheme, authority, path: target, ..Asked::default() };
        if let Some(stream) = self.open(1) {
            stream.upgraded = Some(id);
            let side = stream.side(from);
            (side.begun, side.ended) = (true, true);
            self.ask(
                1,
                asked.into(),
                Question { id, frame, began: Time::UNKNOWN, ended: Time::UNKNOWN, from },
            );
        }
    }

    /// More of what one side sends on a stream came: of its request, where that is its own.
    pub(super) fn go_on(&mut self, number: u32, from: Direction, time: Time) {
        let question = self.live.get_mut(&number).and_then(|stream| stream.question.as_mut());
        if let Some(question) = question.filter(|question| question.from == from) {
            question.ended = time;
        }
    }

    /// The head of what one side sends on a stream was read.
    pub(super) fn begin(&mut self, number: u32, from: Direction) {
        self.change(number, |stream| stream.side(from).begun = true);
    }

    /// Changes a stream, and the count of those that wait with it.
    fn change(&mut self, number: u32, how: impl FnOnce(&mut Stream)) {
        let Some(stream) = self.live.get_mut(&number) else { return };
        let waited = usize::from(stream.waits());
        how(stream);
        self.waiting = self.waiting + usize::from(stream.waits()) - waited;
    }

    /// A head says what content follows on one side. What came before it is kept no longer; that it
    /// came is.
    pub(super) fn expect(&mut self, number: u32, from: Direction, mut content: Content) {
        let Some(stream) = self.live.get_mut(&number) else { return };
        if content.subprotocol.is_some() {
            // Whoever sends first on the stream opens what is spoken there; the answer comes last.
            stream.side(from.reverse()).content.subprotocol = content.subprotocol.clone();
        }
        let side = stream.side(from);
        (content.came, content.frames) = (side.content.came, side.content.frames);
        let before = std::mem::replace(&mut side.content, content);
        self.pieces -= before.pieces.len();
    }

    /// A frame with content of a stream came.
    pub(super) fn came(&mut self, number: u32, from: Direction) {
        let Some(stream) = self.open(number).filter(|_| number > 0) else { return };
        let side = stream.side(from);
        side.content.frames = side.content.frames.saturating_add(1);
        if !side.begun {
            self.begin(number, from);
        }
    }

    /// A piece of content came. Where nothing but rows is made of it, it is kept only for who takes
    /// all of it at its end.
    pub(super) fn add(&mut self, number: u32, from: Direction, piece: Piece, is_brief: bool) {
        let has_room = self.pieces < MAX_STREAM_PIECES;
        let Some(stream) = self.live.get_mut(&number) else { return };
        let content = &mut stream.side(from).content;
        if is_brief && content.is_nobodys() {
            content.count(piece);
            return;
        }
        let is_kept = content.add(piece, has_room);
        self.pieces += usize::from(is_kept);
    }

    /// One side of a stream has ended: its content, which is kept no longer.
    pub(super) fn end(&mut self, number: u32, from: Direction) -> Option<Content> {
        let stream = self.live.get_mut(&number)?;
        let side = stream.side(from);
        side.ended = true;
        let content = std::mem::take(&mut side.content);
        self.pieces -= content.pieces.len();
        if stream.is_over() {
            self.remove(number);
        }
        Some(content)
    }

    /// One side breaks a stream off. What the other has sent by then still comes.
    pub(super) fn break_off(&mut self, number: u32, from: Direction) {
        if !self.live.contains_key(&number) {
            return;
        }
        self.change(number, |stream| stream.broken_off = true);
        if self.end(number, from).is_some() && self.live.contains_key(&number) {
            self.broken_off.push_back(number);
        }
        if self.broken_off.len() > MAX_BROKEN_OFF
            && let Some(oldest) = self.broken_off.pop_front()
        {
            self.remove(oldest);
        }
    }

    /// A stream is over.
    fn remove(&mut self, number: u32) {
        let Some(stream) = self.live.remove(&number) else { return };
        let pieces = stream.sides.iter().map(|side| side.content.pieces.len());
        self.pieces -= pieces.sum::<usize>();
        self.waiting -= usize::from(stream.waits());
    }

    /// Bytes of a direction are missing: what comes on its streams is no longer whole.
    pub(super) fn lose(&mut self, from: Direction) {
        for stream in self.live.values_mut() {
            stream.side(from).content.holed = true;
        }
        // Streams may have begun unseen.
        self.highest = [0; 2];
    }

    /// All places that are kept.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        let sides = self.live.values().flat_map(|stream| stream.sides.iter());
        sides.flat_map(|side| &side.content.pieces).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;

    #[test]
    fn what_is_kept_is_counted_whatever_becomes_of_it() {
        let mut streams = Streams::default();
        let from = Direction::Backward;
        let piece = Span::frame(FrameId(0), 0, 1);
        let add = |streams: &mut Streams, number| {
            streams.open(number);
            streams.add(number, from, piece, false);
        };
        // Head after head, with content between them.
        for _ in 0..10 {
            add(&mut streams, 1);
            streams.expect(1, from, Content::default());
        }
        add(&mut streams, 1);
        add(&mut streams, 3);
        assert_eq!((streams.pieces, streams.places().count()), (2, 2));
        assert_eq!(streams.end(1, from).map(|content| content.came), Some(11));
        streams.break_off(3, from);
        assert_eq!((streams.pieces, streams.places().count()), (0, 0));
    }
}
