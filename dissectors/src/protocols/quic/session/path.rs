//! How long a round trip takes on the path of a connection, as the sender of one side measures it
//! (RFC 9002, section 5).
//!
//! ```text
//!   packet ────────────> acknowledgement      latest    what passed between the two
//!            held back ─┘                     adjusted  less what the other side held it back
//! ```

use super::super::facts::Sample;

/// What passes before anything was measured, in nanoseconds (section 6.2.2).
const INITIAL: i64 = 333_000_000;

/// A silence that asks for an explanation before anything was measured, in nanoseconds: stacks take
/// a round trip for 100 to 333 ms then.
const UNMEASURED: i64 = 100_000_000;

/// What a timer can tell apart (section 6.1.2).
const GRANULARITY: i64 = 1_000_000;

/// Round trips of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Path {
    is_measured: bool,
    latest: i64,
    least: i64,
    smoothed: i64,
    variation: i64,
}

impl Default for Path {
    fn default() -> Self {
        let (latest, least, smoothed, variation) = (0, 0, INITIAL, INITIAL / 2);
        Self { is_measured: false, latest, least, smoothed, variation }
    }
}

impl Path {
    /// An acknowledgement came so long after its packet, and was held back for a part of that.
    pub(super) fn measure(&mut self, latest: i64, held_back: i64) -> Sample {
        self.latest = latest;
        let mut delay = 0;
        if self.is_measured {
            self.least = self.least.min(latest);
            // A side that tells too much of itself makes no round trip shorter than the shortest.
            if latest >= self.least.saturating_add(held_back) {
                delay = held_back;
            }
            let adjusted = latest.saturating_sub(delay);
            // An eighth of the way to what was measured, and a fourth of the way to how far off
            // that is.
            self.smoothed += adjusted.saturating_sub(self.smoothed) / 8;
            let apart = adjusted.saturating_sub(self.smoothed).saturating_abs();
            self.variation += apart.saturating_sub(self.variation) / 4;
        } else {
            (self.least, self.smoothed, self.variation) = (latest, latest, latest / 2);
            self.is_measured = true;
        }
        Sample { latest, delay, smoothed: self.smoothed }
    }

    /// After how long a packet is overdue, where a later one has come (section 6.1.2).
    pub(super) fn overdue(&self) -> i64 {
        let longest = if self.is_measured { self.smoothed.max(self.latest) } else { INITIAL };
        (longest / 8).saturating_mul(9).max(GRANULARITY)
    }

    /// A silence after which a probe timeout is inferred: no acknowledgement can have come sooner.
    /// The timer itself runs for longer, and each stack's in its own way (section 6.2.1).
    pub(super) const fn silence(&self) -> i64 {
        if self.is_measured { self.smoothed } else { UNMEASURED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_told_without_what_was_held_back() {
        const MS: i64 = 1_000_000;
        let mut path = Path::default();
        assert_eq!(path.overdue(), 374_625_000);
        let first = path.measure(80 * MS, 20 * MS);
        assert_eq!(first, Sample { latest: 80 * MS, delay: 0, smoothed: 80 * MS });
        assert_eq!((path.overdue(), path.silence()), (90 * MS, 80 * MS));
        let second = path.measure(104 * MS, 16 * MS);
        assert_eq!(second, Sample { latest: 104 * MS, delay: 16 * MS, smoothed: 81 * MS });
        assert_eq!(path.variation, 40 * MS - 33 * MS / 4);
        assert_eq!(path.overdue(), 117 * MS, "the latest is longer than the mean");
        // Held back for longer than it took beyond the shortest: nothing is taken off.
        assert_eq!(path.measure(84 * MS, 10 * MS).delay, 0);
        assert_eq!(Path::default().measure(0, 0).smoothed, 0);
    }
}
