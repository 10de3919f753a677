//! What was sent again for nothing, because an earlier try had come: as far as acknowledgements
//! prove it.
//!
//! Whoever sends something again takes it for lost. Two things that the other side says later may
//! show that it was not: that bytes came twice (D-SACK, RFC 2883), and which try it answers (the
//! echo of a timestamp, as RFC 3522 uses it). Neither says why.
//!
//! ```text
//!   sender    A, stamp 10 ──>          A again, stamp 90 ──>
//!   receiver              (late)   <── ACK of A, echo 10     it answers the first try
//!                                                   <── ACK, SACK of A     A came twice
//! ```

use std::collections::VecDeque;

use crate::engine::options;
use crate::ids::MessageId;

/// So many second tries of one end are remembered, as many as it may send before it hears what
/// became of them. They are few, and looked through one by one.
const MAX_TRIES: usize = 64;

/// What an acknowledgement shows of bytes that were sent again, or came twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needless {
    /// The number of the first of these bytes, counted from the SYN.
    pub(super) first: u32,
    /// How many there are.
    pub(super) count: u32,
    /// How often they had been sent again, as far as that is known.
    pub(super) tries: u32,
    /// What shows it.
    pub(super) shown: Shown,
}

/// What shows that bytes had come before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The first block of SACK lies below what is acknowledged, or within the second block.
    Twice,
    /// The timestamp that is echoed is that of an earlier try.
    Echo,
}

/// Bytes that were sent again as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    /// Their numbers, in the terms of [`Half::number`](super::half::Half).
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) message: MessageId,
    /// The timestamps of the segment that said them first, and of this one; zero for none.
    pub(super) stamps: [u32; 2],
    /// Whether all before them was acknowledged, and they were not.
    pub(super) is_next: bool,
    /// Whether it is data, and no mere SYN or FIN.
    pub(super) carries: bool,
}

/// The second tries of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries(VecDeque<Known>);

/// A second try, and what was heard of it.
#[derive(Clone, Copy, Debug)]
struct Known {
    one: Try,
    /// Whether an echo may still say something of it.
    is_open: bool,
    /// Whether a block of SACK was of it.
    is_named: bool,
}

/// Second tries that were needless, and how often the same bytes had been sent again by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) tries: u32,
    /// Whether any of them carries data.
    pub(super) carries: bool,
    pub(super) messages: Vec<MessageId>,
}

impl Found {
    /// What is to be said of it.
    pub(super) const fn remark(&self, shown: Shown) -> Needless {
        let count = (self.end - self.start) as u32;
        Needless { first: self.start as u32, count, tries: self.tries, shown }
    }
}

impl Tries {
    /// Something is sent again.
    pub(super) fn again(&mut self, one: Try) {
        if self.0.len() == MAX_TRIES {
            self.0.pop_front();
        }
        self.0.push_back(Known { one, is_open: one.is_next, is_named: false });
    }

    /// Whether an echo may say something of any of them.
    pub(super) fn is_open(&self) -> bool {
        self.0.iter().any(|known| known.is_open)
    }

    /// The other side acknowledges every number before this one and echoes a timestamp.
    ///
    /// A receiver echoes the stamp of the segment that began where its last acknowledgement ended.
    /// So where a try began there, the first acknowledgement behind it says which try came; all
    /// before that says nothing.
    pub(super) fn echoed(&mut self, number: u64, echo: u32) -> Option<Found> {
        let mut found: Option<Found> = None;
        let open = self.0.iter_mut().filter(|known| known.is_open && known.one.start < number);
        for known in open {
            known.is_open = false;
            let Try { start, end, message, stamps: [first, own], carries, .. } = known.one;
            let is_known = first != 0 && own != 0 && echo != 0;
            if !is_known || is_before(echo, first) || !is_before(echo, own) {
                continue;
            }
            match &mut found {
                Some(found) if found.start == start => found.messages.push(message),
                Some(_) => {}
                None => {
                    let messages = vec![message];
                    found = Some(Found { start, end, tries: 0, carries, messages });
                }
            }
        }
        found.map(|found| Found { tries: self.tries(found.start, found.end), ..found })
    }

    /// The other side says that it got these numbers twice. Of several tries the last one was
    /// needless in any case: of two that came, one left before it.
    pub(super) fn twice(&mut self, start: u64, end: u64) -> Found {
        let (mut messages, mut carries) = (Vec::new(), false);
        let mut named: Option<(u64, u64)> = None;
        let within = |one: &Try| start <= one.start && one.end <= end;
        for known in self.0.iter_mut().rev().filter(|it| within(&it.one) && !it.is_named) {
            // A block may be of several segments that follow each other.
            if named.is_none_or(|(first, _)| known.one.end <= first) {
                known.is_named = true;
                named = Some((known.one.start, end));
                carries |= known.one.carries;
                messages.push(known.one.message);
            }
        }
        Found { start, end, tries: self.tries(start, end), carries, messages }
    }

    /// How often something of these numbers was sent again, at most.
    fn tries(&self, start: u64, end: u64) -> u32 {
        let own = self.0.iter().filter(|it| it.one.start < end && start < it.one.end);
        let first = own.clone().map(|it| it.one.start).min();
        own.filter(|it| Some(it.one.start) == first).count() as u32
    }
}

/// Whether a timestamp is older than another; they go round.
const fn is_before(one: u32, other: u32) -> bool {
    (one.wrapping_sub(other) as i32) < 0
}

/// The timestamp that a segment bears, and the one that it echoes; zero for none.
pub(super) fn stamps(options: &[u8]) -> [u32; 2] {
    // Most segments carry two blanks and a timestamp (RFC 7323, appendix A).
    if let [1, 1, 8, 10, times @ ..] = options
        && let [a, b, c, d, e, f, g, h, ..] = *times
    {
        return [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])];
    }
    options::timestamps(options).map_or([0; 2], |(own, echo)| [own, echo])
}

/// The bytes that a segment says came twice: those of its first block of SACK, where that is
/// acknowledged anyway or lies within the second (RFC 2883, section 4).
pub(super) fn came_twice(options: &[u8], ack: u32) -> Option<(u32, u32)> {
    // Most segments carry a timestamp and nothing else.
    if matches!(options, [1, 1, 8, 10, rest @ ..] if rest.len() == 8) {
        return None;
    }
    let mut blocks = options::sack(options);
    let first = blocks.next()?;
    is_duplicate(first, blocks.next(), ack).then_some(first)
}

/// Whether the first block names bytes that came twice.
pub(super) fn is_duplicate(first: (u32, u32), second: Option<(u32, u32)>, ack: u32) -> bool {
    let reaches = |far: u32, near: u32| far.wrapping_sub(near) as i32 >= 0;
    let (left, right) = first;
    let is_within = |(outer_left, outer_right): (u32, u32)| {
        reaches(left, outer_left) && reaches(outer_right, right)
    };
    reaches(ack, right) || second.is_some_and(is_within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries as numbers, the stamp of the first time and its own, and whether all before it was
    /// acknowledged; their messages are counted from one.
    fn tries(of: &[(u64, u64, u32, u32, bool)]) -> Tries {
        let mut tries = Tries::default();
        for ((start, end, first, own, is_next), message) in of.iter().copied().zip(1..) {
            let (message, stamps) = (MessageId(message), [first, own]);
            tries.again(Try { start, end, message, stamps, is_next, carries: true });
        }
        tries
    }

    /// What is found, as numbers, tries, and messages.
    fn plain(found: Option<Found>) -> Option<(u64, u64, u32, Vec<u32>)> {
        let messages = |found: &Found| found.messages.iter().map(|id| id.0).collect();
        found.map(|found| (found.start, found.end, found.tries, messages(&found)))
    }

    #[test]
    fn the_first_acknowledgement_behind_a_try_says_which_try_came() {
        let check = |of: &[(u64, u64, u32, u32, bool)], number, echo, expected| {
            let mut tries = tries(of);
            assert_eq!(plain(tries.echoed(number, echo)), expected, "{of:?}, {echo}");
            assert_eq!(tries.echoed(number, echo), None, "only the first one counts");
        };
        let once = [(1, 101, 10, 90, true)];
        check(&once, 101, 10, Some((1, 101, 1, vec![1])));
        // Of the second try, of what is older than the first, none, or not of these bytes.
        check(&once, 101, 90, None);
        check(&once, 101, 9, None);
        check(&once, 101, 0, None);
        check(&once, 1, 10, None);
        // What came before it was not acknowledged: its echo would be that of those.
        check(&[(1, 101, 10, 90, false)], 101, 10, None);
        // Both tries bear the same stamp, or none.
        check(&[(1, 101, 10, 10, true)], 101, 10, None);
        check(&[(1, 101, 0, 0, true)], 101, 10, None);
        // Three tries: the second came, or the first.
        let more = [(1, 101, 10, 90, true), (1, 101, 10, 200, true)];
        check(&more, 101, 90, Some((1, 101, 2, vec![2])));
        check(&more, 101, 10, Some((1, 101, 2, vec![1, 2])));
        // Stamps go round.
        let round = [(1, 101, u32::MAX - 5, 3, true)];
        check(&round, 101, u32::MAX - 5, Some((1, 101, 1, vec![1])));
        check(&round, 101, 3, None);
    }

    #[test]
    fn what_came_twice_is_the_last_try_of_it() {
        let mut one = tries(&[(1, 101, 0, 0, true), (101, 201, 0, 0, false)]);
        assert_eq!(plain(Some(one.twice(1, 101))), Some((1, 101, 1, vec![1])));
        // Said again: something else came as well, which is not known.
        assert_eq!(plain(Some(one.twice(1, 101))), Some((1, 101, 1, vec![])));
        assert_eq!(plain(Some(one.twice(101, 201))), Some((101, 201, 1, vec![2])));
        let mut more = tries(&[(1, 101, 0, 0, true), (1, 101, 0, 0, true)]);
        assert_eq!(plain(Some(more.twice(1, 101))), Some((1, 101, 2, vec![2])));
        assert_eq!(plain(Some(more.twice(1, 101))), Some((1, 101, 2, vec![1])));
        // A block of two segments; of a part of one; of what nobody sent again.
        let mut two = tries(&[(1, 101, 0, 0, true), (101, 201, 0, 0, false)]);
        assert_eq!(plain(Some(two.twice(1, 201))), Some((1, 201, 1, vec![2, 1])));
        let mut part = tries(&[(1, 201, 0, 0, true)]);
        assert_eq!(plain(Some(part.twice(1, 101))), Some((1, 101, 1, vec![])));
        assert_eq!(plain(Some(part.twice(501, 601))), Some((501, 601, 0, vec![])));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut tries = Tries::default();
        for message in 0..3 * MAX_TRIES as u32 {
            let (start, end) = (u64::from(message), u64::from(message) + 1);
            let message = MessageId(message);
            let stamps = [0; 2];
            tries.again(Try { start, end, message, stamps, is_next: true, carries: true });
        }
        assert_eq!(tries.0.len(), MAX_TRIES);
        assert_eq!(tries.twice(0, 1).messages, []);
        let last = 3 * MAX_TRIES as u64 - 1;
        assert_eq!(tries.twice(last, last + 1).messages, [MessageId(last as u32)]);
    }

    #[test]
    fn the_first_block_is_of_what_came_twice_below_the_number_or_within_the_second() {
        let check = |blocks: &[(u32, u32)], ack: u32, expected: Option<(u32, u32)>| {
            let mut options = vec![1, 1, 5, 2 + 8 * blocks.len() as u8];
            for (left, right) in blocks {
                options.extend(left.to_be_bytes());
                options.extend(right.to_be_bytes());
            }
            assert_eq!(came_twice(&options, ack), expected, "{blocks:?}");
        };
        check(&[(100, 200)], 200, Some((100, 200)));
        check(&[(100, 200)], 500, Some((100, 200)));
        check(&[(100, 200)], 150, None);
        check(&[(300, 400)], 200, None);
        check(&[(300, 400), (250, 500)], 200, Some((300, 400)));
        check(&[(300, 600), (250, 500)], 200, None);
        check(&[(u32::MAX - 9, 3)], 7, Some((u32::MAX - 9, 3)));
        check(&[], 200, None);
    }

    #[test]
    fn stamps_are_read_at_their_usual_place_and_elsewhere() {
        assert_eq!(stamps(&[1, 1, 8, 10, 0, 0, 1, 0, 0, 0, 0, 7]), [256, 7]);
        assert_eq!(stamps(&[1, 8, 10, 0, 0, 1, 0, 0, 0, 0, 7, 0]), [256, 7]);
        assert_eq!(stamps(&[1, 1, 8, 10, 0, 0, 1]), [0; 2]);
        assert_eq!(stamps(&[]), [0; 2]);
    }
}
