//! Packets of QUIC: how large they are, which are acknowledged, and which count as lost.
//!
//! ```text
//!   packets  A0 A1 A2 A3 …   a place for each byte, in the order in which they left
//!   ACK of A0, A1, A3        so many bytes are acknowledged; A2 is under way until it counts as lost
//! ```

use std::collections::BTreeMap;

use super::listen::Packet;
use super::read::Seen;
use super::{Course, Heard, Says, Sent, What};
use crate::ids::MessageId;
use crate::maps::FastMap;
use crate::protocols::quic::{Kind, Note};
use crate::protocols::tls::handshake::Epoch;

/// What is known of the sender so far.
#[derive(Default)]
pub(super) struct Packets {
    /// Behind its last byte, and how many are acknowledged, or under way.
    sent: u64,
    acknowledged: u64,
    under_way: u64,
    /// The packets that are not acknowledged: by message, and those that do not count as lost by
    /// number within a space.
    waiting: FastMap<MessageId, Waiting>,
    numbers: BTreeMap<(Epoch, u64), MessageId>,
}

struct Waiting {
    /// Its place among what was sent.
    at: usize,
    bytes: u64,
    /// Whether it counts as under way.
    counts: bool,
    name: Option<(Epoch, u64)>,
}

impl Packets {
    /// Takes a packet of the sender, which has that many bytes.
    pub(super) fn send(
        &mut self,
        seen: &Seen,
        (packet, kind): (&Packet, Kind),
        (note, bytes): (Note, u32),
        course: &mut Course,
    ) {
        let from = self.sent;
        self.sent += u64::from(bytes);
        let (frame, time, to) = (seen.frame, seen.time, self.sent);
        let what = if note.repeats || packet.is_copy { What::Again } else { What::New };
        let at = course.sent.len();
        course.sent.push(Sent { frame, time, from, to, data: bytes, what, is_lost: false });
        if packet.is_copy {
            return;
        }
        let name = space(kind).zip(packet.number);
        let (bytes, counts) = (u64::from(bytes), packet.counts);
        if let Some(name) = name {
            self.numbers.insert(name, seen.message);
        }
        self.waiting.insert(seen.message, Waiting { at, bytes, counts, name });
        if counts {
            self.under_way += bytes;
            seen.count(self.under_way, course);
        }
    }

    /// Takes a packet of the other side, with the packets that it acknowledges.
    pub(super) fn hear(
        &mut self,
        seen: &Seen,
        (packet, kind): (&Packet, Kind),
        acknowledged: impl Iterator<Item = MessageId>,
        course: &mut Course,
    ) {
        let before = (self.acknowledged, self.under_way);
        for message in acknowledged {
            let Some(one) = self.waiting.remove(&message) else { continue };
            self.acknowledged += one.bytes;
            if one.counts {
                self.under_way = self.under_way.saturating_sub(one.bytes);
            }
            if let Some(name) = one.name {
                self.numbers.remove(&name);
            }
            // What had counted as lost had come after all.
            if let Some(sent) = course.sent.get_mut(one.at) {
                sent.is_lost = false;
            }
        }
        if let Some((space, last)) = space(kind).zip(packet.lost.iter().max().copied()) {
            self.lose((space, last), course);
        }
        if before == (self.acknowledged, self.under_way) {
            return;
        }
        let (frame, time, upto) = (seen.frame, seen.time, self.acknowledged);
        let heard = Heard { frame, time, upto, window: None, says: Says::Plain, blocks: 0..0 };
        course.heard.push(heard);
        seen.count(self.under_way, course);
        seen.trip(packet.trip, course);
    }
}

impl Packets {
    /// Counts all unacknowledged packets of a space up to `last` as lost: whatever made one late
    /// makes those before it late. The recording names only the first of them.
    fn lose(&mut self, (space, last): (Epoch, u64), course: &mut Course) {
        let mut own = self.numbers.split_off(&(space, 0));
        self.numbers.append(&mut own.split_off(&(space, last.saturating_add(1))));
        for message in own.into_values() {
            let Some(one) = self.waiting.get_mut(&message) else { continue };
            if std::mem::take(&mut one.counts) {
                self.under_way = self.under_way.saturating_sub(one.bytes);
                if let Some(sent) = course.sent.get_mut(one.at) {
                    sent.is_lost = true;
                }
            }
        }
    }
}

/// The space that the numbers of packets of a kind belong to: early data shares that of all that
/// follows the handshake (RFC 9000, section 12.3).
fn space(kind: Kind) -> Option<Epoch> {
    kind.epoch().map(|epoch| if epoch == Epoch::Early { Epoch::Application } else { epoch })
}

#[cfg(test)]
mod tests {
    use super::super::read::Wanted;
    use super::*;
    use crate::ids::{ConnectionId, Direction, FrameId, Time};

    fn seen(message: u32) -> Seen {
        let (frame, time) = (FrameId(message), Time(i64::from(message)));
        Seen { message: MessageId(message), frame, time }
    }

    #[test]
    fn what_left_before_something_lost_is_lost_until_it_is_acknowledged() {
        let (connection, sender) = (ConnectionId(0), Direction::Forward);
        let mut course = Course::of(Wanted { connection, sender, far: None });
        let mut packets = Packets::default();
        for number in 0..10 {
            // The first one only acknowledges.
            let told = Packet { number: Some(number), counts: number > 0, ..Packet::default() };
            let told = (&told, Kind::OneRtt);
            packets.send(&seen(number as u32), told, (Note::default(), 100), &mut course);
        }
        let under_way = |course: &Course| course.flight.last().map(|one| one.value);
        assert_eq!(under_way(&course), Some(900));
        let news = Packet { lost: vec![3], ..Packet::default() };
        let acknowledged = [MessageId(9)].into_iter();
        packets.hear(&seen(20), (&news, Kind::OneRtt), acknowledged, &mut course);
        assert_eq!(under_way(&course), Some(500));
        let lost = |course: &Course| -> Vec<u32> {
            let lost = course.sent.iter().filter(|one| one.is_lost);
            lost.map(|one| one.frame.0).collect()
        };
        assert_eq!(lost(&course), [1, 2, 3]);
        let late = [MessageId(2)].into_iter();
        packets.hear(&seen(21), (&Packet::default(), Kind::OneRtt), late, &mut course);
        assert_eq!((lost(&course), under_way(&course)), (vec![1, 3], Some(500)));
        assert_eq!(course.heard.last().map(|heard| heard.upto), Some(200));
    }
}
