//! Packets and lists as they stand on the wire.

use super::Method;
use crate::bytes::{Reader, Short};
use crate::span::Span;

/// Length and padding length before the code of a packet.
pub(super) const HEAD: usize = 5;

/// Codes of packets (RFC 4250, section 4.1.2).
pub(super) const DISCONNECT: u8 = 1;
pub(super) const KEXINIT: u8 = 20;
pub(super) const NEWKEYS: u8 = 21;
/// What the exchange means by its codes.
pub(super) const EXCHANGE: std::ops::RangeInclusive<u8> = 30..=49;

/// The longest packet that is waited for: ends must take 35000 bytes (RFC 4253, section 6.1), and
/// OpenSSH takes 256 KiB.
const MAX_PACKET: usize = 1 << 18;
/// Blocks that an unsealed packet fills (section 6).
const BLOCK: usize = 8;
/// The least padding (section 6).
const MIN_PADDING: u8 = 4;

/// How many bytes a packet has, where its first bytes can be those of one that is not sealed.
pub(super) fn packet(bytes: &[u8]) -> Option<usize> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let padding = rest.first().copied().unwrap_or(MIN_PADDING);
    let code = rest.get(1).copied().unwrap_or(KEXINIT);
    let fits = len <= MAX_PACKET
        && padding >= MIN_PADDING
        && usize::from(padding) + 2 <= len
        && (matches!(code, 1..=7 | KEXINIT | NEWKEYS) || EXCHANGE.contains(&code));
    fits.then_some(4 + len)
}

/// Whether bytes of which nothing is known look like such a packet: it fills whole blocks, too.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.len() > HEAD && packet(bytes).is_some_and(|len| len.is_multiple_of(BLOCK))
}

/// The code of a packet.
pub(super) fn code(packet: &[u8]) -> u8 {
    packet.get(HEAD).copied().unwrap_or_default()
}

/// A packet of SSH 1: its length, one to eight bytes of padding, a code, data and a check sum. How
/// many bytes stand before the code, and how many there are in all.
pub(super) fn old_packet(bytes: &[u8]) -> Option<(usize, usize)> {
    /// The longest packet of SSH 1.
    const MAX: usize = 1 << 18;
    let len = usize::try_from(u32::from_be_bytes(*bytes.first_chunk::<4>()?)).ok()?;
    let padding = BLOCK - len % BLOCK;
    (BLOCK - 3..=MAX).contains(&len).then_some((4 + padding, 4 + padding + len))
}

/// A string (RFC 4251, section 5): the place of its length, its bytes and their place.
pub(super) fn string<'a>(reader: &mut Reader<'a>) -> Result<(Span, &'a [u8], Span), Short> {
    let (len, place) = reader.u32("The length of a string")?;
    let (bytes, span) = reader.take(len as usize, "A string")?;
    Ok((place, bytes, span))
}

/// The list of exchanges in a KEXINIT.
pub(super) fn exchanges(packet: &[u8]) -> Option<&[u8]> {
    const COOKIE: usize = 16;
    let span = Span { len: packet.len() as u32, ..Span::NONE };
    let mut reader = Reader::new(packet, span);
    reader.take(HEAD + 1 + COOKIE, "The head").ok()?;
    string(&mut reader).ok().map(|(_, bytes, _)| bytes)
}

/// What both sides agree on: the first of the client's that the server has, too (RFC 4253, section
/// 7.1). That the host key must fit it leaves out none that is in use.
pub(super) fn agreed<'a>(client: &'a [u8], server: &[u8]) -> Option<&'a [u8]> {
    let names = |list: &'a [u8]| list.split(|byte| *byte == b',');
    names(client).find(|name| {
        // These stand in the list and are no exchange (RFC 8308, section 2.1; OpenSSH).
        let is_mark = name.starts_with(b"ext-info-") || name.starts_with(b"kex-strict-");
        !is_mark && server.split(|byte| *byte == b',').any(|other| other == *name)
    })
}

/// What the codes of an exchange mean.
pub(super) fn method(name: &[u8]) -> Method {
    let begins = |start: &str| name.starts_with(start.as_bytes());
    if begins("diffie-hellman-group-exchange") {
        Method::GroupExchange
    } else if begins("diffie-hellman-group") {
        Method::Group
    } else if begins("ecdh-sha2-") || begins("curve25519-") || begins("curve448-") {
        Method::Curve
    } else if begins("sntrup") || begins("mlkem") {
        Method::Hybrid
    } else {
        Method::Unknown
    }
}
