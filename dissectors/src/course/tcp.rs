//! Segments of TCP: what their headers say, and what was under way.

use super::listen::Header;
use super::read::Seen;
use super::{Course, Heard, Says, Sent, What};
use crate::engine::tcp::SegmentKind;
use crate::engine::under_way::UnderWay;
use crate::ids::MessageId;
use crate::maps::FastMap;

/// What is known of the sender so far.
#[derive(Default)]
pub(super) struct Segments {
    /// Where its first byte of data lay, once that is known.
    way: Option<UnderWay>,
    /// The number of its last segment.
    last: Option<u64>,
    /// The last number that was acknowledged.
    heard: Option<u64>,
    /// Its segments by message: when each was seen, and whether a round trip can be measured.
    at: FastMap<MessageId, (i64, bool)>,
}

impl Segments {
    /// Takes a segment of the sender.
    pub(super) fn send(
        &mut self,
        seen: &Seen,
        (header, kind): (&Header, SegmentKind),
        again: Option<MessageId>,
        course: &mut Course,
    ) {
        let from = unwrapped(header.seq, self.last.or(self.heard));
        let to = from + u64::from(header.next.wrapping_sub(header.seq));
        let what = match kind {
            kind if kind.is_retransmission() => What::Again,
            SegmentKind::OutOfOrder => What::Late,
            SegmentKind::KeepAlive | SegmentKind::WindowProbe => What::Probe,
            _ => What::New,
        };
        if to == from && what != What::Probe {
            return;
        }
        self.last = Some(from);
        let (frame, time, data) = (seen.frame, seen.time, header.len);
        course.sent.push(Sent { frame, time, from, to, data, what, is_lost: false });
        if let Some(nanos) = time.known() {
            self.at.insert(seen.message, (nanos.0, what == What::New));
        }
        // Which of two tries is acknowledged nobody can tell.
        if let Some(first) = again.and_then(|first| self.at.get_mut(&first)) {
            first.1 = false;
        }
        if data == 0 {
            return;
        }
        // A SYN takes the place before its data.
        let start = to.saturating_sub(data.into()) as i64;
        let way = self.way.get_or_insert_with(|| UnderWay::from(start));
        way.send(to as i64);
        seen.count(way.bytes(), course);
    }

    /// Takes a segment of the other side.
    pub(super) fn hear(
        &mut self,
        seen: &Seen,
        (header, kind): (&Header, SegmentKind),
        acknowledged: Option<MessageId>,
        course: &mut Course,
    ) {
        if !header.acknowledges || header.resets {
            return;
        }
        let upto = unwrapped(header.ack, self.heard.or(self.last));
        self.heard = Some(self.heard.map_or(upto, |before| before.max(upto)));
        let says = match kind {
            _ if header.is_full => Says::Full,
            SegmentKind::DuplicateAck => Says::Duplicate,
            SegmentKind::WindowUpdate => Says::Update,
            _ => Says::Plain,
        };
        let first = course.blocks.len();
        for (left, right) in header.left.iter().zip(&header.right) {
            let left = unwrapped(*left, Some(upto));
            let right = left + u64::from(right.wrapping_sub(left as u32));
            // What is acknowledged anyway came twice: it lies beyond no hole (RFC 2883, section 4).
            if right > upto {
                course.blocks.push((left, right));
            }
        }
        let blocks = first as u32..course.blocks.len() as u32;
        let (frame, time, window) = (seen.frame, seen.time, Some(header.window.into()));
        let own = course.blocks.get(first..).unwrap_or_default();
        // What lay beyond a hole was there before: its acknowledgement waited for others.
        let was_there = self.way.as_ref().is_some_and(|way| way.holds(upto as i64 - 1));
        if let Some(way) = &mut self.way {
            let sent_to = way.sent_to();
            way.confirm((upto as i64).min(sent_to));
            let acknowledged = way.acknowledged();
            for (left, right) in own.iter().map(|(left, right)| (*left as i64, *right as i64)) {
                if left < right && right <= sent_to && right > acknowledged {
                    way.hold(left.max(acknowledged), right);
                }
            }
        }
        course.heard.push(Heard { frame, time, upto, window, says, blocks });
        if let Some(way) = &self.way {
            seen.count(way.bytes(), course);
        }
        let sample = acknowledged.and_then(|heard| self.at.remove(&heard));
        if let Some((sent, true)) = sample.filter(|_| !was_there) {
            seen.trip(seen.time.known().map(|now| now.0.saturating_sub(sent)), course);
        }
    }
}

/// A number that goes round after four gigabytes (RFC 9293, section 3.4), as a place near another.
fn unwrapped(number: u32, near: Option<u64>) -> u64 {
    let Some(near) = near else { return number.into() };
    let ahead = number.wrapping_sub(near as u32) as i32;
    near.checked_add_signed(ahead.into()).unwrap_or(number.into())
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn numbers_go_on_behind_four_gigabytes() {
        assert_eq!(unwrapped(7, None), 7);
        assert_eq!(unwrapped(7, Some(u64::from(u32::MAX))), (1 << 32) + 7);
        assert_eq!(unwrapped(u32::MAX, Some((1 << 32) + 7)), u64::from(u32::MAX));
        assert_eq!(unwrapped(u32::MAX, Some(0)), u64::from(u32::MAX), "there is nothing before it");
    }
}
