//! How much less a sender has under way after a loss than before it.
//!
//! ```text
//!   under way    ████████████▌ the most before
//!                            └ sent again ─┐
//!                                          └ all that had left is confirmed
//!                                             ██████ the most in the round trip after
//! ```
//!
//! The window of congestion stands in no header. That it was cut is told only where the sender went
//! on sending behind that round trip: one that has no more to say has little under way, too.

use crate::ids::Time;
use crate::story::Transfer;
use crate::wording::bytes;

/// A sender that has so many hundredths under way after a loss has cut its window: the standards
/// ask for half of it (RFC 5681, section 3.1) or seven tenths (RFC 9438, section 4.6).
const CUT: u64 = 85;

/// The most that was under way before and after a loss, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    before: u64,
    after: u64,
}

/// What was cut with the second tries, by their position: for the first one of each recovery.
pub(super) fn cuts(transfer: &Transfer) -> Vec<(usize, Cut)> {
    let mut found = Vec::new();
    let mut begin = Time(i64::MIN);
    for (at, segment) in transfer.segments.iter().enumerate() {
        // What is sent again within a recovery belongs to it.
        if segment.again.is_none() || segment.sent.time <= begin {
            continue;
        }
        let lost = segment.sent.time;
        let sent = transfer.segments.get(..at).unwrap_or_default();
        let Some(last) = sent.iter().map(|one| one.numbers.last).max() else { continue };
        let Some(over) = confirmed(transfer, last, lost) else { break };
        if let Some(cut) = Cut::of(transfer, (begin, lost), over) {
            found.push((at, cut));
        }
        begin = over;
    }
    found
}

impl Cut {
    fn of(transfer: &Transfer, (begin, lost): (Time, Time), over: Time) -> Option<Self> {
        let new = || transfer.segments.iter().filter(|one| one.again.is_none());
        // The round trip after: what leaves until the first of it is confirmed.
        let next = new().find(|one| one.sent.time > over)?;
        let end = confirmed(transfer, next.numbers.last, next.sent.time)?;
        new().find(|one| one.sent.time > end)?;
        let most = |from: Time, until: Time| {
            let own = transfer.in_flight.iter().filter(|(time, _)| from < *time && *time <= until);
            own.map(|(_, value)| *value).max()
        };
        let cut = Self { before: most(begin, lost)?, after: most(over, end)? };
        (cut.after * 100 <= cut.before * CUT).then_some(cut)
    }

    /// What a teacher would add.
    pub(super) fn told(self) -> String {
        format!(
            " Before, up to {} were under way; in the round trip after it, up to {}: the sender \
             has made its congestion window smaller (inferred).",
            bytes(self.before),
            bytes(self.after)
        )
    }
}

/// When the sender heard that a segment and all before it have come, after a time.
fn confirmed(transfer: &Transfer, number: u32, after: Time) -> Option<Time> {
    let heard = transfer.acknowledgements.iter().filter(|one| one.upto >= number);
    let times = heard.filter_map(|one| Some(one.received?.time));
    times.filter(|time| *time > after).min()
}
