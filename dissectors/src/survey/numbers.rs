//! What the sequence numbers of a TCP connection count from, and which SYN begins another one.
//!
//! The number of a SYN is the base of its sender's numbers (RFC 9293, section 3.4.1). Where it is
//! missing, one less than the first number stands in: of a segment of its sender, or of what the
//! other side acknowledges, whichever comes first in the file. A SYN that is stored after the
//! data it began has just that number, and so belongs to it. Said again behind a reset it is a new
//! attempt: the one before is over.

use super::row::Row;
use crate::engine::tcp::flags::{ACK, RST, SYN};
use crate::ids::{Both, Direction};

/// Where the base of one direction comes from. What is found first stays, but for a SYN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Source {
    /// Nothing was sent or acknowledged.
    #[default]
    Nothing,
    /// A reset: its number may be zero and mean nothing (RFC 9293, section 3.10.7.1).
    Reset,
    /// The first segment, or the first acknowledgement of the other side.
    Middle,
    /// A SYN.
    Syn,
}

/// What both directions count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    base: Both<u32>,
    source: Both<Source>,
    /// Whether a reset of either side has ended it.
    is_reset: bool,
}

/// The most bytes of data that a SYN can carry, and so the most by which what is acknowledged
/// first can be ahead of it.
const MAX_WITH_SYN: u32 = 0xffff;

impl Numbers {
    /// What the numbers of each direction count from, where it is known.
    #[must_use]
    pub fn bases(&self) -> [Option<u32>; 2] {
        Direction::BOTH.map(|way| self.base(way))
    }

    /// Whether the SYN of each direction was captured.
    #[must_use]
    pub fn syns(&self) -> [bool; 2] {
        Direction::BOTH.map(|way| self.source(way) == Source::Syn)
    }

    fn source(&self, way: Direction) -> Source {
        *self.source.of(way)
    }

    fn base(&self, way: Direction) -> Option<u32> {
        (self.source(way) != Source::Nothing).then_some(*self.base.of(way))
    }

    fn set(&mut self, way: Direction, base: u32, source: Source) {
        let (known, now) = (self.source.of_mut(way), self.base.of_mut(way));
        if *known == Source::Nothing || (source == Source::Syn && *known != Source::Syn) {
            (*known, *now) = (source, base);
        }
    }

    /// Takes the numbers of the next segment.
    pub(super) fn pass(&mut self, row: &Row, ack: u32) {
        let (way, flags) = (row.direction(), row.tcp_flags());
        self.is_reset |= flags & RST != 0;
        if flags & SYN != 0 {
            self.set(way, row.seq, Source::Syn);
        } else {
            let source = if flags & RST != 0 { Source::Reset } else { Source::Middle };
            self.set(way, row.seq.wrapping_sub(1), source);
        }
        if flags & ACK != 0 {
            self.set(way.reverse(), ack.wrapping_sub(1), Source::Middle);
        }
    }

    /// Takes what later segments of the same connection said, its directions turned where the
    /// two do not agree on who began.
    pub(super) fn merge(&mut self, later: &Self, turned: bool) {
        self.is_reset |= later.is_reset;
        for way in Direction::BOTH {
            let from = if turned { way.reverse() } else { way };
            if let Some(base) = later.base(from) {
                self.set(way, base, later.source(from));
            }
        }
    }

    /// Whether this SYN was seen before, and no reset since.
    pub(super) fn knows(&self, syn: &Row) -> bool {
        let way = syn.direction();
        !self.is_reset && self.source(way) == Source::Syn && self.base(way) == Some(syn.seq)
    }

    /// Whether a SYN or SYN-ACK sent in direction `way` is part of this connection: repeated,
    /// stored late, or the answer.
    pub(super) fn continues(&self, way: Direction, syn: &Row) -> bool {
        let (own, other) = (self.base(way), self.source(way.reverse()));
        match (syn.tcp_flags() & ACK, self.source(way)) {
            // Both ask at once (RFC 9293, section 3.5).
            (0, Source::Nothing) => other == Source::Syn,
            (0, Source::Syn) if self.is_reset => false,
            (0, _) => {
                // Data that it carried counts from it, too.
                own.is_some_and(|own| own.wrapping_sub(syn.seq) <= self.slack(way, syn.payload_len))
            }
            (_, Source::Nothing | Source::Reset) => other != Source::Nothing,
            (_, Source::Middle | Source::Syn) => own == Some(syn.seq),
        }
    }

    /// By how much the base of a direction may be ahead of its SYN.
    fn slack(&self, way: Direction, carried: u32) -> u32 {
        match self.source(way) {
            Source::Middle => carried.min(MAX_WITH_SYN),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Direction, flags, sequence, acknowledgement.
    type Step = (char, u16, u32, u32);

    fn row((side, flags, seq, _): Step) -> Row {
        let mut row = Row { seq, ..Row::EMPTY };
        row.set_tcp(flags, 5);
        row.set_direction(if side == '>' { Direction::Forward } else { Direction::Backward });
        row
    }

    /// Whether the last step continues the connection of those before it.
    #[track_caller]
    fn check(before: &[Step], syn: Step, expected: bool) {
        let mut numbers = Numbers::default();
        for step in before {
            numbers.pass(&row(*step), step.3);
        }
        let next = row(syn);
        assert_eq!(numbers.continues(next.direction(), &next), expected);
    }

    #[test]
    fn a_syn_of_the_same_number_belongs_wherever_it_is_stored() {
        let late = [('<', SYN | ACK, 9000, 1001), ('>', ACK, 1001, 9001)];
        check(&late, ('>', SYN, 1000, 0), true);
        check(&late, ('>', SYN, 1500, 0), false);
        check(&[('>', ACK, 1001, 9001)], ('>', SYN, 1000, 0), true);
        // Only what the server acknowledged says where the client began.
        check(&[('<', ACK, 9001, 1001)], ('>', SYN, 1000, 0), true);
        check(&[('>', SYN, 1000, 0)], ('>', SYN, 1000, 0), true);
        check(&[('>', SYN, 1000, 0)], ('>', SYN, 1001, 0), false);
        check(&[('>', SYN, u32::MAX, 0)], ('>', SYN, u32::MAX, 0), true);
    }

    #[test]
    fn an_answer_belongs_by_its_own_number() {
        let asked = ('>', SYN, 1000, 0);
        check(&[asked], ('<', SYN | ACK, 5, 1001), true);
        check(&[asked, ('<', SYN | ACK, 5, 1001)], ('<', SYN | ACK, 5, 1001), true);
        check(&[asked, ('<', SYN | ACK, 5, 1001)], ('<', SYN | ACK, 6, 1001), false);
        check(&[asked, ('>', ACK, 1001, 6)], ('<', SYN | ACK, 5, 1001), true);
        check(&[], ('<', SYN | ACK, 5, 1001), false);
    }

    #[test]
    fn a_reset_says_nothing_of_where_its_sender_begins() {
        let refused = [('>', SYN, 1000, 0), ('<', RST | ACK, 0, 1001)];
        check(&refused, ('<', SYN | ACK, 777, 1001), true);
        check(&refused, ('>', SYN, 2000, 0), false);
        check(&[('>', RST, 55, 0)], ('>', SYN, 2000, 0), false);
    }

    #[test]
    fn who_asks_again_after_a_reset_begins_anew() {
        let asked = ('>', SYN, 1000, 0);
        check(&[asked, ('<', RST | ACK, 0, 1001)], asked, false);
        check(&[asked, ('>', RST, 1001, 0)], asked, false);
        // A SYN that is stored behind all that it began is still the first.
        check(&[('>', ACK, 1001, 9001), ('<', RST, 9001, 0)], asked, true);
    }

    #[test]
    fn both_may_ask_at_once() {
        check(&[('>', SYN, 5, 0)], ('<', SYN, 6, 0), true);
        check(&[('>', RST, 5, 0)], ('<', SYN, 6, 0), false);
    }

    #[test]
    fn what_comes_first_gives_the_base_and_a_syn_corrects_it() {
        let mut numbers = Numbers::default();
        numbers.pass(&row(('>', ACK, 100, 0)), 900);
        assert_eq!(numbers.bases(), [Some(99), Some(899)]);
        numbers.pass(&row(('<', ACK, 850, 0)), 100);
        assert_eq!(numbers.bases(), [Some(99), Some(899)]);
        let mut turned = Numbers::default();
        turned.merge(&numbers, true);
        assert_eq!(turned.bases(), [Some(899), Some(99)]);
        numbers.pass(&row(('>', SYN, 98, 0)), 0);
        assert_eq!((numbers.bases(), numbers.syns()), ([Some(98), Some(899)], [true, false]));
    }
}
