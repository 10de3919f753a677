//! Where frames of AMQP end, and which method answers which: the one of its class and channel that
//! the other says is waited for.

use super::Kind;
use super::methods::Role;
use super::wire::{self, Head, OPENING, OPENING_LEN};
use crate::ids::{Direction, FrameId};
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};

/// The state of a connection: there is none.
#[derive(Clone)]
pub(super) struct Amqp;

/// The key under which an answer to a method is waited for: its channel, its class, and the first
/// of the methods that may answer.
fn key(channel: u16, class: u16, answer: u16) -> u64 {
    u64::from(channel) << 32 | u64::from(class) << 16 | u64::from(answer)
}

/// What may be answered by two methods waits for the first of them.
fn waits(channel: u16, class: u16, answers: &[u16]) -> Option<u64> {
    answers.first().map(|answer| key(channel, class, *answer))
}

fn ties(from: Direction, bytes: &[u8]) -> Ties {
    if bytes.starts_with(OPENING) && from == Direction::Forward {
        // The broker greets (section 2.2.4), or names a version and hangs up.
        return Ties { asks: waits(0, 10, &[10]), ..Ties::ALONE };
    }
    let Some((head, method)) = Head::read(bytes).zip(wire::known(bytes)) else {
        return Ties::ALONE;
    };
    // Tune comes in place of Secure, and Get-Empty in place of Get-Ok.
    let number = match (method.class, method.number) {
        (10, 30) => 20,
        (60, 72) => 71,
        (_, number) => number,
    };
    let answers = Some(key(head.channel, method.class, number));
    match method.role {
        Role::Alone => Ties::ALONE,
        Role::Asks(by) => Ties { asks: waits(head.channel, method.class, by), ..Ties::ALONE },
        Role::Answers => Ties { answers, ..Ties::ALONE },
        Role::Goes(by) => {
            Ties { asks: waits(head.channel, method.class, by), answers, goes_on: false }
        }
    }
}

impl Grammar for Amqp {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        if bytes.starts_with(OPENING) {
            return Measure::Whole(OPENING_LEN as u64);
        }
        match Head::read(bytes) {
            Some(head) => Measure::Whole(head.len()),
            None if bytes.len() < wire::HEAD => Measure::Need(wire::HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let kind = if bytes.starts_with(OPENING) { Kind::Opening } else { Kind::Frame };
        Seen { kind, extra: None, ties: ties(from, bytes) }
    }

    /// A frame that ends as frames do.
    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        let end = Head::read(bytes).and_then(|head| usize::try_from(head.len()).ok());
        end.is_some_and(|len| bytes.get(len - 1) == Some(&wire::END))
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
