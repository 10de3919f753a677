//! Messages that follow each other on a stream, and the number or the order by which an answer
//! finds its question: what databases, caches and brokers share.
//!
//! ```text
//!   unread bytes ── measure ──> so many are a message ── accept ──> its kind, and its ties
//!                                                                    asks 7  ──> asked: 7, who
//!                                                                 answers 7  ──> Answers it
//! ```
//!
//! Each protocol says with a [`Grammar`] where its messages end and what they are to each other;
//! the session here ([`Framed`]) does the rest.

use std::ops::Range;

use crate::claim::Claim;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::limits::{MAX_FRAMED_ASKED, MAX_FRAMED_HEAD, MAX_FRAMED_WHOLE};
use crate::message::{MessageKind, Relation};
use crate::protocols::waiting::Waiting;

/// The layers inside: bytes that are no message, and what messages carry.
const OTHER: u64 = 0;
const CARRIED: u64 = 1;

/// How long the message is that unread bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many bytes, at least one, present or still to come.
    Whole(u64),
    /// That can be said when so many bytes are there; more than now.
    Need(usize),
    /// They are no message.
    Nothing,
    /// Another protocol speaks from here on, on both sides.
    Switch(Claim<'static>),
}

/// What a message is to others, in keys of its protocol: a number that both bear, or one and the
/// same key where answers come in the order of the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// It answers the oldest question of the other side under that key.
    pub answers: Option<u64>,
    /// More answers to the same question follow.
    pub goes_on: bool,
    /// It asks for an answer under that key.
    pub asks: Option<u64>,
}

impl Ties {
    /// It asks nothing, and answers nothing.
    pub const ALONE: Self = Self { answers: None, goes_on: false, asks: None };

    /// It asks.
    #[must_use]
    pub const fn asks(key: u64) -> Self {
        Self { asks: Some(key), ..Self::ALONE }
    }

    /// It is the last answer.
    #[must_use]
    pub const fn answers(key: u64) -> Self {
        Self { answers: Some(key), ..Self::ALONE }
    }

    /// It answers, and others follow.
    #[must_use]
    pub const fn answers_for_now(key: u64) -> Self {
        Self { answers: Some(key), goes_on: true, asks: None }
    }
}

/// What a protocol sees in a message.
#[derive(Clone, Copy, Debug)]
pub struct Seen<K: MessageKind> {
    /// Which message it is.
    pub kind: K,
    /// What its bytes do not say.
    pub extra: K::Extra,
    /// What it is to others.
    pub ties: Ties,
}

/// Where the messages of a protocol end, and what they are to each other.
pub trait Grammar: Clone + Send + Sync + 'static {
    /// What messages there are.
    type Kind: MessageKind;

    /// How long the message is that these bytes begin with: asked again as more of them come.
    fn measure(&mut self, from: Direction, bytes: &[u8]) -> Measure;

    /// A message, once and in its turn: all of its bytes, or as many of a long one as are told.
    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Self::Kind>;

    /// Whether a message may begin here: asked behind a hole, and behind bytes that were none.
    fn begins(&self, from: Direction, bytes: &[u8]) -> bool;

    /// Whether answers under this key find their questions by their order alone.
    fn goes_by_order(_key: u64) -> bool {
        false
    }

    /// Bytes of one side are missing.
    fn lost(&mut self, _from: Direction) {}

    /// What a whole message carries that another protocol reads, and which of its bytes that is.
    fn carried(&self, _bytes: &[u8]) -> Option<(Claim<'static>, Range<usize>)> {
        None
    }

    /// The extra of a message that answers what was asked in this frame.
    fn answered(
        extra: <Self::Kind as MessageKind>::Extra,
        _asked: FrameId,
    ) -> <Self::Kind as MessageKind>::Extra {
        extra
    }
}

/// A question that waits.
#[derive(Clone, Copy)]
struct Asked {
    key: u64,
    from: Direction,
    message: MessageId,
    frame: FrameId,
}

/// What one side is at.
#[derive(Clone, Copy, Default)]
struct Side {
    /// A long message that passes by.
    passing: Option<MessageId>,
    /// What came last is no message.
    is_lost: bool,
}

/// Reads one connection message by message.
#[derive(Clone)]
pub struct Framed<G> {
    grammar: G,
    asked: Waiting<Asked, MAX_FRAMED_ASKED>,
    sides: Both<Side>,
}

impl<G: Grammar> Framed<G> {
    /// A connection that begins.
    #[must_use]
    pub fn new(grammar: G) -> Self {
        Self { grammar, asked: Waiting::new(), sides: Both::each(Side::default()) }
    }

    fn side(&mut self, direction: Direction) -> &mut Side {
        self.sides.of_mut(direction)
    }

    /// Ties a message to what it answers, before it is announced.
    fn take(&mut self, from: Direction, ties: Ties) -> Option<Asked> {
        let key = ties.answers?;
        let is_it = |asked: &Asked| asked.key == key && asked.from != from;
        if ties.goes_on { self.asked.first(is_it).copied() } else { self.asked.take_first(is_it) }
    }

    /// What a message is, with the frame of what it answers.
    fn seen(&mut self, input: Input<'_>, bytes: &[u8]) -> (Seen<G::Kind>, Option<Asked>) {
        let seen = self.grammar.accept(input.direction, bytes);
        let asked = self.take(input.direction, seen.ties);
        let extra = asked.map_or(seen.extra, |asked| G::answered(seen.extra, asked.frame));
        (Seen { extra, ..seen }, asked)
    }

    /// Remembers what a message asks, and says what it answers.
    fn tie(
        &mut self,
        message: MessageId,
        ties: Ties,
        asked: Option<Asked>,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) {
        if let Some(asked) = asked {
            out.relate(message, Relation::Answers, asked.message);
        }
        let Some(key) = ties.asks else { return };
        let (from, frame) = (input.direction, input.frame);
        self.asked.push(Asked { key, from, message, frame });
    }

    fn whole(&mut self, len: usize, input: Input<'_>, out: &mut Out<'_>) {
        let bytes = input.bytes.get(..len).unwrap_or(input.bytes);
        let (seen, asked) = self.seen(input, bytes);
        let span = out.span(input.at, bytes.len());
        let message = out.announce(Announce::new(seen.kind, span).extra(seen.extra));
        self.tie(message, seen.ties, asked, input, out);
        if let Some((claim, part)) = self.grammar.carried(bytes) {
            let to = To::child(CARRIED, claim).datagrams().agreed();
            out.hand_on(to, span.part(part.start, part.len()), None);
        }
    }

    /// A message that is too long to wait for: its head is told, the rest passes by.
    fn long(&mut self, len: u64, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let head = input.bytes.get(..MAX_FRAMED_HEAD).unwrap_or(input.bytes);
        if head.len() < MAX_FRAMED_HEAD {
            return Progress::Need(MAX_FRAMED_HEAD);
        }
        let (seen, asked) = self.seen(input, head);
        let span = out.span(input.at, head.len());
        let message = out.begin(Announce::new(seen.kind, span).extra(seen.extra));
        self.tie(message, seen.ties, asked, input, out);
        self.side(input.direction).passing = Some(message);
        Progress::Pass(len)
    }
}

/// Shows bytes that are no message as what they are.
fn hand_on(input: Input<'_>, out: &mut Out<'_>) {
    let span = out.span(input.at, input.bytes.len());
    out.hand_on(To::child(OTHER, Claim::Named("data")).agreed(), span, None);
}

impl<G: Grammar> Session for Framed<G> {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let from = input.direction;
        if self.side(from).is_lost {
            if !self.grammar.begins(from, input.bytes) {
                hand_on(input, out);
                return Progress::Took(input.bytes.len());
            }
            self.side(from).is_lost = false;
        }
        match self.grammar.measure(from, input.bytes) {
            Measure::Whole(len) if len > MAX_FRAMED_WHOLE => self.long(len, input, out),
            Measure::Whole(len) => {
                let len = usize::try_from(len).unwrap_or(usize::MAX).max(1);
                if input.bytes.len() < len {
                    return Progress::Need(len);
                }
                self.whole(len, input, out);
                Progress::Took(len)
            }
            Measure::Need(len) => Progress::Need(len.max(input.bytes.len() + 1)),
            Measure::Switch(claim) => Progress::Switch(claim),
            Measure::Nothing => {
                self.grammar.lost(from);
                self.side(from).is_lost = true;
                hand_on(input, out);
                Progress::Took(input.bytes.len())
            }
        }
    }

    /// The head of a message is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        if self.side(input.direction).is_lost {
            hand_on(input, out);
        } else {
            self.whole(input.bytes.len(), input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.passed(way, out);
        // What waits may have been answered in what is missing: then the order proves nothing.
        self.asked.retain(|one| one.from == way.direction || !G::goes_by_order(one.key));
        self.grammar.lost(way.direction);
        self.side(way.direction).is_lost = true;
        true
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        if let Some(message) = self.side(way.direction).passing.take() {
            out.finish(message);
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
