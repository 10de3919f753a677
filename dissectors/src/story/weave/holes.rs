//! Bytes of a stream that the recording lacks, though they were sent: later ones came, or the other
//! side acknowledged them.
//!
//! ```text
//!   client   GET a ────────      ACK 79, GET b ────────
//!   server          (78 bytes) ──╱                 B       the hole shows with that ACK
//! ```
//!
//! What lies in such a hole may be an answer: whatever had been asked by the time at which it shows
//! cannot be said to wait any longer.

use std::collections::BTreeMap;

use super::gather::Thread;
use super::vantage::Vantage;
use crate::engine::conversation::{Stop, heeding};
use crate::engine::reader::Context;
use crate::engine::tcp::flags;
use crate::ids::{Both, Direction, FrameId};
use crate::protocol::Framing;
use crate::survey::{Row, Survey};

/// Bytes that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// Who sent them.
    pub(super) direction: Direction,
    /// The first frame that shows that they were sent.
    pub(super) shown: FrameId,
    /// How many of them it shows.
    pub(super) bytes: u64,
}

/// The holes of a connection, in the order in which they show.
pub(super) fn of(
    thread: &Thread,
    vantage: &Vantage,
    (context, survey): (Context<'_>, &Survey),
    stop: Stop<'_>,
) -> Vec<Hole> {
    let Some(flow) = survey.flow(thread.paths.first) else { return Vec::new() };
    if thread.framing != Framing::Stream || thread.one_sided {
        return Vec::new();
    }
    let [forward, backward] = flow.numbers.bases();
    let mut streams = Both::new(Stream::from(forward), Stream::from(backward));
    let frames = || {
        let all = heeding(thread.conversation.frames().iter().copied(), stop);
        all.filter_map(move |id| Some((id, survey.row(id)?)))
    };
    for (id, row) in frames() {
        streams.of_mut(thread.paths.way(id, row)).cover(row);
    }
    // What was lost on its way to this end is no fault of the recording.
    for row in vantage.never_seen().iter().filter_map(|id| survey.row(*id)) {
        streams.of_mut(Direction::Backward).cover(row);
    }
    let mut holes = Vec::new();
    let mut add = |direction, shown, bytes| {
        if bytes > 0 {
            holes.push(Hole { direction, shown, bytes });
        }
    };
    // The number of a reset may mean nothing.
    for (id, row) in frames().filter(|(_, row)| row.tcp_flags() & flags::RST == 0) {
        let way = thread.paths.way(id, row);
        add(way, id, streams.of_mut(way).show(row.first_byte()));
        let confirmed = row.acknowledgement(context.frames.frame(id).bytes);
        if let Some(number) = confirmed.filter(|_| row.tcp_flags() & flags::ACK != 0) {
            add(way.reverse(), id, streams.of_mut(way.reverse()).show(number));
        }
    }
    holes
}

/// The bytes of one direction, by their distance from the first one.
#[derive(Debug, Default)]
struct Stream {
    /// The number of the first byte.
    first: Option<u32>,
    /// From where to where there are bytes: no two of these touch.
    held: BTreeMap<u64, u64>,
    /// Behind the last byte of which it is known that it was sent.
    shown: u64,
    /// Whether its FIN was recorded.
    has_ended: bool,
}

impl Stream {
    /// Nothing of it is known but what its numbers count from.
    fn from(base: Option<u32>) -> Self {
        Self { first: base.map(|base| base.wrapping_add(1)), ..Self::default() }
    }

    /// The place of a number, as near as can be to one that is known; nothing before the first.
    fn place(&self, number: u32, near: u64) -> Option<u64> {
        let expected = self.first?.wrapping_add(near as u32);
        near.checked_add_signed(number.wrapping_sub(expected).cast_signed().into())
    }

    /// Takes the bytes of a segment for there.
    fn cover(&mut self, row: &Row) {
        let ends = row.tcp_flags() & flags::FIN != 0;
        let near = self.held.last_key_value().map_or(0, |(_, end)| *end);
        let length = u64::from(row.data_len()) + u64::from(ends);
        let Some(start) = self.place(row.first_byte(), near).filter(|_| length > 0) else { return };
        self.has_ended |= ends;
        let (mut from, mut to) = (start, start.saturating_add(length));
        while let Some((first, end)) = self.held.range(..=to).next_back().map(|(a, b)| (*a, *b)) {
            if end < from {
                break;
            }
            self.held.remove(&first);
            (from, to) = (from.min(first), to.max(end));
        }
        self.held.insert(from, to);
    }

    /// Learns that all bytes before a number were sent: how many of those are missing of which that
    /// was not known.
    fn show(&mut self, number: u32) -> u64 {
        let Some(until) = self.place(number, self.shown).filter(|until| *until > self.shown) else {
            return 0;
        };
        let from = std::mem::replace(&mut self.shown, until);
        let within = self.held.range(..until).rev().map(|(start, end)| (*start, *end));
        let there: u64 = within
            .take_while(|(_, end)| *end > from)
            .map(|(start, end)| end.min(until) - start.max(from))
            .sum();
        let last = self.held.last_key_value().map_or(0, |(_, end)| *end);
        // A FIN that was not recorded has a number of its own, and is no byte.
        let fin = u64::from(!self.has_ended && until == last + 1 && from <= last);
        (until - from).saturating_sub(there + fin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A segment with so many bytes from this number on.
    fn row(seq: u32, payload_len: u32, flags: u16) -> Row {
        let mut row = Row { seq, payload_len, ..Row::EMPTY };
        row.set_tcp(flags, 5);
        row
    }

    #[track_caller]
    fn check(base: u32, segments: &[(u32, u32, u16)], shown: &[(u32, u64)]) {
        let mut stream = Stream::from(Some(base));
        for (seq, length, flags) in segments {
            stream.cover(&row(*seq, *length, *flags));
        }
        let found: Vec<(u32, u64)> =
            shown.iter().map(|(number, _)| (*number, stream.show(*number))).collect();
        assert_eq!(found, shown, "{segments:?}");
    }

    #[test]
    fn what_others_acknowledge_and_nobody_saw_is_missing() {
        check(0, &[(1, 100, 0)], &[(101, 0), (179, 78), (179, 0), (200, 21)]);
        // In any order, again, and past the end of the numbers.
        check(0, &[(101, 100, 0), (1, 50, 0), (1, 100, 0)], &[(50, 0), (201, 0), (211, 10)]);
        check(u32::MAX - 10, &[(u32::MAX - 9, 10, 0), (5, 5, 0)], &[(10, 5), (4, 0)]);
        // Between two that are there, and in parts.
        check(0, &[(1, 10, 0), (31, 10, 0)], &[(21, 10), (41, 10), (41, 0)]);
    }

    #[test]
    fn an_end_that_nobody_saw_is_no_byte() {
        check(0, &[(1, 10, 0)], &[(11, 0), (12, 0)]);
        check(0, &[(1, 10, 0)], &[(12, 0)]);
        check(0, &[(1, 10, flags::FIN)], &[(12, 0), (13, 1)]);
        check(0, &[], &[(1, 0), (2, 0)]);
    }

    #[test]
    fn what_does_not_begin_shows_nothing() {
        let mut stream = Stream::from(None);
        stream.cover(&row(5, 10, 0));
        assert_eq!(stream.show(100), 0);
    }
}
