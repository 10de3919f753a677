//! Several taps as one source: packets come out in the order of their time.
//!
//! Each tap hands over its packets in blocks, so one may show a packet later than the other shows
//! its answer. Packets are therefore held until every tap has shown what is as old.

use wirestage_dissectors::ids::Time;

use super::tap::{Batch, CaptureError, PATIENCE, Source, Tap, wait};
use crate::clock::now;
use crate::write::NewInterface;

/// How many waits old a packet is when every tap has shown those that came before it.
const SETTLED: u32 = 2;

/// Taps that share a clock.
pub struct Taps {
    taps: Vec<Tap>,
    /// What waits for its turn.
    held: Batch,
}

impl Taps {
    /// All of these; the first one is interface 0 of the recording.
    #[must_use]
    pub fn new(taps: Vec<Tap>) -> Self {
        Self { taps, held: Batch::default() }
    }
}

impl Source for Taps {
    fn interfaces(&self) -> Vec<NewInterface> {
        self.taps.iter().flat_map(Tap::interfaces).collect()
    }

    fn read(&mut self, batch: &mut Batch) -> Result<(), CaptureError> {
        let settled = now().0.saturating_sub(i64::from(self.lag()) * PATIENCE.as_nanos() as i64);
        wait(self.taps.iter().map(Tap::descriptor))?;
        let mut outcome = Ok(());
        for (interface, tap) in (0..).zip(&mut self.taps) {
            let taken = tap.take(interface, &mut self.held);
            outcome = outcome.and(taken);
        }
        // One that failed shows nothing more, so there is nothing more to wait for.
        let holds = outcome.is_ok() && self.lag() > 0;
        let until = if holds { Time(settled) } else { Time(i64::MAX) };
        self.held.release(until, batch);
        outcome
    }

    fn dropped(&mut self) -> Vec<u64> {
        self.taps.iter_mut().flat_map(Tap::dropped).collect()
    }

    fn lag(&self) -> u32 {
        if self.taps.len() > 1 { SETTLED } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_out_in_the_order_of_their_time_once_they_are_old_enough() {
        let mut held = Batch::default();
        let mut release = |fresh: &[(u32, i64)], until: i64| {
            for (interface, time) in fresh {
                let bytes = format!("{interface}:{time}");
                held.push(*interface, Time(*time), 0, bytes.as_bytes());
            }
            let mut out = Batch::default();
            held.release(Time(until), &mut out);
            let words = out.iter().map(|(interface, time, _, bytes)| {
                assert_eq!(bytes, format!("{interface}:{}", time.0).as_bytes());
                (interface, time.0)
            });
            words.collect::<Vec<_>>()
        };
        assert_eq!(release(&[(0, 10), (0, 30), (1, 20)], 25), [(0, 10), (1, 20)]);
        assert_eq!(release(&[(1, 28), (1, 30)], 30), [(1, 28)]);
        assert_eq!(release(&[], 31), [(0, 30), (1, 30)]);
        assert_eq!(release(&[], 99), []);
    }
}
