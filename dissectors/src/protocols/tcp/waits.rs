//! How long segments waited, and for what, as far as their times prove it.
//!
//! Two algorithms make a small segment wait. The receiver delays its acknowledgement, so that an
//! answer may carry it (RFC 9293, section 3.8.6.3). The sender holds small data back until all
//! before it is acknowledged (Nagle, section 3.7.4). Neither says so; but who waits for an
//! acknowledgement goes on in the moment in which it comes, and no program sees acknowledgements.
//!
//! ```text
//!   client   ── small ──>                                   ── small ──>
//!   server                      (waits)         <── ACK ──
//!                 └── Delayed: longer than the way there and back ──┘└ Held: at once
//! ```

use std::ops::RangeInclusive;

use super::needless::Needless;
use super::segment::Segment;
use super::state::State;
use crate::engine::tcp::flags;
use crate::ids::Time;

/// A delay of an acknowledgement, beyond the way there and back: longer than a kernel takes that
/// does not mean to wait, and no longer than one may (half a second, RFC 9293, section 3.8.6.3).
const DELAY: RangeInclusive<i64> = 20_000_000..=500_000_000;

/// How soon after an acknowledgement a kernel sends what it had held back.
const AT_ONCE: i64 = 1_000_000;

/// Fewer bytes than this are less than a full segment on any path (RFC 9293, section 3.7.1).
const SMALL: u32 = 536;

/// What is to be said of a segment beside what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// It acknowledges and does nothing else, so many nanoseconds later than it might.
    Delayed(i64),
    /// It left at once when all before it was acknowledged: so many nanoseconds after what its
    /// sender had sent last, and after the acknowledgement.
    Held(i64, i64),
    /// Its sender goes on sending, though the other side has ended its direction.
    SendsOn,
    /// A SYN that stands in the capture behind its answer.
    StoredLate,
    /// It shows that something came twice, or was sent again for nothing.
    Needless(Needless),
}

/// One end's segments in time.
#[derive(Clone, Default)]
pub(super) struct Pace {
    /// When it first said SYN, and how long the way from here to the other end and back is.
    synced: Option<Time>,
    trip: Option<i64>,
    /// When the first of its data came that is not acknowledged, and how many segments did since.
    waiting: Option<(Time, u32)>,
    /// When it sent data last.
    last: Option<Time>,
    /// When all its data was acknowledged, late, if nothing has come since.
    freed: Option<Time>,
    /// How many segments with data it sent since the other side ended its direction.
    alone: u32,
}

/// What a segment is to those before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// When it came.
    pub(super) now: Time,
    /// Whether its data is new and in order.
    pub(super) is_new: bool,
    /// Whether with it all is acknowledged that the other side has said.
    pub(super) confirms_all: bool,
    /// The state of its sender before it.
    pub(super) sender: State,
}

/// Takes a segment of the first of two ends.
pub(super) fn note([own, peer]: [&mut Pace; 2], segment: &Segment, place: Place) -> Option<Remark> {
    let now = place.now;
    if segment.has(flags::SYN) {
        own.synced.get_or_insert(now);
    }
    if segment.has(flags::ACK) && peer.trip.is_none() {
        peer.trip = peer.synced.map(|at| now.since(at));
    }
    let freed = own.freed.take();
    peer.freed = None;
    let mut remark = None;
    if segment.len > 0 {
        // Whoever answers from afar is heard one way later.
        let soon = peer.trip.unwrap_or(0).saturating_add(AT_ONCE);
        let held = freed
            .zip(own.last)
            .filter(|(freed, _)| place.is_new && segment.len < SMALL && now.since(*freed) <= soon);
        remark = held.map(|(freed, last)| Remark::Held(now.since(last), now.since(freed)));
        if place.sender == State::CloseWait && place.is_new {
            own.alone = own.alone.saturating_add(1);
            // One segment more may be a last word, such as an alert of TLS.
            remark = remark.or((own.alone == 2).then_some(Remark::SendsOn));
        }
        let (since, count) = own.waiting.unwrap_or((now, 0));
        own.waiting = Some((since, count.saturating_add(1)));
        own.last = Some(now);
    }
    if place.confirms_all
        && let Some((since, count)) = peer.waiting.take()
        && let Some(trip) = peer.trip
    {
        let late = now.since(since).saturating_sub(trip);
        let is_bare = !segment.has(flags::SYN | flags::FIN | flags::RST) && segment.len == 0;
        // A second full segment must be acknowledged without delay; so one alone shows it.
        if is_bare && count == 1 && DELAY.contains(&late) {
            peer.freed = Some(now);
            remark = Some(Remark::Delayed(late));
        }
    }
    remark
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Direction, FrameId};
    use crate::span::Span;

    /// A segment: who sends it, when in microseconds, flags, data, whether it confirms all.
    type Sent = (char, i64, u16, u32, bool);

    const SYN: u16 = flags::SYN;
    const ACK: u16 = flags::ACK;

    /// Plays a handshake of which the far end is so many microseconds away there and back, then
    /// the rest; what is remarked of that.
    #[track_caller]
    fn check(trip: i64, rest: &[Sent], expected: &[Option<Remark>]) {
        let opening =
            [('>', 0, SYN, 0, false), ('<', trip, SYN | ACK, 0, true), ('>', trip, ACK, 0, true)];
        let [mut client, mut server] = [Pace::default(), Pace::default()];
        let mut ended = false;
        let mut found = Vec::new();
        for (side, micros, bits, len, confirms_all) in opening.iter().chain(rest).copied() {
            let segment = Segment {
                direction: Direction::Forward,
                ports: [0; 2],
                seq: 0,
                ack: 0,
                flags: bits,
                window: 9,
                data: Span::frame(FrameId(0), 0, len),
                len,
                cause: Span::NONE,
                cut: 0,
                urgent: None,
            };
            let sender = if ended { State::CloseWait } else { State::Established };
            let now = Time(micros * 1_000);
            let place = Place { now, is_new: true, confirms_all, sender };
            let ends =
                if side == '>' { [&mut client, &mut server] } else { [&mut server, &mut client] };
            found.push(note(ends, &segment, place));
            ended |= bits & flags::FIN != 0;
        }
        assert_eq!(found.split_off(opening.len()), expected);
    }

    #[test]
    fn an_acknowledgement_is_late_beyond_the_way_and_what_it_frees_was_held_back() {
        let (delayed, held) = (
            |millis: i64| Some(Remark::Delayed(millis * 1_000_000)),
            |waited: i64, after: i64| Some(Remark::Held(waited * 1_000, after * 1_000)),
        );
        // On one host.
        let exchange = [
            ('>', 1_000, ACK, 9, false),
            ('<', 45_000, ACK, 0, true),
            ('>', 45_030, ACK, 5, false),
        ];
        check(0, &exchange, &[None, delayed(44), held(44_030, 30)]);
        // 30 ms away the same acknowledgement came 14 ms later than it might.
        check(30_000, &exchange, &[None, None, None]);
        let far = [
            ('>', 31_000, ACK, 9, false),
            ('<', 105_000, ACK, 0, true),
            ('>', 105_030, ACK, 5, false),
        ];
        check(30_000, &far, &[None, delayed(44), held(74_030, 30)]);
    }

    #[test]
    fn nothing_is_said_where_times_prove_nothing() {
        let data = ('>', 1_000, ACK, 9, false);
        let late = ('<', 45_000, ACK, 0, true);
        let delayed = Some(Remark::Delayed(44_000_000));
        // It came at once, with an answer, or later than any kernel delays it.
        check(0, &[data, ('<', 1_200, ACK, 0, true)], &[None, None]);
        check(0, &[data, ('<', 45_000, ACK, 7, true)], &[None, None]);
        check(0, &[data, ('<', 601_000, ACK, 0, true)], &[None, None]);
        // Two segments were on their way: the second is what it answers.
        check(0, &[data, ('>', 44_900, ACK, 9, false), late], &[None, None, None]);
        // What follows left later, is no small segment, or something came between.
        check(0, &[data, late, ('>', 52_000, ACK, 5, false)], &[None, delayed, None]);
        check(0, &[data, late, ('>', 45_030, ACK, 1448, false)], &[None, delayed, None]);
        let between = ('<', 45_010, ACK, 3, true);
        check(
            0,
            &[data, late, between, ('>', 45_030, ACK, 5, false)],
            &[None, delayed, None, None],
        );
    }

    #[test]
    fn whoever_sends_twice_after_the_other_has_ended_sends_on() {
        let fin = ('>', 1_000, ACK | flags::FIN, 0, false);
        let word = ('<', 1_100, ACK, 5, true);
        check(0, &[fin, word, word, word], &[None, None, Some(Remark::SendsOn), None]);
    }
}
