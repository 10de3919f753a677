//! Finds the headers of network and transport in a frame.

use etherparse::{
    Ethernet2Header, IpNumber, LaxIpSlice, LaxNetSlice, LaxSlicedPacket, TcpSlice, TransportSlice,
    UdpSlice,
};

use crate::frames::{Frame, LinkType};

/// The headers of the network layer and above, as far as they are there.
pub(super) struct Packet<'a> {
    pub(super) net: LaxNetSlice<'a>,
    pub(super) transport: Option<TransportSlice<'a>>,
}

/// Slices a frame's headers, where nothing but tags stands between its link and IP: most frames
/// are like that, and take no walk over claims.
pub(super) fn slice<'a>(frame: &Frame<'a>) -> Option<Packet<'a>> {
    match frame.link {
        LinkType::ETHERNET => match frame.bytes.split_at_checked(Ethernet2Header::LEN)? {
            ([.., 0x08, 0x00] | [.., 0x86, 0xdd], packet) => ip(packet),
            _ => {
                let packet = LaxSlicedPacket::from_ethernet(frame.bytes).ok()?;
                Some(Packet { net: packet.net?, transport: packet.transport })
            }
        },
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => ip(frame.bytes),
        _ => None,
    }
}

/// Slices a packet that begins with its IP header: what [`LaxSlicedPacket`] finds in it, in a
/// tenth of its size, for a survey spends most of its time here.
pub(super) fn ip(bytes: &[u8]) -> Option<Packet<'_>> {
    let (ip, stopped) = LaxIpSlice::from_slice(bytes).ok()?;
    let payload = ip.payload();
    let transport = match payload.ip_number {
        _ if stopped.is_some() || payload.fragmented => None,
        IpNumber::TCP => TcpSlice::from_slice(payload.payload).ok().map(TransportSlice::Tcp),
        IpNumber::UDP => UdpSlice::from_slice_lax(payload.payload).ok().map(TransportSlice::Udp),
        _ => None,
    };
    Some(Packet { net: ip.into(), transport })
}
