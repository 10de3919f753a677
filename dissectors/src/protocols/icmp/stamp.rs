//! The time that programs write at the beginning of an echo's data (iputils, `ping`): what comes
//! back says how long it took. Nothing marks it: it is one if it is about the time of the frame.

use super::{DATA_TIME, DATA_TIME_RELATIVE};
use crate::field::Value;
use crate::headers::{Part, Walk};
use crate::ids::Time;

/// How far the clocks of a sender and of whoever captures may be apart: less than a day.
const NEAR: u64 = 86_400 * SECOND.unsigned_abs();
const SECOND: i64 = 1_000_000_000;

/// Tells it, and says how many bytes it takes: seconds and microseconds, each of eight bytes or of
/// four.
pub(super) fn describe(data: &Part<'_>, walk: &mut Walk<'_>) -> usize {
    let Some(frame) = walk.time.known() else { return 0 };
    let read = |width: usize| {
        let little = data.little(0, width).zip(data.little(width, width));
        let big = data.number(0, width).zip(data.number(width, width));
        [little, big].into_iter().flatten().find_map(|pair| near(pair, frame))
    };
    let Some((time, len)) = [8, 4].into_iter().find_map(|width| Some((read(width)?, 2 * width)))
    else {
        return 0;
    };
    let place = data.place(0, len);
    walk.work_out(DATA_TIME, Value::Nanos(time.0), place);
    walk.work_out(DATA_TIME_RELATIVE, Value::Nanos(frame.since(time)), place);
    len
}

/// That time, where it is one near the frame's.
fn near((seconds, micros): (u64, u64), frame: Time) -> Option<Time> {
    let seconds = i64::try_from(seconds).ok()?.checked_mul(SECOND)?;
    let micros = i64::try_from(micros).ok().filter(|micros| *micros < 1_000_000)?;
    let time = Time(seconds.checked_add(micros * 1000)?);
    (frame.since(time).unsigned_abs() < NEAR).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_only_near_the_frame() {
        let frame = Time(1_700_000_000 * SECOND);
        let check = |seconds, micros, expected: Option<i64>| {
            assert_eq!(near((seconds, micros), frame).map(|time| frame.since(time)), expected);
        };
        check(1_700_000_000, 0, Some(0));
        check(1_699_999_999, 999_999, Some(1000));
        check(1_700_086_399, 0, Some(-86_399 * SECOND));
        check(1_700_086_400, 0, None);
        check(1_700_000_000, 1_000_000, None);
        check(u64::MAX, 0, None);
        check(u64::MAX / 4, u64::MAX, None);
        // So far apart that the distance is no number of nanoseconds any more.
        let before_all = Time(i64::MIN / 2);
        assert_eq!(near((9_000_000_000, 0), before_all), None);
    }
}
