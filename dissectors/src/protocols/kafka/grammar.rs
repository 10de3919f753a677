//! Where messages of Kafka end, and which request a response answers: the number says it, and what
//! was asked says how to read the answer.

use super::wire::{self, Api, RESPONSE_HEAD, Request};
use super::{Asked, Kind};
use crate::ids::Direction;
use crate::limits::MAX_FRAMED_ASKED;
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};
use crate::protocols::waiting::Waiting;

/// The state of a connection.
#[derive(Clone)]
pub(super) struct Kafka {
    client: Option<Direction>,
    asked: Waiting<(u32, Api), MAX_FRAMED_ASKED>,
}

impl Kafka {
    /// A connection that this side opened, where that is known.
    pub(super) const fn new(client: Option<Direction>) -> Self {
        Self { client, asked: Waiting::new() }
    }

    fn request(&mut self, bytes: &[u8]) -> Seen<Kind> {
        let (kind, extra) = (Kind::Request, Asked(None));
        let Some(request) = Request::read(bytes) else {
            return Seen { kind, extra, ties: Ties::ALONE };
        };
        if request.is_silent(bytes) {
            return Seen { kind, extra, ties: Ties::ALONE };
        }
        self.asked.push((request.correlation, request.api));
        Seen { kind, extra, ties: Ties::asks(request.correlation.into()) }
    }

    fn response(&mut self, bytes: &[u8]) -> Seen<Kind> {
        let number = wire::correlation(bytes).unwrap_or(0);
        let api = self.asked.take_first(|(asked, _)| *asked == number).map(|(_, api)| api);
        let ties = Ties::answers(number.into());
        Seen { kind: Kind::Response, extra: Asked(api), ties }
    }
}

impl Grammar for Kafka {
    type Kind = Kind;

    fn measure(&mut self, from: Direction, bytes: &[u8]) -> Measure {
        match wire::length(bytes) {
            Some(_) if self.client == Some(from) && bytes.len() < wire::REQUEST_HEAD => {
                Measure::Need(wire::REQUEST_HEAD)
            }
            Some(len) => Measure::Whole(len),
            None if bytes.len() < 4 => Measure::Need(RESPONSE_HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let looks = || if Request::read(bytes).is_some() { from } else { from.reverse() };
        let client = *self.client.get_or_insert_with(looks);
        if client == from { self.request(bytes) } else { self.response(bytes) }
    }

    fn begins(&self, from: Direction, bytes: &[u8]) -> bool {
        match self.client {
            Some(client) if client == from => Request::read(bytes).is_some(),
            // A number that is waited for.
            _ => wire::length(bytes).is_some_and(|_| {
                let number = wire::correlation(bytes);
                self.asked.iter().any(|(asked, _)| Some(*asked) == number)
            }),
        }
    }
}
