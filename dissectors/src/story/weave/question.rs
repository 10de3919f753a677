//! What a connection is there for: its first question, what answered it, and how many round trips
//! passed until then. The sum and the ledger ask here, so that both tell the same numbers.

use super::early;
use super::gather::{Item, Thread};
use super::trips::{self, Trip};
use super::vantage::Vantage;
use crate::engine::reader::Context;
use crate::ids::Direction;
use crate::message::Protection;
use crate::protocol::Framing;
use crate::protocols::{dtls, quic, tcp, tls};

/// What a connection said, and what waited for what.
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    pub(super) thread: &'a Thread,
    pub(super) pairs: &'a [trips::Answered],
    pub(super) trips: &'a [Trip],
    pub(super) vantage: &'a Vantage,
}

/// The first question of a connection that is more than the connection itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The item that asks, by position in the thread.
    pub(super) item: usize,
    /// How many round trips had ended before it was asked, that for a greeting among them.
    pub(super) before: usize,
    /// Whether the other side spoke first, and this had to wait for that: no question asks for it,
    /// and it takes as long as a round trip.
    pub(super) is_greeted: bool,
    pub(super) answer: Option<Answered>,
}

/// The first answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    /// The item that answers, by position in the thread.
    pub(super) item: usize,
    /// How many round trips had ended with it, since the connection began.
    pub(super) round_trips: usize,
}

/// What a connection is there for; `None` if nobody asked.
pub(super) fn of(told: Course<'_>, context: Context<'_>) -> Option<Asked> {
    let items = &told.thread.items;
    let asks =
        |(at, item): &(usize, &Item)| asks_for_something(item) && !early::is_void(items, *at);
    let (at, question) = items.iter().enumerate().find(asks)?;
    let is_greeted = is_greeted(told, at);
    let greeting = usize::from(is_greeted);
    let before = counted(told, at) + greeting;
    // What is said for now is no answer yet.
    let is_last = |pair: &&trips::Answered| {
        items.get(pair.answered).is_some_and(|answer| !answer.told.turn.interim)
    };
    let mut pairs = told.pairs.iter().filter(|pair| pair.asked == at);
    let pair = pairs.clone().find(is_last).or_else(|| pairs.next());
    let answer = pair.and_then(|pair| {
        let answer = items.get(pair.answered)?;
        let held = usize::from(is_held_back(told, (question, answer), context));
        // A question that left with the SYN shares the round trip of that.
        let round_trips = counted(told, pair.answered + 1).max(1) + held + greeting;
        Some(Answered { item: pair.answered, round_trips })
    });
    Some(Asked { item: at, before, is_greeted, answer })
}

/// Whether the other side greeted before a question, unasked, on a connection that this side had
/// opened: only then does whoever asks know that somebody listens.
fn is_greeted(told: Course<'_>, at: usize) -> bool {
    let items = &told.thread.items;
    let Some(question) = items.get(at) else { return false };
    let before = items.get(..at).unwrap_or_default().iter().enumerate();
    question.direction == Direction::Forward
        && told.thread.framing == Framing::Stream
        && before.into_iter().any(|(place, item)| {
            item.direction != question.direction
                && item.protocol == question.protocol
                && item.told.turn.answers
                && !told.pairs.iter().any(|pair| pair.answered == place)
        })
}

/// How many round trips that count had ended before an item.
fn counted(told: Course<'_>, before: usize) -> usize {
    told.trips.iter().filter(|trip| trip.counts && trip.answered < before).count()
}

/// Whether a question that left early was answered only when the handshake was complete: the
/// Finished of who asked had come before the answer left. Then early data saved nothing, for that
/// Finished had waited for the first answer of the handshake.
fn is_held_back(
    told: Course<'_>,
    (question, answer): (&Item, &Item),
    context: Context<'_>,
) -> bool {
    if question.protection != Protection::Early {
        return false;
    }
    let vantage = told.vantage;
    let left = vantage.sent(answer.start, answer.direction, context).time;
    told.thread.items.iter().any(|item| {
        let is_finished = item.direction == question.direction
            && item.protocol == tls::fields::PROTOCOL_ID
            && item.protection == Protection::Handshake;
        let came = is_finished.then(|| vantage.received(item.end, item.direction, context));
        came.flatten().is_some_and(|came| came.time < left)
    })
}

/// Whether it asks for what the connection is there for, and not only for the connection.
fn asks_for_something(item: &Item) -> bool {
    item.told.turn.asks && !is_transport(item)
}

/// Whether an item belongs to what carries everything else.
pub(super) fn is_transport(item: &Item) -> bool {
    matches!(
        item.protocol,
        tcp::PROTOCOL_ID | tls::fields::PROTOCOL_ID | dtls::PROTOCOL_ID | quic::PROTOCOL_ID
    )
}
