//! How what a sender has under way grows from one round trip to the next, as long as everything
//! arrives: slow start (RFC 5681, section 3.1).
//!
//! ```text
//!   sender   1 … 10 ──>                    11 … 30 ──>                     31 … 70 ──>
//!   hears                <── ACK of 1 …                <── ACK of 11 …
//!            └ a round ─────────────────┘  └ the next ───────────────────┘
//! ```
//!
//! The window of congestion stands in no header. What is told is what left within each round, and
//! that it grew.

use crate::protocols::tcp;
use crate::story::{Numbers, Telling, Transfer};

/// A round with so many hundredths of the segments of the one before has grown: between the
/// one and a half of a receiver that acknowledges every second segment, and the double.
const GROWN: u32 = 140;

/// A sender that begins with fewer segments had no more to say, or waits for answers.
const LEAST: u32 = 4;

/// What left in each round trip, up to the first segment that was lost or sent again, and no
/// further than it grew; nothing where it did not.
pub(super) fn rounds(transfer: &Transfer) -> Vec<Numbers> {
    let mut heard: Vec<(i64, u32)> = transfer
        .acknowledgements
        .iter()
        .filter_map(|one| Some((one.received?.time.0, one.upto)))
        .collect();
    heard.sort_unstable();
    let mut heard = heard.into_iter().peekable();
    let mut confirmed = 0;
    let mut rounds: Vec<Numbers> = Vec::new();
    for segment in &transfer.segments {
        if segment.again.is_some() || segment.is_lost() {
            break;
        }
        while let Some((_, upto)) = heard.next_if(|(time, _)| *time <= segment.sent.time.0) {
            confirmed = confirmed.max(upto);
        }
        match rounds.last_mut().filter(|round| confirmed < round.first) {
            Some(round) => round.last = segment.numbers.last,
            None => rounds.push(segment.numbers),
        }
    }
    let grows = |pair: &&[Numbers]| match pair {
        [one, next] => next.count().saturating_mul(100) >= one.count().saturating_mul(GROWN),
        _ => false,
    };
    let grown = rounds.windows(2).take_while(grows).count();
    let begins = rounds.first().map_or(0, |first| first.count());
    rounds.truncate(if grown == 0 || begins < LEAST { 0 } else { grown + 1 });
    rounds
}

/// So many segments at most a sender begins with by RFC 5681, section 3.1; by RFC 6928, section 2,
/// ten.
const OLD_INITIAL: u32 = 4;

/// What is said of a round, by its place, with those after it that the same flight holds: up to
/// this segment.
pub(super) fn told(rounds: &[Numbers], at: usize, last: u32) -> Option<Telling> {
    let round = rounds.get(at)?;
    let before = at.checked_sub(1).and_then(|at| rounds.get(at));
    let (headline, detail) = match before {
        None => (
            format!("Sends {}: as many as it begins with", round.named()),
            "No more leave before the first of them is confirmed: the initial window (inferred)."
                .to_owned(),
        ),
        Some(before) => {
            let more = if round.count() == 2 * before.count() {
                "twice as many as a round trip before".to_owned()
            } else {
                format!("{}, after {} a round trip before", round.count(), before.count())
            };
            (
                format!("Sends {}: {more}", round.named()),
                "Each segment that is confirmed lets one more be under way: slow start \
                 (inferred)."
                    .to_owned(),
            )
        }
    };
    let detail = detail + &later(rounds.get(at + 1..).unwrap_or_default(), round.last, last);
    let told = Telling::new(round.named(), headline, tcp::RECOVERY).detail(detail);
    let is_initial = before.is_none() && round.count() > OLD_INITIAL;
    let (standard, section) = if is_initial { ("RFC 6928", "2") } else { ("RFC 5681", "3.1") };
    Some(told.lesson("tcp/slow-start", standard, section))
}

/// What else leaves in the same flight, behind a round.
fn later(rounds: &[Numbers], end: u32, last: u32) -> String {
    if last <= end {
        return String::new();
    }
    let mut within = rounds.iter().filter(|round| round.last <= last);
    let mut named: Vec<String> = within.clone().map(Numbers::to_string).collect();
    let end = within.next_back().map_or(end, |round| round.last);
    if end < last {
        named.push(Numbers { first: end + 1, last }.to_string());
    }
    format!(" Segments {} follow as acknowledgements come.", named.join(", then "))
}
