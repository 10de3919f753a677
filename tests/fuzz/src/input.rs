//! What is tried: not frames but what they are made of, so that a change at the heart of a message
//! leaves the headers around it right.

use std::sync::Arc;

use wirestage_captures::Recording;
use wirestage_dissectors::frames::{Frame, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

use crate::carry::{LINKS, TUNNELS, behind, fragments, ip4, ip6, udp};
use crate::sealed::{self, Inside};

/// What carries the turns of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Segments of one connection to this port, opened and closed.
    Tcp(u16),
    /// Datagrams to this port and back.
    Udp(u16),
    /// Packets of a connection of QUIC, which are sealed when all else is done.
    Quic(Inside),
    /// Packets of IPv4 with this protocol.
    Ipv4(u8),
    /// Packets of IPv6 with this next header.
    Ipv6(u8),
    /// Nothing: a turn is a packet of IP.
    Packet,
    /// Nothing: a turn is a frame of its own link.
    Frame,
    /// Nothing: the turns are the pieces of a file.
    File,
}

/// What is said at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whether the client says it.
    pub is_client: bool,
    /// How many nanoseconds after the turn before.
    pub after: i64,
    /// The link of a [`Carrier::Frame`]; of [`Carrier::Quic`] the level or the stream.
    pub link: u16,
    /// What is said.
    pub bytes: Vec<u8>,
}

/// What goes wrong with finished frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A byte of a frame is another.
    Byte(u16, u16, u8),
    /// A frame ends early, on the wire or in the capture only.
    Cut(u16, u16, bool),
    /// Two frames change places.
    Swap(u16, u16),
    /// A frame is lost.
    Lose(u16),
    /// A frame comes again at the end.
    Again(u16),
    /// The rest of the frames has another link type.
    Link(u16, u16),
    /// The rest of the frames was seen by another interface.
    Interface(u16, u8),
    /// A frame claims another length on the wire.
    Wire(u16, u16),
}

/// One thing to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The key log that comes with it.
    pub secrets: Arc<str>,
    /// What carries the turns.
    pub carrier: Carrier,
    /// What is said, in this order.
    pub turns: Vec<Turn>,
    /// The most bytes in a segment.
    pub segment: u16,
    /// The tunnels around each packet, from the inside out: places in [`TUNNELS`].
    pub tunnels: Vec<u8>,
    /// Fragments: behind how many tunnels, and of how many bytes.
    pub fragments: Option<(u8, u16)>,
    /// The link: a place in [`LINKS`].
    pub link: u8,
    /// What goes wrong at the end.
    pub breaks: Vec<Break>,
}

/// No more frames than this in one input, and no longer ones.
const MOST_FRAMES: usize = 200;
const LONGEST_FRAME: usize = 20_000;

/// A frame that was made.
#[derive(Clone, Debug)]
struct One {
    time: i64,
    interface: u16,
    link: u16,
    wire: Option<u32>,
    bytes: Vec<u8>,
}

/// The frames that an input makes.
#[derive(Clone, Debug, Default)]
pub struct Made(Vec<One>);

impl Frames for Made {
    fn count(&self) -> u32 {
        self.0.len() as u32
    }

    fn frame(&self, id: FrameId) -> Frame<'_> {
        self.0.get(id.index()).map_or(Frame::EMPTY, |one| Frame {
            time: Time(one.time),
            interface: one.interface,
            link: LinkType(one.link),
            wire_len: one.wire.unwrap_or(one.bytes.len() as u32),
            bytes: &one.bytes,
        })
    }
}

impl Input {
    /// Turns behind a carrier, on plain Ethernet.
    #[must_use]
    pub fn new(carrier: Carrier, turns: Vec<Turn>) -> Self {
        Self {
            secrets: Arc::from(""),
            carrier,
            turns,
            segment: 1_400,
            tunnels: Vec::new(),
            fragments: None,
            link: 0,
            breaks: Vec::new(),
        }
    }

    /// Makes the frames.
    #[must_use]
    pub fn frames(&self) -> Made {
        let mut made = Made::default();
        match self.carrier {
            Carrier::File => made = self.file().map(|file| Made::of(&file)).unwrap_or_default(),
            Carrier::Frame => {
                let mut time = 0_i64;
                for turn in &self.turns {
                    time = time.wrapping_add(turn.after);
                    made.add(time, turn.link, turn.bytes.clone());
                }
            }
            _ => {
                for (time, packet) in self.packets() {
                    self.link(time, packet, &mut made);
                }
            }
        }
        for one in &self.breaks {
            made.suffer(*one);
        }
        made
    }

    /// The file that it is, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<Vec<u8>> {
        let pieces = self.turns.iter().flat_map(|turn| &turn.bytes).copied();
        (self.carrier == Carrier::File).then(|| pieces.collect())
    }

    /// The packets of IP that say the turns.
    fn packets(&self) -> Vec<(i64, Vec<u8>)> {
        let mut time = 0_i64;
        let mut found = Vec::new();
        let mut next = [1_000_u32, 5_000];
        let segment = |is_client: bool, port: u16, next: [u32; 2], bits: u8, payload: &[u8]| {
            let ports = if is_client { [50_000, port] } else { [port, 50_000] };
            let (own, other) = (next[usize::from(!is_client)], next[usize::from(is_client)]);
            let numbers = [ports[0].to_be_bytes(), ports[1].to_be_bytes()].concat();
            let places = [own.to_be_bytes(), other.to_be_bytes()].concat();
            let tcp = [&numbers[..], &places, &[0x50, bits, 2, 0, 0, 0, 0, 0], payload].concat();
            between(is_client, 6, &tcp)
        };
        if let Carrier::Tcp(port) = self.carrier {
            found.push((0, segment(true, port, next, 2, &[])));
            next[0] += 1;
            found.push((1, segment(false, port, next, 0x12, &[])));
            next[1] += 1;
            found.push((2, segment(true, port, next, 0x10, &[])));
        }
        let datagram = |is_client: bool, port: u16, payload: &[u8]| {
            let ports = if is_client { [50_000, port] } else { [port, 50_000] };
            between(is_client, 17, &[&udp(ports, payload), payload].concat())
        };
        if let Carrier::Quic(inside) = self.carrier {
            let sent = sealed::datagrams(inside, &self.turns).into_iter();
            let sent = sent.map(|one| (one.time, datagram(one.is_client, 443, &one.bytes)));
            return sent.collect();
        }
        for turn in &self.turns {
            time = time.wrapping_add(turn.after);
            let is_client = turn.is_client;
            match self.carrier {
                Carrier::Tcp(port) => {
                    for piece in turn.bytes.chunks(usize::from(self.segment.max(1))) {
                        found.push((time, segment(is_client, port, next, 0x18, piece)));
                        let own = &mut next[usize::from(!is_client)];
                        *own = own.wrapping_add(piece.len() as u32);
                    }
                }
                Carrier::Udp(port) => found.push((time, datagram(is_client, port, &turn.bytes))),
                Carrier::Ipv4(protocol) => {
                    found.push((time, between(is_client, protocol, &turn.bytes)));
                }
                Carrier::Ipv6(next) => {
                    found.push((time, [ip6(next, &turn.bytes), turn.bytes.clone()].concat()));
                }
                Carrier::Quic(_) | Carrier::Packet | Carrier::Frame | Carrier::File => {
                    found.push((time, turn.bytes.clone()))
                }
            }
        }
        if let Carrier::Tcp(port) = self.carrier {
            found.push((time, segment(true, port, next, 0x11, &[])));
            next[0] = next[0].wrapping_add(1);
            found.push((time, segment(false, port, next, 0x11, &[])));
        }
        found
    }

    /// A packet through its tunnels and fragments onto its link.
    fn link(&self, time: i64, packet: Vec<u8>, made: &mut Made) {
        let (link, head) = LINKS[usize::from(self.link) % LINKS.len()];
        let mut packets = vec![packet];
        for depth in 0..=self.tunnels.len() {
            if let Some((at, size)) = self.fragments
                && usize::from(at) == depth
            {
                let cut = packets.iter().flat_map(|one| fragments(one, usize::from(size)));
                packets = cut.take(MOST_FRAMES).collect();
            }
            if let Some(tunnel) = self.tunnels.get(depth) {
                let tunnel = TUNNELS[usize::from(*tunnel) % TUNNELS.len()];
                for one in &mut packets {
                    *one = behind(tunnel, one);
                }
            }
        }
        for one in packets {
            made.add(time, link, behind(head, &one));
        }
    }
}

/// A packet of IPv4 from one of the two hosts to the other.
fn between(is_client: bool, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = ip4(protocol, payload);
    let ends: [[u8; 4]; 2] = [[192, 0, 2, 10], [198, 51, 100, 20]];
    let (from, to) = if is_client { (0, 1) } else { (1, 0) };
    packet.splice(12..20, [ends[from], ends[to]].concat());
    packet.extend_from_slice(payload);
    packet
}

impl Made {
    /// The first frames of a file; none where nobody can read it.
    fn of(file: &[u8]) -> Self {
        let Ok(recording) = Recording::spool(file) else { return Self::default() };
        // What was found before it broke off is looked at.
        drop(recording.refresh());
        // What is said of the rest of it is asked for, too.
        drop((recording.names(), recording.comments(), recording.statistics()));
        drop((recording.problems(), recording.secrets_text()));
        let frames = (0..recording.count()).take(MOST_FRAMES).map(FrameId);
        let frames = frames.map(|id| recording.frame(id)).map(|frame| One {
            time: frame.time.0,
            interface: frame.interface,
            link: frame.link.0,
            wire: Some(frame.wire_len),
            bytes: frame.bytes[..frame.bytes.len().min(LONGEST_FRAME)].to_vec(),
        });
        Self(frames.collect())
    }

    fn add(&mut self, time: i64, link: u16, mut bytes: Vec<u8>) {
        if self.0.len() < MOST_FRAMES {
            bytes.truncate(LONGEST_FRAME);
            self.0.push(One { time, interface: 0, link, wire: None, bytes });
        }
    }

    /// One thing goes wrong; numbers of frames and places wrap round.
    fn suffer(&mut self, what: Break) {
        let count = self.0.len();
        if count == 0 {
            return;
        }
        let place = |number: u16| usize::from(number) % count;
        match what {
            Break::Byte(frame, at, value) => {
                let bytes = &mut self.0[place(frame)].bytes;
                let at = usize::from(at) % bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            Break::Cut(frame, len, was_longer) => {
                let one = &mut self.0[place(frame)];
                one.wire = was_longer.then_some(one.bytes.len() as u32);
                one.bytes.truncate(usize::from(len) % (one.bytes.len() + 1));
            }
            Break::Swap(a, b) => self.0.swap(place(a), place(b)),
            Break::Lose(frame) => drop(self.0.remove(place(frame))),
            Break::Again(frame) => self.0.push(self.0[place(frame)].clone()),
            Break::Link(from, link) => {
                self.0[place(from)..].iter_mut().for_each(|one| one.link = link);
            }
            Break::Interface(from, number) => {
                let rest = &mut self.0[place(from)..];
                rest.iter_mut().for_each(|one| one.interface = u16::from(number));
            }
            Break::Wire(frame, len) => self.0[place(frame)].wire = Some(u32::from(len)),
        }
    }
}
