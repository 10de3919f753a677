//! CDC ECM (USB CDC Ethernet Control Model 1.2): each transfer is a frame of Ethernet and nothing
//! else, so that only the frame itself can show it.
//!
//! ```text
//!   destination ×6 │ source ×6 │ type ×2 │ packet …       as long as the transfer, but for what
//!                                                         fills a short frame up
//! ```

use etherparse::{EtherType, Ipv4HeaderSlice};

use crate::headers::{Part, network_len};

/// Length of Ethernet's header, and the least that a frame has on other links: shorter ones may be
/// filled up.
const ETHERNET: usize = 14;
const LEAST: usize = 60;

/// Whether a transfer is a frame: its source is one station, and the packet's version and length,
/// of IPv4 the header's checksum too, are those of a packet that ends where the transfer does.
pub(super) fn is_frame(part: &Part<'_>) -> bool {
    let packet = part.after(ETHERNET);
    let is_one = part.number(6, 1).is_some_and(|first| first & 1 == 0);
    let Some(number) = part.number(12, 2).filter(|_| is_one) else { return false };
    let number = EtherType(number as u16);
    let is_packet = match number {
        EtherType::IPV4 => Ipv4HeaderSlice::from_slice(packet.bytes)
            .is_ok_and(|slice| slice.header_checksum() == slice.to_header().calc_header_checksum()),
        EtherType::IPV6 => packet.number(0, 1).is_some_and(|first| first >> 4 == 6),
        // Of Ethernet for IPv4 (RFC 826), and nothing else.
        EtherType::ARP => packet.number(0, 6) == Some(0x0001_0800_0604),
        _ => false,
    };
    let ends = network_len(number, &packet).map(|len| ETHERNET + len);
    is_packet && ends.is_some_and(|end| end == part.wire || (end < part.wire && part.wire <= LEAST))
}
