//! Finds round trips: from a question to what answers it.
//!
//! Questions are matched with answers of their own protocol, the oldest first, because that is
//! the order in which TCP, TLS and HTTP/1.1 answer. Questions that share a flight share its round
//! trip: that is what pipelining saves.

use super::flights::Flight;
use super::gather::{Item, Thread};
use crate::ids::Direction;
use crate::ids::ProtocolId;

/// A round trip of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trip {
    /// The flight that asked, by position.
    pub(super) from: usize,
    /// The flight that answered, by position.
    pub(super) to: usize,
    /// The item that asked, by position in the thread.
    pub(super) asked: usize,
    /// The item that answered, by position in the thread.
    pub(super) answered: usize,
}

/// A question that waits for its answer.
struct Question {
    flight: usize,
    item: usize,
    direction: Direction,
    protocol: ProtocolId,
}

/// The round trips among the flights of one thread, in the order in which they end.
pub(super) fn trips(thread: &Thread, flights: &[Flight]) -> Vec<Trip> {
    let mut trips: Vec<Trip> = Vec::new();
    let mut waiting: Vec<Question> = Vec::new();
    for (flight, at, item) in in_order(thread, flights) {
        let (direction, protocol) = (item.direction, item.protocol);
        if item.told.answers {
            let asked = waiting.iter().position(|question| {
                question.direction != direction && question.protocol == protocol
            });
            if let Some(question) = asked.map(|place| waiting.remove(place)) {
                let from = question.flight;
                if trips.iter().rev().take(MANY).all(|trip| trip.from != from) {
                    trips.push(Trip { from, to: flight, asked: question.item, answered: at });
                }
            }
        }
        if item.told.asks {
            if waiting.len() >= MANY {
                waiting.remove(0);
            }
            waiting.push(Question { flight, item: at, direction, protocol });
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
