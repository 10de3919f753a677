//! Where commands and replies of memcached end, and which belong together: in text by their order,
//! in bytes by a number.

use super::Kind;
use super::binary::{HEAD, Head};
use super::line;
use crate::ids::{Direction, FrameId};
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};

/// The key of commands in text. Those in bytes have others: an opcode and a number never come to
/// it.
const IN_ORDER: u64 = u64::MAX;

/// The state of a connection.
#[derive(Clone)]
pub(super) struct Memcache {
    client: Option<Direction>,
    is_unsure: bool,
}

impl Memcache {
    /// A connection that this side opened, where that is known.
    pub(super) const fn new(client: Option<Direction>) -> Self {
        Self { client, is_unsure: false }
    }

    /// Whether a side asks, as far as its bytes or the connection tell.
    fn asks(&self, from: Direction, bytes: &[u8]) -> bool {
        match self.client {
            Some(client) => client == from,
            None => line::reply(bytes).is_none(),
        }
    }
}

/// A line and what it carries, with the end of the line behind it.
fn length(line: usize, carries: Option<u64>) -> u64 {
    (line as u64).saturating_add(carries.map_or(0, |len| len.saturating_add(2)))
}

impl Grammar for Memcache {
    type Kind = Kind;

    fn measure(&mut self, from: Direction, bytes: &[u8]) -> Measure {
        if matches!(bytes.first(), Some(0x80 | 0x81)) {
            return match Head::read(bytes) {
                Some(head) => Measure::Whole(head.len),
                None if bytes.len() < HEAD => Measure::Need(HEAD),
                None => Measure::Nothing,
            };
        }
        let found = if self.asks(from, bytes) {
            line::command(bytes).map(|found| length(found.len, found.carries))
        } else {
            line::reply(bytes).map(|found| length(found.len, found.carries))
        };
        match found {
            Some(len) => Measure::Whole(len),
            None if line::may_go_on(bytes) => Measure::Need(bytes.len() + 1),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        if let Some(head) = Head::read(bytes) {
            let (kind, ties) = match head.is_request {
                true => (Kind::Request, Ties::asks(head.key())),
                false if head.goes_on() => (Kind::Response, Ties::answers_for_now(head.key())),
                false => (Kind::Response, Ties::answers(head.key())),
            };
            return Seen { kind, extra: None, ties };
        }
        let asks = self.asks(from, bytes);
        self.client.get_or_insert(if asks { from } else { from.reverse() });
        let (kind, ties) = if asks {
            let is_silent = line::command(bytes).is_some_and(|found| {
                let name = bytes.get(found.name.clone());
                found.noreply.is_some() || name == Some(b"quit")
            });
            (Kind::Command, if is_silent { Ties::ALONE } else { Ties::asks(IN_ORDER) })
        } else {
            let goes_on = line::reply(bytes).is_some_and(|found| found.goes_on);
            (Kind::Reply, Ties { goes_on, ..Ties::answers(IN_ORDER) })
        };
        Seen { kind, extra: None, ties: if self.is_unsure { Ties::ALONE } else { ties } }
    }

    fn goes_by_order(key: u64) -> bool {
        key == IN_ORDER
    }

    fn begins(&self, from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes).is_some()
            || match self.asks(from, bytes) {
                true => line::command(bytes).is_some(),
                false => line::reply(bytes).is_some(),
            }
    }

    fn lost(&mut self, _from: Direction) {
        self.is_unsure = true;
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
