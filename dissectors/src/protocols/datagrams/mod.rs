//! One datagram, one message, and a number that the answer repeats: what small protocols over UDP
//! share.
//!
//! ```text
//!   request 0x1a2b ──> asked: key, who, which message
//!   the same again ──> Repeats the first one
//!   answer  0x1a2b ──> Answers it; the same once more: Repeats the first answer
//! ```
//!
//! Each protocol says with a function of its own what a datagram is to it ([`Seen`]), and the
//! session here ([`Dialogue`]) does the rest.

mod told;

pub use told::{Request, is_cut, note_short, request, severity};

use std::ops::Range;

use crate::engine::session::{Announce, Input, Out, Progress, Session, To};
use crate::ids::{Direction, FrameId, MessageId, Time};
use crate::limits::{MAX_DATAGRAMS_ASKED, REPEATED_WITHIN};
use crate::message::{MessageKind, Relation};
use crate::protocol::{Claim, Facts, Framing};
use crate::protocols::waiting::Waiting;

/// What a message is to others: who answers, and by what it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// It asks for an answer, which will have the same key.
    Asks(u64),
    /// It answers what was asked under that key.
    Answers(u64),
    /// Nothing answers it, and it answers nothing.
    Alone,
}

/// What a protocol sees in a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<K> {
    /// Which message it is.
    pub kind: K,
    /// What it is to others.
    pub asking: Asking,
    /// A number that two messages share only if they say the same: see [`fingerprint`].
    pub same: u64,
}

/// How a protocol looks at a datagram, and at how many bytes it had on the wire: nothing where it
/// is none of its messages.
pub type Look<K> = fn(&[u8], usize) -> Option<Seen<K>>;

/// How a protocol whose connections go by names publishes those of a datagram.
pub type Publish = fn(Input<'_>, &mut Out<'_>);

/// What a message carries that another protocol reads: who that is, and the parts of the datagram
/// that make it, in their order.
pub type Carry = fn(&[u8]) -> Option<(Claim<'static>, Vec<Range<usize>>)>;

/// A number made of bytes (FNV-1a of 64 bits), so that long ones need not be kept.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> u64 {
    let add = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, add)
}

/// Begins a dialogue, where datagrams carry it.
#[must_use]
pub fn open<K>(facts: &Facts<'_>, look: Look<K>) -> Option<Box<dyn Session>>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    open_named(facts, look, |_, _| ())
}

/// Begins a dialogue that goes by names of its own, because its answers come from elsewhere.
#[must_use]
pub fn open_named<K>(facts: &Facts<'_>, look: Look<K>, publish: Publish) -> Option<Box<dyn Session>>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    begin(facts, Dialogue { look, publish, carry: |_| None, asked: Waiting::new() })
}

/// Begins a dialogue whose messages carry those of another protocol.
#[must_use]
pub fn open_carrying<K>(facts: &Facts<'_>, look: Look<K>, carry: Carry) -> Option<Box<dyn Session>>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    begin(facts, Dialogue { look, publish: |_, _| (), carry, asked: Waiting::new() })
}

fn begin<K>(facts: &Facts<'_>, dialogue: Dialogue<K>) -> Option<Box<dyn Session>>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    (facts.framing == Framing::Datagram).then(|| Box::new(dialogue) as Box<dyn Session>)
}

/// Shows a datagram that is no message of the protocol as what it is: the port alone makes it none.
pub fn hand_on(input: Input<'_>, out: &mut Out<'_>) {
    if !input.bytes.is_empty() {
        let span = out.span(input.at, input.bytes.len());
        out.hand_on(To::child(OTHER, Claim::Named("data")).datagrams(), span, None);
    }
}

/// The layers inside: datagrams that are no message, and what messages carry.
const OTHER: u64 = 0;
const CARRIED: u64 = 1;

/// Hands on what a message carries.
fn carry_on(claim: Claim<'static>, parts: &[Range<usize>], input: Input<'_>, out: &mut Out<'_>) {
    let whole = out.span(input.at, input.bytes.len());
    let pieces: Vec<_> = parts.iter().map(|part| whole.part(part.start, part.len())).collect();
    let carried = match pieces.as_slice() {
        [] => return,
        [one] => *one,
        several => out.join(several),
    };
    out.hand_on(To::child(CARRIED, claim).datagrams().agreed(), carried, None);
}

/// A request that was heard.
#[derive(Clone, Copy)]
struct Asked {
    key: u64,
    same: u64,
    from: Direction,
    message: MessageId,
    frame: FrameId,
    time: Time,
    /// The first answer, and what it said.
    answer: Option<(MessageId, u64)>,
}

/// Reads one conversation: a message for each datagram, answers tied to what they answer.
///
/// The extra of a message is the frame of the request that it answers; of a request that was sent
/// before, the frame where it was sent first.
#[derive(Clone)]
struct Dialogue<K> {
    look: Look<K>,
    publish: Publish,
    carry: Carry,
    asked: Waiting<Asked, MAX_DATAGRAMS_ASKED>,
}

impl<K> Session for Dialogue<K>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match (self.look)(input.bytes, input.bytes.len() + input.cut) {
            Some(seen) => {
                (self.publish)(input, out);
                self.announce(seen, input, out);
                if let Some((claim, parts)) = (self.carry)(input.bytes) {
                    carry_on(claim, &parts, input, out);
                }
            }
            None => hand_on(input, out),
        }
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl<K> Dialogue<K>
where
    K: MessageKind<Extra = Option<FrameId>> + Send + Sync,
{
    fn announce(&mut self, seen: Seen<K>, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at, input.bytes.len());
        let known = self.find(seen, input);
        let frame = known.as_ref().map(|asked| asked.frame);
        let message = out.announce(Announce::new(seen.kind, span).extra(frame));
        match (seen.asking, known) {
            (Asking::Asks(_), Some(asked)) => out.relate(message, Relation::Repeats, asked.message),
            (Asking::Asks(key), None) => {
                let (frame, time, from) = (input.frame, input.time, input.direction);
                let same = seen.same;
                self.asked.push(Asked { key, same, from, message, frame, time, answer: None });
            }
            (Asking::Answers(_), Some(asked)) => match asked.answer {
                Some((first, same)) if same == seen.same => {
                    out.relate(message, Relation::Repeats, first);
                }
                answer => {
                    out.relate(message, Relation::Answers, asked.message);
                    asked.answer = answer.or(Some((message, seen.same)));
                }
            },
            _ => {}
        }
    }

    /// The request that a message repeats or answers: the latest of its kind.
    fn find(&mut self, seen: Seen<K>, input: Input<'_>) -> Option<&mut Asked> {
        self.asked.last(|asked| match seen.asking {
            Asking::Asks(key) => {
                asked.key == key
                    && asked.same == seen.same
                    && asked.from == input.direction
                    && asked.answer.is_none()
                    && input.time.since(asked.time) < REPEATED_WITHIN
            }
            Asking::Answers(key) => asked.key == key && asked.from != input.direction,
            Asking::Alone => false,
        })
    }
}
