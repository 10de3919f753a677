//! The sentences of what was lost and sent again: what is proven by packets at both ends.

use super::cut::Cut;
use crate::protocols::tcp::RECOVERY;
use crate::story::{Cause, Numbers, Outcome, Segment, Telling};

/// A try of one segment and of those that were sent again with it, by position: the first and the
/// last of them; and by how much the sender holds back from there on.
pub(super) fn again(
    segments: &[Segment],
    (first, last): (usize, usize),
    cut: Option<Cut>,
) -> Option<Telling> {
    let (one, end) = (segments.get(first)?, segments.get(last)?);
    let again = one.again?;
    let before = segments.get(again.before)?;
    let numbers = Numbers { first: one.numbers.first, last: end.numbers.last };
    let is_last = again.cause == Cause::Probe;
    let what = if is_last { format!("{}, the last,", numbers.named()) } else { numbers.named() };
    let (cause, told) = cause(again.cause, again.silence);
    let headline = format!("Sends {what} again{cause}");
    let try_before = if before.again.is_some() { "the try before" } else { "the first try" };
    let had_come = before.received.is_some_and(|came| came.time.0 <= one.sent.time.0);
    let fate = match (before.is_lost(), one.is_lost()) {
        (true, false) => ", which never came",
        (true, true) => ", which never came; nor does this one",
        (false, false) if had_come => ", which had come: this one was unnecessary",
        (false, false) => ", which was still on its way and came: this one was unnecessary",
        (false, true) if had_come => ", which had come; this one does not",
        (false, true) => ", which was still on its way and came; this one does not",
    };
    let after = span(one.sent.time.since(before.sent.time));
    let cut = cut.map(Cut::told).unwrap_or_default();
    let detail = format!("{after} after {try_before}{fate}.{told}{cut}");
    let (standard, section) = source(again.cause);
    let told = Telling::new(format!("{numbers} again"), headline, RECOVERY)
        .detail(detail)
        .lesson("tcp/retransmission", standard, section)
        .weight(6, 3);
    let outcome = if one.is_lost() { Outcome::Lost } else { Outcome::Repeated };
    // Nobody waits for a second try as such: it begins no chapter and ends no flight.
    Some(told.outcome(outcome).aside())
}

/// The cause at the end of the sentence, and what a teacher would add to it.
fn cause(cause: Cause, silence: i64) -> (&'static str, String) {
    let quiet = || format!(" For {} nothing came.", span(silence));
    match cause {
        Cause::Duplicates { sack } => {
            let named = if sack { " They name what came behind it (SACK)." } else { "" };
            let told = " Each came because something arrived behind the hole; the third counts as \
                        a loss.";
            (": three duplicate acknowledgements tell of a hole", format!("{told}{named}"))
        }
        Cause::Sack => (
            ": an acknowledgement names what came behind it (SACK)",
            " What left later has come, and this has not.".into(),
        ),
        Cause::Later => (": what left later is acknowledged", " So it is overdue.".into()),
        Cause::Probe => (
            ": a probe",
            format!(
                "{} Nothing was sent behind it that could have shown a loss; the answer to the \
                 probe will.",
                quiet()
            ),
        ),
        Cause::TooLarge => (
            ": a router says that it is too large for the way",
            " Its bytes leave in segments that fit.".into(),
        ),
        Cause::Timer => (": its timer ran out", quiet()),
        Cause::Silence => (
            ": a timer ran out",
            format!(
                "{} No later segment was under way that could have shown the loss. It is the \
                 retransmission timer (RFC 6298, section 5) or that of a probe (RFC 8985, section \
                 7): the packets do not tell.",
                quiet()
            ),
        ),
        Cause::Needless => (", though it is acknowledged", String::new()),
        Cause::Unknown => ("", String::new()),
    }
}

/// Where the standard says so.
const fn source(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::Duplicates { sack: false } => ("RFC 5681", "3.2"),
        Cause::Duplicates { sack: true } => ("RFC 6675", "5"),
        Cause::Sack => ("RFC 2018", "5"),
        Cause::Later => ("RFC 8985", "6"),
        Cause::Probe => ("RFC 8985", "7"),
        Cause::TooLarge => ("RFC 1191", "6.4"),
        Cause::Timer => ("RFC 6298", "5"),
        Cause::Silence | Cause::Needless | Cause::Unknown => ("RFC 9293", "3.8.1"),
    }
}

/// A segment that was sent once and came after what left later.
pub(super) fn overtaken(segment: &Segment) -> Telling {
    let headline = format!("Others overtook {} on the way", segment.numbers.named());
    let took = segment.received.map(|came| came.time.since(segment.sent.time));
    let took = took.map(|took| format!(" It took {}.", span(took))).unwrap_or_default();
    Telling::new("overtaken", headline, RECOVERY)
        .detail(format!("It was sent once and came: nothing was lost.{took}"))
        .lesson("tcp/retransmission", "RFC 9293", "3.10.7.4")
        .weight(6, 3)
}

/// What is said of segments that were sent for the first time at once, where none of them came.
pub(super) fn vanished(segments: &[&Segment]) -> Option<Telling> {
    if !segments.iter().all(|one| one.is_lost()) {
        return None;
    }
    let headline = lost(segments)?;
    let (first, last) = (segments.first()?.numbers.first, segments.last()?.numbers.last);
    let told = Telling::new(Numbers { first, last }.to_string(), headline, RECOVERY)
        .lesson("tcp/retransmission", "RFC 9293", "3.8.1")
        .weight(6, 3);
    Some(told.outcome(Outcome::Lost).aside())
}

/// What is said of segments that were sent for the first time in one flight, where some are lost:
/// "Sends segments 1–10, of which 4 never comes".
pub(super) fn lost(segments: &[&Segment]) -> Option<String> {
    let new = || segments.iter().filter(|one| one.again.is_none());
    let lost: Vec<u32> = new().filter(|one| one.is_lost()).map(|one| one.numbers.first).collect();
    let (first, last) = (new().next()?.numbers.first, new().next_back()?.numbers.last);
    let all = Numbers { first, last };
    let come = if lost.len() == 1 { "comes" } else { "come" };
    if lost.is_empty() {
        return None;
    }
    if lost.len() as u32 == all.count() {
        return Some(format!("Sends {}, which never {come}", all.named()));
    }
    let shown = lost.iter().take(NAMED).map(u32::to_string).collect::<Vec<_>>().join(", ");
    let more = lost.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("Sends {}, of which {shown}{more} never {come}", all.named()))
}

/// So many lost segments of a flight are named.
const NAMED: usize = 8;

/// A span of time in three digits or so: "142 ms", "1.42 ms".
fn span(nanos: i64) -> String {
    let millis = nanos.max(0) as f64 / 1e6;
    match millis {
        ms if ms >= 99.95 => format!("{ms:.0} ms"),
        ms if ms >= 9.995 => format!("{ms:.1} ms"),
        ms => format!("{ms:.2} ms"),
    }
}
