//! The pace of the window: how long its logic and its layout took, frame by frame.
//!
//! What the painter does then (tessellation, the graphics card) is not in it: whoever measures the
//! whole adds that.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Frames that are remembered: a minute of them at sixty a second.
const REMEMBERED: usize = 3600;

/// How long the latest frames took.
#[derive(Debug, Default)]
pub struct Pace {
    begun: Option<Instant>,
    frames: VecDeque<Duration>,
}

impl Pace {
    /// A frame begins with its logic.
    pub(super) fn begin(&mut self) {
        self.begun = Some(Instant::now());
    }

    /// It is laid out.
    pub(super) fn end(&mut self) {
        let Some(begun) = self.begun.take() else { return };
        if self.frames.len() == REMEMBERED {
            self.frames.pop_front();
        }
        self.frames.push_back(begun.elapsed());
    }

    /// The frames that are remembered, the oldest first.
    pub fn frames(&self) -> impl Iterator<Item = Duration> {
        self.frames.iter().copied()
    }

    /// Forgets all of them.
    pub fn forget(&mut self) {
        self.frames.clear();
    }
}

/// What that share of all durations stays within; `None` if there is none.
#[must_use]
pub fn percentile(all: &[Duration], share: f64) -> Option<Duration> {
    let mut all = all.to_vec();
    all.sort_unstable();
    let at = (all.len() as f64 * share).ceil() as usize;
    all.get(at.clamp(1, all.len().max(1)) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_stays_within_its_percentile() {
        let all: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&all, 0.5), Some(Duration::from_millis(100)));
        assert_eq!(percentile(&all, 0.99), Some(Duration::from_millis(198)));
        assert_eq!(percentile(&all, 1.0), Some(Duration::from_millis(200)));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn the_latest_frames_are_remembered() {
        let mut pace = Pace::default();
        pace.end();
        for _ in 0..REMEMBERED + 5 {
            pace.begin();
            pace.end();
        }
        assert_eq!(pace.frames().count(), REMEMBERED);
        pace.forget();
        assert_eq!(pace.frames().count(), 0);
    }
}
