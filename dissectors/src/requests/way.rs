//! What came before the first request of a connection: its host's name was looked up, the
//! connection was asked for, keys were agreed on.
//!
//! ```text
//!   question … answer      SYN … SYN, ACK   ClientHello … Finished   the request
//!   └──── lookup ───┘      └────────────── connect ─────────────┘
//!                                           └────── secure ─────┘
//! ```
//!
//! A connection without SYN begins with its ClientHello (QUIC: RFC 9001, section 4). A request that
//! leaves earlier than that is over waited for nothing, so nothing here ends later than it begins.

use crate::exchange::Opening;
use crate::ids::{ConnectionId, Time};
use crate::limits::MAX_REQUESTS;
use crate::maps::FastMap;

/// Names whose lookups are remembered for the requests behind them, and lookups of one name. A page
/// asks a few dozen hosts; who looks up more does not do it to ask for something there.
const MAX_NAMES: usize = 1 << 14;
const MAX_LOOKUPS: usize = 64;

/// What one message does for a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub(super) connection: ConnectionId,
    pub(super) at: Time,
    pub(super) opening: Opening,
}

/// From one time to another that is no earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    /// When it began.
    pub from: Time,
    /// When it was over.
    pub until: Time,
}

/// What came before the first request of a connection, as far as it was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// The name of its host was looked up: the last time before the connection.
    pub lookup: Option<Took>,
    /// From asking for the connection until a request could be sent, keys and all.
    pub connect: Option<Took>,
    /// The part of that in which keys were agreed on.
    pub secure: Option<Took>,
}

/// What is known of the ways so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    connections: FastMap<ConnectionId, Way>,
    names: FastMap<Box<str>, Vec<Lookup>>,
}

/// How one connection was opened.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    asked: Option<Time>,
    accepted: Option<Time>,
    greeted: Option<Time>,
    /// The first confirmation, and the last of the two that a handshake has.
    confirmed: [Option<Time>; 2],
}

/// A name that somebody asked for.
#[derive(Clone, Copy, Debug)]
struct Lookup {
    asked: Time,
    found: Option<Time>,
}

impl Took {
    /// `None` if a time is not known.
    fn new(from: Time, until: Time) -> Option<Self> {
        let (from, until) = (from.known()?, until.known()?);
        (from <= until).then_some(Self { from, until })
    }

    /// How long it took, in nanoseconds.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.until.since(self.from)
    }
}

impl Ways {
    /// Takes in a step; steps come in the order of frames.
    pub(super) fn take(&mut self, step: Step) {
        let Step { connection, at, opening } = step;
        match opening {
            Opening::Seeks(name) => return self.seek(name, at),
            Opening::Finds(name) => {
                if let Some(last) = self.names.get_mut(&name).and_then(|all| all.last_mut()) {
                    last.found = Some(at);
                }
                return;
            }
            Opening::Asks | Opening::Accepts | Opening::Greets | Opening::Confirms => {}
        }
        if self.connections.len() >= MAX_REQUESTS && !self.connections.contains_key(&connection) {
            return;
        }
        let way = self.connections.entry(connection).or_default();
        let place = match (opening, way.confirmed) {
            (Opening::Asks, _) => &mut way.asked,
            (Opening::Accepts, _) => &mut way.accepted,
            (Opening::Greets, _) => &mut way.greeted,
            (_, [None, _]) => &mut way.confirmed[0],
            _ => &mut way.confirmed[1],
        };
        place.get_or_insert(at);
    }

    /// A question that is asked again, or for another kind of address while the first one is open,
    /// belongs to one lookup.
    fn seek(&mut self, name: Box<str>, at: Time) {
        if self.names.len() >= MAX_NAMES && !self.names.contains_key(&name) {
            return;
        }
        let all = self.names.entry(name).or_default();
        let is_open = all.last().is_some_and(|last| last.found.is_none());
        if !is_open && all.len() < MAX_LOOKUPS {
            all.push(Lookup { asked: at, found: None });
        }
    }

    /// What came before a request to that host that begins then; only the first that asks on a
    /// connection is told, and each lookup belongs to one.
    pub(super) fn before(
        &mut self,
        connection: ConnectionId,
        host: &str,
        start: Time,
    ) -> Option<Before> {
        let way = self.connections.remove(&connection)?;
        let begun = way.asked.or(way.greeted)?;
        let [first, second] = way.confirmed;
        let confirmed = second.or(first).map(|at| at.min(start));
        let ready = [way.accepted, confirmed].into_iter().flatten().max();
        let connect = ready.and_then(|ready| Took::new(begun, ready.min(start)));
        let secure = way.greeted.zip(confirmed).and_then(|(from, until)| Took::new(from, until));
        let lookup = self.lookup(host, begun);
        let before = Before { lookup, connect, secure };
        (before != Before::default()).then_some(before)
    }

    /// The last lookup of a host that was answered before then.
    fn lookup(&mut self, host: &str, begun: Time) -> Option<Took> {
        let name = without_port(host).to_ascii_lowercase();
        let all = self.names.get_mut(name.as_str())?;
        let is_over = |one: &Lookup| one.found.is_some_and(|found| found <= begun);
        let last = all.iter().rposition(is_over)?;
        let Lookup { asked, found } = all.remove(last);
        Took::new(asked, found?)
    }
}

/// The host without the port behind it; an address of IPv6 stands in brackets (RFC 3986,
/// section 3.2.2), and nobody looks it up.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "a.example";

    /// What came before a request at that time, in pairs of times: lookup, connect, secure.
    #[track_caller]
    fn check(steps: &[(i64, Opening)], start: i64, expected: [Option<(i64, i64)>; 3]) {
        let mut ways = Ways::default();
        let connection = ConnectionId(7);
        for (at, opening) in steps {
            ways.take(Step { connection, at: Time(*at), opening: opening.clone() });
        }
        let found = ways.before(connection, "A.example:443", Time(start)).unwrap_or_default();
        let times = |took: Option<Took>| took.map(|took| (took.from.0, took.until.0));
        assert_eq!([found.lookup, found.connect, found.secure].map(times), expected);
        assert_eq!(ways.before(connection, NAME, Time(start)), None, "it is told once");
    }

    #[test]
    fn a_first_request_has_all_that_came_before_it() {
        use Opening::{Accepts, Asks, Confirms, Finds, Greets, Seeks};
        let (seeks, finds) = (|| Seeks(NAME.into()), || Finds(NAME.into()));
        let both = [(10, Asks), (20, Accepts)];
        check(&both, 30, [None, Some((10, 20)), None]);
        let sealed = [(10, Asks), (20, Accepts), (21, Greets), (31, Confirms), (32, Confirms)];
        check(&sealed, 40, [None, Some((10, 32)), Some((21, 32))]);
        // Early data waits for no confirmation, data in a SYN not even for a connection.
        check(&sealed, 22, [None, Some((10, 22)), Some((21, 22))]);
        check(&both, 10, [None, Some((10, 10)), None]);
        // QUIC has no SYN.
        check(&sealed[2..], 40, [None, Some((21, 32)), Some((21, 32))]);
        let looked = [(1, seeks()), (2, seeks()), (4, finds()), (10, Asks), (20, Accepts)];
        check(&looked, 30, [Some((1, 4)), Some((10, 20)), None]);
        // The answer to the second question is in time as well, or it is too late.
        let twice = [(1, seeks()), (2, seeks()), (4, finds()), (5, finds()), (10, Asks)];
        check(&twice, 30, [Some((1, 5)), None, None]);
        let late = [(1, seeks()), (10, Asks), (12, finds()), (20, Accepts)];
        check(&late, 30, [None, Some((10, 20)), None]);
        let again = [(1, seeks()), (2, finds()), (6, seeks()), (8, finds()), (10, Asks)];
        check(&again, 30, [Some((6, 8)), None, None]);
        // A capture that begins inside.
        check(&[(20, Accepts)], 30, [None; 3]);
        check(&[], 30, [None; 3]);
    }
}
