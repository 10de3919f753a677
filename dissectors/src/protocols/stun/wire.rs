//! Messages of STUN as far as pairing, rows and sentences need them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::protocols::datagrams::fingerprint;

/// Type, length, cookie and transaction id (RFC 8489, section 5).
pub(super) const HEAD: usize = 20;
/// What tells STUN from what else comes to a port.
pub(super) const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// A channel's number and a length (RFC 8656, section 12.4).
pub(super) const CHANNEL_HEAD: usize = 4;

/// Attributes that are asked for by their numbers.
pub(super) mod attribute {
    pub(crate) const MAPPED_ADDRESS: u16 = 0x0001;
    pub(crate) const USERNAME: u16 = 0x0006;
    pub(crate) const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub(crate) const ERROR_CODE: u16 = 0x0009;
    pub(crate) const LIFETIME: u16 = 0x000d;
    pub(crate) const XOR_RELAYED_ADDRESS: u16 = 0x0016;
    pub(crate) const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    pub(crate) const USE_CANDIDATE: u16 = 0x0025;
    pub(crate) const FINGERPRINT: u16 = 0x8028;
}

/// Methods that are asked for by their numbers.
pub(super) mod method {
    pub(crate) const BINDING: u16 = 1;
    pub(crate) const ALLOCATE: u16 = 3;
    pub(crate) const REFRESH: u16 = 4;
    pub(crate) const SEND: u16 = 6;
    pub(crate) const DATA: u16 = 7;
    pub(crate) const CREATE_PERMISSION: u16 = 8;
    pub(crate) const CHANNEL_BIND: u16 = 9;
}

/// The class of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Request,
    Indication,
    Success,
    Error,
}

/// The head of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) class: Class,
    pub(super) method: u16,
    /// How many bytes of attributes follow.
    pub(super) len: usize,
    /// Cookie and transaction id, with which addresses are masked.
    pub(super) mask: &'a [u8],
    /// The attributes that are there.
    attributes: &'a [u8],
}

impl<'a> Head<'a> {
    /// The message that begins here; `None` if it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (head, attributes) = bytes.split_at_checked(HEAD)?;
        let [a, b, high, low, mask @ ..] = head else { return None };
        let kind = u16::from_be_bytes([*a, *b]);
        let len = u16::from_be_bytes([*high, *low]);
        if kind & 0xc000 != 0 || len % 4 != 0 || !mask.starts_with(&COOKIE) {
            return None;
        }
        let class = match kind & 0x0110 {
            0x0000 => Class::Request,
            0x0010 => Class::Indication,
            0x0100 => Class::Success,
            _ => Class::Error,
        };
        let len = usize::from(len);
        let attributes = attributes.get(..len).unwrap_or(attributes);
        // The bits of the class stand between those of the method.
        let method = kind & 0x000f | (kind & 0x00e0) >> 1 | (kind & 0x3e00) >> 2;
        Some(Self { class, method, len, mask, attributes })
    }

    /// The method with its bits where they stand, as Wireshark numbers it.
    pub(super) fn method_bits(&self, bytes: &[u8]) -> u16 {
        let kind = bytes
            .get(..2)
            .map_or(0, |kind| kind.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)));
        kind & 0x3eef
    }

    /// What a request and its answer share.
    pub(super) fn key(&self) -> u64 {
        fingerprint(self.mask)
    }

    /// All attributes that are there as a whole.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes(self.attributes)
    }

    /// The value of the first attribute with that number.
    pub(super) fn find(&self, number: u16) -> Option<&'a [u8]> {
        self.attributes().find(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// The address in the first attribute with that number, unmasked where it is masked.
    pub(super) fn address(&self, number: u16) -> Option<SocketAddr> {
        let is_masked = number != attribute::MAPPED_ADDRESS;
        address(self.find(number)?, is_masked.then_some(self.mask))
    }

    /// The number of an error, and its words.
    pub(super) fn error(&self) -> Option<(u16, &'a [u8])> {
        match self.find(attribute::ERROR_CODE)? {
            [_, _, class, number, words @ ..] => {
                Some((u16::from(class & 7) * 100 + u16::from(*number), words))
            }
            _ => None,
        }
    }
}

/// Attributes one after another, each filled up to four bytes.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let [a, b, high, low, rest @ ..] = self.0 else { return None };
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let value = rest.get(..len)?;
        self.0 = rest.get(len.next_multiple_of(4)..).unwrap_or(&[]);
        Some((u16::from_be_bytes([*a, *b]), value))
    }
}

/// Family, port and address (RFC 8489, sections 14.1 and 14.2).
pub(super) fn address(value: &[u8], mask: Option<&[u8]>) -> Option<SocketAddr> {
    let [_, family, port @ ..] = value else { return None };
    let (port, ip) = port.split_at_checked(2)?;
    let port = unmasked::<2>(port, mask)?;
    let ip = match family {
        1 => IpAddr::V4(Ipv4Addr::from(unmasked::<4>(ip, mask)?)),
        2 => IpAddr::V6(Ipv6Addr::from(unmasked::<16>(ip, mask)?)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, u16::from_be_bytes(port)))
}

/// Bytes without the mask that lies over them.
pub(super) fn unmasked<const N: usize>(bytes: &[u8], mask: Option<&[u8]>) -> Option<[u8; N]> {
    let mut plain: [u8; N] = bytes.get(..N)?.try_into().ok()?;
    for (byte, mask) in plain.iter_mut().zip(mask.unwrap_or(&[])) {
        *byte ^= mask;
    }
    Some(plain)
}

/// The channel's number and the length of what it carries, of a message of that kind.
pub(super) fn channel(bytes: &[u8]) -> Option<(u16, usize)> {
    let [a @ 0x40..=0x4f, b, high, low, ..] = bytes else { return None };
    Some((u16::from_be_bytes([*a, *b]), usize::from(u16::from_be_bytes([*high, *low]))))
}

/// What FINGERPRINT is to be over the bytes before it (RFC 8489, section 14.7).
pub(super) fn checksum(before: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(before);
    sum.sum() ^ 0x5354_554e
}
