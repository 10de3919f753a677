//! The packets that one side has sent in one space of numbers, until the other side says that they
//! have come.
//!
//! ```text
//!   numbers    0 ───── 7   8   9   10   11   12 …
//!   heard  <── latest ─┘       │              └── outstanding
//!                              └── lost: three later ones have come, or it is overdue
//! ```
//!
//! What an acknowledgement costs depends on what it says that is new, and not on how long the
//! connection has been going on.

use std::collections::VecDeque;

use super::super::facts::{Lost, Named, Threshold};
use super::super::frame::{Frame, Says, kind};
use crate::ids::{FrameId, MessageId, Time};
use crate::protocols::quic::limits::{
    MAX_QUIC_CARRIED, MAX_QUIC_HEARD, MAX_QUIC_LOST, MAX_QUIC_SENT,
};

/// So many packets must have come that were sent later (RFC 9002, section 6.1.1).
const PACKET_THRESHOLD: u64 = 3;

/// Something that is sent again in another packet where it is lost (RFC 9000, section 13.3): bytes
/// of the handshake or of a stream, or what a frame of one kind says, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The kind of its frame; of all STREAM frames the lowest.
    kind: u64,
    /// The stream that it is about, where it is about one.
    stream: u64,
    start: u64,
    /// Behind its last byte; the end of a stream counts as one more.
    end: u64,
}

impl Item {
    /// What a frame says that would be sent again.
    pub(super) fn of(frame: &Frame) -> Option<Self> {
        let item = |stream, start: u64, end| Some(Self { kind: frame.kind, stream, start, end });
        match frame.says {
            Says::Crypto { offset, data } => {
                item(0, offset, offset.saturating_add(data.len.into()))
            }
            Says::Stream { stream, offset, data, is_last } => {
                let end = offset.saturating_add(data.len.into());
                let end = end.saturating_add(is_last.into());
                Some(Self { kind: kind::STREAM, stream, start: offset, end })
            }
            Says::Id { sequence, .. } => item(0, sequence, sequence.saturating_add(1)),
            Says::Broken { stream, .. } => item(stream, 0, 1),
            Says::OfStream { stream, number } => item(stream, number, number.saturating_add(1)),
            Says::Number(number) => item(0, number, number.saturating_add(1)),
            Says::Nothing if frame.kind == kind::HANDSHAKE_DONE => item(0, 0, 1),
            Says::Nothing | Says::Acknowledged { .. } | Says::Closed { .. } | Says::Bytes(_) => {
                None
            }
        }
        .filter(|item| item.start < item.end)
    }

    /// Whether it is bytes of the handshake or of a stream: they are numbered, so that it is known
    /// without a search whether any were sent before.
    pub(super) const fn stream(&self) -> Option<Option<u64>> {
        match self.kind {
            kind::STREAM => Some(Some(self.stream)),
            kind::CRYPTO => Some(None),
            _ => None,
        }
    }

    /// Where it begins and ends.
    pub(super) const fn range(&self) -> (u64, u64) {
        (self.start, self.end)
    }

    const fn overlaps(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.stream == other.stream
            && self.start < other.end
            && other.start < self.end
    }

    /// What of it another does not say: before it and behind it.
    fn less(self, other: &Self) -> impl Iterator<Item = Self> {
        let before = Self { end: self.end.min(other.start), ..self };
        let behind = Self { start: self.start.max(other.end), ..self };
        [before, behind].into_iter().filter(|part| part.start < part.end)
    }
}

/// A packet that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) number: u64,
    pub(super) message: MessageId,
    pub(super) frame: FrameId,
    pub(super) time: Time,
    /// Whether the other side has to acknowledge it (RFC 9002, section 2).
    pub(super) elicits: bool,
    /// Whether it was sealed as early data.
    pub(super) is_early: bool,
    /// What would be sent again.
    pub(super) items: Box<[Item]>,
}

impl Sent {
    pub(super) const fn named(&self) -> Named {
        Named { number: self.number, frame: self.frame }
    }

    fn says(&self, item: &Item) -> bool {
        self.items.iter().any(|own| own.overlaps(item))
    }
}

/// What the frames of a packet would be sent again for, and whether they have to be acknowledged.
pub(super) fn carried(frames: &[Frame]) -> (Vec<Item>, bool) {
    let items = frames.iter().filter_map(Item::of).take(MAX_QUIC_CARRIED).collect();
    (items, frames.iter().any(Frame::elicits))
}

/// What became of a packet, as far as its sender can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nobody has said anything of it.
    Outstanding,
    /// It counts as lost.
    Lost(Threshold),
    /// It is acknowledged.
    Heard,
}

/// The packets of one space.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// In the order of their numbers, as are the lost ones.
    outstanding: VecDeque<Sent>,
    lost: VecDeque<(Sent, Threshold)>,
    /// The latest that were acknowledged, in the order in which they were.
    heard: VecDeque<Sent>,
    /// The largest number that was acknowledged.
    largest: Option<u64>,
}

impl Log {
    /// Takes up a packet.
    pub(super) fn add(&mut self, sent: Sent) {
        let place = match self.outstanding.back() {
            Some(last) if last.number > sent.number => {
                self.outstanding.partition_point(|one| one.number < sent.number)
            }
            _ => self.outstanding.len(),
        };
        self.outstanding.insert(place, sent);
        // Who only acknowledges is seldom acknowledged, and nobody misses that.
        let is_quiet = |log: &VecDeque<Sent>| {
            log.len() > MAX_QUIC_HEARD && log.front().is_some_and(|first| !first.elicits)
        };
        while self.outstanding.len() > MAX_QUIC_SENT || is_quiet(&self.outstanding) {
            self.outstanding.pop_front();
        }
    }

    /// Whether a packet of that number came by before, as far as is remembered.
    pub(super) fn holds(&self, number: u64) -> bool {
        let is_lost = |log: &VecDeque<(Sent, Threshold)>| {
            log.binary_search_by_key(&number, |(one, _)| one.number).is_ok()
        };
        self.outstanding.binary_search_by_key(&number, |one| one.number).is_ok()
            || is_lost(&self.lost)
            || self.heard.iter().any(|one| one.number == number)
    }

    /// Whether a packet with a number from `first` to `last` waits for its acknowledgement.
    pub(super) fn waits_within(&self, first: u64, last: u64) -> bool {
        let place = self.outstanding.partition_point(|one| one.number < first);
        self.outstanding.get(place).is_some_and(|one| one.number <= last)
    }

    /// Early data was not taken: its packets are not lost, for nobody was to take them.
    pub(super) fn refuse_early(&mut self) {
        let (early, rest) = std::mem::take(&mut self.outstanding)
            .into_iter()
            .partition::<VecDeque<Sent>, _>(|one| one.is_early);
        self.outstanding = rest;
        self.heard.extend(early);
        while self.heard.len() > MAX_QUIC_HEARD {
            self.heard.pop_front();
        }
    }

    /// The largest number that was acknowledged.
    pub(super) const fn largest(&self) -> Option<u64> {
        self.largest
    }

    /// Whether a packet has to be acknowledged and is not.
    pub(super) fn waits(&self) -> bool {
        self.outstanding.iter().any(|one| one.elicits)
    }

    /// Numbers are acknowledged, in runs from the highest down: those that were not before, the
    /// highest first, and whether they counted as lost.
    pub(super) fn acknowledge(&mut self, runs: &[(u64, u64)], mut each: impl FnMut(&Sent, bool)) {
        for (from, to) in runs {
            let low = self.outstanding.partition_point(|one| one.number < *from);
            let high = self.outstanding.partition_point(|one| one.number <= *to);
            for sent in self.outstanding.drain(low.min(high)..high).rev() {
                each(&sent, false);
                self.heard.push_back(sent);
            }
            let low = self.lost.partition_point(|(one, _)| one.number < *from);
            let high = self.lost.partition_point(|(one, _)| one.number <= *to);
            for (sent, _) in self.lost.drain(low.min(high)..high).rev() {
                each(&sent, true);
                self.heard.push_back(sent);
            }
            while self.heard.len() > MAX_QUIC_HEARD {
                self.heard.pop_front();
            }
            let lowest = [self.outstanding.front(), self.lost.front().map(|(one, _)| one)];
            let lowest = lowest.into_iter().flatten().map(|one| one.number).min();
            if lowest.is_none_or(|lowest| *from <= lowest) {
                break;
            }
        }
        let largest = runs.first().map(|(_, to)| *to);
        self.largest = self.largest.max(largest);
    }

    /// Packets count as lost that were sent before the largest one acknowledged: three numbers
    /// before it, or at least `overdue` nanoseconds ago.
    pub(super) fn lose(&mut self, now: Time, overdue: i64, mut each: impl FnMut(Lost)) {
        let Some(largest) = self.largest else { return };
        let mut at = 0;
        while let Some(one) = self.outstanding.get(at).filter(|one| one.number < largest) {
            let by = if one.number.saturating_add(PACKET_THRESHOLD) <= largest {
                Threshold::Packets
            } else if now.since(one.time) >= overdue && now.known().is_some() {
                Threshold::Time
            } else {
                at += 1;
                continue;
            };
            let Some(sent) = self.outstanding.remove(at) else { break };
            // What need not be acknowledged is not missed.
            if sent.elicits {
                each(Lost { packet: sent.named(), by });
                let place = self.lost.partition_point(|(one, _)| one.number < sent.number);
                self.lost.insert(place, (sent, by));
            }
        }
        while self.lost.len() > MAX_QUIC_LOST {
            self.lost.pop_front();
        }
    }

    /// The packets that said these things before, each thing by the latest one, with what became of
    /// them: the latest packet first.
    pub(super) fn said(&self, items: &[Item]) -> Vec<(&Sent, Fate)> {
        let outstanding = self.outstanding.iter().map(|one| (one, Fate::Outstanding));
        let lost = self.lost.iter().map(|(one, by)| (one, Fate::Lost(*by)));
        let heard = self.heard.iter().map(|one| (one, Fate::Heard));
        let all = outstanding.chain(lost).chain(heard);
        let mut found: Vec<_> =
            all.filter(|(one, _)| items.iter().any(|item| one.says(item))).collect();
        found.sort_by_key(|(one, _)| std::cmp::Reverse(one.number));
        let mut left = items.to_vec();
        found.retain(|(one, _)| {
            let is_new = left.iter().any(|item| one.says(item));
            for own in &one.items {
                left = left
                    .iter()
                    .flat_map(|item| {
                        let (same, other) = if item.overlaps(own) {
                            (Some(*item), None)
                        } else {
                            (None, Some(*item))
                        };
                        same.into_iter().flat_map(|item| item.less(own)).chain(other)
                    })
                    .take(2 * MAX_QUIC_CARRIED)
                    .collect();
            }
            is_new
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(start: u64, end: u64) -> Item {
        Item { kind: kind::STREAM, stream: 4, start, end }
    }

    fn sent(number: u64, items: &[Item]) -> Sent {
        Sent {
            number,
            message: MessageId(number as u32),
            frame: FrameId(number as u32),
            time: Time(number as i64),
            elicits: !items.is_empty(),
            is_early: false,
            items: items.into(),
        }
    }

    fn log(numbers: impl IntoIterator<Item = u64>) -> Log {
        let mut log = Log::default();
        numbers.into_iter().for_each(|number| log.add(sent(number, &[item(number, number + 1)])));
        log
    }

    fn acknowledge(log: &mut Log, runs: &[(u64, u64)]) -> Vec<(u64, bool)> {
        let mut all = Vec::new();
        log.acknowledge(runs, |sent, was_lost| all.push((sent.number, was_lost)));
        all
    }

    fn lose(log: &mut Log, now: i64, overdue: i64) -> Vec<(u64, Threshold)> {
        let mut all = Vec::new();
        log.lose(Time(now), overdue, |lost| all.push((lost.packet.number, lost.by)));
        all
    }

    #[test]
    fn each_packet_is_acknowledged_once() {
        let mut log = log([0, 1, 3, 2, 5]);
        assert_eq!(acknowledge(&mut log, &[(3, 3), (0, 1)]), [(3, false), (1, false), (0, false)]);
        assert_eq!(acknowledge(&mut log, &[(3, 3), (0, 1)]), []);
        assert_eq!(acknowledge(&mut log, &[(0, 9)]), [(5, false), (2, false)]);
        assert_eq!(log.largest(), Some(9));
        assert!(log.holds(5) && !log.holds(4));
    }

    #[test]
    fn a_packet_counts_as_lost_where_later_ones_have_come() {
        let mut log = log(0..8);
        assert_eq!(lose(&mut log, 100, 0), [], "nothing has come");
        acknowledge(&mut log, &[(4, 4)]);
        let by = Threshold::Packets;
        assert_eq!(lose(&mut log, 10, 100), [(0, by), (1, by)]);
        assert_eq!(lose(&mut log, 100, 98), [(2, Threshold::Time)]);
        assert_eq!(acknowledge(&mut log, &[(0, 3)]), [(3, false), (2, true), (1, true), (0, true)]);
        // What only acknowledges is not missed.
        log.add(sent(8, &[]));
        acknowledge(&mut log, &[(20, 20)]);
        assert_eq!(lose(&mut log, 100, 0).iter().map(|one| one.0).collect::<Vec<_>>(), [5, 6, 7]);
        assert!(!log.waits());
    }

    #[test]
    fn what_is_said_again_is_that_of_the_latest_who_said_it() {
        let mut log = Log::default();
        let mut add = |number, items: &[Item]| log.add(sent(number, items));
        add(0, &[item(0, 10)]);
        add(1, &[item(10, 20)]);
        add(2, &[item(0, 10)]);
        add(3, &[Item { stream: 8, ..item(0, 10) }]);
        acknowledge(&mut log, &[(1, 1)]);
        let said = |items: &[Item]| {
            log.said(items).iter().map(|(one, fate)| (one.number, *fate)).collect::<Vec<_>>()
        };
        assert_eq!(said(&[item(5, 8)]), [(2, Fate::Outstanding)]);
        assert_eq!(said(&[item(5, 15)]), [(2, Fate::Outstanding), (1, Fate::Heard)]);
        assert_eq!(said(&[item(20, 30)]), []);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut log = log(0..2 * MAX_QUIC_SENT as u64);
        assert_eq!(log.outstanding.len(), MAX_QUIC_SENT);
        acknowledge(&mut log, &[(u64::MAX, u64::MAX)]);
        lose(&mut log, 0, 1);
        assert_eq!((log.outstanding.len(), log.lost.len()), (0, MAX_QUIC_LOST));
        acknowledge(&mut log, &[(0, u64::MAX)]);
        assert_eq!((log.heard.len(), log.lost.len()), (MAX_QUIC_HEARD, 0));
    }
}
