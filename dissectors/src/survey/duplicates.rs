//! Packets that the capture saw twice: on a bridge and on its port, by both directions of a
//! mirror, or on all interfaces at once.
//!
//! Such a copy is no retransmission. What proves it is the IP identification: a host gives a
//! datagram that it sends again another one. It proves nothing where it is zero, as it may be in
//! a datagram that nobody may cut (RFC 6864, section 4.1), and IPv6 has none: then a copy must
//! have come by another link header or with one hop less, which no retransmission does on its
//! way past one place.

use etherparse::LaxNetSlice;

use super::packet::Packet;
use super::row::Row;
use crate::frames::Frame;
use crate::ids::{FrameId, Time};

/// What is compared of a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Print {
    /// Of the packet, less what a hop changes; 0 where there is nothing to compare.
    packet: u32,
    /// Of what stands before the packet.
    link: u16,
    hops: u8,
    has_identification: bool,
    /// In units of [`TICK`], going round.
    ticks: u32,
}

/// Nanoseconds, about 66 microseconds: times need not be exact here.
const TICK: u32 = 16;

/// How much later a copy may come: 50 ms. Mirrors and bridges take far less, and the timer that
/// sends a segment again waits longer (RFC 6298, section 2.4: one second, on Linux 200 ms).
const SOON: u32 = 50_000_000 >> TICK;

/// Bytes of the transport header and payload that are compared. The header holds a checksum over
/// all of the payload, unless the sending host left that to its network card.
const HEAD: usize = 64;

/// Packets that are remembered: more than pass between a packet and its copy.
const REMEMBERED: usize = 1 << 12;

/// The latest packets, each in the place that its print names: a later one takes the place.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    packets: Vec<(Print, FrameId)>,
}

impl Recent {
    /// The frame that this packet may be a copy of, by their prints; it is remembered.
    pub(super) fn copied(&mut self, print: Print, frame: FrameId) -> Option<FrameId> {
        if print.packet == 0 {
            return None;
        }
        if self.packets.is_empty() {
            self.packets = vec![(Print::default(), FrameId::NONE); REMEMBERED];
        }
        let place = self.packets.get_mut(print.packet as usize % REMEMBERED)?;
        let (earlier, original) = std::mem::replace(place, (print, frame));
        print.copies(&earlier).then_some(original)
    }
}

impl Print {
    /// What is compared of the packet in a frame.
    pub(super) fn of(frame: &Frame<'_>, packet: &Packet<'_>, row: &Row) -> Self {
        let Some(time) = frame.time.known() else { return Self::default() };
        // All but time to live and checksum, or hop limit.
        let (header, hops, identification, protocol, kept) = match &packet.net {
            LaxNetSlice::Ipv4(ip) => {
                let (header, bytes) = (ip.header(), ip.header().slice());
                let kept = [bytes.get(..8), bytes.get(12..)];
                (bytes, header.ttl(), header.identification(), header.protocol().0, kept)
            }
            LaxNetSlice::Ipv6(ip) => {
                let (header, bytes) = (ip.header(), ip.header().slice());
                let kept = [bytes.get(..7), bytes.get(8..)];
                (bytes, header.hop_limit(), 0, header.next_header().0, kept)
            }
            LaxNetSlice::Arp(_) => return Self::default(),
        };
        let at = (header.as_ptr() as usize).saturating_sub(frame.bytes.as_ptr() as usize);
        let end = usize::from(row.payload_at) + row.payload_len as usize;
        let behind = frame.bytes.get(at + header.len()..end.min(frame.bytes.len()));
        let behind = behind.unwrap_or_default();
        let mut hash = Hash(protocol.into());
        kept.into_iter().flatten().for_each(|part| hash.add(part));
        hash.add(behind.get(..HEAD).unwrap_or(behind));
        let mut link = Hash(frame.interface.into());
        link.add(frame.bytes.get(..at).unwrap_or_default());
        Self {
            packet: hash.value().max(1),
            link: link.value() as u16,
            hops,
            has_identification: identification != 0,
            ticks: ticks(time),
        }
    }

    fn copies(&self, earlier: &Self) -> bool {
        let fewer = earlier.hops.abs_diff(self.hops);
        let elsewhere = self.link != earlier.link || fewer == 1;
        self.packet == earlier.packet
            && fewer <= 1
            && (self.has_identification || elsewhere)
            && self.ticks.wrapping_sub(earlier.ticks) <= SOON
    }
}

fn ticks(time: Time) -> u32 {
    (time.0 >> TICK) as u32
}

/// A hash that is the same on every run: columns must be.
struct Hash(u64);

impl Hash {
    fn add(&mut self, bytes: &[u8]) {
        self.0 = self.0.wrapping_add(bytes.len() as u64);
        let (blocks, rest) = bytes.as_chunks::<16>();
        blocks.iter().for_each(|block| self.block(block));
        // What is left is taken together with what was before it, where there is enough.
        match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            _ if rest.is_empty() => {}
            (Some(last), ..) => self.block(last),
            (None, Some(first), Some(last)) => self.pair(number(first), number(last)),
            _ => self.pair(0, rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        }
    }

    fn block(&mut self, block: &[u8; 16]) {
        if let (Some(first), Some(last)) = (block.first_chunk(), block.last_chunk()) {
            self.pair(number(first), number(last));
        }
    }

    /// Multiplies the two into 128 bits and folds those: one product takes in 16 bytes.
    fn pair(&mut self, first: u64, second: u64) {
        // Knuth's multiplier: the golden ratio as a fraction of 2^64.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(first ^ SPREAD) * u128::from(second ^ self.0);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    const fn value(&self) -> u32 {
        (self.0 >> 32) as u32
    }
}

const fn number(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::{FrameList, Frames, LinkType};
    use crate::ids::Both;
    use crate::registry::standard;
    use crate::survey::Survey;

    /// What one of two frames is made of.
    #[derive(Clone, Copy)]
    struct Sent {
        at: i64,
        identification: u16,
        hops: u8,
        vlan: u16,
        payload: &'static [u8],
    }

    const FIRST: Sent =
        Sent { at: 0, identification: 7, hops: 64, vlan: 1, payload: b"once and for all" };

    fn frame(sent: Sent) -> Vec<u8> {
        use etherparse::{Ipv4Header, PacketBuilder, VlanId, ip_number};
        let mut ip =
            Ipv4Header::new(0, sent.hops, ip_number::TCP, [10, 0, 0, 1], [10, 0, 0, 2]).unwrap();
        ip.identification = sent.identification;
        let vlan = VlanId::try_new(sent.vlan).unwrap();
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([1; 6], [2; 6])
            .single_vlan(vlan)
            .ip(etherparse::IpHeaders::Ipv4(ip, etherparse::Ipv4Extensions::default()))
            .tcp(1000, 80, 5, 512)
            .ack(9)
            .write(&mut bytes, sent.payload)
            .unwrap();
        bytes
    }

    /// Whether the second of two frames is a copy of the first, in one chunk and in two.
    #[track_caller]
    fn check(second: Sent, expected: bool) {
        let mut frames = FrameList::new();
        for sent in [FIRST, second] {
            frames.push(Time(sent.at), 0, LinkType::ETHERNET, frame(sent));
        }
        let mut in_two = Survey::new();
        for at in 0..frames.count() {
            in_two.absorb(crate::survey::survey_chunk(&frames, at..at + 1, standard()), standard());
        }
        for survey in [Survey::of(&frames, standard()), in_two] {
            let copies = [0, 1].map(|at| survey.row(FrameId(at)).unwrap().is_duplicate());
            assert_eq!(copies, [false, expected]);
            let counted = if expected { 1 } else { 2 };
            assert_eq!(survey.flows()[0].digest.data, Both::new(counted, 0));
        }
    }

    #[test]
    fn the_same_datagram_soon_again_is_a_copy() {
        check(Sent { at: 1_000, ..FIRST }, true);
        check(Sent { at: 1_000, vlan: 2, hops: 63, ..FIRST }, true);
        check(Sent { at: 1_000, hops: 62, ..FIRST }, false);
        check(Sent { at: 60_000_000, ..FIRST }, false);
    }

    #[test]
    fn a_segment_that_is_sent_again_is_no_copy() {
        check(Sent { at: 1_000, identification: 8, ..FIRST }, false);
        check(Sent { at: 1_000, payload: b"once and for ALL", ..FIRST }, false);
    }

    #[test]
    fn an_identification_of_zero_proves_nothing_but_another_link_does() {
        let mut frames = FrameList::new();
        let zero = Sent { identification: 0, ..FIRST };
        for sent in [zero, zero, Sent { vlan: 2, ..zero }] {
            frames.push(Time(0), 0, LinkType::ETHERNET, frame(sent));
        }
        let survey = Survey::of(&frames, standard());
        let copies = [0, 1, 2].map(|at| survey.row(FrameId(at)).unwrap().is_duplicate());
        assert_eq!(copies, [false, false, true]);
    }
}
