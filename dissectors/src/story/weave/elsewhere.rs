//! What other connections say between two things that one of them says: an arrow that joined the
//! two would stand before what came between.
//!
//! ```text
//!   control   150 ──────────────────────── 226      two arrows: the file came between
//!   data            ── the file ── FIN
//! ```

use std::net::IpAddr;

use super::gather::Thread;
use crate::ids::{Direction, FrameId};
use crate::survey::Survey;

/// How much it matters to a connection what another one says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bond {
    /// They have nobody in common.
    Apart,
    /// They share an end, or go to one service: what they say at once was not said in an order.
    Beside,
    /// One may be the cause of the other: they run between the same two, for different ends, or who
    /// answers on one of them asks on the other.
    Bound,
}

/// Who speaks on a connection: who began and who answers, and where.
type Ends = ([IpAddr; 2], u16);

/// What all connections of a story say, in the order of the recording.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// The first frame of each thing said, and by which connection.
    said: Vec<(FrameId, usize)>,
    /// Who speaks on each connection, by its number.
    ends: Vec<Option<Ends>>,
}

/// So many things are looked at between two that one connection says.
const NEAR: usize = 64;

impl Elsewhere {
    pub(super) fn of<'t>(threads: impl Iterator<Item = &'t Thread>, survey: &Survey) -> Self {
        let mut all = Self::default();
        for thread in threads {
            if all.ends.len() <= thread.number {
                all.ends.resize(thread.number + 1, None);
            }
            let ends = survey.flow(thread.paths.first).map(|flow| {
                let [_, port] = flow.ports().ports;
                (Direction::BOTH.map(|way| flow.address(way).to_canonical()), port)
            });
            if let Some(place) = all.ends.get_mut(thread.number) {
                *place = ends;
            }
            let said =
                thread.items.iter().filter(|item| !item.is_quiet() && !item.told.stance.aside);
            all.said.extend(said.map(|item| (item.start, thread.number)));
        }
        all.said.sort_unstable();
        all
    }

    /// What binds a connection most to one that says something between these two frames; nothing
    /// where no other one does.
    pub(super) fn between(
        &self,
        thread: usize,
        (after, before): (FrameId, FrameId),
    ) -> Option<Bond> {
        let first = self.said.partition_point(|(frame, _)| *frame <= after);
        let between = self.said.get(first..)?.iter().take_while(|(frame, _)| *frame < before);
        let others = between.take(NEAR).filter(|(_, other)| *other != thread);
        others.map(|(_, other)| self.bond(thread, *other)).max()
    }

    fn bond(&self, one: usize, other: usize) -> Bond {
        let ends = |at: usize| self.ends.get(at).copied().flatten();
        match (ends(one), ends(other)) {
            (Some(one), Some(other)) => bond(one, other),
            _ => Bond::Apart,
        }
    }
}

fn bond((one, port): Ends, (other, other_port): Ends) -> Bond {
    let ([asks, answers], [other_asks, other_answers]) = (one, other);
    let is_one_service = (answers, port) == (other_answers, other_port);
    let is_same_pair = one == other || (asks, answers) == (other_answers, other_asks);
    let is_chain = answers == other_asks || other_answers == asks;
    match () {
        () if is_one_service => Bond::Beside,
        () if is_same_pair || is_chain => Bond::Bound,
        () if asks == other_asks || answers == other_answers => Bond::Beside,
        () => Bond::Apart,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_bound_by_whom_they_have_in_common() {
        let check = |one: ([u8; 2], u16), other: ([u8; 2], u16), expected: Bond| {
            let ends = |([asks, answers], port): ([u8; 2], u16)| {
                ([asks, answers].map(|host| IpAddr::from([10, 0, 0, host])), port)
            };
            assert_eq!(bond(ends(one), ends(other)), expected, "{one:?} and {other:?}");
            assert_eq!(bond(ends(other), ends(one)), expected, "{other:?} and {one:?}");
        };
        // FTP: the control connection, and one for data that either side opens.
        check(([1, 2], 21), ([1, 2], 40_000), Bond::Bound);
        check(([1, 2], 21), ([2, 1], 40_000), Bond::Bound);
        // A proxy, and fetches in parallel.
        check(([1, 2], 443), ([2, 3], 443), Bond::Bound);
        check(([1, 2], 443), ([1, 2], 443), Bond::Beside);
        check(([1, 2], 443), ([3, 2], 443), Bond::Beside);
        check(([1, 2], 443), ([1, 3], 53), Bond::Beside);
        check(([1, 2], 443), ([3, 4], 443), Bond::Apart);
        // On a loopback everybody is one host.
        check(([1, 1], 80), ([1, 1], 80), Bond::Beside);
        check(([1, 1], 80), ([1, 1], 81), Bond::Bound);
    }
}
