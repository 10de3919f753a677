//! What a sender has under way: bytes that left, and that nobody has acknowledged yet, by number
//! or by SACK (RFC 6675, section 4).
//!
//! ```text
//!   acknowledged ────┐        ┌─ held ─┐          ┌── sent up to here
//!   ═════════════════╪────────╪════════╪──────────╪
//!                    └ under way ┘     └ under way ┘
//! ```

use crate::limits::MAX_HELD_STRETCHES;

/// One direction's bytes by their places; these are counted from wherever its owner likes.
#[derive(Clone, Debug, Default)]
pub struct UnderWay {
    acknowledged: i64,
    sent_to: i64,
    /// What was acknowledged beyond a hole: in order, apart from each other.
    held: Vec<(i64, i64)>,
    /// How many bytes that is.
    held_bytes: i64,
}

impl UnderWay {
    /// A sender whose first byte has this place.
    #[must_use]
    pub const fn from(first: i64) -> Self {
        Self { acknowledged: first, sent_to: first, held: Vec::new(), held_bytes: 0 }
    }

    /// The first byte that is not acknowledged by number.
    #[must_use]
    pub const fn acknowledged(&self) -> i64 {
        self.acknowledged
    }

    /// Behind the last byte that left.
    #[must_use]
    pub const fn sent_to(&self) -> i64 {
        self.sent_to
    }

    /// Bytes up to that place have left. Says whether some of them are new.
    pub fn send(&mut self, end: i64) -> bool {
        let is_new = end > self.sent_to;
        self.sent_to = self.sent_to.max(end);
        is_new
    }

    /// Everything before a place is acknowledged. Says whether some of it was not before.
    pub fn confirm(&mut self, place: i64) -> bool {
        if place <= self.acknowledged {
            return false;
        }
        self.acknowledged = place;
        let over = self.held.partition_point(|(_, end)| *end <= place);
        self.held_bytes -= bytes(self.held.drain(..over).as_slice());
        if let Some((start, _)) = self.held.first_mut().filter(|(start, _)| *start < place) {
            self.held_bytes -= place - *start;
            *start = place;
        }
        true
    }

    /// A stretch beyond a hole is acknowledged. Says whether some of it was not before.
    pub fn hold(&mut self, from: i64, to: i64) -> bool {
        let first = self.held.partition_point(|(_, end)| *end < from);
        let behind = self.held.partition_point(|(start, _)| *start <= to).max(first);
        let touched = self.held.get(first..behind).unwrap_or_default();
        if touched.iter().any(|(start, end)| *start <= from && to <= *end) {
            return false;
        }
        let all = touched.iter();
        let (start, end) = all.fold((from, to), |(low, high), (a, b)| (low.min(*a), high.max(*b)));
        self.held_bytes += end - start - bytes(touched);
        self.held.splice(first..behind, [(start, end)]);
        if self.held.len() > MAX_HELD_STRETCHES {
            let forgotten = self.held.remove(0);
            self.held_bytes -= bytes(&[forgotten]);
        }
        true
    }

    /// Whether something is held that begins there or later.
    #[must_use]
    pub fn holds_beyond(&self, place: i64) -> bool {
        self.held.last().is_some_and(|(start, _)| *start >= place)
    }

    /// Whether a byte was acknowledged beyond a hole.
    #[must_use]
    pub fn holds(&self, place: i64) -> bool {
        let behind = self.held.partition_point(|(start, _)| *start <= place);
        let last = behind.checked_sub(1).and_then(|last| self.held.get(last));
        last.is_some_and(|(_, end)| place < *end)
    }

    /// How many bytes are under way.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.sent_to - self.acknowledged - self.held_bytes).max(0).unsigned_abs()
    }
}

/// How many bytes stretches have.
fn bytes(stretches: &[(i64, i64)]) -> i64 {
    stretches.iter().map(|(start, end)| end - start).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_acknowledged_beyond_a_hole_is_not_under_way() {
        let mut way = UnderWay::from(1);
        assert!(way.send(101));
        assert!(!way.send(51));
        assert_eq!(way.bytes(), 100);
        assert!(way.hold(41, 51));
        assert!(way.hold(61, 71));
        assert!(!way.hold(63, 70));
        assert_eq!(way.bytes(), 80);
        // It joins both.
        assert!(way.hold(51, 61));
        assert_eq!(way.bytes(), 70);
        assert!(way.holds(41) && way.holds(70) && !way.holds(40) && !way.holds(71));
        assert!(way.holds_beyond(41) && !way.holds_beyond(42));
        assert!(way.confirm(46));
        assert!(!way.confirm(46));
        assert_eq!((way.bytes(), way.acknowledged(), way.sent_to()), (30, 46, 101));
        assert!(way.confirm(101));
        assert_eq!(way.bytes(), 0);
    }

    #[test]
    fn holes_without_end_are_forgotten_from_the_lowest_on() {
        let mut way = UnderWay::from(0);
        let count = MAX_HELD_STRETCHES as i64 + 10;
        way.send(10 * count);
        for hole in 0..count {
            assert!(way.hold(10 * hole + 5, 10 * hole + 6));
        }
        assert_eq!(way.bytes(), (10 * count - MAX_HELD_STRETCHES as i64).unsigned_abs());
        assert!(way.hold(5, 6), "it was forgotten");
    }
}
