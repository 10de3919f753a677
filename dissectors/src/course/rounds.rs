//! The most that was under way in each round trip: as near as a recording comes to the window of
//! congestion, which stands in no header. It is no smaller than what it let out.

use super::{Course, Sample, What};
use crate::ids::Time;

impl Course {
    /// The most that was under way in each round trip, at the time when that begins: from a packet
    /// until the other side confirms it. One in which something is sent again ends there: what was
    /// under way before the loss says nothing of what follows. Nothing of the last one, which
    /// nobody confirmed.
    #[must_use]
    pub fn rounds(&self) -> Vec<Sample> {
        let mut heard = self.heard.iter().peekable();
        let mut flight = self.flight.iter().peekable();
        let mut rounds: Vec<Sample> = Vec::new();
        let mut end = Time(i64::MIN);
        let mut mends = false;
        for sent in &self.sent {
            let is_second = sent.what == What::Again && !mends;
            if sent.time < end && !is_second {
                continue;
            }
            mends = is_second;
            // Clocks may go back; acknowledgements come in the order of the recording.
            while heard.next_if(|one| one.frame < sent.frame).is_some() {}
            let Some(until) = heard.clone().find(|one| one.upto >= sent.to) else { break };
            end = until.time;
            while flight.next_if(|one| one.frame < sent.frame).is_some() {}
            let own = flight.clone().take_while(|one| one.frame < until.frame);
            if let Some(value) = own.map(|one| one.value).max() {
                rounds.push(Sample { frame: sent.frame, time: sent.time, value });
            }
        }
        rounds
    }
}
