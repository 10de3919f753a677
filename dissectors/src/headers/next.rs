//! What lies behind a header, by the number the header gave for it.

use etherparse::{EtherType, IpNumber, LaxIpv4Slice, ether_type, ip_number};

use super::{Part, Walk};
use crate::protocols::{arp, icmp, icmpv6, ipv4, ipv6, tcp, udp, vlan};
use crate::sink::Severity;

/// The two ends of an IP packet, for checksums that cover them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ends {
    /// Source and destination.
    V4([u8; 4], [u8; 4]),
    /// Source and destination.
    V6([u8; 16], [u8; 16]),
}

/// What comes next.
pub(crate) enum Next<'a> {
    /// What an EtherType names.
    Ether(EtherType, Part<'a>),
    /// What an IP protocol number names, and between whom.
    Ip(IpNumber, Part<'a>, Ends),
    /// Nothing that headers could tell.
    Nothing,
}

impl<'a> Next<'a> {
    /// A packet with no link header: its first nibble names its version.
    pub(crate) fn packet(part: Part<'a>) -> Self {
        match part.number(0, 1).map(|byte| byte >> 4) {
            Some(6) => Self::Ether(EtherType::IPV6, part),
            Some(_) => Self::Ether(EtherType::IPV4, part),
            None => Self::Nothing,
        }
    }

    /// Tells it, and whatever lies behind that.
    pub(crate) fn describe(self, walk: &mut Walk<'_>) {
        let mut next = self;
        for _ in 0..crate::limits::MAX_HEADERS {
            next = match next {
                Next::Ether(ether_type::IPV4, part) => ipv4::describe(part, walk),
                Next::Ether(ether_type::IPV6, part) => ipv6::describe(part, walk),
                Next::Ether(ether_type::ARP, part) => arp::describe(part, walk),
                Next::Ether(
                    number @ (ether_type::VLAN_TAGGED_FRAME
                    | ether_type::PROVIDER_BRIDGING
                    | ether_type::VLAN_DOUBLE_TAGGED_FRAME),
                    part,
                ) => vlan::describe(number, part, walk),
                Next::Ether(EtherType(number), _) => {
                    walk.summary(format_args!("EtherType 0x{number:04x}"));
                    return;
                }
                Next::Ip(ip_number::TCP, part, ends) => tcp::describe(part, ends, walk),
                Next::Ip(ip_number::UDP, part, ends) => udp::describe(part, ends, walk),
                Next::Ip(ip_number::ICMP, part, _) => icmp::describe(part, walk),
                Next::Ip(ip_number::IPV6_ICMP, part, ends) => icmpv6::describe(part, ends, walk),
                Next::Ip(ip_number::IPV4, part, _) => ipv4::describe(part, walk),
                Next::Ip(ip_number::IPV6, part, _) => ipv6::describe(part, walk),
                Next::Ip(number, _, _) => {
                    match number.keyword_str() {
                        Some(name) => walk.summary(format_args!("{name} ({})", number.0)),
                        None => walk.summary(format_args!("Unknown ({})", number.0)),
                    }
                    return;
                }
                Next::Nothing => return,
            };
        }
        if let Next::Ether(_, part) | Next::Ip(_, part, _) = next {
            let text = format_args!("Too many headers inside each other: not read on");
            walk.note(Severity::Broken, part.span, text);
        }
    }
}

/// How long the packet of this EtherType says it is, so that what Ethernet added behind it can
/// be told from it. Nothing where it does not say.
pub(crate) fn network_len(number: EtherType, part: &Part<'_>) -> Option<usize> {
    match number {
        EtherType::IPV4 => {
            let (slice, _) = LaxIpv4Slice::from_slice(part.bytes).ok()?;
            let total = usize::from(slice.header().total_len());
            (total >= slice.header().slice().len()).then_some(total)
        }
        EtherType::IPV6 => match part.number(4, 2)? {
            // A jumbogram says its length elsewhere.
            0 => None,
            payload => Some(etherparse::Ipv6Header::LEN + payload as usize),
        },
        EtherType::ARP => {
            let (hardware, protocol) = (part.number(4, 1)? as usize, part.number(5, 1)? as usize);
            Some(8 + 2 * (hardware + protocol))
        }
        _ => None,
    }
}

/// The sum over addresses, protocol and length that TCP and UDP checksums begin with (RFC 9293,
/// section 3.1). A sender that leaves checksums to its network card writes this sum alone.
pub(crate) fn pseudo_header_sum(ends: Ends, protocol: u8, len: usize) -> u64 {
    let mut sum = 0u64;
    let mut add = |bytes: &[u8]| {
        for pair in bytes.chunks(2) {
            sum += pair.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        }
    };
    match ends {
        Ends::V4(from, to) => {
            add(&from);
            add(&to);
        }
        Ends::V6(from, to) => {
            add(&from);
            add(&to);
        }
    }
    sum += u64::from(protocol) + (len as u64 >> 16) + (len as u64 & 0xffff);
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum
}
