//! Frames apart that ask and answer: ARP, neighbour discovery, echoes. Each answer is held against
//! the question before it that it fits.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::describe::{Field, Heard};
use crate::field::FieldId;
use crate::headers::names::Address;
use crate::ids::{FrameId, ProtocolId, Time};
use crate::protocols::arp::tell::{Host, Known, Packet, What};
use crate::protocols::icmp::echo::Echo;
use crate::protocols::icmpv6::neighbour::Neighbour;
use crate::protocols::sctp::tell as sctp_told;
use crate::protocols::{arp, ethernet, icmp, icmpv6, ipv4, ipv6, sctp};
use crate::story::{BeatId, Moment, Telling, errors};

/// What a field is to such a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Type,
    From,
    To,
    SenderLink,
    SenderIp,
    TargetLink,
    TargetIp,
    Ident,
    Number,
    FromPort,
    ToPort,
    NextHop,
}

/// The fields that they are read from.
pub(super) const ROLES: &[(FieldId, Role)] = &[
    (ethernet::DST, Role::NextHop),
    (arp::OPCODE, Role::Type),
    (arp::SRC_MAC, Role::SenderLink),
    (arp::SRC_IPV4, Role::SenderIp),
    (arp::DST_MAC, Role::TargetLink),
    (arp::DST_IPV4, Role::TargetIp),
    (ipv4::SRC, Role::From),
    (ipv4::DST, Role::To),
    (ipv6::SRC, Role::From),
    (ipv6::DST, Role::To),
    (icmp::TYPE, Role::Type),
    (icmp::IDENT, Role::Ident),
    (icmp::SEQ, Role::Number),
    (icmpv6::TYPE, Role::Type),
    (icmpv6::ECHO_IDENTIFIER, Role::Ident),
    (icmpv6::ECHO_SEQUENCE, Role::Number),
    (icmpv6::NS_TARGET, Role::TargetIp),
    (icmpv6::NA_TARGET, Role::TargetIp),
    (icmpv6::OPTION_LINK, Role::TargetLink),
    (sctp::CHUNK_TYPE, Role::Type),
    (sctp::SOURCE, Role::FromPort),
    (sctp::DESTINATION, Role::ToPort),
];

/// What a frame asks or answers.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Arp(Packet),
    Neighbour(Neighbour),
    /// With the link address that its frame goes to, where it was recorded on a link.
    Echo(Echo, Option<[u8; 6]>),
    Sctp(sctp_told::Packet),
    /// An error that quotes a connection which the recording does not hold.
    Error(errors::Said),
}

impl Said {
    /// Reads what a frame says of that kind.
    pub(super) fn of(protocol: ProtocolId, heard: &Heard<Role>) -> Option<Self> {
        let mut headers = heard.fields().iter().filter(|field| field.id.protocol() == protocol);
        let kind = headers.find(|field| field.role == Role::Type)?.number();
        let find = |role: Role| heard.fields().iter().find(move |field| field.role == role);
        let link = |role| find(role).and_then(Field::link);
        let ip = |role| find(role).and_then(Field::ip);
        // The last header of IP before it is its own: others carry that.
        let last = |role| heard.fields().iter().rev().find(move |field| field.role == role)?.ip();
        let last_number = |role| {
            let number =
                heard.fields().iter().rev().find(move |field| field.role == role)?.number();
            u16::try_from(number).ok()
        };
        let (asks, is_echo) = match (protocol, kind) {
            (sctp::PROTOCOL_ID, _) => {
                let own = heard.fields().iter().filter(|field| field.id == sctp::CHUNK_TYPE);
                let chunks = own.filter_map(|field| u8::try_from(field.number()).ok()).collect();
                let from = (last(Role::From)?, last_number(Role::FromPort)?);
                let to = (last(Role::To)?, last_number(Role::ToPort)?);
                return Some(Self::Sctp(sctp_told::Packet { ends: [from, to], chunks }));
            }
            (arp::PROTOCOL_ID, operation) => {
                let v4 = |role| match ip(role) {
                    Some(IpAddr::V4(ip)) => Some(ip),
                    _ => None,
                };
                let host = |at_link, at_ip| Some(Host { link: link(at_link)?, ip: v4(at_ip)? });
                return Some(Self::Arp(Packet {
                    operation: u16::try_from(operation).ok()?,
                    sender: host(Role::SenderLink, Role::SenderIp)?,
                    target: host(Role::TargetLink, Role::TargetIp)?,
                }));
            }
            (icmp::PROTOCOL_ID, 8) | (icmpv6::PROTOCOL_ID, 128) => (true, true),
            (icmp::PROTOCOL_ID, 0) | (icmpv6::PROTOCOL_ID, 129) => (false, true),
            (icmpv6::PROTOCOL_ID, 135) => (true, false),
            (icmpv6::PROTOCOL_ID, 136) => (false, false),
            _ => return None,
        };
        let (from, to) = (last(Role::From)?, last(Role::To)?);
        let number = |role| find(role).and_then(|field| u16::try_from(field.number()).ok());
        if is_echo {
            let (ident, number) = (number(Role::Ident)?, number(Role::Number)?);
            let hop = link(Role::NextHop);
            return Some(Self::Echo(Echo { asks, from, to, ident, number }, hop));
        }
        match (from, to, ip(Role::TargetIp)?) {
            (IpAddr::V6(from), IpAddr::V6(to), IpAddr::V6(target)) => {
                let link = link(Role::TargetLink);
                Some(Self::Neighbour(Neighbour { asks, from, to, target, link }))
            }
            _ => None,
        }
    }

    /// What an answer must bear to fit a question.
    fn key(&self) -> Option<(Key, bool)> {
        match self {
            Self::Arp(packet) => match packet.what() {
                What::Request | What::Probe => {
                    Some((Key::Arp(packet.sender.link, packet.target.ip), true))
                }
                What::Reply => Some((Key::Arp(packet.target.link, packet.sender.ip), false)),
                What::ReverseRequest => Some((Key::Reverse(packet.target.link), true)),
                What::ReverseReply => Some((Key::Reverse(packet.target.link), false)),
                _ => None,
            },
            // What answers a probe goes to all: nobody has the address yet that asked.
            Self::Neighbour(one) if one.asks => Some((Key::Neighbour(one.from, one.target), true)),
            Self::Neighbour(one) if one.to.is_multicast() => {
                Some((Key::Neighbour(Ipv6Addr::UNSPECIFIED, one.target), false))
            }
            Self::Neighbour(one) => Some((Key::Neighbour(one.to, one.target), false)),
            Self::Echo(one, _) => {
                let ends = if one.asks { [one.from, one.to] } else { [one.to, one.from] };
                Some((Key::Echo(ends, one.ident, one.number), one.asks))
            }
            Self::Sctp(packet) => {
                let [from, to] = packet.ends;
                packet
                    .answers()
                    .map(|kind| (Key::Sctp([to, from], kind), false))
                    .or_else(|| packet.asks().map(|kind| (Key::Sctp([from, to], kind), true)))
            }
            Self::Error(_) => None,
        }
    }

    /// The address that an ARP packet claims, and for which link.
    pub(super) fn claim(&self) -> Option<(Ipv4Addr, [u8; 6])> {
        match self {
            Self::Arp(packet) => packet.claims().map(|ip| (ip, packet.sender.link)),
            _ => None,
        }
    }

    /// The bead and the sentences.
    fn tell(&self, asked: Option<&Asked>, claimed: Option<([u8; 6], FrameId)>) -> Telling {
        let answers = asked.map(|asked| asked.frame);
        match self {
            Self::Arp(packet) => packet.tell(Known { answers, claimed }),
            Self::Neighbour(one) => one.tell(asked.map(|asked| (asked.frame, asked.is_probe))),
            Self::Echo(echo, _) => echo.tell(answers),
            Self::Sctp(packet) => packet.tell(answers),
            Self::Error(error) => error.tell(),
        }
    }
}

/// What a question and its answer have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Who asks, for whom.
    Arp([u8; 6], Ipv4Addr),
    /// For which link.
    Reverse([u8; 6]),
    /// Who asks, for whom.
    Neighbour(Ipv6Addr, Ipv6Addr),
    /// Who asks whom, with which numbers.
    Echo([IpAddr; 2], u16, u16),
    /// Who asks whom, between which ports, with which chunk.
    Sctp([(IpAddr, u16); 2], u8),
}

/// A question.
#[derive(Clone, Copy, Debug)]
struct Asked {
    frame: FrameId,
    time: Time,
    flight: BeatId,
    is_probe: bool,
    is_answered: bool,
}

/// What was asked and claimed so far.
#[derive(Default)]
pub(super) struct Exchanges {
    asked: HashMap<Key, Asked>,
    claims: HashMap<Ipv4Addr, ([u8; 6], FrameId)>,
}

/// What a frame means, and the question whose first answer it is: its step, and when it was seen.
pub(super) struct Meaning {
    pub(super) told: Telling,
    pub(super) trip: Option<(BeatId, Moment)>,
}

impl Exchanges {
    /// Takes in a frame, whose step will be `flight`.
    pub(super) fn hear(&mut self, said: &Said, frame: (FrameId, Time), flight: BeatId) -> Meaning {
        let (id, time) = frame;
        let key = said.key();
        let asked = key.filter(|(_, asks)| !asks).and_then(|(key, _)| self.asked.get_mut(&key));
        let mut trip = None;
        let asked = asked.map(|asked| {
            if !asked.is_answered {
                trip = Some((asked.flight, Moment { frame: asked.frame, time: asked.time }));
            }
            asked.is_answered = true;
            *asked
        });
        let claim = said.claim();
        let claimed = claim.and_then(|(ip, link)| {
            let known = self.claims.insert(ip, (link, id));
            known.filter(|(known, _)| *known != link)
        });
        if let Some((key, true)) = key {
            let is_probe = match said {
                Said::Arp(packet) => packet.what() == What::Probe,
                Said::Neighbour(one) => one.is_probe(),
                Said::Echo(..) | Said::Sctp(_) | Said::Error(_) => false,
            };
            let asked = Asked { frame: id, time, flight, is_probe, is_answered: false };
            self.asked.insert(key, asked);
        }
        let told = said.tell(asked.as_ref(), claimed);
        Meaning { told: self.with_next_hop(told, said), trip }
    }

    /// Adds to an echo that its frame goes to another host than the packet: as ARP said, to the
    /// next one on the way.
    fn with_next_hop(&self, told: Telling, said: &Said) -> Telling {
        let Said::Echo(Echo { to: IpAddr::V4(to), .. }, Some(hop)) = said else { return told };
        let mut owners = self.claims.iter().filter(|(_, (link, _))| link == hop);
        let owner = owners.next().filter(|(ip, _)| owners.next().is_none() && *ip != to);
        let Some((router, (_, frame))) = owner else { return told };
        let hop = format!(
            "Its frame goes to {}, where {router} is (frame {}): the next hop to {to}.",
            Address(*hop),
            frame.number()
        );
        let detail = [told.detail.as_str(), &hop].join(" ");
        told.detail(detail.trim_start())
    }
}
