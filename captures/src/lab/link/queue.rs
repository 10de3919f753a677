//! The packets on a link: when each comes out at the other side.
//!
//! ```text
//!   read ─> fate ─> wait for the wire (rate) ─> on its way (delay, jitter, held up, held back) ─> due
//! ```
//!
//! Time is what the caller says it is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use super::fate::{Fate, Number, carries_data};
use super::middlebox::{Judged, Middlebox};
use super::router::Passage;
use super::settings::Link;
use super::side::Side;
use crate::limits::MAX_LINK_FLIGHT;

/// How long a packet is held back at least: time for the next ones to be written and to overtake.
const LEAST_HOLD: Duration = Duration::from_millis(2);

/// What was done to a packet, where it was not only carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    Lost,
    /// Lost because too many were on the way.
    Overflow,
    Held,
    /// It takes longer, in its place before those behind it.
    Stalled,
    Twice,
    /// A router on the way did not pass it on.
    Dropped,
    /// A middlebox on the way did not know its connection.
    Stray,
}

/// What became of a frame that was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The how manieth packet of its side it is.
    pub(super) number: u64,
    /// When it comes out; nothing where it never does.
    pub(super) due: Option<Instant>,
    /// What befell it.
    pub(super) mishaps: Vec<Mishap>,
}

impl Taken {
    fn lost(number: u64, mishap: Mishap) -> Self {
        Self { number, due: None, mishaps: vec![mishap] }
    }
}

/// What is on its way, both ways.
pub(super) struct Queue {
    link: Link,
    middlebox: Middlebox,
    ways: [Way; 2],
    /// Those on the way, the next one first.
    heap: BinaryHeap<Reverse<Waiting>>,
    /// Orders those that are due at one moment as they came.
    count: u64,
}

/// One direction.
#[derive(Clone, Copy, Default)]
struct Way {
    packets: u64,
    with_data: u64,
    flying: usize,
    /// When the wire is free again, where the rate is limited.
    free: Option<Instant>,
    /// When the last packet that keeps its place is due.
    last: Option<Instant>,
}

/// A packet on its way. It is ordered by when it is due.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    due: Instant,
    order: u64,
    to: Side,
    frame: Vec<u8>,
}

impl Queue {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link,
            middlebox: Middlebox::default(),
            ways: [Way::default(); 2],
            heap: BinaryHeap::new(),
            count: 0,
        }
    }

    /// Takes a frame that `from` sent at `now`; its IP packet starts at `header`.
    pub(super) fn push(&mut self, from: Side, now: Instant, frame: &[u8], header: usize) -> Taken {
        let packet = frame.get(header..).unwrap_or_default();
        let [client, server] = &mut self.ways;
        let way = match from {
            Side::Client => client,
            Side::Server => server,
        };
        way.packets += 1;
        let with_data = carries_data(packet);
        way.with_data += u64::from(with_data);
        let number = Number { from, packet: way.packets, data: with_data.then_some(way.with_data) };
        let Fate::Sent { longer, held, twice } = self.link.fate(number) else {
            return Taken::lost(number.packet, Mishap::Lost);
        };
        if way.flying >= MAX_LINK_FLIGHT {
            return Taken::lost(number.packet, Mishap::Overflow);
        }
        let ready = match self.link.rate {
            // Bits go onto the wire one packet after the other.
            Some(rate) => {
                let start = way.free.map_or(now, |free| free.max(now));
                *way.free.insert(start + rate.time_for(packet.len()))
            }
            None => now,
        };
        let one_way = self.link.one_way();
        let due = ready + one_way + longer;
        let due = if held {
            due + (one_way / 2).max(LEAST_HOLD)
        } else {
            *way.last.insert(way.last.map_or(due, |last| last.max(due)))
        };
        let judged = self.middlebox.judge(&self.link, packet, now);
        let is_stray = judged != Judged::On;
        let passage = match judged {
            Judged::On => self.link.pass(from, packet),
            Judged::Dropped => return Taken::lost(number.packet, Mishap::Stray),
            Judged::Reset(reset, after) => Passage::Back(reset, after),
        };
        let is_dropped = !is_stray && !matches!(passage, Passage::On(_));
        let (to, due, packets) = match passage {
            Passage::On(packets) => (from.other(), due, packets),
            Passage::Back(error, after) => (from, ready + after, vec![error]),
            Passage::Gone => return Taken::lost(number.packet, Mishap::Dropped),
        };
        let ethernet = frame.get(..header).unwrap_or_default();
        for packet in packets.iter().cycle().take(packets.len() * (1 + usize::from(twice))) {
            self.send(to, due, [&turned(ethernet, to == from), packet.as_slice()].concat());
        }
        let mishaps = [
            (held, Mishap::Held),
            (self.link.stalls(number), Mishap::Stalled),
            (twice, Mishap::Twice),
            (is_dropped, Mishap::Dropped),
            (is_stray, Mishap::Stray),
        ];
        let mishaps = mishaps.into_iter().filter(|one| one.0).map(|one| one.1);
        Taken { number: number.packet, due: Some(due), mishaps: mishaps.collect() }
    }

    /// Puts a frame on its way.
    fn send(&mut self, to: Side, due: Instant, frame: Vec<u8>) {
        if let Some(way) = self.ways.get_mut(to.other().index()) {
            way.flying += 1;
        }
        self.count += 1;
        self.heap.push(Reverse(Waiting { due, order: self.count, to, frame }));
    }

    /// When the next packet is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse(next)| next.due)
    }

    /// A packet that is due, and whom it goes to.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Side, Vec<u8>)> {
        if self.due()? > now {
            return None;
        }
        let Reverse(next) = self.heap.pop()?;
        if let Some(way) = self.ways.get_mut(next.to.other().index()) {
            way.flying = way.flying.saturating_sub(1);
        }
        Some((next.to, next.frame))
    }
}

/// An Ethernet header: as it came, or from whom it was for to whom it was from.
fn turned(ethernet: &[u8], is_back: bool) -> Vec<u8> {
    match (ethernet.get(..6), ethernet.get(6..12)) {
        (Some(to), Some(from)) if is_back => {
            [from, to, ethernet.get(12..).unwrap_or_default()].concat()
        }
        _ => ethernet.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Pushes frames of these lengths, one a millisecond, from the client, and says when each
    /// came out: its length, and milliseconds.
    fn carried(settings: &str, lengths: &[usize]) -> Vec<(usize, u64)> {
        let mut queue = Queue::new(Link::parse(settings).unwrap());
        let start = Instant::now();
        for (at, len) in lengths.iter().enumerate() {
            queue.push(Side::Client, start + ms(at as u64), &vec![0; *len], 0);
        }
        let mut came = Vec::new();
        while let Some(due) = queue.due() {
            assert_eq!(queue.pop(due - ms(1)), None, "not before it is due");
            let (to, frame) = queue.pop(due).unwrap();
            assert_eq!(to, Side::Server);
            came.push((frame.len(), due.duration_since(start).as_millis() as u64));
        }
        came
    }

    #[test]
    fn a_packet_comes_out_when_it_is_due() {
        let check = |settings: &str, expected: &[(usize, u64)]| {
            assert_eq!(carried(settings, &[100, 200, 300]), expected, "{settings}");
        };
        check("", &[(100, 0), (200, 1), (300, 2)]);
        check("rtt=80ms", &[(100, 40), (200, 41), (300, 42)]);
        check("rtt=80ms,drop=client:2", &[(100, 40), (300, 42)]);
        // 8 kbit a second are a byte a millisecond.
        check("rate=8kbit", &[(100, 100), (200, 300), (300, 600)]);
        check("rate=8kbit,rtt=20ms,drop=client:1", &[(200, 211), (300, 511)]);
    }

    #[test]
    fn jitter_keeps_the_order_and_reordering_does_not() {
        let lengths: Vec<usize> = (1..=200).collect();
        let order = |settings: &str| -> Vec<usize> {
            carried(settings, &lengths).into_iter().map(|(len, _)| len).collect()
        };
        assert_eq!(order("rtt=80ms,jitter=30ms"), lengths);
        let mixed = order("rtt=80ms,reorder=10%");
        assert_ne!(mixed, lengths);
        let mut sorted = mixed;
        sorted.sort_unstable();
        assert_eq!(sorted, lengths, "nothing is lost by it");
    }

    #[test]
    fn what_is_held_up_holds_up_those_behind_it() {
        let mut queue = Queue::new(Link::parse("rtt=80ms,stall-data=client:2@300ms").unwrap());
        let start = Instant::now();
        // Datagrams of UDP, which carry data.
        let mut datagram = vec![0; 40];
        (datagram[0], datagram[3], datagram[9]) = (0x45, 40, 17);
        let taken: Vec<_> =
            (0..3).map(|at| queue.push(Side::Client, start + ms(at), &datagram, 0)).collect();
        let due = taken.iter().map(|it| it.due.unwrap().duration_since(start).as_millis());
        assert_eq!(due.collect::<Vec<_>>(), [40, 341, 341]);
        let mishaps: Vec<_> = taken.into_iter().map(|it| it.mishaps).collect();
        assert_eq!(mishaps, [vec![], vec![Mishap::Stalled], vec![]]);
    }

    #[test]
    fn what_comes_twice_is_there_twice() {
        let lengths: Vec<usize> = (1..=100).collect();
        let came = carried("duplicate=20%", &lengths);
        let twice = came.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
        assert!(twice > 5, "{twice}");
        assert_eq!(came.len(), lengths.len() + twice);
    }

    #[test]
    fn too_many_at_once_are_lost_and_said() {
        let mut queue = Queue::new(Link::parse("rtt=10s").unwrap());
        let now = Instant::now();
        let mut push = || queue.push(Side::Server, now, &[0; 20], 0);
        for _ in 0..MAX_LINK_FLIGHT {
            assert_eq!(push().mishaps, []);
        }
        assert_eq!(push(), Taken::lost(MAX_LINK_FLIGHT as u64 + 1, Mishap::Overflow));
        assert!(queue.pop(now + ms(5000)).is_some());
        assert_eq!(queue.push(Side::Server, now, &[0; 20], 0).mishaps, []);
    }
}
