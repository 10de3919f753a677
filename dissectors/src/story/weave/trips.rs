//! Finds round trips: from a question to what answers it.
//!
//! An answer goes to the question that its protocol says it answers (a stream of HTTP/2); where it
//! says none, to the oldest of its own protocol, because that is the order in which TCP, TLS and
//! HTTP/1.1 answer. A question that gets an answer for now stays
//! open. What counts as cost is how often one side had to wait for the other: questions that wait
//! at the same time share a round trip, which is what pipelining saves.

use super::flights::Flight;
use super::gather::{Item, Thread};
use crate::ids::{Direction, FrameId, MessageId, ProtocolId};
use crate::maps::FastMap;
use crate::message::Relation;

/// A round trip of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trip {
    /// The flight that asked, by position.
    pub(super) from: usize,
    /// The flight that answered, by position.
    pub(super) to: usize,
    /// The item that asked, by position in the thread.
    pub(super) asked: usize,
    /// The last item of the question before the answer, by position in the thread.
    pub(super) last: usize,
    /// The item that answered, by position in the thread.
    pub(super) answered: usize,
    /// Whether it adds to the cost: none that counts was under way when it began.
    pub(super) counts: bool,
}

/// A question that waits for its answer.
struct Question {
    flight: usize,
    /// The item that asked.
    item: usize,
    /// The last item of the question.
    last: usize,
    direction: Direction,
    protocol: ProtocolId,
}

/// The round trips among the flights of one thread, in the order in which they end.
pub(super) fn trips(thread: &Thread, flights: &[Flight]) -> Vec<Trip> {
    let mut trips: Vec<Trip> = Vec::new();
    let mut waiting: Vec<Question> = Vec::new();
    // Where the last round trip that counts ended.
    let mut counted: Option<FrameId> = None;
    let answers = thread.related.iter().filter(|one| one.relation == Relation::Answers);
    let answered: FastMap<MessageId, MessageId> = answers.map(|one| (one.from, one.to)).collect();
    for (flight, at, item) in in_order(thread, flights) {
        let (direction, protocol) = (item.direction, item.protocol);
        if item.told.answers {
            let own = answered.get(&item.message).and_then(|asked| {
                let is_it = |at: usize| thread.items.get(at).map(|item| item.message);
                waiting.iter().position(|question| is_it(question.item) == Some(*asked))
            });
            let place = own.or_else(|| {
                waiting.iter().position(|question| {
                    question.direction != direction && question.protocol == protocol
                })
            });
            if let Some(place) = place
                && let Some(question) = waiting.get(place)
            {
                let (from, asked) = (question.flight, question.item);
                let last = question.last;
                let same = |trip: &Trip| (trip.from, trip.to) == (from, flight);
                if !trips.iter().rev().take(MANY).any(same) {
                    let counts = thread.items.get(asked).map(|item| item.start) > counted;
                    if counts {
                        counted = Some(item.start);
                    }
                    trips.push(Trip { from, to: flight, asked, last, answered: at, counts });
                }
                if !item.told.interim {
                    waiting.remove(place);
                }
            }
        }
        if item.told.asks {
            // What was held back asks in the place of what came before.
            waiting.retain(|question| {
                item.message == MessageId::NONE
                    || thread.items.get(question.item).is_none_or(|it| it.message != item.message)
            });
            if waiting.len() >= MANY {
                waiting.remove(0);
            }
            waiting.push(Question { flight, item: at, last: at, direction, protocol });
        } else if item.told.continues {
            let is_it = |question: &&mut Question| {
                let asked = thread.items.get(question.item);
                (question.direction, question.protocol) == (direction, protocol)
                    && asked.is_some_and(|asked| asked.told.lane == item.told.lane)
            };
            if let Some(question) = waiting.iter_mut().rev().find(is_it) {
                question.last = at;
            }
        }
    }
    trips
}

/// Questions of one connection that may wait at once; older ones are given up.
const MANY: usize = 256;

/// The items of a thread in order, each with its flight.
fn in_order<'a>(
    thread: &'a Thread,
    flights: &[Flight],
) -> impl Iterator<Item = (usize, usize, &'a Item)> {
    let mut places = vec![0; thread.items.len()];
    for (number, flight) in flights.iter().enumerate() {
        for at in &flight.items {
            if let Some(place) = places.get_mut(*at) {
                *place = number;
            }
        }
    }
    let items = thread.items.iter().enumerate();
    places.into_iter().zip(items).map(|(flight, (at, item))| (flight, at, item))
}
