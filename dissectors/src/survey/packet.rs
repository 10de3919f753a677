//! Finds the headers of network and transport in a frame.

use etherparse::{
    Ethernet2Header, IpNumber, LaxIpSlice, LaxNetSlice, LaxSlicedPacket, TcpSlice, TransportSlice,
    UdpSlice,
};

use crate::finding::Registry;
use crate::frames::{Frame, LinkType};

/// The headers of the network layer and above, as far as they are there.
pub(super) struct Packet<'a> {
    pub(super) net: LaxNetSlice<'a>,
    pub(super) transport: Option<TransportSlice<'a>>,
}

/// Slices a frame's headers.
///
/// Most frames are Ethernet with IP in it, which takes one step; the protocols of all other
/// headers are asked what lies behind them.
pub(super) fn slice<'a>(frame: &Frame<'a>, registry: &Registry) -> Option<Packet<'a>> {
    if frame.link == LinkType::ETHERNET {
        match frame.bytes.split_at_checked(Ethernet2Header::LEN)? {
            ([.., 0x08, 0x00] | [.., 0x86, 0xdd], packet) => return ip(packet),
            // Tags, and whatever else may stand between.
            _ => {
                let packet = LaxSlicedPacket::from_ethernet(frame.bytes).ok();
                let found = packet.and_then(|packet| packet.net.zip(Some(packet.transport)));
                if let Some((net, transport)) = found {
                    return Some(Packet { net, transport });
                }
            }
        }
    }
    ip(crate::headers::packet(frame, registry)?)
}

/// Slices a packet that begins with its IP header: what [`LaxSlicedPacket`] finds in it, in a
/// tenth of its size, for a survey spends most of its time here.
fn ip(bytes: &[u8]) -> Option<Packet<'_>> {
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
