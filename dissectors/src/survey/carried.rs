//! Frames that are more than a packet of TCP or UDP on a link: tunnels, fragments, tags, and
//! whatever else the walk over claims must find out.

use etherparse::{TcpSlice, UdpHeader, UdpSlice};

use super::chunk::{Address, Headers, key_of, scale, tcp_flags};
use super::flow::Transport;
use super::row::Row;
use crate::engine::tcp::flags;
use crate::headers;
use crate::headers::Ends;

/// The flow key and columns of the innermost transport. Positions count in the bytes
/// that the transport lies in: the frame's, or those of a datagram that came in fragments.
pub(super) fn headers_of(interface: u16, found: &headers::Transport<'_>) -> Option<Headers> {
    let headers::Transport { ends, protocol, part, is_told, .. } = *found;
    let mut row = Row::EMPTY;
    let (transport, ports, header_len, ack, window_scale) = match protocol {
        headers::TCP => {
            let tcp = TcpSlice::from_slice(part.bytes).ok()?;
            row.seq = tcp.sequence_number();
            let bits = tcp_flags(&tcp);
            row.set_tcp(bits, tcp.data_offset());
            let window_scale = if bits & flags::SYN == 0 { None } else { scale(&tcp) };
            let ports = [tcp.source_port(), tcp.destination_port()];
            (Transport::Tcp, ports, tcp.header_len(), tcp.acknowledgment_number(), window_scale)
        }
        _ => {
            let udp = UdpSlice::from_slice_lax(part.bytes).ok()?;
            let ports = [udp.source_port(), udp.destination_port()];
            (Transport::Udp, ports, UdpHeader::LEN, 0, None)
        }
    };
    row.payload_at = u16::try_from(part.span.start as usize + header_len).ok()?;
    // What headers tell of the payload, nobody reads again.
    row.payload_len = if is_told { 0 } else { part.wire.saturating_sub(header_len) as u32 };
    let [from, to] = match ends {
        Ends::V4(from, to) => [Address::V4(from), Address::V4(to)],
        Ends::V6(from, to) => [Address::V6(from), Address::V6(to)],
    };
    let (key, from_low) = key_of(interface, transport, [from, to], ports)?;
    Some(Headers { key, from_low, row, ack, window_scale })
}
