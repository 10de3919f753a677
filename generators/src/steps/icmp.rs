//! The steps of ICMP.

use std::net::{IpAddr, SocketAddr};

use super::Step;

/// `icmp.error.received {from, to, type, code}`: the kernel kept an error about a datagram that
/// this side had sent to `to`; `from` is who says so.
///
/// On the wire: an ICMP message of that type and code from `from`, which quotes a datagram to `to`.
pub fn icmp_error_received(from: IpAddr, to: SocketAddr, [kind, code]: [u8; 2]) -> Step {
    Step::new(
        "icmp.error.received",
        [
            ("from", from.to_string()),
            ("to", to.to_string()),
            ("type", kind.to_string()),
            ("code", code.to_string()),
        ],
    )
}

/// `icmp.path-mtu {bytes}`: the largest packet that this side's kernel sends on a connection when
/// it is about to be closed.
///
/// On the wire: what the last ICMP error "fragmentation needed" to this side says; without one the
/// largest segment that the other side takes (MSS) and 40 bytes of headers.
pub fn icmp_path_mtu(bytes: u32) -> Step {
    Step::new("icmp.path-mtu", [("bytes", bytes.to_string())])
}
