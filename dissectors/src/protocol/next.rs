//! What lies behind a header, by the number the header gave for it.

use etherparse::{EtherType, IpNumber, LaxIpv4Slice};

use super::{Part, Walk};
use crate::claim::Claim;
use crate::headers::names::{Called, ETHER_TYPES, LINK_TYPES};
use crate::sink::Severity;

/// Numbers below this are lengths (IEEE 802.3, clause 3.2.6), those above are EtherTypes.
pub(crate) const FIRST_TYPE: u16 = 1536;

/// The two ends of an IP packet, for checksums that cover them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ends {
    /// Source and destination.
    V4([u8; 4], [u8; 4]),
    /// Source and destination.
    V6([u8; 16], [u8; 16]),
}

/// What a header was found by.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The number that the header before it gave.
    pub claim: Claim<'static>,
    /// The ends of the IP packet it lies in.
    pub ends: Option<Ends>,
}

impl Found {
    /// By an EtherType.
    pub(crate) const fn typed(number: EtherType) -> Self {
        Self { claim: Claim::EtherType(number.0), ends: None }
    }
}

/// What an IP header says of the fragment behind it.
#[derive(Clone, Copy, Debug)]
pub struct Fragment {
    /// Between whom.
    pub ends: Ends,
    /// The number of what the datagram carries; of IPv6 only its first fragment says it.
    pub protocol: u8,
    /// What all fragments of the datagram have in common.
    pub ident: u32,
    /// Where it belongs in the datagram, in bytes.
    pub offset: u32,
    /// Whether the datagram goes on behind it.
    pub more: bool,
}

impl Fragment {
    /// What the datagram carries.
    pub(crate) const fn found(&self) -> Found {
        Found { claim: Claim::IpProtocol(self.protocol), ends: Some(self.ends) }
    }
}

/// What comes next.
pub enum Next<'a> {
    /// What a number names: whoever lays claim to it tells it.
    Claimed(Found, Part<'a>),
    /// What the EtherType at the end of a link's header or tag names: a look-up of its own, which
    /// Wireshark counts as a protocol.
    Typed(EtherType, Part<'a>),
    /// A piece of what IP carries: the rest came, or will come, in other packets.
    Fragment(Fragment, Part<'a>),
    /// Nothing that headers could tell.
    Nothing,
}

impl<'a> Next<'a> {
    /// What an EtherType names.
    pub(crate) fn ether(number: EtherType, part: Part<'a>) -> Self {
        Self::claimed(Claim::EtherType(number.0), part)
    }

    /// What the EtherType behind a link's header names, or what LLC says where the number is a
    /// length (IEEE 802.3, clause 3.2.6).
    pub(crate) fn typed_or_sized(number: u16, part: Part<'a>) -> Self {
        if number < FIRST_TYPE {
            Self::named("llc", part.upto(number.into()))
        } else {
            Self::Typed(EtherType(number), part)
        }
    }

    /// What stands behind a tag of `len` bytes, the last two of which say it.
    pub(crate) fn behind_tag(part: Part<'a>, len: usize, tag: &str, walk: &mut Walk<'_>) -> Self {
        let number = len.checked_sub(2).and_then(|at| part.number(at, 2));
        let Some(number) = number else {
            walk.stop(&part, tag, format_args!("it takes {len} bytes"));
            walk.summary(format_args!("{tag}, cut"));
            return Self::Nothing;
        };
        Self::typed_or_sized(number as u16, part.after(len))
    }

    /// The protocol of that name.
    pub(crate) const fn named(name: &'static str, part: Part<'a>) -> Self {
        Self::claimed(Claim::Named(name), part)
    }

    /// What a claim names that needs to know nothing of who sends to whom.
    pub(crate) const fn claimed(claim: Claim<'static>, part: Part<'a>) -> Self {
        Self::Claimed(Found { claim, ends: None }, part)
    }

    /// What an IP protocol number names, and between whom.
    pub(crate) fn ip(number: IpNumber, part: Part<'a>, ends: Ends) -> Self {
        Self::Claimed(Found { claim: Claim::IpProtocol(number.0), ends: Some(ends) }, part)
    }

    /// A packet with no link header: its first nibble names its version.
    pub(crate) fn packet(part: Part<'a>) -> Self {
        match part.number(0, 1).map(|byte| byte >> 4) {
            Some(6) => Self::ether(EtherType::IPV6, part),
            Some(_) => Self::ether(EtherType::IPV4, part),
            None => Self::Nothing,
        }
    }

    /// Tells it, and whatever lies behind that.
    pub(crate) fn describe(self, walk: &mut Walk<'_>) {
        let mut next = self;
        for _ in 0..crate::limits::MAX_HEADERS {
            let (found, part) = match next {
                Next::Claimed(found, part) => (found, part),
                Next::Typed(number, part) => {
                    walk.looked_up();
                    (Found::typed(number), part)
                }
                Next::Fragment(fragment, part) => match walk.whole(&fragment, part) {
                    Some(whole) => whole,
                    None => return walk.rest(part),
                },
                Next::Nothing => return,
            };
            let protocol = walk.registry.by_claim(found.claim);
            let told = protocol.and_then(|id| walk.header(id, part, found));
            next = match told {
                Some(next) => next,
                None => {
                    unknown(found.claim, walk);
                    // What ports name is no header, and its session's to tell.
                    let is_header = !matches!(found.claim, Claim::UdpPort(_) | Claim::TcpPort(_));
                    if is_header && found.claim != NO_NEXT_HEADER {
                        walk.rest(part);
                    }
                    return;
                }
            };
        }
        if let Next::Claimed(_, part) = next {
            let text = format_args!("Too many headers inside each other: not read on");
            walk.note(Severity::Broken, part.span, text);
        }
    }
}

/// What stands where nothing follows: bytes behind it are to be ignored (RFC 8200, section 4.7).
const NO_NEXT_HEADER: Claim<'static> = Claim::IpProtocol(59);

/// Says in the row what number nobody lays claim to.
fn unknown(claim: Claim<'_>, walk: &mut Walk<'_>) {
    match claim {
        Claim::Link(number) => {
            let name = Called(LINK_TYPES, number.into());
            walk.unread(format_args!("Link type {number}{name}"));
        }
        Claim::EtherType(number) => {
            let name = Called(ETHER_TYPES, number.into());
            walk.unread(format_args!("EtherType 0x{number:04x}{name}"));
        }
        Claim::Sap(number) => walk.unread(format_args!("LLC, access point 0x{number:02x}")),
        Claim::Snap(owner, number) => {
            walk.unread(format_args!("SNAP, protocol 0x{number:04x} of 0x{owner:06x}"));
        }
        Claim::Ppp(number) => walk.unread(format_args!("PPP protocol 0x{number:04x}")),
        Claim::IpProtocol(number) => match IpNumber(number).keyword_str() {
            Some(name) => walk.unread(format_args!("{name} ({number})")),
            None => walk.unread(format_args!("Unknown ({number})")),
        },
        _ => {}
    }
}

/// How long the packet of this EtherType says it is, so that what Ethernet added behind it can be
/// told from it. `None` if it does not say.
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
