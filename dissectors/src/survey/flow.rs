//! Flows: which frames talk to each other.

use crate::engine::reader::Ports;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::headers::WindowScale;
use crate::ids::{Direction, FrameId};
use crate::protocol::{Carrier, Likelihood};
use crate::registry::{self, ProtocolId};

/// Two addresses of the network layer, the lower endpoint's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Network {
    /// IPv4.
    V4([u8; 4], [u8; 4]),
    /// IPv6.
    V6([u8; 16], [u8; 16]),
}

/// The transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A vantage point and a five-tuple, its endpoints in a fixed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowKey {
    /// The interface that saw it: frames of different vantage points are read apart.
    pub interface: u16,
    /// The addresses.
    pub network: Network,
    /// The ports, the lower endpoint's first.
    pub ports: [u16; 2],
    /// The protocol.
    pub transport: Transport,
}

/// One flow: at most 128 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who talks.
    pub key: FlowKey,
    /// Its first frame.
    pub first: FrameId,
    /// Its last frame so far.
    pub last: FrameId,
    /// How many frames.
    pub frames: u32,
    /// Its number among the flows of its transport: `tcp.stream`.
    pub stream: u32,
    /// Bytes of its frames on the wire.
    pub bytes: u64,
    /// TCP: the first sequence number of each direction.
    pub base_seq: [Option<u32>; 2],
    /// TCP: the window scale each direction announced in its SYN.
    pub window_scale: [Option<u8>; 2],
    /// TCP: whether that first sequence number came from a SYN.
    pub syn: [bool; 2],
    /// What its first payload in each direction looks like.
    pub probed: [Option<(ProtocolId, Likelihood)>; 2],
    /// Whether the lower endpoint began.
    pub initiator_is_low: bool,
    /// TCP: the first frame of each kind, in the order of [`MILESTONES`].
    pub milestones: [FrameId; 6],
}

/// Kinds of segments that mark how complete a TCP connection was seen, in the order of the bits
/// of `tcp.completeness`.
pub const MILESTONES: [fn(flags: u16, payload_len: u32) -> bool; 6] = [
    |flags, _| flags & (SYN | ACK) == SYN,
    |flags, _| flags & (SYN | ACK) == SYN | ACK,
    |flags, len| flags & (SYN | ACK | FIN | RST) == ACK && len == 0,
    |_, len| len > 0,
    |flags, _| flags & FIN != 0,
    |flags, _| flags & RST != 0,
];

const _: () = assert!(size_of::<Flow>() <= 128, "flows stay small: millions must fit");

impl Flow {
    /// The ports in the order initiator, responder, and what carries the bytes.
    #[must_use]
    pub fn ports(&self) -> Ports {
        let [low, high] = self.key.ports;
        let ports = if self.initiator_is_low { [low, high] } else { [high, low] };
        let carrier = match self.key.transport {
            Transport::Tcp => Carrier::Stream,
            Transport::Udp => Carrier::Datagram,
        };
        Ports { carrier, ports }
    }

    /// What the sequence numbers of each direction count from: the SYN's, or one less than the
    /// first that was seen.
    #[must_use]
    pub fn bases(&self) -> [Option<u32>; 2] {
        let base = |(base, syn): (Option<u32>, bool)| {
            base.map(|seq| if syn { seq } else { seq.wrapping_sub(1) })
        };
        let ([forward, backward], [forward_syn, backward_syn]) = (self.base_seq, self.syn);
        [base((forward, forward_syn)), base((backward, backward_syn))]
    }

    /// By how much the windows of each direction are scaled: only where both SYNs said so
    /// (RFC 7323, section 2.2).
    #[must_use]
    pub fn scales(&self) -> [WindowScale; 2] {
        match (self.syn, self.window_scale) {
            ([true, true], [Some(forward), Some(backward)]) => {
                [WindowScale::Shift(forward), WindowScale::Shift(backward)]
            }
            ([true, true], _) => [WindowScale::Unused; 2],
            _ => [WindowScale::Unknown; 2],
        }
    }

    /// Which milestones of a TCP connection lie before a frame, as the bits of
    /// `tcp.completeness`.
    #[must_use]
    pub fn completeness(&self, before: FrameId) -> u8 {
        let seen = self.milestones.iter().map(|first| u8::from(*first < before));
        seen.rev().fold(0, |bits, seen| bits << 1 | seen)
    }

    /// Takes note of a frame's milestones.
    pub(super) fn pass(&mut self, frame: FrameId, flags: u16, payload_len: u32) {
        for (first, is_one) in self.milestones.iter_mut().zip(MILESTONES) {
            if *first == FrameId::NONE && is_one(flags, payload_len) {
                *first = frame;
            }
        }
    }

    /// The address of the side that sends in this direction.
    #[must_use]
    pub fn address(&self, direction: Direction) -> std::net::IpAddr {
        let low = self.initiator_is_low == (direction == Direction::Forward);
        match (self.key.network, low) {
            (Network::V4(low, _), true) => low.into(),
            (Network::V4(_, high), false) => high.into(),
            (Network::V6(low, _), true) => low.into(),
            (Network::V6(_, high), false) => high.into(),
        }
    }

    /// The protocol of its first layer, as far as the survey can tell.
    #[must_use]
    pub fn protocol(&self) -> Option<ProtocolId> {
        let probed = self.probed.iter().flatten();
        let sure = probed.clone().find(|(_, how)| *how == Likelihood::Surely);
        sure.map(|(id, _)| *id)
            .or_else(|| self.ports().claims().into_iter().find_map(registry::by_claim))
            .or(probed.clone().next().map(|(id, _)| *id))
    }
}
