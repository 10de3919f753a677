//! The same packets inside something else: in fragments, in tunnels, behind other headers.

use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::FrameId;

/// The two hosts that carry what others send: the lower address sends what the client does.
const OUTER: [[u8; 4]; 2] = [[203, 0, 113, 1], [203, 0, 113, 9]];

/// Each packet of an Ethernet capture, put into other frames: all of the same time.
pub(crate) fn carry(frames: &FrameList, wrap: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> FrameList {
    carry_on(LinkType::ETHERNET, frames, wrap)
}

/// The same on another link.
pub(crate) fn carry_on(
    link: LinkType,
    frames: &FrameList,
    wrap: impl Fn(&[u8]) -> Vec<Vec<u8>>,
) -> FrameList {
    let mut carried = FrameList::new();
    for frame in (0..frames.count()).map(|at| frames.frame(FrameId(at))) {
        let len = usize::from(u16::from_be_bytes([frame.bytes[16], frame.bytes[17]]));
        for bytes in wrap(&frame.bytes[14..14 + len]) {
            carried.push(frame.time, frame.interface, link, bytes);
        }
    }
    carried
}

/// An Ethernet frame.
pub(crate) fn ether(number: u16, payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], &number.to_be_bytes()[..], payload].concat()
}

/// Whether a packet of IPv4 goes from its lower address to its higher one.
fn is_upward(packet: &[u8]) -> bool {
    packet[12..16] < packet[16..20]
}

/// A packet of IPv4 between the outer hosts, the way that `inner` goes.
pub(crate) fn ipv4(inner: &[u8], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [low, high] = OUTER;
    let (from, to) = if is_upward(inner) { (low, high) } else { (high, low) };
    let len = (20 + payload.len()) as u16;
    let [a, b] = len.to_be_bytes();
    let head = [0x45, 0, a, b, 0, 7, 0, 0, 64, protocol, 0, 0];
    [&head[..], &from, &to, payload].concat()
}

/// A packet of IPv6 between the outer hosts.
pub(crate) fn ipv6(inner: &[u8], next: u8, payload: &[u8]) -> Vec<u8> {
    let address = |last: u8| [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    let (from, to) = if is_upward(inner) { (1, 9) } else { (9, 1) };
    let [a, b] = (payload.len() as u16).to_be_bytes();
    [&[0x60, 0, 0, 0, a, b, next, 64][..], &address(from), &address(to), payload].concat()
}

/// A datagram of UDP from a port that hangs on nothing to one that names a tunnel.
pub(crate) fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let len = (8 + payload.len()) as u16;
    let numbers = [50_001, port, len, 0].map(u16::to_be_bytes);
    [numbers.as_flattened(), payload].concat()
}

/// A packet of IPv4 in fragments of at most `size` bytes, a multiple of eight.
pub(crate) fn fragments(packet: &[u8], size: usize, ident: u16) -> Vec<Vec<u8>> {
    pieces(&packet[20..], size)
        .map(|(at, more, piece)| {
            let mut fragment = [&packet[..20], piece].concat();
            let len = fragment.len() as u16;
            fragment[2..4].copy_from_slice(&len.to_be_bytes());
            fragment[4..6].copy_from_slice(&ident.to_be_bytes());
            let bits = (at / 8) as u16 | u16::from(more) << 13;
            fragment[6..8].copy_from_slice(&bits.to_be_bytes());
            fragment
        })
        .collect()
}

/// What a packet of IPv4 carries, in packets of IPv6 with a fragment header each.
pub(crate) fn fragments_of_ipv6(packet: &[u8], size: usize, ident: u16) -> Vec<Vec<u8>> {
    pieces(&packet[20..], size)
        .map(|(at, more, piece)| {
            let [a, b] = (at as u16 | u16::from(more)).to_be_bytes();
            let [c, d] = ident.to_be_bytes();
            ipv6(packet, 44, &[&[packet[9], 0, a, b, 0, 0, c, d], piece].concat())
        })
        .collect()
}

/// Runs of bytes with their places, and whether another one follows.
fn pieces(bytes: &[u8], size: usize) -> impl Iterator<Item = (usize, bool, &[u8])> {
    let places = (0..).step_by(size);
    places.zip(bytes.chunks(size)).map(move |(at, piece)| (at, at + size < bytes.len(), piece))
}
