//! IPv4 fragments: found by chunks, put together when all are there (RFC 791, section 3.2).

use std::collections::HashMap;

use etherparse::LaxNetSlice;

use super::digest::Digest;
use super::flow::{Flow, FlowKey, HIGH, LOW, Network, Transport};
use super::numbers::Numbers;
use super::packet::Packet;
use crate::frames::Frame;
use crate::ids::FrameId;
use crate::limits::MAX_FRAGMENTS;
use crate::span::{Piece, Span};

/// Length of a UDP header.
const UDP_HEADER: usize = 8;

/// The IP protocol number of UDP.
const UDP: u8 = 17;

/// What all fragments of a datagram have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct DatagramKey {
    interface: u16,
    source: [u8; 4],
    destination: [u8; 4],
    protocol: u8,
    identification: u16,
}

/// One fragment.
#[derive(Clone, Copy, Debug)]
pub struct Fragment {
    frame: FrameId,
    key: DatagramKey,
    offset: u32,
    last: bool,
    payload: Span,
    wire_len: u32,
    /// The first bytes of the datagram, in its first fragment.
    head: [u8; UDP_HEADER],
}

/// Fragments that wait for the rest of their datagram.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    datagrams: HashMap<DatagramKey, Vec<Fragment>>,
    count: usize,
}

/// The fragment that a frame is, if it is one.
pub(super) fn fragment_of(id: FrameId, frame: &Frame<'_>, packet: &Packet<'_>) -> Option<Fragment> {
    let LaxNetSlice::Ipv4(ip) = &packet.net else { return None };
    let header = ip.header();
    if !header.is_fragmenting_payload() {
        return None;
    }
    let payload = ip.payload().payload;
    let start = (payload.as_ptr() as usize).saturating_sub(frame.bytes.as_ptr() as usize);
    let mut head = [0; UDP_HEADER];
    for (to, from) in head.iter_mut().zip(payload) {
        *to = *from;
    }
    Some(Fragment {
        frame: id,
        key: DatagramKey {
            interface: frame.interface,
            source: header.source(),
            destination: header.destination(),
            protocol: header.protocol().0,
            identification: header.identification(),
        },
        offset: u32::from(header.fragments_offset().value()) * 8,
        last: !header.more_fragments(),
        payload: Span::frame(id, start as u32, payload.len() as u32),
        wire_len: frame.wire_len,
        head,
    })
}

/// A datagram whose fragments are all there.
#[derive(Clone, Debug)]
pub(super) struct Datagram {
    /// The frame that completed it.
    pub(super) frame: FrameId,
    pub(super) key: FlowKey,
    pub(super) from_low: bool,
    /// Where its transport payload lies.
    pub(super) pieces: Vec<Piece>,
    /// Bytes of its frames on the wire.
    pub(super) wire: u64,
}

impl Waiting {
    /// Adds a fragment; the datagram that it makes whole, if that is one of UDP.
    pub(super) fn add(&mut self, fragment: Fragment) -> Option<Datagram> {
        if self.count >= MAX_FRAGMENTS {
            *self = Self::default();
        }
        self.count += 1;
        let waiting = self.datagrams.entry(fragment.key).or_default();
        waiting.push(fragment);
        let (mut pieces, head, wire) = whole(waiting)?;
        let done = self.datagrams.remove(&fragment.key).map_or(0, |all| all.len());
        self.count = self.count.saturating_sub(done);
        if fragment.key.protocol != UDP {
            return None;
        }
        let [s0, s1, d0, d1, ..] = head;
        let source = (fragment.key.source, u16::from_be_bytes([s0, s1]));
        let destination = (fragment.key.destination, u16::from_be_bytes([d0, d1]));
        let from_low = source <= destination;
        let (low, high) = if from_low { (source, destination) } else { (destination, source) };
        let first = pieces.first_mut()?;
        *first = first.from(UDP_HEADER);
        let key = FlowKey {
            interface: fragment.key.interface,
            network: Network::V4(low.0, high.0),
            ports: [low.1, high.1],
            transport: Transport::Udp,
        };
        Some(Datagram { frame: fragment.frame, key, from_low, pieces, wire })
    }
}

impl Datagram {
    /// A flow of this datagram alone.
    pub(super) fn flow(&self) -> Flow {
        Flow {
            key: self.key,
            first: self.frame,
            last: FrameId::NONE,
            frames: 1,
            stream: 0,
            bytes: self.wire,
            numbers: Numbers::default(),
            window_scale: [None; 2],
            probed: [None; 2],
            initiator_is_low: self.from_low,
            sides: if self.from_low { LOW } else { HIGH },
            digest: Digest::EMPTY,
        }
    }
}

/// The payload of a datagram whose fragments are all there, its first bytes and its frames' bytes.
fn whole(fragments: &mut [Fragment]) -> Option<(Vec<Piece>, [u8; UDP_HEADER], u64)> {
    fragments.sort_by_key(|fragment| fragment.offset);
    let mut next = 0;
    let mut pieces = Vec::with_capacity(fragments.len());
    for fragment in fragments.iter() {
        if fragment.offset > next {
            return None;
        }
        let known = (next - fragment.offset) as usize;
        let piece = fragment.payload.from(known);
        if piece.len > 0 || fragment.last {
            next += piece.len;
            pieces.push(piece);
        }
    }
    let first = fragments.first().filter(|fragment| fragment.offset == 0)?;
    let wire = fragments.iter().map(|fragment| u64::from(fragment.wire_len)).sum();
    fragments.iter().any(|fragment| fragment.last).then_some((pieces, first.head, wire))
}
