//! Flows: which frames talk to each other.

use std::net::{IpAddr, SocketAddr};

use super::chunk::{Address, key_of};
use super::digest::Digest;
use super::numbers::Numbers;
use crate::engine::ports::Ports;
use crate::engine::tcp::{Numbering, WindowScale};
use crate::ids::{Both, Direction, FrameId, ProtocolId};
use crate::protocol::{Framing, Likelihood};

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

impl FlowKey {
    /// The key of what is sent between these ends, and whether the sender is the lower one.
    pub(crate) fn between(
        interface: u16,
        transport: Transport,
        ends: [SocketAddr; 2],
    ) -> Option<(Self, bool)> {
        let addresses = ends.map(|end| match end.ip() {
            IpAddr::V4(ip) => Address::V4(ip.octets()),
            IpAddr::V6(ip) => Address::V6(ip.octets()),
        });
        key_of(interface, transport, addresses, ends.map(|end| end.port()))
    }
}

/// One flow: at most 168 bytes.
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
    /// TCP: what the sequence numbers of each direction count from.
    pub numbers: Numbers,
    /// TCP: the window scale each direction announced in its SYN.
    pub window_scale: Both<Option<u8>>,
    /// What its first payload in each direction looks like.
    pub probed: Both<Option<(ProtocolId, Likelihood)>>,
    /// Whether the lower endpoint began.
    pub initiator_is_low: bool,
    /// Who sent any of its frames: [`LOW`], [`HIGH`] or both.
    pub(super) sides: u8,
    /// What its segments were, in numbers.
    pub digest: Digest,
}

/// The lower endpoint has sent.
pub(super) const LOW: u8 = 1;

/// The higher endpoint has sent.
pub(super) const HIGH: u8 = 2;

const _: () = assert!(size_of::<Flow>() <= 168, "flows stay small: millions must fit");

impl Flow {
    /// Whether it holds no frame: all that it had are part of another flow now, whose other
    /// direction was recorded on another interface.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.frames == 0
    }

    /// The same flow without its frames.
    pub(super) fn emptied(&self) -> Self {
        Self {
            first: FrameId::NONE,
            last: FrameId::NONE,
            frames: 0,
            stream: 0,
            bytes: 0,
            numbers: Numbers::default(),
            window_scale: Both::each(None),
            probed: Both::each(None),
            digest: Digest::EMPTY,
            ..*self
        }
    }

    /// Takes in what a later part of it said; not its digest, which is taken frame by frame.
    /// Says whether the part's directions are turned.
    pub(super) fn merge(&mut self, part: &Self) -> bool {
        let turned = self.initiator_is_low != part.initiator_is_low;
        self.frames += part.frames;
        self.bytes += part.bytes;
        self.sides |= part.sides;
        self.numbers.merge(&part.numbers, turned);
        for way in Direction::BOTH {
            let from = if turned { way.reverse() } else { way };
            let scale = self.window_scale.of_mut(way);
            *scale = scale.or(*part.window_scale.of(from));
            let probed = self.probed.of_mut(way);
            *probed = probed.or(*part.probed.of(from));
        }
        turned
    }

    /// The ports in the order initiator, responder, and what bounds the bytes.
    #[must_use]
    pub fn ports(&self) -> Ports {
        let [low, high] = self.key.ports;
        let ports = if self.initiator_is_low { [low, high] } else { [high, low] };
        let framing = match self.key.transport {
            Transport::Tcp => Framing::Stream,
            Transport::Udp => Framing::Datagram,
        };
        // Whoever sends the only SYN without an ACK is the one who began.
        let began = self.numbers.syns().contains(&true).then_some(Direction::Forward);
        Ports { framing, ports, began }
    }

    /// What its reader needs to know of its numbers.
    #[must_use]
    pub fn numbering(&self) -> Numbering {
        Numbering { bases: self.numbers.bases(), scales: self.scales() }
    }

    /// By how much the windows of each direction are scaled: where both SYNs said so (RFC 7323,
    /// section 2.2). Of a SYN that was not captured the best is thought.
    #[must_use]
    pub fn scales(&self) -> [WindowScale; 2] {
        let shift = |scale: Option<u8>| scale.map_or(WindowScale::Unused, WindowScale::Shift);
        match (self.numbers.syns(), Direction::BOTH.map(|way| *self.window_scale.of(way))) {
            ([true, true], [Some(forward), Some(backward)]) => {
                [WindowScale::Shift(forward), WindowScale::Shift(backward)]
            }
            ([true, true], _) => [WindowScale::Unused; 2],
            ([true, false], [forward, _]) => [shift(forward), WindowScale::Unknown],
            ([false, true], [_, backward]) => [WindowScale::Unknown, shift(backward)],
            ([false, false], _) => [WindowScale::Unknown; 2],
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
        sure.or(probed.clone().next()).map(|(id, _)| *id)
    }
}
