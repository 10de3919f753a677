//! Reads the dialogue of SOCKS, turn by turn, until something else speaks.

use super::Kind;
use super::shape::{self, Shape};
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::{Direction, MessageId};
use crate::message::Relation;
use crate::protocol::Claim;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct SocksSession {
    /// Who asks: who speaks first.
    client: Option<Direction>,
    version: u8,
    /// The method that the server chose.
    method: Option<u8>,
    /// The last message of the client, and what it was.
    asked: Option<(MessageId, Kind)>,
    command: u8,
    replies: u8,
    over: bool,
    lost: bool,
}

/// Whether a reply says that it was done.
pub(super) fn granted(kind: Kind, bytes: &[u8]) -> bool {
    bytes.get(1) == Some(if kind == Kind::Reply4 { &90 } else { &0 })
}

impl Session for SocksSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.over {
            return Progress::Switch(Claim::Content);
        }
        let client = *self.client.get_or_insert(input.direction);
        let first = input.bytes.first().copied().unwrap_or(0);
        let turn = if self.lost {
            Some((Kind::Other, Shape::Whole(input.bytes.len())))
        } else if client == input.direction {
            self.client_turn(first, input.bytes)
        } else {
            self.server_turn(first, input.bytes)
        };
        let Some((kind, shape)) = turn else {
            // It is not this side's turn: sent before the answer, or the answer comes late.
            return Progress::Need(input.bytes.len() + 1);
        };
        let len = match shape {
            Shape::Whole(len) => len,
            Shape::Part => return Progress::Need(input.bytes.len() + 1),
            Shape::Broken => {
                self.lost = true;
                return self.announce(Kind::Other, input.bytes.len(), input, out);
            }
        };
        self.announce(kind, len, input, out)
    }

    fn gap(&mut self, _way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        self.lost = true;
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl SocksSession {
    fn client_turn(&mut self, first: u8, bytes: &[u8]) -> Option<(Kind, Shape)> {
        match (self.asked.map(|(_, kind)| kind), first) {
            (None, 4) => Some((Kind::Request4, shape::request_4(bytes))),
            (None, 5) => Some((Kind::Hello, shape::hello(bytes))),
            (Some(Kind::Request | Kind::Request4), _) => None,
            (Some(_), _) if self.method.is_some_and(|method| !matches!(method, 0 | 2)) => {
                // Another method speaks in its own way; a request looks like one again.
                let request = matches!(bytes, [5, 1..=3, 0, 1 | 3 | 4, ..]);
                let shape = if request { shape::request(bytes) } else { Shape::Whole(bytes.len()) };
                Some((if request { Kind::Request } else { Kind::Other }, shape))
            }
            (Some(Kind::Hello), 1) => Some((Kind::User, shape::user(bytes))),
            (Some(_), 5) => Some((Kind::Request, shape::request(bytes))),
            _ => Some((Kind::Other, Shape::Broken)),
        }
    }

    fn server_turn(&mut self, first: u8, bytes: &[u8]) -> Option<(Kind, Shape)> {
        match (self.version, self.asked.map(|(_, kind)| kind), first) {
            (4, _, 0) => Some((Kind::Reply4, shape::exactly(bytes, 8))),
            (5, _, 5) if self.method.is_none() => Some((Kind::Method, shape::exactly(bytes, 2))),
            (5, Some(Kind::User), 1) => Some((Kind::Status, shape::exactly(bytes, 2))),
            (5, Some(Kind::Request), 1) if self.method == Some(2) && self.replies == 0 => {
                Some((Kind::Status, shape::exactly(bytes, 2)))
            }
            (5, Some(Kind::Request), 5) => Some((Kind::Reply, shape::request(bytes))),
            (5, _, _) if self.method.is_some_and(|method| !matches!(method, 0 | 2)) => {
                Some((Kind::Other, Shape::Whole(bytes.len())))
            }
            _ => Some((Kind::Other, Shape::Broken)),
        }
    }

    fn announce(
        &mut self,
        kind: Kind,
        len: usize,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(kind, span));
        if self.client == Some(input.direction) {
            if self.version == 0 {
                self.version = input.bytes.first().copied().unwrap_or(0);
            }
            if matches!(kind, Kind::Request | Kind::Request4) {
                self.command = input.bytes.get(1).copied().unwrap_or(0);
            }
            self.asked = Some((id, kind));
            return Progress::Took(len);
        }
        if let Some((question, _)) = self.asked {
            out.relate(id, Relation::Answers, question);
        }
        match kind {
            Kind::Method => self.method = input.bytes.get(1).copied(),
            Kind::Reply | Kind::Reply4 => {
                self.replies += 1;
                let granted = granted(kind, input.bytes);
                // BIND is answered twice: when the server waits, and when somebody came. What
                // UDP ASSOCIATE agrees on flows elsewhere.
                let turns = if self.command == 2 { 2 } else { 1 };
                self.over = granted && self.command != 3 && self.replies >= turns;
                self.lost = !granted;
            }
            _ => {}
        }
        Progress::Took(len)
    }
}
