//! A recording that is written again: its packets in another order, more of them, or fewer.

use std::collections::{BTreeSet, HashSet};

use super::datagram::{asks_anew, is_initial, parts, takes_more};

/// Blocks of pcapng (draft-ietf-opsawg-pcapng, section 4).
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;
/// What a server did and when, as a systemd Journal Export Block.
const MARK: u32 = 9;

/// The link type of Ethernet; that of the link of the lab has no header.
const ETHERNET: u16 = 1;
const ETHERNET_LEN: usize = 14;
/// Headers of IPv4 without options, and of UDP.
const IP_LEN: usize = 20;
const UDP_LEN: usize = 8;

/// How far packets of a twin are apart, in nanoseconds.
const APART: u64 = 1_000_000;

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    interface: u32,
    /// How long the header of its link is.
    link: usize,
    bytes: Vec<u8>,
}

/// What stands before all packets, and they.
#[derive(Clone)]
pub(super) struct Capture {
    head: Vec<u8>,
    begun: u64,
    pub(super) packets: Vec<Packet>,
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

impl Packet {
    /// Who sends and who gets it: addresses and ports.
    fn ends(&self) -> &[u8] {
        &self.bytes[self.link + 12..self.link + IP_LEN + 4]
    }

    /// Who sends it.
    fn source(&self) -> &[u8] {
        &self.ends()[..4]
    }

    /// Where it comes from and goes to: each an address with its port.
    fn both_ends(&self) -> [Vec<u8>; 2] {
        let ends = self.ends();
        [0, 1].map(|end| [&ends[4 * end..4 * end + 4], &ends[8 + 2 * end..10 + 2 * end]].concat())
    }

    /// What UDP carries.
    pub(super) fn payload(&self) -> &[u8] {
        &self.bytes[self.link + IP_LEN + UDP_LEN..]
    }

    /// The same with another payload. Checksums of a recording are those of an offload anyway.
    fn with(&self, payload: &[u8]) -> Self {
        let ip = self.link;
        let udp = ip + IP_LEN;
        let mut bytes = [&self.bytes[..udp + UDP_LEN], payload].concat();
        let len = |from: usize| ((bytes.len() - from) as u16).to_be_bytes();
        let (whole, datagram) = (len(ip), len(udp));
        bytes[ip + 2..ip + 4].copy_from_slice(&whole);
        bytes[udp + 4..udp + 6].copy_from_slice(&datagram);
        Self { bytes, ..*self }
    }
}

impl Capture {
    /// Reads a file of ours: little-endian, one section.
    pub(super) fn read(file: &[u8]) -> Self {
        let (mut head, mut packets, mut links, mut begun) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let mut rest = file;
        while rest.len() >= 12 {
            let (block, behind) = rest.split_at(number(rest, 4) as usize);
            rest = behind;
            match number(block, 0) {
                PACKET => {
                    let interface = number(block, 8);
                    let time = u64::from(number(block, 12)) << 32 | u64::from(number(block, 16));
                    begun = if packets.is_empty() { time } else { begun };
                    let bytes = block[28..28 + number(block, 20) as usize].to_vec();
                    let link = if links[interface as usize] == ETHERNET { ETHERNET_LEN } else { 0 };
                    packets.push(Packet { interface, link, bytes });
                }
                // It would stand at another packet.
                MARK => {}
                kind => {
                    if kind == INTERFACE {
                        links.push(number(block, 8) as u16);
                    }
                    head.extend(block);
                }
            }
        }
        Self { head, begun, packets }
    }

    /// The file.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut file = self.head.clone();
        for (place, packet) in (0u64..).zip(&self.packets) {
            let time = self.begun + place * APART;
            let padded = packet.bytes.len().next_multiple_of(4);
            let (len, whole) = (packet.bytes.len() as u32, 32 + padded as u32);
            let time = [(time >> 32) as u32, time as u32];
            for word in [PACKET, whole, packet.interface, time[0], time[1], len, len] {
                file.extend(word.to_le_bytes());
            }
            file.extend(&packet.bytes);
            file.resize(file.len() + padded - packet.bytes.len(), 0);
            file.extend(whole.to_le_bytes());
        }
        file
    }

    fn of(&self, packets: Vec<Packet>) -> Self {
        Self { packets, ..self.clone() }
    }

    /// The recordings that this one is: of each end of a link, of what left and of what arrived.
    pub(super) fn views(&self) -> Vec<(&'static str, Self)> {
        if self.packets.iter().all(|packet| packet.interface == 0) {
            return vec![("on the loopback", self.clone())];
        }
        let only = |fits: &dyn Fn(&Packet) -> bool| {
            self.of(self.packets.iter().filter(|packet| fits(packet)).cloned().collect())
        };
        vec![
            ("at the client", only(&|packet| packet.interface == 0)),
            ("at the server", only(&|packet| packet.interface == 1)),
            ("what left", only(&|packet| self.leaves(packet))),
            ("what arrived", only(&|packet| !self.leaves(packet))),
        ]
    }

    /// Whether a packet was seen at the end of its sender: the first one is the client's.
    fn leaves(&self, packet: &Packet) -> bool {
        let is_client = packet.source() == self.packets[0].source();
        is_client == (packet.interface == self.packets[0].interface)
    }

    /// Every packet twice in a row, and once more after some others.
    pub(super) fn again(&self) -> Self {
        const LATER: usize = 3;
        let mut packets = Vec::new();
        for (place, packet) in self.packets.iter().enumerate() {
            packets.extend([packet.clone(), packet.clone()]);
            packets.extend(place.checked_sub(LATER).map(|earlier| self.packets[earlier].clone()));
        }
        self.of(packets)
    }

    /// Which packets begin something: a path, or a connection anew because the server asks for
    /// that. What comes before stays before, and what comes behind stays behind: nobody would know
    /// otherwise whose a packet is.
    fn firsts(&self) -> HashSet<usize> {
        let mut paths: Vec<BTreeSet<Vec<u8>>> = Vec::new();
        let mut found = HashSet::new();
        let mut is_asked = false;
        for (place, packet) in self.packets.iter().enumerate() {
            let path = BTreeSet::from(packet.both_ends());
            let asks = asks_anew(packet.payload());
            let is_new = !paths.contains(&path);
            if is_new || asks || is_asked {
                found.insert(place);
            }
            paths.extend(is_new.then_some(path));
            is_asked = asks;
        }
        found
    }

    /// The packets in another order: their places in this one.
    fn in_order(&self, order: &[usize]) -> Self {
        self.of(order.iter().map(|place| self.packets[*place].clone()).collect())
    }

    /// Each packet and the next change places, from that one on.
    pub(super) fn swapped(&self, from: usize) -> Self {
        let firsts = self.firsts();
        let mut order: Vec<usize> = (0..self.packets.len()).collect();
        let pairs = order[from..].chunks_exact_mut(2);
        let pairs = pairs.filter(|pair| pair.iter().all(|place| !firsts.contains(place)));
        pairs.for_each(|pair| pair.swap(0, 1));
        self.in_order(&order)
    }

    /// Packets out of order, none further than a window; the same for each seed.
    pub(super) fn shuffled(&self, seed: u64, window: usize) -> Self {
        let firsts = self.firsts();
        let mut order: Vec<usize> = (0..self.packets.len()).collect();
        let mut state = seed;
        for at in 0..order.len() {
            // SplitMix64.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let far = 1 + (mixed >> 33) as usize % window;
            let free = order[at..].iter().take_while(|place| !firsts.contains(place)).count();
            order[at..at + far.min(free)].rotate_left(usize::from(free > 0));
        }
        self.in_order(&order)
    }

    /// A datagram for each packet of QUIC. Those with an Initial packet stay as large as they were:
    /// a server throws shorter ones away, and takes no offence at what is none of its packets
    /// (RFC 9000, section 14.1).
    pub(super) fn parted(&self) -> Self {
        let parted = self.packets.iter().flat_map(|packet| {
            let whole = packet.payload().len();
            let filled = move |part: &[u8]| {
                let len = if is_initial(part) { whole } else { part.len() };
                let mut part = part.to_vec();
                part.resize(len, 0);
                packet.with(&part)
            };
            parts(packet.payload()).into_iter().map(filled)
        });
        self.of(parted.collect())
    }

    /// As many packets in a datagram as there can be: all that follow each other, as long as each
    /// but the last says where it ends.
    pub(super) fn joined(&self) -> Self {
        let mut packets: Vec<Packet> = Vec::new();
        for packet in &self.packets {
            let before = packets.last_mut().filter(|before| {
                let is_same = before.ends() == packet.ends();
                is_same
                    && before.interface == packet.interface
                    && takes_more(before.payload(), packet.payload())
            });
            match before {
                Some(before) => {
                    *before = before.with(&[before.payload(), packet.payload()].concat())
                }
                None => packets.push(packet.clone()),
            }
        }
        self.of(packets)
    }
}
