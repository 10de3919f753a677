//! What a data message of version 3 carries. Its ends have settled, in messages of their own or by
//! hand, whether a cookie and a sublayer stand before the packet and what it is a packet of; the
//! message itself does not say (RFC 3931, section 4.1). So each way is tried, and what is read on
//! is what proves itself by a length and a checksum of its own.
//!
//! ```text
//!   cookie (0, 4 or 8) │ sublayer (0 or 4) │ Ethernet, PPP, Cisco's HDLC, or an IP packet
//! ```

use etherparse::EtherType;

use crate::headers::{Next, Part};
use crate::protocol::Claim;

/// What stands before the packet, and what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Bytes of the cookie: 0, 4 or 8.
    pub(super) cookie: usize,
    /// Bytes of the sublayer: 0 or 4.
    pub(super) sublayer: usize,
    carries: Carries,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carries {
    Ethernet,
    Ppp,
    Hdlc,
    Packet,
}

/// Lengths that a cookie and the default sublayer may have (RFC 3931, sections 4.1 and 4.6).
const COOKIES: [usize; 3] = [0, 4, 8];
const SUBLAYERS: [usize; 2] = [0, 4];

/// What the bytes behind the session's number prove; `None` if they prove nothing, or two things at
/// once.
pub(super) fn shape(part: &Part<'_>) -> Option<Shape> {
    let mut found = None;
    for cookie in COOKIES {
        for sublayer in SUBLAYERS {
            let Some(carries) = carries(&part.after(cookie + sublayer)) else { continue };
            if sublayer > 0 && !is_sublayer(part.number(cookie, 4)) {
                continue;
            }
            let shape = Shape { cookie, sublayer, carries };
            found = match found {
                None => Some(shape),
                // A link's header may look like a cookie before a packet, and not the other way
                // round: a cookie is made by chance.
                Some(before) if before.carries == Carries::Packet => Some(shape),
                Some(before) if carries == Carries::Packet => Some(before),
                Some(before) if before.carries != carries => return None,
                // What can be a sublayer is taken for one, and not for half a cookie.
                Some(before) => Some(before),
            };
        }
    }
    found
}

impl Shape {
    /// What to read on in.
    pub(super) fn next<'a>(&self, part: &Part<'a>) -> Next<'a> {
        const BRIDGED: EtherType = EtherType(0x6558);
        const PPP: EtherType = EtherType(0x880b);
        let rest = part.after(self.cookie + self.sublayer);
        match self.carries {
            Carries::Ethernet => Next::ether(BRIDGED, rest),
            Carries::Ppp => Next::ether(PPP, rest),
            Carries::Hdlc => Next::claimed(Claim::Link(104), rest),
            Carries::Packet => Next::packet(rest),
        }
    }
}

/// Whether four bytes can be a sublayer: only the sequence bit may be set, and without it there is
/// no number (RFC 3931, section 4.6).
fn is_sublayer(word: Option<u64>) -> bool {
    word.is_some_and(|word| word == 0 || word >> 24 == 0x40)
}

fn carries(part: &Part<'_>) -> Option<Carries> {
    const ADDRESSES: usize = 12;
    const VLAN: u64 = 0x8100;
    let typed = |at: usize| {
        part.number(at, 2).is_some_and(|number| is_packet(number as u16, &part.after(at + 2)))
    };
    let tagged = |at: usize| part.number(at, 2) == Some(VLAN) && typed(at + 4);
    match part.number(0, 2) {
        Some(0xff03) if is_ppp(&part.after(2)) => return Some(Carries::Ppp),
        Some(0x0f00 | 0x8f00) if typed(2) => return Some(Carries::Hdlc),
        _ => {}
    }
    if typed(ADDRESSES) || tagged(ADDRESSES) {
        return Some(Carries::Ethernet);
    }
    let version = part.number(0, 1)? >> 4;
    let number = if version == 6 { EtherType::IPV6 } else { EtherType::IPV4 };
    is_packet(number.0, part).then_some(Carries::Packet)
}

/// Whether a packet of PPP is one: of IP by the packet, of a control protocol by its length.
fn is_ppp(part: &Part<'_>) -> bool {
    let rest = part.after(2);
    match part.number(0, 2) {
        Some(0x0021) => is_packet(EtherType::IPV4.0, &rest),
        Some(0x0057) => is_packet(EtherType::IPV6.0, &rest),
        Some(0xc021 | 0xc023 | 0xc223 | 0x8021 | 0x8057 | 0x80fd) => {
            rest.number(2, 2).is_some_and(|len| len >= 4 && len as usize == rest.wire)
        }
        _ => false,
    }
}

/// Whether bytes are surely a packet of this EtherType.
fn is_packet(number: u16, part: &Part<'_>) -> bool {
    match EtherType(number) {
        EtherType::IPV4 => is_ipv4(part),
        EtherType::IPV6 => {
            let payload = part.number(4, 2).unwrap_or_default() as usize;
            part.number(0, 1).is_some_and(|byte| byte >> 4 == 6)
                && payload > 0
                && payload + etherparse::Ipv6Header::LEN == part.wire
        }
        // Ethernet's addresses for those of IPv4.
        EtherType::ARP => part.number(0, 6) == Some(0x0001_0800_0604),
        _ => false,
    }
}

/// Version, lengths and checksum of a header (RFC 791, section 3.1). Ethernet may have filled up
/// what is short.
fn is_ipv4(part: &Part<'_>) -> bool {
    let Some(first) = part.number(0, 1).filter(|first| (0x45..=0x4f).contains(first)) else {
        return false;
    };
    let len = (first & 0x0f) as usize * 4;
    let Some((header, total)) = part.get(0, len).zip(part.number(2, 2)) else { return false };
    let sum = header.chunks(2).fold(0u64, |sum, pair| {
        sum + pair.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
    });
    let folded = (sum & 0xffff) + (sum >> 16);
    folded == 0xffff && (len..=part.wire).contains(&(total as usize))
}
