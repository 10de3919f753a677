//! What each type of message adds: a time, whose request was answered, or which clock is the best.

use super::*;

/// Tells what lies behind the head of a message of this type.
pub(super) fn describe(kind: u64, part: &Part<'_>, walk: &mut Walk<'_>) {
    let times = match kind {
        0 | 1 => [SYNC_SECONDS, SYNC_NANOS],
        2 => [PEER_SECONDS, PEER_NANOS],
        3 => [RECEIPT_SECONDS, RECEIPT_NANOS],
        8 => [PRECISE_SECONDS, PRECISE_NANOS],
        9 => [RECEIVE_SECONDS, RECEIVE_NANOS],
        10 => [RESPONSE_SECONDS, RESPONSE_NANOS],
        11 => [ANNOUNCE_SECONDS, ANNOUNCE_NANOS],
        13 => return management(part, walk),
        _ => return,
    };
    let [seconds, nanos] = times;
    walk.tell(part, 0, 6, seconds);
    walk.tell(part, 6, 4, nanos);
    let whose = match kind {
        3 => [RECEIPT_CLOCK, RECEIPT_PORT],
        9 => [RECEIVE_CLOCK, RECEIVE_PORT],
        10 => [RESPONSE_CLOCK, RESPONSE_PORT],
        11 => return announce(part, walk),
        _ => return,
    };
    let [clock, port] = whose;
    walk.tell(part, 10, 8, clock);
    walk.tell(part, 18, 2, port);
}

/// Tells how good the clock is that all others follow (clause 13.5).
fn announce(part: &Part<'_>, walk: &mut Walk<'_>) {
    if let Some(offset) = part.number(10, 2) {
        let offset = Value::Signed((offset as u16 as i16).into());
        walk.work_out(UTC_OFFSET, offset, part.place(10, 2));
    }
    walk.tell(part, 13, 1, PRIORITY_1);
    walk.tell(part, 14, 1, CLASS);
    walk.tell(part, 15, 1, ACCURACY);
    walk.tell(part, 16, 2, VARIANCE);
    walk.tell(part, 18, 1, PRIORITY_2);
    walk.tell(part, 19, 8, GRANDMASTER);
    walk.tell(part, 27, 2, STEPS);
}

/// Tells whom a question or an order is for (clause 15.4).
fn management(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 0, 8, TARGET);
    walk.tell(part, 8, 2, TARGET_PORT);
    walk.tell(part, 10, 1, STARTING_HOPS);
    walk.tell(part, 11, 1, HOPS);
    walk.tell(part, 12, 1, ACTION);
}
