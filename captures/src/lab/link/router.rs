//! Routers on the way: what they do to packets of IPv4, and what they say of those that they drop.
//!
//! ```text
//!   client ── router 1 ══ router 2 ══ router 3 ── server
//!                      └ path-mtu ┘
//! ```
//!
//! Each router takes one from the time to live. Where that runs out it drops the packet and says
//! so to its sender (RFC 1812, section 5.3.1). The links between routers may take shorter packets
//! than the hosts' own: what forbids to be cut is dropped there, with the size that would have
//! passed (RFC 1191, section 4); what does not is cut into fragments (RFC 791, section 3.2). With
//! `icmp=none` they drop all the same and say nothing.

use std::net::Ipv4Addr;
use std::time::Duration;

use etherparse::icmpv4::{DestUnreachableHeader, TimeExceededCode};
use etherparse::{Icmpv4Type, IpFragOffset, IpNumber, Ipv4Header, PacketBuilder};

use super::settings::Link;
use super::side::Side;

/// How much of a packet is quoted: as much as keeps the error within what every host takes
/// (RFC 1812, section 4.3.2.3): 576 bytes, less 20 of IP and 8 of ICMP.
const QUOTED: usize = 548;
/// The time to live of what a router itself sends.
const FRESH: u8 = 64;

/// What becomes of a packet on its way past the routers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// It arrives: whole, or in pieces.
    On(Vec<Vec<u8>>),
    /// It is dropped, and this goes back to its sender after so long.
    Back(Vec<u8>, Duration),
    /// It is dropped, and nobody says so.
    Gone,
}

impl Link {
    /// Takes a packet past the routers.
    pub(super) fn pass(&self, from: Side, packet: &[u8]) -> Passage {
        let routers = self.routers();
        let whole = || Passage::On(vec![packet.to_vec()]);
        if routers == 0 {
            return whole();
        }
        let Ok((mut header, data)) = Ipv4Header::from_slice(packet) else { return whole() };
        if header.time_to_live <= routers {
            let exceeded = Icmpv4Type::TimeExceeded(TimeExceededCode::TtlExceededInTransit);
            let router = header.time_to_live.max(1);
            return self.refuse((from, router), exceeded, (&header, data));
        }
        header.time_to_live -= routers;
        let narrow = self.path_mtu();
        if packet.len() <= usize::from(narrow) {
            return Passage::On(vec![sealed(header, data)]);
        }
        if header.dont_fragment {
            let too_large = DestUnreachableHeader::FragmentationNeeded { next_hop_mtu: narrow };
            // The first router would have to put it onto the narrow link.
            let too_large = Icmpv4Type::DestinationUnreachable(too_large);
            return self.refuse((from, 1), too_large, (&header, data));
        }
        Passage::On(cut(&header, data, narrow))
    }

    /// How many routers there are: a link that is narrower in its middle has one at least.
    fn routers(&self) -> u8 {
        if self.path_mtu.is_some() { self.hops.max(1) } else { self.hops }
    }

    /// The longest packet that passes between the routers.
    fn path_mtu(&self) -> u16 {
        self.path_mtu.map_or(self.mtu, |narrow| narrow.min(self.mtu))
    }

    /// Drops a packet at a router, counted from its sender.
    fn refuse(
        &self,
        (from, router): (Side, u8),
        what: Icmpv4Type,
        (header, data): (&Ipv4Header, &[u8]),
    ) -> Passage {
        // Nobody answers an error with another (RFC 1812, section 4.3.2.7).
        let is_error = header.protocol == IpNumber::ICMP && !matches!(data.first(), Some(0 | 8));
        if self.is_silent || is_error {
            return Passage::Gone;
        }
        let all = self.routers();
        // From the client's side, whoever sends.
        let place = match from {
            Side::Client => router,
            Side::Server => (all + 1).saturating_sub(router),
        };
        let there_and_back = self.one_way() * 2 * u32::from(router) / (u32::from(all) + 1);
        let packet = sealed(header.clone(), data);
        let quote = packet.get(..QUOTED).unwrap_or(&packet);
        let mut error = Vec::new();
        let builder = PacketBuilder::ipv4(address(place).octets(), header.source, FRESH);
        match builder.icmpv4(what).write(&mut error, quote) {
            Ok(()) => Passage::Back(error, there_and_back),
            // A vector takes what is written to it.
            Err(_) => Passage::Gone,
        }
    }
}

/// The address of a router, counted from the client's side: 10.0.101.1 is the first.
const fn address(place: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, place.wrapping_add(100), 1)
}

/// A packet whose header has its checksum.
fn sealed(mut header: Ipv4Header, data: &[u8]) -> Vec<u8> {
    header.header_checksum = header.calc_header_checksum();
    [header.to_bytes().as_slice(), data].concat()
}

/// Cuts a packet into pieces of at most so many bytes.
fn cut(header: &Ipv4Header, data: &[u8], most: u16) -> Vec<Vec<u8>> {
    // Places are counted in eights of bytes.
    let step = (usize::from(most).saturating_sub(header.header_len()) / 8 * 8).max(8);
    let pieces = data.chunks(step).count();
    let piece = |(at, data): (usize, &[u8])| {
        let mut own = header.clone();
        own.total_len = u16::try_from(own.header_len() + data.len()).unwrap_or(u16::MAX);
        own.more_fragments |= at + 1 < pieces;
        let place = usize::from(header.fragment_offset.value()) + at * step / 8;
        let place = u16::try_from(place).ok().and_then(|place| IpFragOffset::try_new(place).ok());
        own.fragment_offset = place.unwrap_or(IpFragOffset::ZERO);
        sealed(own, data)
    };
    data.chunks(step).enumerate().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of UDP from 10.0.1.1 to 10.0.2.1 with so many bytes behind its IP header.
    fn packet(ttl: u8, dont_fragment: bool, len: usize) -> Vec<u8> {
        of(IpNumber::UDP, ttl, dont_fragment, &data(len))
    }

    fn data(len: usize) -> Vec<u8> {
        (0..len).map(|at| at as u8).collect()
    }

    fn of(protocol: IpNumber, ttl: u8, dont_fragment: bool, data: &[u8]) -> Vec<u8> {
        let ends = [[10, 0, 1, 1], [10, 0, 2, 1]];
        let len = data.len() as u16;
        let mut header = Ipv4Header::new(len, ttl, protocol, ends[0], ends[1]).unwrap();
        header.dont_fragment = dont_fragment;
        sealed(header, data)
    }

    fn link(text: &str) -> Link {
        Link::parse(text).unwrap()
    }

    /// Who says what, and when it comes.
    fn said(passage: Passage) -> ([u8; 4], Icmpv4Type, u64) {
        let Passage::Back(error, after) = passage else { panic!("{passage:?}") };
        let (header, data) = Ipv4Header::from_slice(&error).unwrap();
        assert_eq!(header.header_checksum, header.calc_header_checksum());
        let message = etherparse::Icmpv4Slice::from_slice(data).unwrap();
        assert!(message.payload().starts_with(&[0x45]), "it quotes");
        (header.source, message.icmp_type(), after.as_millis() as u64)
    }

    #[test]
    fn each_router_takes_one_and_the_one_where_none_is_left_says_so() {
        let way = link("rtt=80ms,hops=3");
        let exceeded = Icmpv4Type::TimeExceeded(TimeExceededCode::TtlExceededInTransit);
        let check = |from, ttl, router, after| {
            let said = said(way.pass(from, &packet(ttl, false, 8)));
            assert_eq!(said, ([10, 0, router, 1], exceeded.clone(), after), "{ttl}");
        };
        check(Side::Client, 1, 101, 20);
        check(Side::Client, 3, 103, 60);
        check(Side::Server, 1, 103, 20);
        let passed = way.pass(Side::Client, &packet(4, false, 8));
        assert_eq!(passed, Passage::On(vec![packet(1, false, 8)]));
        // Without routers nothing is touched.
        let one = packet(1, false, 8);
        assert_eq!(link("").pass(Side::Client, &one), Passage::On(vec![one]));
    }

    #[test]
    fn what_is_too_large_is_cut_or_refused() {
        let narrow = link("rtt=80ms,path-mtu=600");
        let large = packet(64, true, 1000);
        let too_large = DestUnreachableHeader::FragmentationNeeded { next_hop_mtu: 600 };
        let too_large = Icmpv4Type::DestinationUnreachable(too_large);
        assert_eq!(said(narrow.pass(Side::Client, &large)), ([10, 0, 101, 1], too_large, 40));
        assert_eq!(
            narrow.pass(Side::Client, &packet(64, true, 580)),
            Passage::On(vec![packet(63, true, 580)])
        );
        let passed = narrow.pass(Side::Client, &packet(64, false, 1000));
        let Passage::On(pieces) = passed else { panic!("{passed:?}") };
        let mut whole = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let (header, data) = Ipv4Header::from_slice(piece).unwrap();
            assert_eq!(header.header_checksum, header.calc_header_checksum());
            assert_eq!(usize::from(header.fragment_offset.value()) * 8, whole.len());
            assert_eq!(header.more_fragments, at + 1 < pieces.len());
            assert!(piece.len() <= 600);
            whole.extend(data);
        }
        assert_eq!((pieces.len(), whole), (2, data(1000)));
        let silent = link("path-mtu=600,icmp=none");
        assert_eq!(silent.pass(Side::Client, &large), Passage::Gone);
    }

    #[test]
    fn nobody_answers_an_error_with_another() {
        let way = link("hops=1");
        let message = |kind: u8| of(IpNumber::ICMP, 1, false, &[kind, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(way.pass(Side::Client, &message(11)), Passage::Gone);
        assert!(matches!(way.pass(Side::Client, &message(8)), Passage::Back(..)));
    }
}
