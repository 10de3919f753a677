//! The packets in a datagram, as far as their headers tell without a key (RFC 9000, section 17.2).

/// Bits of the first byte: a long header, and its type.
const LONG: u8 = 0x80;
const TYPE: u8 = 0x30;
/// Types of version 1, and of version 2 (RFC 9369, section 3.2).
const INITIAL: [u8; 2] = [0x00, 0x10];
const RETRY: [u8; 2] = [0x30, 0x00];
const VERSION_2: u32 = 0x6b33_43cf;

/// A number of variable length (RFC 9000, section 16), and the bytes behind it.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let len = 1 << (bytes.first()? >> 6);
    let (own, rest) = bytes.split_at_checked(len)?;
    let number = own.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    Some((number & ((1 << (8 * len - 2)) - 1), rest))
}

/// An id behind its length, and the bytes behind it.
fn id(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*len))
}

/// How long the first packet is, and to whom it goes, where it says so.
fn first(bytes: &[u8]) -> Option<(usize, &[u8])> {
    long(bytes).filter(|_| !asks_anew(bytes))?;
    let (to, rest) = id(bytes.get(5..)?)?;
    let (_, mut rest) = id(rest)?;
    if is_initial(bytes) {
        let (token, behind) = varint(rest)?;
        rest = behind.get(token..)?;
    }
    let (len, rest) = varint(rest)?;
    let end = bytes.len() - rest.len() + len;
    (end <= bytes.len()).then_some((end, to))
}

/// The first byte of a packet with a long header, and its version.
fn long(packet: &[u8]) -> Option<(u8, u32)> {
    let kind = packet.first().filter(|kind| *kind & LONG != 0)?;
    Some((*kind, u32::from_be_bytes(packet.get(1..5)?.try_into().ok()?)))
}

/// Whether a packet is of a type that has these bits in both versions.
fn is_of(packet: &[u8], types: [u8; 2]) -> bool {
    let is_it = |version| types[usize::from(version == VERSION_2)];
    long(packet).is_some_and(|(kind, version)| version != 0 && kind & TYPE == is_it(version))
}

/// Whether a packet is an Initial.
pub(super) fn is_initial(packet: &[u8]) -> bool {
    is_of(packet, INITIAL)
}

/// Whether a packet asks the client to begin anew: a Retry, or a Version Negotiation.
pub(super) fn asks_anew(packet: &[u8]) -> bool {
    is_of(packet, RETRY) || long(packet).is_some_and(|(_, version)| version == 0)
}

/// The packets of a datagram; what does not say where it ends is the last of them.
pub(super) fn parts(datagram: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut rest) = (Vec::new(), datagram);
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(first(rest).map_or(rest.len(), |(end, _)| end));
        found.push(part);
        rest = behind;
    }
    found
}

/// Whether more packets may follow in this datagram: each of its own says where it ends, and all go
/// by one id (RFC 9000, section 12.2).
pub(super) fn takes_more(datagram: &[u8], more: &[u8]) -> bool {
    let mut rest = datagram;
    let mut to = &[][..];
    while !rest.is_empty() {
        let Some((end, id)) = first(rest) else { return false };
        (rest, to) = (&rest[end..], id);
    }
    match first(more) {
        Some((_, next)) => next == to,
        None => more.first().is_some_and(|kind| kind & LONG == 0) && more[1..].starts_with(to),
    }
}
